"""An organization of npm: who is in it, its teams, and what these may do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hardenme.facts.npm.account import NpmAccount
from hardenme.facts.npm.site import NpmFact
from hardenme.model.fact import Fact, key
from hardenme.model.permission import Requirement, any_of, npm

DEVELOPERS = "developers"
"""The team that npm makes with each organization and that each member is in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NpmOrganization(NpmFact):
    """An organization and its roster (subject `npm:org/NAME`).

    Attributes:
        name: its name, without the `@`.
        owners: accounts that manage people, teams and packages, sorted.
        admins: accounts that manage teams and packages, sorted.
        developers: all other members, sorted.
    """

    requirement: ClassVar[Requirement] = any_of(npm("session token"))
    source: ClassVar[str] = "GET /-/org/{org}/user"
    noun: ClassVar[str] = "npm organization"
    listed_by: ClassVar[type[Fact] | None] = NpmAccount

    name: str = key()
    owners: tuple[str, ...] = key()
    admins: tuple[str, ...] = key()
    developers: tuple[str, ...] = key()


@dataclass(frozen=True, slots=True, kw_only=True)
class NpmTeam(NpmFact):
    """A team of an organization (subject `npm:team/ORG/TEAM`).

    Attributes:
        organization: the organization's name, without the `@`.
        name: the team's own name.
    """

    requirement: ClassVar[Requirement] = any_of(npm("session token"))
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

    requirement: ClassVar[Requirement] = any_of(npm("session token"))
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

    requirement: ClassVar[Requirement] = any_of(npm("session token"))
    source: ClassVar[str] = "GET /-/team/{org}/{team}/package"
    noun: ClassVar[str] = "team"
    listed_by: ClassVar[type[Fact] | None] = NpmTeam

    organization: str = key()
    team: str = key()
    writes: tuple[str, ...] = key()
    reads: tuple[str, ...] = key()
