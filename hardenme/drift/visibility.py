"""What a run could see of what an earlier one knew."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from hardenme.drift.names import holders
from hardenme.model.depth import DEEPER
from hardenme.model.inventory import ALL_REPOSITORIES, REPOSITORY, Place
from hardenme.model.report import Report
from hardenme.model.subject import Subject
from hardenme.model.unknown import Unknown


@dataclass(slots=True)
class Visibility:
    """What the later run looked at, and what it proved to be there no more.

    Attributes:
        elsewhere: whether the two runs looked at other targets.
        ended: whether the later run went to its end.
        narrow: whether it selected fewer checks than the earlier one.
        once_narrow: whether the earlier one selected fewer checks than the later one.
        shallow: whether it asked less deeply than the earlier one.
        once_shallow: whether the earlier one asked less deeply than the later one.
        looked: keys of the places that the later run looked at.
        gone: keys of what vanished from a list that was read to its end.
        left_out: keys of repositories that the later run saw, and did not look at.
        once_left_out: the same of the earlier run, by their keys in the later report.
        once_ended: whether the earlier run went to its end.
        once_seen: keys of the places that the earlier report knows.
        once_whole: the owners of whose repositories it had a whole list.
    """

    elsewhere: bool
    ended: bool
    narrow: bool
    once_narrow: bool
    shallow: bool
    once_shallow: bool
    looked: frozenset[str] = frozenset()
    gone: set[str] = field(default_factory=set)
    left_out: frozenset[str] = frozenset()
    once_left_out: frozenset[str] = frozenset()
    once_ended: bool = True
    once_seen: frozenset[str] = frozenset()
    once_whole: frozenset[str] = frozenset()

    @property
    def deep(self) -> bool:
        """Whether what has no finding can be taken for something that was not there."""
        return not self.shallow

    def looked_at(self, key: str) -> bool:
        """Whether the later run looked at a place, and did so to its end."""
        return self.ended and key in self.looked

    def vanished(self, *keys: str) -> bool:
        """Whether something, or what it is in, is known to be there no more."""
        return any(one in self.gone for key in keys for one in holders(key))

    def unlooked(self, *keys: str) -> bool:
        """Whether the later run was not meant to look at something."""
        if self.elsewhere or self.shallow:
            return True
        return self.ended and any(one in self.left_out for key in keys for one in holders(key))

    def unasked(self, key: str) -> bool:
        """Whether the later run was not meant to ask for the lists of a place."""
        return self.unlooked(key) or (self.ended and self.narrow)

    def told(self, key: str) -> bool:
        """Whether what the earlier report lacks was reported as no longer visible."""
        if self.once_shallow:
            return False
        return self.once_left_out.isdisjoint(holders(key))

    def once_looked_at(self, key: str) -> bool:
        """Whether the earlier run looked at a place, or showed that it was not there."""
        if not self.once_ended:
            return False
        head, _, name = key.partition("/")
        if head != "github:repo" or not self.once_seen:
            return True
        known = key in self.once_seen or name.partition("/")[0] in self.once_whole
        return known and key not in self.once_left_out


def owners_listed(places: Iterable[Place]) -> frozenset[str]:
    """The owners of whose repositories there is a whole list, in lower case."""
    return frozenset(
        place.subject.name.lower()
        for place in places
        if place.subject.kind in {"org", "user"}
        if place.lists.get(REPOSITORY, Unknown) is None
        if place.lists.get(ALL_REPOSITORIES) is None
    )


def whole(report: Report) -> bool:
    """Whether a run went to its end."""
    return not report.partial and report.halted is None


def beyond(report: Report) -> bool:
    """Whether answers of a run wait for a deeper one."""
    return any(DEEPER in note for note in report.coverage.notes)


def left_out(places: Iterable[Place], key: Callable[[Subject], str]) -> frozenset[str]:
    """The keys of repositories that are in a list and were not looked at."""
    listed, looked = set[str](), set[str]()
    for place in places:
        looked.add(key(place.subject))
        listed.update(key(one.subject) for one in place.items if one.subject.kind == "repo")
    return frozenset(listed - looked)
