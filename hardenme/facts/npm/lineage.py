"""Which release another one is compared with.

A release is compared with the one that users come from. Where that one came out in the same week it
is as new as the other: several bad releases often follow each other within minutes, and would vouch
for each other. So what a release follows has stood for a week, or began the line of patches.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from datetime import datetime, timedelta

from hardenme.facts.npm.history import PastRelease, ReleaseHistory
from hardenme.facts.npm.semver import Version, version
from hardenme.model.unknown import NotKnownError, Reason, Unknown

SETTLED = timedelta(days=7)
"""For how long a release has stood when others may be held against it."""
NO_VERSION = Unknown(Reason.MALFORMED, "versions that follow semantic versioning")


class Lineage:
    """The releases of a package, by their places in time: 0 is the oldest.

    Attributes:
        releases: oldest first.
        times: when each came out.
        versions: each as it is ordered; None for one that npm would take for no version. Those of
            long ago are like that, and nothing is held against them.

    Raises:
        NotKnownError: the releases are not known.
    """

    def __init__(self, history: ReleaseHistory) -> None:
        self.releases = history.releases
        self.times = [one.published_at for one in self.releases]
        self.versions = [version(one.version) for one in self.releases]
        self._below: dict[int, int | None] = {}

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

    def before(self, place: int) -> tuple[PastRelease, ...]:
        """The releases that came out before one."""
        return self.releases[:place]

    def settled(self, place: int) -> tuple[PastRelease, ...]:
        """Those of them that had stood for a week when it came out."""
        end = bisect_right(self.times, self.times[place] - SETTLED, hi=place)
        return self.releases[:end]

    def stood(self, place: int) -> PastRelease | None:
        """The newest of these, of any line; else the first of all; None where there is none."""
        settled = self.settled(place)
        if settled:
            return settled[-1]
        return self.releases[0] if place else None

    def follows(self, place: int) -> tuple[PastRelease | None, bool]:
        """The release that one is compared with, and whether it is a patch.

        Returns:
            The release that users come from, or where it is as new as this one and a patch itself,
            the one that it follows; None where there is none. A patch shares the first two numbers
            with the release that it follows at once.

        Raises:
            NotKnownError: its version is none that npm would order.
        """
        nearest = self._next_below(place)
        patch = self._is_patch(place, nearest)
        while nearest is not None and self.times[place] - self.times[nearest] < SETTLED:
            older = self._next_below(nearest) if self.versions[nearest] is not None else None
            if older is None or not self._is_patch(nearest, older):
                break
            nearest = older
        return None if nearest is None else self.releases[nearest], patch

    def alike(self, place: int) -> Iterator[PastRelease]:
        """The releases before one that are stable, or not, as it is; the newest first."""
        stable = self.version(place).stable
        for earlier in range(place - 1, -1, -1):
            other = self.versions[earlier]
            if other is not None and other.stable is stable:
                yield self.releases[earlier]

    def same_major(self, place: int) -> Iterator[PastRelease]:
        """The releases before one whose versions begin with the same number; the newest first."""
        own = self.versions[place]
        for earlier in range(place - 1, -1, -1):
            other = self.versions[earlier]
            if own is not None and other is not None and other.line[0] == own.line[0]:
                yield self.releases[earlier]

    def between(self, one: PastRelease, place: int) -> tuple[PastRelease, ...]:
        """The releases that came out after one and before another."""
        return self.releases[bisect_right(self.times, one.published_at, hi=place) : place]

    def _next_below(self, place: int) -> int | None:
        """The highest version below one; of a stable release the highest stable one, if any is.

        Where all are higher, it is the one that came out last.
        """
        if place not in self._below:
            self._below[place] = self._search_below(self.version(place), place)
        return self._below[place]

    def _search_below(self, own: Version, place: int) -> int | None:
        best: tuple[Version, int] | None = None
        for earlier in range(place):
            other = self.versions[earlier]
            if other is None or other >= own:
                continue
            # For a stable release a stable one always comes before one that is none.
            worse = best is not None and own.stable and best[0].stable and not other.stable
            better = best is not None and own.stable and other.stable and not best[0].stable
            if best is None or better or (not worse and other > best[0]):
                best = other, earlier
        if best is not None:
            return best[1]
        return place - 1 if place else None

    def _is_patch(self, place: int, below: int | None) -> bool:
        own, other = self.versions[place], None if below is None else self.versions[below]
        return own is not None and other is not None and own.line == other.line


def new_dependencies(release: PastRelease, base: PastRelease | None) -> tuple[str, ...]:
    """What a release needs that the one that it follows did not; sorted."""
    if base is None or not release.dependencies:
        return ()
    return tuple(sorted(release.dependencies.keys() - base.dependencies.keys()))
