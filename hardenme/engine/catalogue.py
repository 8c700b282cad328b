"""The catalogue: all checks, and which of them the user selects."""

from __future__ import annotations

import difflib
import importlib
from collections.abc import Iterable
from functools import cache

import hardenme_checks
from hardenme.model.check import Check


class SelectionError(ValueError):
    """A name that is not a check's code, slug or family."""


@cache
def catalogue() -> tuple[Check, ...]:
    """Every check, in the order of the codes."""
    found = (check for name in hardenme_checks.MODULES for check in checks_of(name))
    return tuple(sorted(found, key=lambda check: check.code))


def checks_of(module: str) -> tuple[Check, ...]:
    """The checks that a module of the catalogue defines, in its own order."""
    defined = vars(importlib.import_module(module)).values()
    checks = (one for one in defined if isinstance(one, Check))
    return tuple(check for check in checks if check.function.__module__ == module)


def families() -> dict[str, int]:
    """How many checks each family has."""
    counted: dict[str, int] = {}
    for check in catalogue():
        counted[check.family] = counted.get(check.family, 0) + 1
    return counted


def find(name: str) -> Check:
    """The check of that code or slug.

    Raises:
        SelectionError: there is none.
    """
    for check in catalogue():
        if name.upper() == check.code or name.lower() == check.slug:
            return check
    raise SelectionError(_unknown(name))


def title_of(code: str) -> str:
    """The problem that the check of that code names; empty where no check has that code."""
    return _titles().get(code, "")


@cache
def _titles() -> dict[str, str]:
    return {check.code: check.title for check in catalogue()}


def select(selected: Iterable[str] = (), ignored: Iterable[str] = ()) -> tuple[Check, ...]:
    """The checks that the names pick: codes, slugs, or the beginning of a code (`GH`, `GHA`).

    No name at all picks every check; `ignored` takes away afterwards.

    Raises:
        SelectionError: a name picks nothing.
    """
    codes = (_picked(selected) or {check.code for check in catalogue()}) - _picked(ignored)
    return tuple(check for check in catalogue() if check.code in codes)


def _picked(names: Iterable[str]) -> set[str]:
    picked: set[str] = set()
    for name in names:
        hits = {check.code for check in catalogue() if matches(check.code, check.slug, name)}
        if not hits:
            raise SelectionError(_unknown(name))
        picked |= hits
    return picked


def matches(code: str, slug: str, name: str) -> bool:
    """Whether a name is this check's slug, its code, or the beginning of its code."""
    name = name.strip()
    return bool(name) and (slug == name.lower() or code.startswith(name.upper()))


def _unknown(name: str) -> str:
    names = [check.code for check in catalogue()] + [check.slug for check in catalogue()]
    near = difflib.get_close_matches(name.upper(), names, 1) or difflib.get_close_matches(
        name.lower(), names, 1
    )
    hint = f"; did you mean {near[0]}?" if near else "; `hardenme list` shows all"
    return f"no check is called {name!r}{hint}"
