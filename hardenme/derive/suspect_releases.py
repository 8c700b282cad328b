"""Which releases are suspect: those that a check marked, and those that came with them.

Age makes no release safe. Malware that no one acted on for eight days is still malware, so what is
marked stays marked. So does what was published in the same burst, by the same new path, or with the
same new script, address or marked dependency.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hardenme.derive.release_bursts import HOUR, TOGETHER
from hardenme.derive.releases_observed import path
from hardenme.facts.npm.history import PastRelease, ReleaseHistory
from hardenme.facts.npm.lineage import Lineage, new_dependencies
from hardenme.facts.npm.spec import address_of
from hardenme.model.unknown import NotKnownError

NEW = timedelta(days=30)
"""For how long a path counts as new after its first release was marked."""
UNKNOWN = ("unknown",)
"""What is not shown may be the same."""
ADDED = "REL103"
"""The check that marks a release for a dependency that it adds."""

Sign = tuple[str, ...]
Marked = Mapping[str, Collection[str]]
"""Versions for which checks of releases fail, each with their codes."""


@dataclass(slots=True)
class ReleaseSigns:
    """What the marked releases of an account brought, to find it in other packages.

    Attributes:
        times: when marked releases were published, sorted, by their path.
        brought: since when each new script, dependency and address is there.
    """

    times: dict[str, list[datetime]] = field(default_factory=dict)
    brought: dict[Sign, datetime] = field(default_factory=dict)

    @classmethod
    def of(cls, several: Iterable[tuple[ReleaseHistory, Marked]]) -> ReleaseSigns:
        """The signs of all packages, each with its marked versions."""
        found = cls()
        for history, marked in several:
            known = _Releases(history, marked)
            for place in known.marked:
                at = known.releases[place].published_at
                way = known.path(place)
                if way is not None:
                    found.times.setdefault(way, []).append(at)
                for sign in known.brought(place) - {UNKNOWN}:
                    found.brought[sign] = min(found.brought.get(sign, at), at)
        for times in found.times.values():
            times.sort()
        return found

    def near(self, way: str | None, at: datetime) -> bool:
        """Whether something marked was published on the same path in one burst with it."""
        times = self.times.get(way, []) if way is not None else []
        return bisect_left(times, at - TOGETHER) < bisect_right(times, at + TOGETHER)


def suspects(
    history: ReleaseHistory, marked: Marked, others: ReleaseSigns | None = None
) -> frozenset[str]:
    """The suspect versions of a package.

    Args:
        history: its releases. What a release does not show counts as the same.
        marked: those for which a check of releases fails.
        others: what marked releases of the account's other packages brought; None for none.

    Raises:
        NotKnownError: the releases are not known.
    """
    known = _Releases(history, marked)
    found = set(known.marked)
    if others is not None:
        found |= {place for place in range(len(known.releases)) if known.shares(place, others)}
    left = list(found)
    while left:
        for place in known.together(left.pop()):
            if place not in found:
                found.add(place)
                left.append(place)
    return frozenset(known.releases[place].version for place in found)


class _Releases:
    """The releases of a package by index, and what each of them brought.

    Attributes:
        releases: oldest first.
        marked: the places of those that are marked.
    """

    def __init__(self, history: ReleaseHistory, marked: Marked) -> None:
        self.releases = history.releases
        self.marked = [n for n, one in enumerate(self.releases) if one.version in marked]
        self._codes = marked
        self._lineage = Lineage(history)

    def path(self, place: int) -> str | None:
        """By whom and how a release was published; None if that is not shown."""
        try:
            return path(self.releases[place])
        except NotKnownError:
            return None

    def brought(self, place: int) -> frozenset[Sign]:
        """The scripts and addresses that were not there before, and a marked dependency."""
        release, base = self.releases[place], self._lineage.settled_before(place)
        with suppress(NotKnownError):
            base, _ = self._lineage.follows(place)
        before = carried(base) - {UNKNOWN} if base is not None else frozenset()
        found = carried(release) - before
        if base is not None and ADDED in self._codes.get(release.version, ()):
            with suppress(NotKnownError):
                found |= {("dependency", name) for name in new_dependencies(release, base)}
        return found

    def shares(self, place: int, others: ReleaseSigns) -> bool:
        """Whether a release came with something that was marked in another package."""
        at = self.releases[place].published_at
        return others.near(self.path(place), at) or any(
            sign in others.brought and at >= others.brought[sign] - HOUR
            for sign in self.brought(place)
        )

    def together(self, place: int) -> Iterator[int]:
        """The places of what came with a suspect release."""
        at, times = self.releases[place].published_at, self._lineage.times
        yield from range(bisect_left(times, at - HOUR), bisect_right(times, at + HOUR))
        brought, way = self.brought(place), self._new_path(place)
        for other in range(place + 1, len(self.releases)):
            release = self.releases[other]
            if (brought and _has(release, brought)) or (
                way is not None
                and release.published_at - at <= NEW
                and self.path(other) in {way, None}
            ):
                yield other

    def _new_path(self, place: int) -> str | None:
        """Its path, if nothing that is at least a week old was published on it; else None."""
        way = self.path(place)
        settled = self._lineage.settled(place)
        if way is None or self._lineage.places(path).last(way, settled):
            return None
        return way


def carried(release: PastRelease) -> frozenset[Sign]:
    """The scripts and the addresses of dependencies in a release; UNKNOWN where not all show."""
    found: set[Sign] = set()
    try:
        found |= {("script", name, text) for name, text in release.scripts.items()}
        needs = release.dependencies.items()
        found |= {("address", name, spec) for name, spec in needs if address_of(spec)}
    except NotKnownError:
        found.add(UNKNOWN)
    return frozenset(found)


def _has(release: PastRelease, brought: frozenset[Sign]) -> bool:
    """Whether a release may carry something of this."""
    own = carried(release)
    with suppress(NotKnownError):
        own |= {("dependency", name) for name in release.dependencies}
    return bool(own & brought or UNKNOWN in own or (own and UNKNOWN in brought))
