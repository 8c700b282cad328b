"""Who came lately, or acted in what looks like an attack: no one calls them for help."""

from __future__ import annotations

from collections.abc import Iterator

from hardenme.model.inventory import ACCESS, ROLE_USER
from hardenme.model.recent import Recent

PEOPLE = frozenset({"owner", "member", "maintainer", "writer", "outside collaborator"}) | {
    ACCESS,
    ROLE_USER,
}
"""Kinds whose items are people."""


def newcomers(found: Recent) -> tuple[str, ...]:
    """The logins of those, in order."""
    return tuple(sorted(set(_newcomers(found))))


def _newcomers(found: Recent) -> Iterator[str]:
    for event in found.events:
        yield from event.joined
        if event.marks and event.by:
            yield event.by
    for one in found.undated:
        # Who has another role since may be an owner since.
        if one.change in {"appeared", "changed"} and one.kind in PEOPLE:
            yield from (name.partition(": ")[0] for name in one.names)
