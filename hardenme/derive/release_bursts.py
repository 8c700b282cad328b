"""What came out together: packages of one publisher, and versions of one package."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import datetime, timedelta
from typing import Any

from hardenme.derive.field import field
from hardenme.derive.release_windows import Flow, Times, flow
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
        first=field(release, "first"),
        packages=together,
        usual_packages=usual,
        versions=known(lambda: _most(own.whole, release.published_at, HOUR)),
        usual_versions=known(lambda: _versions_usual(release, own, limits)),
    )


def _packages(
    release: Release, everything: Every[PublishingTimes], limits: Limits
) -> tuple[PublishingTimes, ...]:
    """The packages that came out on the release's path in one window around it.

    Raises:
        NotKnownError: there is no burst among what is known, and not everything is known.
    """
    places = _flow(release, everything).packages(release.published_at)
    found = tuple(everything.facts[place] for place in places)
    if len(found) < limits.burst_packages:
        unclear = (then for one in everything.facts for then in one.unclear)
        near = any(abs(then - release.published_at) <= TOGETHER for then in unclear)
        missing = everything.missing or (_path_unknown(everything) if near else None)
        if missing is not None:
            raise NotKnownError(missing)
    return found


def _flow(release: Release, everything: Every[PublishingTimes]) -> Flow:
    """All that came out on the release's path."""
    return flow(tuple(one.by_path.get(release.path, ()) for one in everything.facts), TOGETHER)


def _path_unknown(everything: Every[PublishingTimes]) -> Unknown:
    return Unknown(
        Reason.NOT_VISIBLE,
        "a registry that tells who published each release",
        f"{sum(len(one.unclear) for one in everything.facts)} releases tell nobody",
    )


def _were_usual(
    release: Release,
    packages: tuple[PublishingTimes, ...],
    everything: Every[PublishingTimes],
    limits: Limits,
) -> bool:
    """Whether any of these packages came out like that before.

    That is: on the same path, with at least half as many packages, and as many versions of one.
    """
    together = _flow(release, everything)
    number, most = together.around(release.published_at)
    least = max(limits.burst_packages, (number + 1) // 2)
    for one in packages:
        times = one.by_path[release.path]
        for then in times[: bisect_right(times, release.published_at - BEFORE)]:
            earlier = together.around(then)
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
