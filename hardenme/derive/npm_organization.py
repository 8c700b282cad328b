"""The combined rights of an npm organization's teams, members and outsiders."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from hardenme.derive.npm_writers import ReleasePeople, release_people
from hardenme.facts.npm.access import PackageCollaborators
from hardenme.facts.npm.history import ReleaseHistory
from hardenme.facts.npm.organization import (
    DEVELOPERS,
    DevelopersTeam,
    NpmMember,
    NpmOrganization,
    NpmOrganizationPackages,
    NpmTeamGrants,
    NpmTeamMembers,
    OutsideWriters,
)
from hardenme.model.fact import Every
from hardenme.model.given import Limits, Now
from hardenme.model.known import field
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown


def developers_team(
    organization: NpmOrganization, grants: Every[NpmTeamGrants]
) -> DevelopersTeam | Unknown:
    """The grants of the team `developers`; a roster shows that there is an organization."""
    if not organization.members:
        return Unknown(Reason.NOT_VISIBLE, f"the members of {organization.name}")
    for grant in grants.facts:
        if field(grant, "team") == DEVELOPERS:
            return DevelopersTeam(
                **_place(organization),
                writes=field(grant, "writes"),
                reads=field(grant, "reads"),
            )
    return grants.missing or Unknown(
        Reason.NOT_VISIBLE, f"the team {DEVELOPERS} of {organization.name}"
    )


def npm_members(  # noqa: PLR0913, PLR0917 (what a member's need shows in)
    organization: NpmOrganization,
    teams: Every[NpmTeamMembers],
    packages: NpmOrganizationPackages | Unknown,
    histories: Every[ReleaseHistory],
    now: Now,
    limits: Limits,
) -> Every[NpmMember]:
    """Each member with its teams and whether it released.

    One team or release is enough. That there is none takes all teams, and the releases of all
    packages that the organization has.
    """
    since = now.time - timedelta(days=limits.package_active_days)
    by_member, no_team = _teams(teams)
    released = _released(organization, packages, histories, since)
    roles = {
        "owner": organization.owners,
        "admin": organization.admins,
        "developer": organization.developers,
    }
    return Every(
        tuple(
            NpmMember(
                **_place(organization)
                | {
                    "subject": Subject("npm", "member", f"{organization.name}/{name}"),
                    "within": organization.subject,
                    "label": name,
                },
                name=name,
                role=role,
                teams=tuple(sorted(by_member[name])) or no_team or (),
                releases=_one_of(name, released),
            )
            for role, names in roles.items()
            for name in names
        )
    )


def _teams(teams: Every[NpmTeamMembers]) -> tuple[dict[str, set[str]], Any]:
    """The teams of each member, and why there may be more."""
    found: dict[str, set[str]] = defaultdict(set)
    missing = teams.missing
    for team in teams.facts:
        members = field(team, "members")
        if isinstance(members, Unknown):
            missing = missing or members
        elif team.team != DEVELOPERS:
            for name in members:
                found[name].add(team.team)
    return found, missing


def _released(
    organization: NpmOrganization,
    packages: NpmOrganizationPackages | Unknown,
    histories: Every[ReleaseHistory],
    since: datetime,
) -> ReleasePeople:
    """Who released anything of the run, and why it may be more for the organization's packages."""
    read: dict[str, ReleasePeople] = {}
    for history in histories.facts:
        releases = field(history, "releases")
        read[history.subject.name] = (
            ReleasePeople(frozenset(), releases)
            if isinstance(releases, Unknown)
            else release_people(releases, since)
        )
    whole, missing = _all_packages(organization, packages, read)
    for package in whole:
        if package in read:
            missing = missing or read[package].missing
        else:
            missing = missing or histories.missing
            missing = missing or _not_asked("releases", package, organization)
    return ReleasePeople(frozenset[str]().union(*(found.names for found in read.values())), missing)


def _one_of(name: str, found: ReleasePeople) -> Any:
    return name in found.names or found.missing or False


def outside_writers(
    organization: NpmOrganization,
    packages: NpmOrganizationPackages | Unknown,
    collaborators: Every[PackageCollaborators],
) -> OutsideWriters:
    """Who of those that may publish the organization's packages is not in its roster.

    One of them is enough to know; that there is none takes all packages that it has.
    """
    members = organization.members
    by_package = {fact.subject.name: fact for fact in collaborators.facts}
    names, missing = _all_packages(organization, packages, by_package)
    outside: dict[str, list[str]] = defaultdict(list)
    for name in names:
        if name not in by_package:
            missing = missing or collaborators.missing
            missing = missing or _not_asked("collaborators", name, organization)
            continue
        writers = field(by_package[name], "writers")
        if isinstance(writers, Unknown):
            missing = missing or writers
            continue
        for writer in writers:
            if writer not in members:
                outside[writer].append(name)
    known: Any = {writer: tuple(outside[writer]) for writer in sorted(outside)}
    found: Any = known or missing or known
    return OutsideWriters(**_place(organization), packages=len(names), outside=found)


def _all_packages(
    organization: NpmOrganization, packages: NpmOrganizationPackages | Unknown, seen: Iterable[str]
) -> tuple[list[str], Unknown | None]:
    """The packages of an organization that are known of, and why there may be more."""
    here = {name for name in seen if name.startswith(f"@{organization.name}/")}
    listed = packages if isinstance(packages, Unknown) else field(packages, "names")
    if isinstance(listed, Unknown):
        return sorted(here), listed
    left_out = sorted(here.difference(listed))
    missing = None
    if left_out:
        missing = Unknown(
            Reason.INCOMPLETE,
            f"a list of the packages of {organization.name} that holds {left_out[0]}",
            "the list leaves out a package of the scope",
        )
    return sorted(here.union(listed)), missing


def _not_asked(what: str, package: str, organization: NpmOrganization) -> Unknown:
    return Unknown(
        Reason.NOT_ASKED,
        f"the {what} of {package}: run again with the target npm:@{organization.name}",
    )


def _place(organization: NpmOrganization) -> dict[str, Any]:
    return {
        "subject": organization.subject,
        "within": organization.within,
        "label": organization.label,
        "registry": organization.registry,
        "organization": organization.name,
    }


DERIVATIONS = (developers_team, npm_members, outside_writers)
