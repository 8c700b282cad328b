"""The teams of an organization."""

from __future__ import annotations

from typing import Any

from hardenme.sandbox.github.graph.connections import connection
from hardenme.sandbox.github.graph.seen import Seen, View
from hardenme.sandbox.github.permits import Permit
from hardenme.sandbox.github.state.people import node_id
from hardenme.sandbox.github.state.staff import Team
from hardenme.sandbox.github.world import Organization

MEMBERS = Permit(scopes=("read:org",), permissions=(("members:read",),))


def view_teams(seen: Seen, organization: Organization, arguments: dict[str, Any]) -> View:
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
    return connection(found, _team, arguments)


def _team(team: Team) -> View:
    return {
        "__typename": "Team",
        "id": node_id("T", team.id),
        "databaseId": team.id,
        "slug": team.slug,
        "name": team.slug,
    }
