"""No key that an answer lacks makes `recent` calmer: what was read from it is named as not known.

Each key that a fact of `recent` is read from is left out of an answer, or holds what no field is
made of. Whatever the whole run showed, the broken one shows too, or it names its place.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import pytest

from hardenme.derive.recent import FACTS
from hardenme.engine.plan import sources
from hardenme.model.depth import Depth
from hardenme.model.report import Report
from hardenme.sandbox.http import Request
from tests.mutations import Atom, absent, answered_by, declared_at, of_keys, replaced
from tests.running import Stage
from tests.test_never_calmer import atoms, before, clear, demand_no_calmer, run, servers, told

__all__ = ["before", "servers"]
PARTS = 200
"""A run of all tests breaks one of so many parts of the keys."""


def keys(servers: Stage) -> list[tuple[Any, Atom, str, bool]]:
    """Each key of each answer that a fact is read from, and whether null is a value of it."""
    facts = sorted(sources(FACTS), key=lambda one: one.__name__)
    found: dict[tuple[int, Atom, str], tuple[Any, Atom, str, bool]] = {}
    for server, atom in atoms(servers):
        for fact in facts:
            if not answered_by(fact, atom):
                continue
            for name, nullable, _ in (k for item in fields(fact) for k in of_keys(fact, item.name)):
                if declared_at(fact, atom, name):
                    known = found.get((id(server), atom, name))
                    either = nullable or (known is not None and known[3])
                    found[id(server), atom, name] = (server, atom, name, either)
    return list(found.values())


def ways(name: str, *, nullable: bool) -> Iterator[tuple[str, Any]]:
    """The answer without the key, with null where that is no value of it, and with what is odd."""
    yield "absent", absent(name)
    if not nullable:
        yield "null", replaced(name, None)
    yield "odd", replaced(name, {"something": "new"})


@pytest.mark.second_tier("some 20 runs over sockets")
@pytest.mark.sampled(PARTS)
@pytest.mark.parametrize("part", range(PARTS))
def test_no_key_that_is_lacking_makes_it_calmer(servers: Stage, before: Report, part: int) -> None:
    clear(servers)
    report = run(servers, Depth.DEEP)
    wholes = [(told(servers, report, Depth.DEEP, earlier), earlier) for earlier in (before, None)]
    failures = []
    for server, atom, name, nullable in keys(servers)[part::PARTS]:
        for way, edit in ways(name, nullable=nullable):

            def match(request: Request, atom: Atom = atom) -> bool:
                return Atom.of(request) == atom

            fault = server.fault(".*", edit=edit, match=match)
            try:
                broken = run(servers, Depth.DEEP)
            finally:
                server.faults.remove(fault)
            for whole, earlier in wholes:
                try:
                    demand_no_calmer(whole, told(servers, broken, Depth.DEEP, earlier))
                except AssertionError as error:
                    kept = "no kept run" if earlier is None else "a kept run"
                    error.add_note(f"{name} {way} in {atom}, with {kept}")
                    failures.append(error)
    if failures:
        raise ExceptionGroup(f"{len(failures)} keys", failures)
