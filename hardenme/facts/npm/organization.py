"""An organization of npm: who is in it, its teams, and what these may do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hardenme.facts.npm import endpoints
from hardenme.facts.npm.account import NpmAccount
from hardenme.facts.npm.names import names, with_words
from hardenme.facts.npm.rights import OF_ORGANIZATIONS, READ, RIGHTS, WRITE
from hardenme.facts.npm.site import NpmFact
from hardenme.model.fact import key

DEVELOPERS = "developers"
"""The team that npm makes with each organization: new members are put into it, and it gets each new
package. It cannot be removed."""


OWNERS = ("owner", "super-admin")
ADMINS = ("admin", "team-admin")
DEVELOPER = ("developer",)
ROLES = OWNERS + ADMINS + DEVELOPER
"""Two of the words are npm's of old.

Source: npm's pages on the roles of organizations, and those of its client on `npm org`.
"""


def of_role(words: tuple[str, ...]) -> Any:
    """The field of those who have a role.

    Every organization has an owner: a roster without one is not all of it.
    """
    return key("*", by=with_words(words, ROLES, needed=OWNERS), beside=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfTeam(NpmFact):
    """The base of facts about a team (subject `npm:team/ORG/TEAM`)."""

    noun = "team"

    @property
    def organization(self) -> str:
        """The organization's name, without the `@`."""
        return self.subject.name.partition("/")[0]

    @property
    def team(self) -> str:
        """The team's own name."""
        return self.subject.name.partition("/")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class NpmOrganization(NpmFact):
    """An organization and its roster (subject `npm:org/ORG`).

    Attributes:
        owners: accounts that manage people, teams and packages, sorted.
        admins: accounts that manage teams and packages, sorted.
        developers: all other members, sorted.
    """

    requirement = OF_ORGANIZATIONS
    roots = ("npm:user", "npm:org")
    endpoint = endpoints.ROSTER
    noun = "npm organization"
    listed_by = NpmAccount

    owners: tuple[str, ...] = of_role(OWNERS)
    admins: tuple[str, ...] = of_role(ADMINS)
    developers: tuple[str, ...] = of_role(DEVELOPER)

    @property
    def name(self) -> str:
        """Its name, without the `@`."""
        return self.subject.name

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

    requirement = OF_ORGANIZATIONS
    endpoint = endpoints.PACKAGES_OF_ORGANIZATION
    noun = "list of the organization's packages"
    listed_by = NpmOrganization

    names: tuple[str, ...] = key("*", by=with_words(RIGHTS, RIGHTS))


@dataclass(frozen=True, slots=True, kw_only=True)
class NpmTeam(OfTeam):
    """A team of an organization (subject `npm:team/ORG/TEAM`)."""

    requirement = OF_ORGANIZATIONS
    endpoint = endpoints.TEAMS
    listed_by = NpmOrganization


@dataclass(frozen=True, slots=True, kw_only=True)
class NpmTeamMembers(OfTeam):
    """Who is in a team (subject `npm:team/ORG/TEAM`).

    Attributes:
        members: the accounts, sorted.
    """

    requirement = OF_ORGANIZATIONS
    endpoint = endpoints.TEAM_MEMBERS
    listed_by = NpmTeam

    members: tuple[str, ...] = key("*", by=names)


@dataclass(frozen=True, slots=True, kw_only=True)
class NpmTeamGrants(OfTeam):
    """What a team may do (subject `npm:team/ORG/TEAM`).

    Attributes:
        writes: the packages that its members may publish, sorted.
        reads: the packages that its members may only see, sorted.
    """

    requirement = OF_ORGANIZATIONS
    endpoint = endpoints.TEAM_PACKAGES
    listed_by = NpmTeam

    writes: tuple[str, ...] = key("*", by=with_words(WRITE, RIGHTS))
    reads: tuple[str, ...] = key("*", by=with_words(READ, RIGHTS))


@dataclass(frozen=True, slots=True, kw_only=True)
class DevelopersTeam(NpmFact):
    """What the team that each member is in may do (subject `npm:org/ORG`).

    Attributes:
        organization: the organization's name, without the `@`.
        writes: the packages that its members may publish, sorted.
        reads: the packages that its members may only see, sorted.
    """

    requirement = OF_ORGANIZATIONS
    source = "derived from NpmOrganization and NpmTeamGrants"
    noun = "team `developers`"
    listed_by = NpmOrganization

    organization: str = key()
    writes: tuple[str, ...] = key()
    reads: tuple[str, ...] = key()


@dataclass(frozen=True, slots=True, kw_only=True)
class NpmMember(NpmFact):
    """Someone in an organization (subject `npm:member/ORG/LOGIN`).

    Attributes:
        organization: the organization's name, without the `@`.
        name: the account.
        role: `owner`, `admin` or `developer`.
        teams: the teams that the account is in, `developers` left out, sorted.
        releases: the account released or approved a version within the time that is looked at, of
            any package of the run.
    """

    requirement = OF_ORGANIZATIONS
    source = "derived from NpmOrganization, NpmTeamMembers and ReleaseHistory"
    noun = "member of the npm organization"
    listed_by = NpmOrganization

    organization: str = key()
    name: str = key()
    role: str = key()
    teams: tuple[str, ...] = key()
    releases: bool = key("_npmUser", "time")


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideWriters(NpmFact):
    """Who may publish an organization's packages without being in it (subject `npm:org/ORG`).

    Attributes:
        organization: the organization's name, without the `@`.
        packages: how many packages were looked at.
        outside: the packages that each of them may publish, by account.
    """

    requirement = OF_ORGANIZATIONS
    source = "derived from NpmOrganization and PackageCollaborators"
    noun = "npm organization"
    listed_by = NpmOrganization

    organization: str = key()
    packages: int = key()
    outside: Mapping[str, tuple[str, ...]] = key()
