"""Recent releases, each held against all that its package released before it.

Nothing is remembered from earlier runs: the history is in the packument. Each field is unknown on
its own where what it takes is unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from hardenme.derive import release_people, release_size
from hardenme.derive.field import field
from hardenme.facts.npm.history import PastRelease, ReleaseHistory
from hardenme.facts.npm.lineage import (
    SETTLED,
    earlier,
    follows,
    new_dependencies,
    parsed,
    recent,
    stood,
)
from hardenme.facts.npm.release import (
    APPROVED,
    BY_HAND,
    PROVENANCE,
    TRUSTED,
    DependencyAge,
    Release,
    ReleaseDependencies,
)
from hardenme.facts.npm.spec import address_of
from hardenme.model.fact import Every
from hardenme.model.given import Limits, Now
from hardenme.model.subject import Subject
from hardenme.model.unknown import NotKnownError, Reason, Unknown

T = TypeVar("T")
WINDOW = 10
"""Releases before one that tell what was usual."""


def known(make: Callable[[], T]) -> Any:
    """What a function gives, or the unknown that it met."""
    try:
        return make()
    except NotKnownError as error:
        return error.unknown


def observed(history: ReleaseHistory, release: PastRelease) -> dict[str, Any]:
    """The fields that every fact about an observed release has."""
    before = earlier(history, release)
    subject = Subject("npm", "package", f"{history.subject.name}@{release.version}")
    return {
        "subject": subject,
        "within": history.subject,
        "label": subject.name,
        "registry": history.registry,
        "package": history.subject.name,
        "version": release.version,
        "published_at": release.published_at,
        "tags": known(lambda: _tags(history.tags, release.version)),
        "good": known(lambda: _good(release, before)),
        "first": not before,
    }


def releases(history: ReleaseHistory, now: Now, limits: Limits) -> Every[Release]:
    """Every recent release of a package."""
    return Every(
        tuple(
            _release(history, release) for release in recent(history, now.time, limits.release_days)
        )
    )


def release_dependencies(
    history: ReleaseHistory, ages: Every[DependencyAge], now: Now, limits: Limits
) -> Every[ReleaseDependencies]:
    """What every recent release newly needs, and how old that is."""
    created: dict[tuple[str, str], Any] = {
        (age.version, age.dependency): field(age, "created") for age in ages.facts
    }
    return Every(
        tuple(
            _dependencies(history, release, created, ages.missing, limits)
            for release in recent(history, now.time, limits.release_days)
        )
    )


def trust(release: PastRelease) -> int:
    """How much speaks for a release being meant: what the registry itself vouches for.

    Source: the order in which package managers rank it, approver, trusted publisher, provenance.
    """
    if release.approver:
        return APPROVED
    if release.trusted_publisher:
        return TRUSTED
    return PROVENANCE if release.provenance else BY_HAND


def path(release: PastRelease) -> str:
    """By whom and how a release was published. A provider's name stands for its workflows."""
    return f"{trust(release)} {release.publisher}"


def _release(history: ReleaseHistory, release: PastRelease) -> Release:
    before = earlier(history, release)
    base = known(lambda: follows(release, before)[0])
    return Release(
        **observed(history, release),
        trust=known(lambda: trust(release)),
        trust_before=known(lambda: _trust_before(release, before)),
        publisher=field(release, "publisher"),
        path=known(lambda: path(release)),
        maintains=known(lambda: release_people.maintains(release)),
        published_before=known(lambda: release_people.published_before(release, before)),
        away_days=known(lambda: release_people.away_days(release, before)),
        scripts_changed=known(lambda: _scripts_changed(release, base)),
        addresses_added=known(lambda: _addresses_added(release, base)),
        maintainers_added=known(lambda: release_people.added(release, stood(release, before))),
        addresses_changed=known(lambda: release_people.moved(release, before)),
        silent_days=known(lambda: _silent_days(history, release)),
        **release_size.compared(release, before, base),
    )


def _tags(tags: Mapping[str, str], version: str) -> tuple[str, ...]:
    return tuple(sorted(tag for tag, target in tags.items() if target == version))


def _good(release: PastRelease, before: Sequence[PastRelease]) -> str:
    """The release that it follows, unless that is marked as not to be used."""
    base = follows(release, before)[0]
    return "" if base is None or base.deprecated else base.version


def _trust_before(release: PastRelease, before: Sequence[PastRelease]) -> int:
    stable = parsed(release).stable
    alike = [one for one in before if parsed(one).stable is stable] or before
    ranks = [known(lambda one=one: trust(one)) for one in alike[-WINDOW:]]  # type: ignore[misc]  # each its own
    most = max((rank for rank in ranks if not isinstance(rank, Unknown)), default=BY_HAND)
    for rank in ranks:
        # One that is not known cannot be more than the most, nor take back a fall that is seen.
        if isinstance(rank, Unknown) and most <= trust(release) < APPROVED:
            raise NotKnownError(rank)
    return most


def _base(base: PastRelease | Unknown | None) -> PastRelease | None:
    if isinstance(base, Unknown):
        raise NotKnownError(base)
    return base


def _scripts_changed(release: PastRelease, base: PastRelease | Unknown | None) -> tuple[str, ...]:
    held = _base(base) if release.scripts else None
    if held is None:
        return ()
    return tuple(
        name for name, text in sorted(release.scripts.items()) if held.scripts.get(name) != text
    )


def _addresses_added(release: PastRelease, base: PastRelease | Unknown | None) -> tuple[str, ...]:
    own = {name: spec for name, spec in release.dependencies.items() if address_of(spec)}
    held = _base(base) if own else None
    if held is None:
        return ()
    there = held.dependencies
    return tuple(f"{name} {own[name]}" for name in sorted(own) if there.get(name) != own[name])


def _silent_days(history: ReleaseHistory, release: PastRelease) -> int:
    """How long nothing came out before the releases of the same week as this one."""
    times = sorted({*(one.published_at for one in history.releases), *history.removed.values()})
    last: datetime = release.published_at
    for then in reversed([then for then in times if then < release.published_at]):
        if last - then >= SETTLED:
            return (last - then).days
        last = then
    return 0


def _dependencies(
    history: ReleaseHistory,
    release: PastRelease,
    created: Mapping[tuple[str, str], Any],
    missing: Unknown | None,
    limits: Limits,
) -> ReleaseDependencies:
    before = earlier(history, release)
    found: Any = known(lambda: follows(release, before))
    base: Any = found
    patch: Any = found
    if not isinstance(found, Unknown):
        base, patch = found
    added = known(lambda: new_dependencies(release, _base(base)))
    young = added
    if not isinstance(added, Unknown):
        young = _young(release, added, created, missing, limits)
    return ReleaseDependencies(**observed(history, release), patch=patch, added=added, young=young)


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
        asked = missing or Unknown(Reason.NOT_ASKED, f"when {name} first came out")
        then = created.get((release.version, name), asked)
        if isinstance(then, Unknown):
            why = why or then
        elif (release.published_at - then).days < limits.dependency_age_days:
            young.append(name)
    return tuple(young) if young or why is None else why


DERIVATIONS = (releases, release_dependencies)
