"""How much of many packages was published within one span of time, looked up fast.

Hundreds of packages with hundreds of releases each are compared. So all releases are sorted once,
and each span is counted by moving its two ends along.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache

Times = Sequence[datetime]
Extent = tuple[int, int]
"""How many packages were published within one span, and how many versions of the top one."""
NOTHING: Extent = (0, 0)


@dataclass(frozen=True, slots=True)
class Flow:
    """The releases of several packages in their order.

    Attributes:
        span: how long a window is.
        times: when each was published.
        owners: which package each is of, by its place.
        extents: what the window holds that begins with each.
        starts: with which release the window begins that has the most packages, of all windows
            that hold each.
    """

    span: timedelta
    times: tuple[datetime, ...]
    owners: tuple[int, ...]
    extents: tuple[Extent, ...]
    starts: tuple[int, ...]
    _packages: dict[int, tuple[int, ...]] = field(default_factory=dict, compare=False)
    _records: dict[int, list[tuple[datetime, Extent]]] = field(default_factory=dict, compare=False)

    def around(self, release: datetime) -> Extent:
        """Of all windows that hold a release, what is in the one with the most packages."""
        start = self._start(release)
        return NOTHING if start is None else self.extents[start]

    def packages(self, release: datetime) -> tuple[int, ...]:
        """The places of the packages in that window."""
        start = self._start(release)
        if start is None:
            return ()
        if start not in self._packages:
            end = bisect_right(self.times, self.times[start] + self.span)
            self._packages[start] = tuple(sorted(set(self.owners[start:end])))
        return self._packages[start]

    def window(self, release: datetime) -> tuple[datetime, datetime] | None:
        """When that window begins and ends; None if the release is not in the flow."""
        start = self._start(release)
        return None if start is None else (self.times[start], self.times[start] + self.span)

    def was_like(self, package: int, least: Extent, until: datetime) -> bool:
        """Whether a release of a package had at least as much around it, up to a time."""
        return any(
            extent[0] >= least[0] and extent[1] >= least[1]
            for then, extent in self._risen(package)
            if then <= until
        )

    def _risen(self, package: int) -> list[tuple[datetime, Extent]]:
        """The releases of a package that had more around them than each one before."""
        if package not in self._records:
            found = self._records[package] = []
            for then, owner in zip(self.times, self.owners, strict=True):
                if owner == package and not self._reached(found, self.around(then)):
                    found.append((then, self.around(then)))
        return self._records[package]

    @staticmethod
    def _reached(found: list[tuple[datetime, Extent]], extent: Extent) -> bool:
        return any(old[0] >= extent[0] and old[1] >= extent[1] for _, old in found)

    def _start(self, release: datetime) -> int | None:
        place = bisect_left(self.times, release)
        there = place < len(self.times) and self.times[place] == release
        return self.starts[place] if there else None


@lru_cache(maxsize=16)
def flow(several: tuple[tuple[datetime, ...], ...], span: timedelta) -> Flow:
    """The releases of several packages, each in its own order, in one."""
    events = sorted((then, owner) for owner, times in enumerate(several) for then in times)
    times = tuple(then for then, _ in events)
    owners = tuple(owner for _, owner in events)
    counts: Counter[int] = Counter()
    # How many packages have at least so many versions in the window.
    reaching: Counter[int] = Counter()
    extents: list[Extent] = []
    end = most = 0
    for start, then in enumerate(times):
        while end < len(times) and times[end] <= then + span:
            counts[owners[end]] += 1
            reached = counts[owners[end]]
            reaching[reached] += 1
            most, end = max(most, reached), end + 1
        extents.append((reaching[1], most))
        reaching[counts[owners[start]]] -= 1
        counts[owners[start]] -= 1
        most -= not reaching[most]
    return Flow(span, times, owners, tuple(extents), _starts(times, extents, span))


def _starts(times: Times, extents: Sequence[Extent], span: timedelta) -> tuple[int, ...]:
    """For each release the fullest window that holds it.

    The windows that hold one begin up to a span before it, and none after it. While these two ends
    move along, those are kept that no later one is fuller than.
    """
    found: list[int] = []
    fullest: deque[int] = deque()
    end = 0
    for then in times:
        while end < len(times) and times[end] <= then:
            while fullest and extents[fullest[-1]] < extents[end]:
                fullest.pop()
            fullest.append(end)
            end += 1
        while times[fullest[0]] < then - span:
            fullest.popleft()
        found.append(fullest[0])
    return tuple(found)
