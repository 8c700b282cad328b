"""Which checks look at something that is shown to nobody but who may change it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from types import CodeType, FunctionType

from hardenme.engine.plan import sources
from hardenme.model.check import Check
from hardenme.model.fact import RAW, Fact
from hardenme.model.permission import Requirement


def guarded(check: Check) -> Iterator[tuple[str, Requirement]]:
    """The guarded keys that a check looks at, with what a token must hold to be shown them.

    A fact tells which keys are guarded; the fields of a derived fact tell from which keys they were
    read; and a check looks at the fields that its function names.
    """
    keys = {key: needs for kind in sources(check.facts) for key, needs in kind.guarded_keys.items()}
    if keys:
        seen = {key for kind in check.facts for key in _keys_read(check, kind)}
        yield from ((key, keys[key]) for key in sorted(seen & keys.keys()))


def _keys_read(check: Check, kind: type[Fact]) -> Iterator[str]:
    named = set(_names(check.function, set()))
    for item in fields(kind):
        if item.name in named:
            yield from item.metadata.get(RAW) or (item.name,)


def _names(function: object, done: set[object]) -> Iterator[str]:
    """What a function and those that it calls within the catalogue name."""
    if not isinstance(function, FunctionType) or function in done:
        return
    done.add(function)
    for name in _in_code(function.__code__):
        yield name
        found = function.__globals__.get(name)
        if getattr(found, "__module__", "").partition(".")[0] == "hardenme_checks":
            yield from _names(found, done)


def _in_code(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for part in code.co_consts:
        if isinstance(part, CodeType):
            yield from _in_code(part)
