"""What is read of an answer is declared: only so do the tests break it."""

from __future__ import annotations

from dataclasses import fields

import pytest

from hardenme.collectors.github.batch import PARTS
from hardenme.collectors.registry import collectors
from hardenme.model.fact import GIVEN, RAW
from tests.failing import failing_findings
from tests.lately import lately
from tests.mutations import TAKEN_APART, keys_of
from tests.passing import passing_cases
from tests.watched_reads import ANY, READS

READERS = (*collectors(), *PARTS)
OF_PLACES = frozenset({"label", "registry", "subject", "web", "within"})
"""What tells where a fact belongs."""


def undeclared() -> set[str]:
    """The reads in the worlds of the tests that nothing declares, as `reader: path of the key`."""
    passing_cases()
    failing_findings()
    lately()
    gives = {reader.name: reader.gives for reader in READERS}
    return {
        f"{reader}: {path}"
        for reader, paths in READS.reads.items()
        for path in paths
        if not any(covers(key, path) for kind in gives[reader] for key in keys_of(kind))
    }


def covers(key: str, path: str) -> bool:
    """Whether a key declares a read: of itself, of an object on the way to it, or of its names.

    Names are read of an object in which they are data.

    Args:
        key: a name, or a path like `config/url`.
        path: what was read, from the top of the answer.
    """
    if key.endswith(TAKEN_APART):
        return path.endswith(f"/{ANY}") and f"/{key.removesuffix(TAKEN_APART)}/" in f"/{path}"
    steps = key.split("/")
    ways = ("/".join(steps[:length]) for length in range(1, len(steps) + 1))
    return any(f"/{path}".endswith(f"/{way}") for way in ways)


def keyless() -> set[str]:
    """The fields without a key, as `provider: fact.field`."""
    kinds = {
        (getattr(reader, "provider", "github"), kind) for reader in READERS for kind in reader.gives
    }
    return {
        f"{provider}: {kind.__name__}.{item.name}"
        for provider, kind in kinds
        if provider not in {"attested", "local"}
        for item in fields(kind)
        if item.name not in OF_PLACES
        if not (item.metadata.get(RAW) or item.metadata.get(GIVEN))
    }


@pytest.mark.second_tier("reads every source file")
def test_a_key_is_read_where_a_fact_declares_it() -> None:
    assert sorted(undeclared()) == [], "declare these keys in a fact of that collector"


def test_a_field_declares_its_keys() -> None:
    assert sorted(keyless()) == [], "declare the keys that these fields are read from"


@pytest.mark.second_tier("reads every source file")
def test_a_gate_is_read() -> None:
    """No fact names a key among its gates by which nothing is decided."""
    passing_cases()
    failing_findings()
    lately()
    read = {
        kind: {path for one in READERS if kind in one.gives for path in READS.reads[one.name]}
        for reader in READERS
        for kind in reader.gives
        if kind.gates
    }
    idle = {
        f"{kind.__name__}: {gate}"
        for kind, paths in read.items()
        for gate in kind.gates
        if not any(f"/{path}".endswith(f"/{gate}") for path in paths)
    }
    assert sorted(idle) == []


def test_the_watch_sees_what_is_read() -> None:
    passing_cases()
    assert "fingerprint" not in READS.reads["SSH keys"]
    assert {"id", "key", "created_at"} <= READS.reads["SSH keys"]
    assert "repository/defaultBranchRef/rules/nodes/type" in READS.reads["ActiveRules"]
    assert "tfa/pending" in READS.reads["npm profile"]
    assert len(READS.reads) > len(READERS) / 2


def test_what_a_key_covers() -> None:
    assert covers("url", "config/url")
    assert covers("config/url", "hook/config/url")
    assert covers("config/url", "config")
    assert covers("permissions/**", "installations/permissions/*")
    assert covers("permissions/**", "permissions/organization/*")
    assert not covers("permissions/**", "permissions/organization")
    assert not covers("config/url", "url")
    assert not covers("url", "html_url")
