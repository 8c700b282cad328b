"""Who released a package lately, and who could have for as long and did not."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from hardenme.facts.npm.access import PackageCollaborators, WriterActivity
from hardenme.facts.npm.history import PastRelease, ReleaseHistory
from hardenme.facts.npm.package import Package
from hardenme.model.given import Limits, Now
from hardenme.model.known import field
from hardenme.model.maybe import first_unknown
from hardenme.model.unknown import Reason, Unknown


@dataclass(frozen=True, slots=True)
class ReleasePeople:
    """The accounts behind releases.

    Attributes:
        names: those that are known.
        missing: why there may be more; None if these are all.
    """

    names: frozenset[str]
    missing: Unknown | None = None


def release_people(releases: Iterable[PastRelease], since: datetime) -> ReleasePeople:
    """The people who published or approved releases since then. A workflow is not a person."""
    names, missing = set[str](), None
    for release in releases:
        then = field(release, "published_at")
        if isinstance(then, Unknown):
            # It may be too old to count.
            missing = missing or then
            continue
        if then < since:
            continue
        parts = [field(release, "approver"), field(release, "trusted_publisher")]
        if not parts[1]:
            parts.append(field(release, "publisher"))
        missing = missing or first_unknown(parts)
        names |= {name for name in (parts[0], *parts[2:]) if isinstance(name, str) and name}
    return ReleasePeople(frozenset(names), missing)


def writer_activity(
    package: Package,
    collaborators: PackageCollaborators | Unknown,
    history: ReleaseHistory,
    now: Now,
    limits: Limits,
) -> WriterActivity:
    """The writers, compared with the releases of the time that is looked at.

    Only those who were maintainers before that time could release during all of it. Releases do not
    show who writes through a team, so it is not known since when.
    """
    since = now.time - timedelta(days=limits.package_active_days)
    releases = history.releases
    found = release_people(releases, since)
    direct = frozenset(one.name for one in package.maintainers)
    told = None if isinstance(collaborators, Unknown) else field(collaborators, "writers")
    writers = told if isinstance(told, tuple) else tuple(sorted(direct))
    before = [release for release in releases if release.published_at < since]
    held: Any = ()
    unclear: Unknown | None = None
    if before:
        then = frozenset(one.name for one in before[-1].maintainers)
        held = tuple(name for name in writers if name in then)
        unclear = _undated(writers, then | direct)
    idle: Any = tuple(name for name in held if name not in found.names)
    if idle and found.missing is not None:
        idle = found.missing
    elif not idle and unclear is not None:
        idle = unclear
    kept: Any = held or unclear or ()
    return WriterActivity(
        **package.placed(),
        hands=_enough(found),
        held=kept,
        idle=idle,
    )


def _enough(found: ReleasePeople) -> Any:
    """One hand is enough to know that there was one; that there was none takes all releases."""
    return tuple(sorted(found.names)) or found.missing or ()


def _undated(writers: tuple[str, ...], dated: frozenset[str]) -> Unknown | None:
    for name in writers:
        if name not in dated:
            return Unknown(
                Reason.NOT_VISIBLE,
                f"since when {name} can publish: npm's page of the package's organization",
                "releases do not name who publishes through a team",
            )
    return None


DERIVATIONS = (writer_activity,)
