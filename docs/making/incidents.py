"""Incidents that happened, and the checks that would have told of them: `docs/incidents.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

TABLE = Path(__file__).parent.parent / "incidents.toml"


@dataclass(frozen=True, slots=True)
class Incident:
    """Something that happened.

    Attributes:
        name: whose incident it was.
        when: its first day.
        what: what happened, in one or two sentences.
        source: where that was published.
        before: codes of the checks that would have failed before it.
        during: codes of those that fail on the first releases of the attack.
        replayed: the name under which the tests play it again; empty for none.
        shape: the name under which the tests have its workflow; empty for none.
    """

    name: str
    when: date
    what: str
    source: str
    before: tuple[str, ...] = ()
    during: tuple[str, ...] = ()
    replayed: str = ""
    shape: str = ""


@cache
def incidents() -> tuple[Incident, ...]:
    """All of them, the newest first."""
    rows = tomllib.loads(TABLE.read_text(encoding="utf-8"))["incident"]
    found = [
        Incident(**{key: tuple(value) if isinstance(value, list) else value for key, value in row.items()})
        for row in rows
    ]
    return tuple(sorted(found, key=lambda item: item.when, reverse=True))
