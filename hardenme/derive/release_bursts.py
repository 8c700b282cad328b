"""What was published together: packages of one publisher, and versions of one package."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from hardenme.derive.release_windows import Flow, flow
from hardenme.derive.releases_observed import known, path
from hardenme.facts.npm.history import ReleaseHistory
from hardenme.facts.npm.lineage import SETTLED
from hardenme.facts.npm.release import PublishingTimes, Release, ReleaseBurst
from hardenme.facts.npm.semver import Version, version
from hardenme.model.fact import Every
from hardenme.model.given import Limits
from hardenme.model.known import field
from hardenme.model.unknown import NotKnownError, Reason, Unknown

TOGETHER = timedelta(minutes=10)
HOUR = timedelta(hours=1)
BEFORE = SETTLED
"""What was published less than this before may belong to the same attack, and proves nothing."""


def publishing_times(history: ReleaseHistory) -> PublishingTimes:
    """When the releases of a package were published, by their paths."""
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
        **history.placed(history.subject),
        package=history.subject.name,
        by_path={way: tuple(times) for way, times in by_path.items()},
        unclear=tuple(unclear),
        whole=whole,
    )


def release_bursts(
    history: ReleaseHistory,
    recent: Every[Release],
    own: PublishingTimes,
    everything: Every[PublishingTimes],
    limits: Limits,
) -> Every[ReleaseBurst]:
    """What was published around each recent release of a package, and whether that is usual."""
    around = Around(own, everything, limits, history)
    return Every(tuple(_burst(history, one, around) for one in recent.facts), recent.missing)


def _burst(history: ReleaseHistory, release: Release, around: Around) -> ReleaseBurst:
    number = known(lambda: around.packages(release))
    usual: Any = number
    if not isinstance(number, Unknown):
        # Fewer are not a burst, whatever was published before.
        usual = number >= around.limits.burst_packages and known(
            lambda: around.packages_usual(release)
        )
    return ReleaseBurst(
        **release.placed(history.subject),
        package=field(release, "package"),
        version=field(release, "version"),
        published_at=field(release, "published_at"),
        tags=field(release, "tags"),
        first=field(release, "first"),
        trust=field(release, "trust"),
        publisher=field(release, "publisher"),
        approver=field(release, "approver"),
        provenance=field(release, "provenance"),
        packages=number,
        usual_packages=usual,
        versions=known(lambda: around.versions(release)),
        usual_versions=known(lambda: around.versions_usual(release)),
        same_minutes=known(lambda: around.same_minutes(release)),
        same_hour=known(lambda: around.same_hour(release)),
        installable=known(lambda: around.installable(release)),
    )


class Around:
    """What was published around the releases of one package; everything is sorted once."""

    def __init__(
        self,
        own: PublishingTimes,
        everything: Every[PublishingTimes],
        limits: Limits,
        history: ReleaseHistory,
    ) -> None:
        self.limits = limits
        self._own = own
        self._history = history
        self._named = cache(self._between)
        # By the window: a tuple of names is hashed anew at each look.
        self._there = cache(self._kept)
        self._everything = everything
        self._unclear = sorted(then for one in everything.facts for then in one.unclear)
        self._together = cache(self._flow)
        self._hours = cache(lambda: flow((tuple(own.whole),), HOUR))
        self._first_burst = cache(self._earliest)

    def packages(self, release: Release) -> int:
        """How many packages were published on the release's path in one window around it.

        Raises:
            NotKnownError: there is no burst among what is known, and not everything is known.
        """
        found, _ = self._together(release.path).around(release.published_at)
        if found < self.limits.burst_packages:
            first = bisect_left(self._unclear, release.published_at - TOGETHER)
            near = first < bisect_right(self._unclear, release.published_at + TOGETHER)
            missing = self._everything.missing or (
                _path_unknown(self._everything) if near else None
            )
            if missing is not None:
                raise NotKnownError(missing)
        return found

    def packages_usual(self, release: Release) -> bool:
        """Whether any of these packages was published like that before.

        That is: on the same path, with at least half as many packages, and as many versions of one.
        """
        together = self._together(release.path)
        number, most = together.around(release.published_at)
        least = max(self.limits.burst_packages, (number + 1) // 2), most
        until = release.published_at - BEFORE
        if any(
            together.was_like(one, least, until) for one in together.packages(release.published_at)
        ):
            return True
        if self._everything.missing is not None:
            raise NotKnownError(self._everything.missing)
        return False

    def versions(self, release: Release) -> int:
        """How many versions of the package were published in one hour around the release."""
        return self._hours().around(release.published_at)[1]

    def versions_usual(self, release: Release) -> bool:
        """Whether a burst of versions was published within an hour before, on its path."""
        if self.versions(release) < self.limits.burst_versions:
            return False
        first = self._first_burst(release.path)
        return first is not None and first <= release.published_at - BEFORE

    def same_minutes(self, release: Release) -> tuple[str, ...]:
        """The packages that were published together; none where they are too few."""
        if self.packages(release) < self.limits.burst_packages:
            return ()
        places = self._together(release.path).packages(release.published_at)
        return tuple(sorted(self._everything.facts[place].package for place in places))

    def same_hour(self, release: Release) -> tuple[str, ...]:
        """The versions that were published within one hour; none where they are too few."""
        window = self._window(release)
        return () if window is None else self._named(*window)

    def installable(self, release: Release) -> tuple[str, ...]:
        """Those of the hour that were not removed: what a command can still be about."""
        window = self._window(release)
        return () if window is None else self._there(*window)

    def _window(self, release: Release) -> tuple[datetime, datetime] | None:
        """The hour of a release; None where too few versions were published in it."""
        if self.versions(release) < self.limits.burst_versions:
            return None
        return self._hours().window(release.published_at)

    def _kept(self, first: datetime, last: datetime) -> tuple[str, ...]:
        """The versions of a span that were not removed."""
        return tuple(name for name in self._named(first, last) if name not in self._history.removed)

    def _between(self, first: datetime, last: datetime) -> tuple[str, ...]:
        """The versions of a span, the lowest first; what npm does not order comes before."""
        published = {one.version: one.published_at for one in self._history.releases}
        published |= self._history.removed
        found = (name for name, then in published.items() if first <= then <= last)
        return tuple(sorted(found, key=_rank))

    def _flow(self, path: str) -> Flow:
        """Everything that was published on a path."""
        return flow(tuple(one.by_path.get(path, ()) for one in self._everything.facts), TOGETHER)

    def _earliest(self, path: str) -> datetime | None:
        """When the first burst of the package on a path was complete; None for none."""
        times = self._own.by_path.get(path, ())
        later = times[self.limits.burst_versions - 1 :]
        pairs = zip(times, later, strict=False)
        return next((last for first, last in pairs if last - first <= HOUR), None)


def _rank(name: str) -> tuple[bool, Version | str]:
    found = version(name)
    return (False, name) if found is None else (True, found)


def _path_unknown(everything: Every[PublishingTimes]) -> Unknown:
    return Unknown(
        Reason.NOT_VISIBLE,
        "a registry that shows who published each release",
        f"{sum(len(one.unclear) for one in everything.facts)} releases do not show it",
    )


DERIVATIONS = (publishing_times, release_bursts)
