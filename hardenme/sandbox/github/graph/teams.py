"""The teams of an organization."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hardenme.sandbox.github.graph.connections import connection
from hardenme.sandbox.github.graph.seen import Seen, View
from hardenme.sandbox.github.permits import Permit
from hardenme.sandbox.github.state.people import node_id
from hardenme.sandbox.github.state.staff import Team
from hardenme.sandbox.github.world import Organization, Repository, User

MEMBERS = Permit(scopes=("read:org",), permissions=(("members:read",),))


@dataclass(frozen=True, slots=True)
class TeamViews:
    """From what a team has to what its fields are read from."""

    user: Callable[[Seen, User], View]
    repository: Callable[[Seen, Repository], View]


def view_teams(
    seen: Seen, organization: Organization, arguments: dict[str, Any], views: TeamViews
) -> View:
    """The teams, or those in which one of the named users is; outsiders are shown none."""
    seen.need(MEMBERS, organization)
    wanted = arguments.get("userLogins")
    inside = seen.caller.sees_membership(organization)
    found = [
        team
        for team in sorted(organization.staff.teams, key=lambda team: team.slug)
        if inside
        and (wanted is None or {w.lower() for w in wanted} & {m.lower() for m in team.members})
    ]
    return connection(found, lambda team: _team(seen, team, views), arguments)


def _team(seen: Seen, team: Team, views: TeamViews) -> View:
    """A team; its repositories are those that the caller sees."""

    def members(_info: object, **arguments: Any) -> View:
        role = arguments.get("role")
        known = {user.login: user for user in seen.world.users}
        logins = [
            login
            for login in sorted(team.members | team.maintainers)
            if login in known and role in {None, _role(team, login)}
        ]
        return connection(
            logins,
            lambda login: views.user(seen, known[login]),
            arguments,
            edge=lambda login: {"role": _role(team, login)},
        )

    def repositories(_info: object, **arguments: Any) -> View:
        found = [
            repository
            for repository in seen.world.repositories
            if repository.full_name in team.repositories and seen.caller.sees(repository)
        ]
        return connection(
            found,
            lambda one: views.repository(seen, one),
            arguments,
            edge=lambda one: {"permission": team.repositories[one.full_name]},
        )

    return {
        "__typename": "Team",
        "id": node_id("T", team.id),
        "databaseId": team.id,
        "slug": team.slug,
        "name": team.slug,
        "members": members,
        "repositories": repositories,
    }


def _role(team: Team, login: str) -> str:
    return "MAINTAINER" if login in team.maintainers else "MEMBER"
