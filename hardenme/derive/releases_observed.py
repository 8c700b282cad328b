"""Recent releases, each compared with all that its package released before it.

Nothing is remembered from earlier runs: the history is in the packument. Each field is unknown on
its own where what it takes is unknown.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from functools import cache
from itertools import pairwise
from typing import Any, TypeVar

from hardenme.derive import release_people, release_size
from hardenme.facts.npm.history import PastRelease, ReleaseHistory
from hardenme.facts.npm.lineage import SETTLED, Lineage, new_dependencies
from hardenme.facts.npm.release import (
    APPROVED,
    BY_HAND,
    PROVENANCE,
    TRUSTED,
    DependencyAge,
    Release,
    ReleaseDependencies,
)
from hardenme.facts.npm.semver import version
from hardenme.facts.npm.spec import address_of
from hardenme.model.fact import Every
from hardenme.model.given import Limits, Now
from hardenme.model.known import field
from hardenme.model.subject import Subject
from hardenme.model.unknown import NotKnownError, Reason, Unknown

T = TypeVar("T")
WINDOW = 10
"""Releases before one that show what was usual."""
RANKS = (BY_HAND, PROVENANCE, TRUSTED, APPROVED)


def known(make: Callable[[], T]) -> Any:
    """What a function gives, or the unknown that it met."""
    try:
        return make()
    except NotKnownError as error:
        return error.unknown


class Held:
    """A release, and what it is compared with.

    Attributes:
        history: its package's.
        lineage: the same by places in time.
        place: its index there.
        release: the one.
        tags: the dist-tags that point to it, or why they are not known.
        base: the release that it follows, None for none, or why that is not known.
        patch: whether it is a patch, or why that is not known.
    """

    def __init__(self, history: ReleaseHistory, lineage: Lineage, place: int, tags: Any) -> None:
        self.history = history
        self.lineage = lineage
        self.place = place
        self.release = lineage.releases[place]
        self.tags = tags if isinstance(tags, Unknown) else tags.get(self.release.version, ())
        found: Any = known(lambda: lineage.follows(place))
        self.base: Any = found
        self.patch: Any = found
        if not isinstance(found, Unknown):
            self.base, self.patch = found

    def demand(self) -> PastRelease | None:
        """The release that it follows.

        Raises:
            NotKnownError: it is not known.
        """
        if isinstance(self.base, Unknown):
            raise NotKnownError(self.base)
        found: PastRelease | None = self.base
        return found

    def observed(self) -> dict[str, Any]:
        """The fields that every fact about an observed release has."""
        history, release = self.history, self.release
        subject = Subject("npm", "package", f"{history.subject.name}@{release.version}")
        return {
            "subject": subject,
            "within": history.subject,
            "label": subject.name,
            "registry": history.registry,
            "package": history.subject.name,
            "version": release.version,
            "published_at": release.published_at,
            "tags": self.tags,
            "first": not self.place,
            "trust": known(lambda: trust(release)),
            "publisher": field(release, "publisher"),
            "approver": field(release, "approver"),
            "provenance": field(release, "provenance"),
        }


def _held(history: ReleaseHistory, now: Now, limits: Limits) -> Iterator[Held]:
    lineage = Lineage(history)
    tags = known(lambda: _by_version(history.tags))
    for place, _ in lineage.recent(now.time, limits.release_days):
        yield Held(history, lineage, place, tags)


def releases(history: ReleaseHistory, now: Now, limits: Limits) -> Every[Release]:
    """Every recent release of a package."""

    @cache
    def silences() -> Silences:
        shown = (one.published_at for one in history.releases)
        return Silences((*shown, *history.removed.values()))

    return Every(tuple(_release(held, silences) for held in _held(history, now, limits)))


def release_dependencies(
    history: ReleaseHistory, ages: Every[DependencyAge], now: Now, limits: Limits
) -> Every[ReleaseDependencies]:
    """What every recent release newly needs, and how old that is."""
    created: dict[tuple[str, str], Any] = {
        (age.version, age.dependency): field(age, "created") for age in ages.facts
    }
    return Every(
        tuple(
            _dependencies(held, created, ages.missing, limits)
            for held in _held(history, now, limits)
        )
    )


def trust(release: PastRelease) -> int:
    """How much speaks for a release being meant: what the registry itself vouches for.

    Source: the order in which package managers rank it: approver, trusted publisher, provenance. An
    approval of what the same account staged vouches for nothing: one stolen account does both.
    """
    if release.approver and (release.trusted_publisher or release.approver != release.publisher):
        return APPROVED
    if release.trusted_publisher:
        return TRUSTED
    return PROVENANCE if release.provenance else BY_HAND


def path(release: PastRelease) -> str:
    """By whom and how a release was published. A provider's name means its workflows."""
    return f"{trust(release)} {release.publisher}"


