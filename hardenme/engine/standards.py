"""Published standards: what they ask for, and which checks answer it."""

from __future__ import annotations

import difflib
import importlib
from collections.abc import Iterable
from functools import cache

from hardenme.ground.errors import UsageError
from hardenme.model.standard import Control, Standard
from hardenme_checks.standards import MODULES


@cache
def standards() -> tuple[Standard, ...]:
    """Every standard, in the order in which they are listed."""
    return tuple(importlib.import_module(name).STANDARD for name in MODULES)


def find_standard(name: str) -> Standard:
    """The standard of that name.

    Raises:
        UsageError: there is none; the message has those that there are.
    """
    names = [standard.name for standard in standards()]
    for standard in standards():
        if standard.name == name.strip().lower():
            return standard
    near = difflib.get_close_matches(name.strip().lower(), names, 1)
    hint = f"did you mean {near[0]}?" if near else f"one of: {', '.join(names)}"
    raise UsageError(f"no standard is called {name!r}; {hint}")


@cache
def supported(code: str) -> tuple[tuple[Standard, Control], ...]:
    """The controls that a check supports, with their standards."""
    return tuple((standard, control) for standard in standards() for control in standard.of(code))


def controls_of(code: str) -> tuple[str, ...]:
    """The same by their numbers, each behind its standard's name: `osps:OSPS-AC-01.01`."""
    return tuple(f"{standard.name}:{control.key}" for standard, control in supported(code))


def answered_by(codes: Iterable[str]) -> tuple[Standard, ...]:
    """The standards of which at least one of these checks supports a control."""
    asked = frozenset(codes)
    return tuple(
        standard
        for standard in standards()
        if any(not asked.isdisjoint(control.checks) for control in standard.controls)
    )
