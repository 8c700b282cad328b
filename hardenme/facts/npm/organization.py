"""An organization of npm: who is in it, its teams, and what these may do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from hardenme.facts.npm.account import NpmAccount
from hardenme.facts.npm.rights import OF_ORGANIZATIONS
from hardenme.facts.npm.site import NpmFact
from hardenme.model.fact import Fact, key
from hardenme.model.permission import Requirement

DEVELOPERS = "developers"
"""The team that npm makes with each organization: new members are put into it, and it gets each new
package. It cannot be removed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NpmOrganization(NpmFact):
    """An organization and its roster (subject `npm:org/NAME`).

    Attributes:
        name: its name, without the `@`.
        owners: accounts that manage people, teams and packages, sorted.
        admins: accounts that manage teams and packages, sorted.
        developers: all other members, sorted.
    """

    requirement: ClassVar[Requirement] = OF_ORGANIZATIONS
    roots: ClassVar[tuple[str, ...]] = ("npm:user", "npm:org")
    source: ClassVar[str] = "GET /-/org/{org}/user"
    noun: ClassVar[str] = "npm organization"
    listed_by: ClassVar[type[Fact] | None] = NpmAccount

    name: str = key()
    owners: tuple[str, ...] = key()
    admins: tuple[str, ...] = key()
    developers: tuple[str, ...] = key()

    @property
    def members(self) -> frozenset[str]:
        """All accounts that are in it, whatever their role."""
        return frozenset((*self.owners, *self.admins, *self.developers))


@dataclass(frozen=True, slots=True, kw_only=True)
class NpmOrganizationPackages(NpmFact):
    """The packages that an organization has, as its owners and admins see them.

    Attributes:
        names: all of them, sorted.
    """

    requirement: ClassVar[Requirement] = OF_ORGANIZATIONS
    source: ClassVar[str] = "GET /-/org/{org}/package"
    noun: ClassVar[str] = "list of the organization's packages"
    listed_by: ClassVar[type[Fact] | None] = NpmOrganization

    names: tuple[str, ...] = key()


@dataclass(frozen=True, slots=True, kw_only=True)
class NpmTeam(NpmFact):
    """A team of an organization (subject `npm:team/ORG/TEAM`).

    Attributes:
        organization: the organization's name, without the `@`.
        name: the team's own name.
    """

    requirement: ClassVar[Requirement] = OF_ORGANIZATIONS
    source: ClassVar[str] = "GET /-/org/{org}/team"
    noun: ClassVar[str] = "team"
    listed_by: ClassVar[type[Fact] | None] = NpmOrganization

    organization: str = key()
    name: str = key()


@dataclass(frozen=True, slots=True, kw_only=True)
class NpmTeamMembers(NpmFact):
    """Who is in a team (subject `npm:team/ORG/TEAM`).

    Attributes:
        organization: the organization's name, without the `@`.
        team: the team's own name.
        members: the accounts, sorted.
    """

    requirement: ClassVar[Requirement] = OF_ORGANIZATIONS
    source: ClassVar[str] = "GET /-/team/{org}/{team}/user"
    noun: ClassVar[str] = "team"
    listed_by: ClassVar[type[Fact] | None] = NpmTeam

    organization: str = key()
    team: str = key()
    members: tuple[str, ...] = key()


@dataclass(frozen=True, slots=True, kw_only=True)
class NpmTeamGrants(NpmFact):
    """What a team may do (subject `npm:team/ORG/TEAM`).

    Attributes:
        organization: the organization's name, without the `@`.
        team: the team's own name.
        writes: the packages that its members may publish, sorted.
        reads: the packages that its members may only see, sorted.
    """

    requirement: ClassVar[Requirement] = OF_ORGANIZATIONS
    source: ClassVar[str] = "GET /-/team/{org}/{team}/package"
    noun: ClassVar[str] = "team"
    listed_by: ClassVar[type[Fact] | None] = NpmTeam

    organization: str = key()
    team: str = key()
    writes: tuple[str, ...] = key()
    reads: tuple[str, ...] = key()


@dataclass(frozen=True, slots=True, kw_only=True)
class DevelopersTeam(NpmFact):
    """What the team that each member is in may do (subject `npm:org/NAME`).

    Attributes:
        organization: the organization's name, without the `@`.
        writes: the packages that its members may publish, sorted.
        reads: the packages that its members may only see, sorted.
    """

    requirement: ClassVar[Requirement] = OF_ORGANIZATIONS
    source: ClassVar[str] = "derived from NpmOrganization and NpmTeamGrants"
    noun: ClassVar[str] = "team `developers`"
    listed_by: ClassVar[type[Fact] | None] = NpmOrganization

    organization: str = key()
    writes: tuple[str, ...] = key()
    reads: tuple[str, ...] = key()


@dataclass(frozen=True, slots=True, kw_only=True)
class NpmMember(NpmFact):
    """Somebody in an organization (subject `npm:member/ORG/NAME`).

    Attributes:
        organization: the organization's name, without the `@`.
        name: the account.
        role: `owner`, `admin` or `developer`.
        teams: the teams that the account is in, `developers` left out, sorted.
        releases: the account released or approved a version within the time that is looked at, of
            any package of the run.
    """

    requirement: ClassVar[Requirement] = OF_ORGANIZATIONS
    source: ClassVar[str] = "derived from NpmOrganization, NpmTeamMembers and ReleaseHistory"
    noun: ClassVar[str] = "member of the npm organization"
    listed_by: ClassVar[type[Fact] | None] = NpmOrganization

    organization: str = key()
    name: str = key()
    role: str = key()
    teams: tuple[str, ...] = key()
    releases: bool = key("_npmUser", "time")


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideWriters(NpmFact):
    """Who may publish an organization's packages without being in it (subject `npm:org/NAME`).

    Attributes:
        organization: the organization's name, without the `@`.
        packages: how many packages were looked at.
        outside: the packages that each of them may publish, by account.
    """

    requirement: ClassVar[Requirement] = OF_ORGANIZATIONS
    source: ClassVar[str] = "derived from NpmOrganization and PackageCollaborators"
    noun: ClassVar[str] = "npm organization"
    listed_by: ClassVar[type[Fact] | None] = NpmOrganization

    organization: str = key()
    packages: int = key()
    outside: Mapping[str, tuple[str, ...]] = key()