def _release(held: Held, silences: Callable[[], Silences]) -> Release:
    release, lineage, place = held.release, held.lineage, held.place
    return Release(
        **held.observed(),
        trust_before=known(lambda: _trust_before(release, lineage, place)),
        path=known(lambda: path(release)),
        maintains=known(lambda: release_people.maintains(release)),
        published_before=known(lambda: release_people.published_before(lineage, place)),
        away_days=known(lambda: release_people.away_days(lineage, place)),
        scripts_changed=known(lambda: _scripts_changed(held)),
        addresses_added=known(lambda: _addresses_added(held)),
        maintainers_added=known(
            lambda: release_people.added(release, lineage.settled_before(place))
        ),
        addresses_changed=known(lambda: release_people.moved(lineage, place)),
        silent_days=known(lambda: silences().days(release.published_at)),
        **release_size.compared(lineage, place, held.base),
    )


def _by_version(tags: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for tag in sorted(tags):
        found.setdefault(tags[tag], []).append(tag)
    return {version: tuple(names) for version, names in found.items()}


def _trust_before(release: PastRelease, lineage: Lineage, place: int) -> int:
    """The most that spoke for a release before it: of those that are stable, or not, as it is.

    The last ones that were at least a week old count, at most `WINDOW`, and all that were published
    after the first of these. For each rank the newest is looked up, since thousands can be
    published in one week.
    """
    stable, end = lineage.version(place).stable, lineage.settled(place)
    settled_before = lineage.places(_stable).last(stable, end, WINDOW)
    start = settled_before[0] if len(settled_before) == WINDOW else 0
    ranked = lineage.places(_ranked)
    newest = {
        rank: lineage.releases[last]
        for rank in (*RANKS, None)
        for last in ranked.last((stable, rank), place)
        if last >= start
    } or {_ranked(one)[1]: one for one in lineage.before(place, WINDOW)}
    most = max((rank for rank in newest if rank is not None), default=BY_HAND)
    if None in newest and most <= trust(release) < APPROVED:
        # An unknown one cannot exceed the maximum, nor cancel a drop that was seen.
        trust(newest[None])
    return most


def _stable(release: PastRelease) -> bool | None:
    own = version(release.version)
    return None if own is None else own.stable


def _ranked(release: PastRelease) -> tuple[bool | None, int | None]:
    """Whether a release is stable, and how much speaks for it; None for what is not known."""
    try:
        return _stable(release), trust(release)
    except NotKnownError:
        return _stable(release), None


def _scripts_changed(held: Held) -> tuple[str, ...]:
    own = held.release.scripts
    base = held.demand() if own else None
    if base is None:
        return ()
    there = base.scripts
    return tuple(name for name, text in sorted(own.items()) if there.get(name) != text)


def _addresses_added(held: Held) -> tuple[str, ...]:
    needs = held.release.dependencies
    own = {name: spec for name, spec in needs.items() if address_of(spec)}
    base = held.demand() if own else None
    if base is None:
        return ()
    there = base.dependencies
    return tuple(f"{name} {own[name]}" for name in sorted(own) if there.get(name) != own[name])


class Silences:
    """The quiet time before a release, with the releases of the same week as one."""

    def __init__(self, times: Iterable[datetime]) -> None:
        self._times = sorted(times)
        self._days = [0]
        for then, later in pairwise(self._times):
            self._days.append(self._since(then, later, self._days[-1]))

    def days(self, published: datetime) -> int:
        """The quiet time in days; 0 if nothing was published before."""
        place = bisect_left(self._times, published)
        if not place:
            return 0
        return self._since(self._times[place - 1], published, self._days[place - 1])

    @staticmethod
    def _since(then: datetime, later: datetime, before: int) -> int:
        return (later - then).days if later - then >= SETTLED else before


def _dependencies(
    held: Held,
    created: Mapping[tuple[str, str], Any],
    missing: Unknown | None,
    limits: Limits,
) -> ReleaseDependencies:
    added = known(lambda: new_dependencies(held.release, held.demand()))
    young = added
    if not isinstance(added, Unknown):
        young = _young(held.release, added, created, missing, limits)
    return ReleaseDependencies(**held.observed(), patch=held.patch, added=added, young=young)


def _young(
    release: PastRelease,
    added: tuple[str, ...],
    created: Mapping[tuple[str, str], Any],
    missing: Unknown | None,
    limits: Limits,
) -> Any:
    """The new dependencies that were too young; what comes from elsewhere has no age."""
    young, why = [], None
    for name in added:
        if address_of(release.dependencies[name]):
            continue
        asked = missing or Unknown(Reason.NOT_ASKED, f"when {name} was first published")
        then = created.get((release.version, name), asked)
        if isinstance(then, Unknown):
            why = why or then
        elif (release.published_at - then).days < limits.dependency_age_days:
            young.append(name)
    return tuple(young) if young or why is None else why


DERIVATIONS = (releases, release_dependencies)
