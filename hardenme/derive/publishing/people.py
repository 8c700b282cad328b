"""The paths that start from people: who may publish by hand, and by which team."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from hardenme.derive.publishing import steps
from hardenme.derive.publishing.cover import Remedy
from hardenme.facts.npm.access import PackageCollaborators
from hardenme.facts.npm.account import NpmTwoFactor
from hardenme.facts.npm.organization import DEVELOPERS
from hardenme.facts.npm.package import Package
from hardenme.facts.npm.paths import OrganizationWriters, TeamRight
from hardenme.model.known import field
from hardenme.model.publishing import Hop, PublishPath, State
from hardenme.model.unknown import Unknown
from hardenme.model.way import Way

APPROVAL = Hop("approval", "2FA")
MODES = {
    "off": "has no 2FA, so its password is enough to create a token that publishes",
    "pending": "has no 2FA yet, so its password is enough to create a token",
    "auth-only": "uses 2FA at sign-in only",
}
"""The meaning of a 2FA mode that leaves writes without it."""


def writers(package: Package, collaborators: PackageCollaborators | Unknown) -> Any:
    """Who may publish: as npm lists them, else those that the packument names."""
    if not isinstance(collaborators, Unknown):
        listed = field(collaborators, "writers")
        if not isinstance(listed, Unknown):
            return listed
    named = field(package, "maintainers")
    return named if isinstance(named, Unknown) else tuple(sorted({one.name for one in named}))


def scope(name: str) -> str:
    """The organization or account that a package's scope names; empty for none."""
    return name.partition("/")[0][1:] if name.startswith("@") and "/" in name else ""


def of_scope(
    package: str, organizations: Iterable[OrganizationWriters]
) -> OrganizationWriters | None:
    """The organization that a package's scope names, where it was read."""
    owner = scope(package)
    return next((one for one in organizations if owner and field(one, "name") == owner), None)


def person_paths(
    names: Iterable[str], organization: OrganizationWriters | None, factor: NpmTwoFactor | Unknown
) -> Iterator[PublishPath]:
    """One path for each person who may publish, and for each owner who can take that right."""
    listed = tuple(dict.fromkeys(names))
    for name in listed:
        yield _person(name, "publishes by hand with 2FA, which npm requires of all", factor)
    owners = None if organization is None else field(organization, "owners")
    for name in owners if isinstance(owners, tuple) else ():
        if name not in listed and organization is not None:
            why = f"owns {field(organization, 'name')} and can give itself the right to publish"
            yield _person(name, why, factor)


def _person(name: str, why: str, factor: NpmTwoFactor | Unknown) -> PublishPath:
    """A person's path; the account's own factor is the only one that is shown."""
    mode = None
    if not isinstance(factor, Unknown) and factor.subject.name == name:
        mode = field(factor, "mode")
    weak = MODES.get(mode) if isinstance(mode, str) else None
    return PublishPath(
        f"person/{name}",
        Way.PERSON,
        name,
        State.OPEN,
        weak or why,
        intended=weak is None,
        hops=(Hop("person", name), *(() if weak else (APPROVAL,))),
    )


def team_paths(package: str, organization: OrganizationWriters | None) -> Iterator[PublishPath]:
    """One path for each team that may publish the package."""
    for team in () if organization is None else organization.seen:
        writes, name = field_of(team, "writes"), field_of(team, "name")
        if isinstance(name, Unknown) or isinstance(writes, Unknown) or package not in writes:
            continue
        whole = f"{field(organization, 'name')}:{name}" if organization else name
        everybody = name == DEVELOPERS
        yield PublishPath(
            f"team/{whole}",
            Way.TEAM,
            whole,
            State.OPEN,
            "includes every member of the organization, and may publish"
            if everybody
            else f"{_count(team)} may publish, each with 2FA",
            intended=not everybody,
            hops=(Hop("team", whole), APPROVAL),
        )


def field_of(team: TeamRight, name: str) -> Any:
    """A field of a team that may not be known."""
    return object.__getattribute__(team, name)


def _count(team: TeamRight) -> str:
    members = field_of(team, "members")
    if isinstance(members, Unknown):
        return "its members"
    return "its one member" if len(members) == 1 else f"its {len(members)} members"


def remedies(package: Package, paths: Iterable[PublishPath]) -> Iterator[Remedy]:
    """What closes the paths of people that are not meant to be open."""
    name = package.subject.name
    for path in paths:
        if path.intended:
            continue
        if path.way is Way.PERSON:
            yield Remedy((steps.factor(package, path.name, (path.key,)),))
        elif path.way is Way.TEAM:
            organization, _, team = path.name.partition(":")
            yield Remedy((steps.read_only(package, name, (organization, team), (path.key,)),))
