"""How much came out within one span of time, of many packages, looked up fast.

Hundreds of packages with hundreds of releases each are held against each other, so all releases are
put into one order once, and each span is counted by moving its two ends along.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

Times = Sequence[datetime]
Extent = tuple[int, int]
"""How many packages came out within one span, and how many versions the one with the most had."""
NOTHING: Extent = (0, 0)


@dataclass(frozen=True, slots=True)
class Flow:
    """The releases of several packages in their order.

    Attributes:
        span: how long a window is.
        times: when each came out.
        owners: which package each is of, by its place.
        extents: what the window holds that begins with each.
    """

    span: timedelta
    times: tuple[datetime, ...]
    owners: tuple[int, ...]
    extents: tuple[Extent, ...]

    def around(self, center: datetime) -> Extent:
        """Of all windows that hold a moment, what is in the one with the most packages."""
        first, last = self._starts(center)
        return max(self.extents[first:last], default=NOTHING)

    def packages(self, center: datetime) -> tuple[int, ...]:
        """The places of the packages in that window."""
        first, last = self._starts(center)
        if first == last:
            return ()
        start = max(range(first, last), key=self.extents.__getitem__)
        end = bisect_right(self.times, self.times[start] + self.span)
        return tuple(sorted(set(self.owners[start:end])))

    def _starts(self, center: datetime) -> tuple[int, int]:
        return bisect_left(self.times, center - self.span), bisect_right(self.times, center)


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
    return Flow(span, times, owners, tuple(extents))
