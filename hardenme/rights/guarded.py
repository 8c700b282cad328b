"""Which checks look at something that is shown to no one but who may change it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from hardenme.engine.plan import sources
from hardenme.model.check import Check
from hardenme.model.fact import RAW
from hardenme.model.permission import Requirement


def guarded(check: Check) -> Iterator[tuple[str, Requirement]]:
    """The guarded keys that a check's facts are read from, with what shows them to a token.

    The facts that are asked for tell which keys are guarded; those that the check takes tell, field
    by field, from which keys they were made.
    """
    needs = {key: need for kind in sources(check.facts) for key, need in kind.guarded_keys.items()}
    own = (item for kind in check.facts for item in fields(kind))
    seen = {key for item in own for key in item.metadata.get(RAW, ())}
    yield from ((key, needs[key]) for key in sorted(seen & needs.keys()))
