"""What came out together: packages of one publisher, and versions of one package."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from hardenme.derive.field import field
from hardenme.derive.releases_observed import known, path
from hardenme.facts.npm.history import ReleaseHistory
from hardenme.facts.npm.release import PublishingTimes, Release, ReleaseBurst
from hardenme.model.fact import Every
from hardenme.model.given import Limits
from hardenme.model.unknown import NotKnownError, Reason, Unknown

TOGETHER = timedelta(minutes=10)
HOUR = timedelta(hours=1)
BEFORE = timedelta(days=1)
"""What came out less than this before may belong to the same burst, and tells nothing."""
Times = Sequence[datetime]


def publishing_times(history: ReleaseHistory) -> PublishingTimes:
    """When the releases of a package came out, by their paths."""
    by_path: dict[str, list[datetime]] = {}
    unclear = []
    for release in history.releases:
        way = known(lambda one=release: path(one))  # type: ignore[misc]  # each its own
        if isinstance(way, Unknown):
            unclear.append(release.published_at)
        else:
            by_path.setdefault(way, []).append(release.published_at)
    removed = field(history, "removed")
    whole: Any = removed
    if not isinstance(removed, Unknown):
        shown = (release.published_at for release in history.releases)
        whole = tuple(sorted([*shown, *removed.values()]))
    return PublishingTimes(
        subject=history.subject,
        within=history.subject,
        label=history.label,
        registry=history.registry,
        package=history.subject.name,
        by_path={way: tuple(times) for way, times in by_path.items()},
        unclear=tuple(unclear),
        whole=whole,
    )


def release_burst(
    release: Release, own: PublishingTimes, everything: Every[PublishingTimes], limits: Limits
) -> ReleaseBurst:
    """What else came out around a release, and whether that is how its publisher works."""
    packages = known(lambda: _packages(release, everything, limits))
    together: Any = packages if isinstance(packages, Unknown) else len(packages)
    usual: Any = packages
    if not isinstance(packages, Unknown):
        # Fewer are no burst, whatever came out before.
        usual = len(packages) >= limits.burst_packages and known(
            lambda: _were_usual(release, packages, everything, limits)
        )
    return ReleaseBurst(
        subject=release.subject,
        within=release.within,
        label=release.label,
        registry=release.registry,
        package=field(release, "package"),
        version=field(release, "version"),
        published_at=field(release, "published_at"),
        tags=field(release, "tags"),
        good=field(release, "good"),
        first=field(release, "first"),
        packages=together,
        usual_packages=usual,
        versions=known(lambda: _most(own.whole, release.published_at, HOUR)),
        usual_versions=known(lambda: _versions_usual(release, own, limits)),
    )


@dataclass(frozen=True, slots=True)
class _Part:
    """What one package has in a burst.

    Attributes:
        times: all times of its releases on the path.
        most: how many of them lie in one window.
    """

    times: Times
    most: int


def _packages(
    release: Release, everything: Every[PublishingTimes], limits: Limits
) -> tuple[_Part, ...]:
    """The packages that came out on the release's path in one window around it.

    Raises:
        NotKnownError: there is no burst among what is known, and not everything is known.
    """
    times = [one.by_path.get(release.path, ()) for one in everything.facts]
    found = _window(release.published_at, times)
    if len(found) < limits.burst_packages:
        unclear = (then for one in everything.facts for then in one.unclear)
        near = any(abs(then - release.published_at) <= TOGETHER for then in unclear)
        missing = everything.missing or (_path_unknown(everything) if near else None)
        if missing is not None:
            raise NotKnownError(missing)
    return found


def _path_unknown(everything: Every[PublishingTimes]) -> Unknown:
    return Unknown(
        Reason.NOT_VISIBLE,
        "a registry that tells who published each release",
        f"{sum(len(one.unclear) for one in everything.facts)} releases tell nobody",
    )


def _window(center: datetime, several: Iterable[Times]) -> tuple[_Part, ...]:
    """Of all windows that hold a moment, what is in the one with the most packages."""
    near = [
        (
            times,
            times[bisect_left(times, center - TOGETHER) : bisect_right(times, center + TOGETHER)],
        )
        for times in several
        if times
    ]
    near = [(times, close) for times, close in near if close]
    best: tuple[_Part, ...] = ()
    for start in {then for _, close in near for then in close if then <= center}:
        inside = [
            _Part(times, sum(start <= then <= start + TOGETHER for then in close))
            for times, close in near
        ]
        found = tuple(part for part in inside if part.most)
        best = max(best, found, key=_extent)
    return best


def _extent(parts: tuple[_Part, ...]) -> tuple[int, int]:
    return len(parts), max((part.most for part in parts), default=0)


def _were_usual(
    release: Release,
    parts: tuple[_Part, ...],
    everything: Every[PublishingTimes],
    limits: Limits,
) -> bool:
    """Whether any of these packages came out like that before.

    That is: on the same path, with at least half as many packages, and as many versions of one.
    """
    number, most = _extent(parts)
    least = max(limits.burst_packages, (number + 1) // 2)
    times = [one.by_path.get(release.path, ()) for one in everything.facts]
    for part in parts:
        settled = part.times[: bisect_right(part.times, release.published_at - BEFORE)]
        for then in reversed(settled):
            earlier = _extent(_window(then, times))
            if earlier[0] >= least and earlier[1] >= most:
                return True
    if everything.missing is not None:
        raise NotKnownError(everything.missing)
    return False


def _versions_usual(release: Release, own: PublishingTimes, limits: Limits) -> bool:
    number = _most(own.whole, release.published_at, HOUR)
    if number < limits.burst_versions:
        return False
    times = own.by_path.get(release.path, ())
    settled = times[: bisect_right(times, release.published_at - BEFORE)]
    return any(_most(settled, then, HOUR) >= limits.burst_versions for then in settled)


def _most(times: Times, center: datetime, span: timedelta) -> int:
    """The most that lie in one span that holds a moment."""
    close = times[bisect_left(times, center - span) : bisect_right(times, center + span)]
    return max(
        (
            sum(start <= then <= start + span for then in close)
            for start in close
            if start <= center
        ),
        default=0,
    )


DERIVATIONS = (publishing_times, release_burst)
