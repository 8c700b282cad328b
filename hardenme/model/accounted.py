"""A version that came with an attack, and the incident in which someone saw to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from hardenme.model.inventory import Place
from hardenme.model.subject import Subject

DIST_TAG, VERSION = "dist-tag", "version"
"""Kinds of items of a package."""


@dataclass(frozen=True, slots=True)
class AccountedVersion:
    """A version that an incident of the same accounts accounts for; its findings stay failed.

    Attributes:
        subject: the version, as its findings name it.
        incident: what the incident is called.
        since: when someone attested it in the record of the incident, in UTC.
    """

    subject: Subject
    incident: str
    since: datetime

    @property
    def by(self) -> str:
        """The incident and since when, in the middle of a sentence."""
        return f"incident {self.incident} since {self.since:%Y-%m-%d}"


def contained(places: Iterable[Place]) -> Iterator[Subject]:
    """The versions that a run shows as deprecated, and to which no dist-tag leads.

    Of a package whose dist-tags were not all read, or that shows none, nothing is known.
    """
    for place in places:
        if (place.subject.provider, place.subject.kind) != ("npm", "package"):
            continue
        tags = [one.state.get("version") for one in place.items if one.kind == DIST_TAG]
        # npm gives every package the tag latest.
        read = DIST_TAG in place.lists and place.lists[DIST_TAG] is None
        if not (read and tags and all(tags)):
            continue
        for one in place.items:
            deprecated = one.kind == VERSION and one.state.get("deprecated") is True
            if deprecated and one.label not in tags:
                yield one.subject
