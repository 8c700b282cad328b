"""Which release another one is compared with.

A release is compared with the one that users come from. One that is less than a week older vouches
for nothing, whatever its number: several bad releases often follow each other within minutes or
days. In the first week of a package, its first release is what the others are compared with.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from operator import itemgetter

from hardenme.facts.npm.history import PastRelease, ReleaseHistory
from hardenme.facts.npm.semver import Version, version
from hardenme.model.unknown import NotKnownError, Reason, Unknown

SETTLED = timedelta(days=7)
"""How old a release must be before others are compared with it."""
NO_VERSION = Unknown(Reason.MALFORMED, "versions that follow semantic versioning")


class ReleasePlaces:
    """The places of releases that have something in common, like who published them.

    Attributes:
        unknown: why that is not known, by the place.
    """

    def __init__(
        self, releases: Sequence[PastRelease], common: Callable[[PastRelease], object]
    ) -> None:
        self.unknown: dict[int, Unknown] = {}
        self._alike: dict[object, list[int]] = {}
        for place, one in enumerate(releases):
            try:
                self._alike.setdefault(common(one), []).append(place)
            except NotKnownError as error:
                self.unknown[place] = error.unknown
        self._unclear = list(self.unknown)

    def alike(self, what: object, start: int, end: int) -> Sequence[int]:
        """The places of those that have it in common, from one place to before another."""
        return _within(self._alike.get(what, ()), start, end)

    def unclear(self, start: int, end: int) -> Sequence[int]:
        """The places of those of which it is not known."""
        return _within(self._unclear, start, end)

    def last(self, what: object, end: int, most: int = 1) -> Sequence[int]:
        """The last places before one of those that have it in common; at most so many."""
        places = self._alike.get(what, ())
        stop = bisect_left(places, end)
        return places[max(stop - most, 0) : stop]


def _within(places: Sequence[int], start: int, end: int) -> Sequence[int]:
    return places[bisect_left(places, start) : bisect_left(places, end)]


class Lineage:
    """The releases of a package, by their places in time: 0 is the oldest.

    Packages can have tens of thousands of releases, so whatever needs a pass over all of them is
    computed for all of them at once.

    Attributes:
        releases: oldest first.
        times: when each was published.
        versions: each as it is ordered; None for one that npm would take for no version. Those of
            long ago are like that, and nothing is compared with them.

    Raises:
        NotKnownError: the releases are not known.
    """

    def __init__(self, history: ReleaseHistory) -> None:
        self.releases = history.releases
        self.times = [one.published_at for one in self.releases]
        self.versions = [version(one.version) for one in self.releases]
        self._places: dict[Callable[[PastRelease], object], ReleasePlaces] = {}

    def recent(self, now: datetime, days: int) -> Iterator[tuple[int, PastRelease]]:
        """The releases that are younger than so many days, oldest first, with their places."""
        start = bisect_right(self.times, now - timedelta(days=days))
        return ((place, self.releases[place]) for place in range(start, len(self.releases)))

    def version(self, place: int) -> Version:
        """The version of a release.

        Raises:
            NotKnownError: it is none that npm would order.
        """
        found = self.versions[place]
        if found is None:
            raise NotKnownError(NO_VERSION)
        return found

    def places(self, common: Callable[[PastRelease], object]) -> ReleasePlaces:
        """The releases by what they have in common."""
        if common not in self._places:
            self._places[common] = ReleasePlaces(self.releases, common)
        return self._places[common]

    def before(self, place: int, most: int) -> tuple[PastRelease, ...]:
        """The last `most` releases that were at least a week old when one was published."""
        end = self.settled(place)
        return self.releases[max(end - most, 0) : end]

    def settled(self, place: int) -> int:
        """How many releases were at least a week old when one was published."""
        return bisect_right(self.times, self.times[place] - SETTLED, hi=place)

    def settled_before(self, place: int) -> PastRelease | None:
        """The newest of these, else the first release; None if there is none."""
        return self.releases[max(self.settled(place) - 1, 0)] if place else None

    def follows(self, place: int) -> tuple[PastRelease | None, bool]:
        """The release that one is compared with, and whether it is a patch.

        Returns:
            The release that users upgrade from. If that is less than a week older, the one that it
            follows itself, and so on. None if there is none. A patch shares the first two numbers
            with the release that it follows directly.

        Raises:
            NotKnownError: its version is none that npm would order.
        """
        self.version(place)
        base = self._bases[place]
        return None if base is None else self.releases[base], self._is_patch(place)

    def same_major(self, place: int, most: int) -> tuple[PastRelease, ...]:
        """The last of these whose versions begin with the same number."""
        major = _major(self.releases[place])
        if major is None:
            return ()
        found = self.places(_major).last(major, self.settled(place), most)
        return tuple(self.releases[one] for one in found)

    @cached_property
    def _below(self) -> list[int | None]:
        """For each release the highest version below; for a stable one the highest stable, if any.

        Where all earlier ones are higher, it is the most recently published.
        """
        found: list[int | None] = []
        every: list[tuple[Version, int]] = []
        stable: list[tuple[Version, int]] = []
        for place, own in enumerate(self.versions):
            before = place - 1 if place else None
            if own is None:
                found.append(before)
                continue
            lower = (_highest(stable, own) if own.stable else None) or _highest(every, own)
            found.append(before if lower is None else -lower[1])
            # Of those that npm orders equally, the one that was published first.
            insort(every, (own, -place))
            if own.stable:
                insort(stable, (own, -place))
        return found

    @cached_property
    def _bases(self) -> list[int | None]:
        """For each release the one that it is compared with.

        From the last release to the first, fewer and fewer count as settled. What was too new for
        one is skipped for those before it.
        """
        times = self.times
        older = list(self._below)
        found: list[int | None] = [None] * len(times)
        for place in reversed(range(len(times))):
            base, passed = self._below[place], []
            while base is not None and times[place] - times[base] < SETTLED:
                further = older[base]
                if further is None:
                    break
                passed.append(base)
                base = further
            for one in passed:
                older[one] = base
            found[place] = base
        return found

    def _is_patch(self, place: int) -> bool:
        below = self._below[place]
        own, other = self.versions[place], None if below is None else self.versions[below]
        return own is not None and other is not None and own.line == other.line


def _highest(ranked: list[tuple[Version, int]], own: Version) -> tuple[Version, int] | None:
    """The highest of versions in their order that is below one."""
    place = bisect_left(ranked, own, key=itemgetter(0))
    return ranked[place - 1] if place else None


def _major(release: PastRelease) -> int | None:
    found = version(release.version)
    return None if found is None else found.line[0]


def new_dependencies(release: PastRelease, base: PastRelease | None) -> tuple[str, ...]:
    """What a release needs that the one that it follows did not; sorted."""
    if base is None or not release.dependencies:
        return ()
    return tuple(sorted(release.dependencies.keys() - base.dependencies.keys()))
