"""The catalogue: all checks, and which of them the user selects."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterable
from functools import cache

import hardenme_checks
from hardenme.ground.errors import UsageError
from hardenme.model.check import Check

ROOMS = {"GH": "github", "LOC": "local", "NP": "npm", "REL": "npm"}
"""Where the checks are whose codes begin so."""
CODE = re.compile(r"[A-Za-z]{2,3}[0-9]{0,3}")
"""A code, or the beginning of one; a slug has a dash."""


@cache
def catalogue() -> tuple[Check, ...]:
    """Every check, in the order of the codes."""
    return _of("")


@cache
def _of(room: str) -> tuple[Check, ...]:
    """The checks of a room of the catalogue, in the order of the codes; of an empty one, all."""
    own = f"hardenme_checks.{room}"
    modules = (name for name in hardenme_checks.MODULES if name.startswith(own))
    found = (check for name in modules for check in checks_of(name))
    return tuple(sorted(found, key=lambda check: check.code))


def checks_of(module: str) -> tuple[Check, ...]:
    """The checks that a module of the catalogue defines, in its own order."""
    defined = vars(importlib.import_module(module)).values()
    checks = (one for one in defined if isinstance(one, Check))
    return tuple(check for check in checks if check.function.__module__ == module)


def _among(name: str) -> tuple[Check, ...]:
    """Checks among which all are that a name picks.

    Where it is a code, or the beginning of one, those of other rooms need not be loaded.
    """
    rooms = (room for begins, room in ROOMS.items() if name.upper().startswith(begins))
    return next((_of(room) for room in rooms if CODE.fullmatch(name)), ()) or catalogue()


def families() -> dict[str, int]:
    """How many checks each family has."""
    counted: dict[str, int] = {}
    for check in catalogue():
        counted[check.family] = counted.get(check.family, 0) + 1
    return counted


def find(name: str) -> Check:
    """The check of that code or slug.

    Raises:
        UsageError: there is none.
    """
    for check in _among(name):
        if name.upper() == check.code or name.lower() == check.slug:
            return check
    raise UsageError(_unknown(name))


def select(selected: Iterable[str] = (), ignored: Iterable[str] = ()) -> tuple[Check, ...]:
    """The checks that the names pick: codes, slugs, or the beginning of a code (`GH`, `GHA`).

    No name at all picks every check; `ignored` takes away afterwards.

    Raises:
        UsageError: a name picks nothing.
    """
    picked = _picked(selected) or {check.code: check for check in catalogue()}
    left = picked.keys() - _picked(ignored).keys()
    return tuple(picked[code] for code in sorted(left))


def _picked(names: Iterable[str]) -> dict[str, Check]:
    picked: dict[str, Check] = {}
    for name in names:
        found = (check for check in _among(name) if matches(check.code, check.slug, name))
        hits = {check.code: check for check in found}
        if not hits:
            raise UsageError(_unknown(name))
        picked |= hits
    return picked


def matches(code: str, slug: str, name: str) -> bool:
    """Whether a name is this check's slug, its code, or the beginning of its code."""
    name = name.strip()
    return bool(name) and (slug == name.lower() or code.startswith(name.upper()))


def _unknown(name: str) -> str:
    import difflib  # noqa: PLC0415 (start-up is a feature)

    names = [check.code for check in catalogue()] + [check.slug for check in catalogue()]
    near = difflib.get_close_matches(name.upper(), names, 1) or difflib.get_close_matches(
        name.lower(), names, 1
    )
    hint = f"; did you mean {near[0]}?" if near else "; `hardenme list` shows all"
    return f"no check is called {name!r}{hint}"
