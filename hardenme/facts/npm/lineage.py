"""Which release another one is compared with.

A release is compared with the one that users come from. Where that one came out in the same week it
is as new as the other: several bad releases often follow each other within minutes, and would vouch
for each other. So what a release follows has stood for a week, or began the line of patches.
"""

from __future__ import annotations

import bisect
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from hardenme.facts.npm.history import PastRelease, ReleaseHistory
from hardenme.facts.npm.semver import Version, version
from hardenme.model.unknown import NotKnownError, Reason, Unknown

SETTLED = timedelta(days=7)
"""For how long a release has stood when others may be held against it."""


def recent(history: ReleaseHistory, now: datetime, days: int) -> tuple[PastRelease, ...]:
    """The releases that are younger than so many days, oldest first."""
    start = now - timedelta(days=days)
    return tuple(one for one in history.releases if one.published_at > start)


def earlier(history: ReleaseHistory, release: PastRelease) -> Sequence[PastRelease]:
    """The releases that came out before one, oldest first."""
    releases = history.releases
    end = bisect.bisect_left(releases, _place(release), key=_place)
    return releases[:end]


def follows(release: PastRelease, before: Sequence[PastRelease]) -> tuple[PastRelease | None, bool]:
    """The release that one is compared with, and whether it is a patch.

    Args:
        release: the one.
        before: all that came out before it.

    Returns:
        The release that users come from, or where it is as new as this one and a patch itself, the
        one that it follows; None where there is none. A patch shares the first two numbers with the
        release that it follows at once.

    Raises:
        NotKnownError: its version is none that npm would order.
    """
    newest = nearest = _below(release, before)
    while nearest is not None and release.published_at - nearest.published_at < SETTLED:
        older = _below(nearest, before[: _index(before, nearest)])
        if older is None or not _same_line(nearest, older):
            break
        nearest = older
    return nearest, newest is not None and _same_line(release, newest)


def stood(release: PastRelease, before: Sequence[PastRelease]) -> PastRelease | None:
    """The newest release of any line that had stood for a week; else the first of all."""
    settled = settled_before(release, before)
    return settled[-1] if settled else (before[0] if before else None)


def settled_before(release: PastRelease, before: Sequence[PastRelease]) -> Sequence[PastRelease]:
    """Those of the releases before one that had stood for a week when it came out."""
    last = release.published_at - SETTLED
    return before[: bisect.bisect_right(before, last, key=lambda one: one.published_at)]


def new_dependencies(release: PastRelease, base: PastRelease | None) -> tuple[str, ...]:
    """What a release needs that the one that it follows did not; sorted."""
    if base is None or not release.dependencies:
        return ()
    return tuple(sorted(release.dependencies.keys() - base.dependencies.keys()))


def parsed(release: PastRelease) -> Version:
    """The release's version, as it is ordered.

    Raises:
        NotKnownError: it is none that npm would order.
    """
    found = version(release.version)
    if found is None:
        why = Unknown(Reason.MALFORMED, "versions that follow semantic versioning")
        raise NotKnownError(why)
    return found


def _below(release: PastRelease, before: Iterable[PastRelease]) -> PastRelease | None:
    """The highest version below one; of a stable release the highest stable one, if there is any.

    Where all are higher, it is the one that came out last.
    """
    own = parsed(release)
    ranked = [(parsed(one), one) for one in before]
    below = [(rank, one) for rank, one in ranked if rank < own]
    stable = [(rank, one) for rank, one in below if rank.stable] if own.stable else []
    if stable or below:
        return max(stable or below, key=lambda pair: pair[0])[1]
    return ranked[-1][1] if ranked else None


def _same_line(one: PastRelease, other: PastRelease) -> bool:
    return parsed(one).line == parsed(other).line


def _index(before: Sequence[PastRelease], release: PastRelease) -> int:
    return bisect.bisect_left(before, _place(release), key=_place)


def _place(release: PastRelease) -> tuple[datetime, str]:
    """By what a history is sorted."""
    return release.published_at, release.version
