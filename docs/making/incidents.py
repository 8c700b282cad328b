"""Incidents that happened, and the checks that would have told of them: `docs/incidents.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

MADE = "<!-- made by docs/make.py from docs/incidents.toml: change that, not this page -->"
HEAD = """\
*Before it* lists the checks that would have failed before the incident, by the named source.
Some of these settings came later than the incident. *With the first releases* lists the checks
that fail on public data right after the releases. Checks whose answer was never published
are left out: for most incidents that is the kind of 2FA, or who else could
publish.

The tests replay six of them with invented names, and have the workflows of eight:
[Watching releases](watching.md) has more."""
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
    found = [_incident(row) for row in rows]
    return tuple(sorted(found, key=lambda item: item.when, reverse=True))


def _incident(row: dict[str, Any]) -> Incident:
    codes = {key: tuple(row.get(key, ())) for key in ("before", "during")}
    return Incident(**{**row, **codes})


def table() -> str:
    """The page of all incidents."""
    parts = [
        MADE,
        "# Incidents, and the checks that would have shown them",
        HEAD,
        *(_section(item) for item in incidents()),
    ]
    return "\n\n".join(parts) + "\n"


def _section(item: Incident) -> str:
    lines = [
        f"## {item.name}, {item.when:%d %B %Y}".replace(", 0", ", "),
        f"{item.what} [Source]({item.source})",
    ]
    told = [f"- before it: {_links(item.before)}"] if item.before else []
    if item.during:
        told.append(f"- with the first releases of the attack: {_links(item.during)}")
    return "\n\n".join([*lines, "\n".join(told)])


def _links(codes: tuple[str, ...]) -> str:
    return ", ".join(f"[{code}](checks/{code}.md)" for code in codes)
