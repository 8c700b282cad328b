"""The roles of an organization: what each gives, and the people and teams that hold it."""

from __future__ import annotations

from typing import Any

from hardenme.sandbox.github.calls import Answer, PermittedRequest, Route, moment, problem
from hardenme.sandbox.github.pages import PagedAnswer
from hardenme.sandbox.github.permits import NOT_FOUND, owner
from hardenme.sandbox.github.rest.shapes import named_user, simple_organization
from hardenme.sandbox.github.state.staff import CustomRole, GrantedRole, Team

FEATURE_OFF = "Organization roles are not enabled for this organization."


def roles(call: PermittedRequest) -> Answer:
    """All roles at once: the list has no pages."""
    organization = call.organization
    known = organization.staff.roles
    if known is None:
        return problem(422, FEATURE_OFF)

    def shape(role: GrantedRole) -> dict[str, Any]:
        return {
            "id": role.id,
            "name": role.name,
            "description": None,
            "base_role": role.base,
            "source": role.source,
            "permissions": list(role.permissions),
            "organization": simple_organization(call, organization)
            if role.source == "Organization"
            else None,
            "created_at": moment(organization.created_at),
            "updated_at": moment(organization.created_at),
        }

    return {"total_count": len(known), "roles": [shape(role) for role in known]}


def custom_roles(call: PermittedRequest) -> Answer:
    """The custom roles in repositories, all at once; there are none on other plans."""
    organization = call.organization
    if organization.plan != "enterprise":
        return problem(404, NOT_FOUND)
    known = organization.staff.custom

    def shape(role: CustomRole) -> dict[str, Any]:
        return {
            "id": role.id,
            "name": role.name,
            "description": None,
            "base_role": role.base,
            "permissions": list(role.permissions),
            "organization": simple_organization(call, organization),
            "created_at": moment(organization.created_at),
            "updated_at": moment(organization.created_at),
        }

    return {"total_count": len(known), "custom_roles": [shape(role) for role in known]}


def users(call: PermittedRequest) -> Answer:
    """Who holds a role: given directly, through a team, or both."""
    role = _role(call)
    if role is None:
        return problem(404, NOT_FOUND)
    through = [team for team in call.organization.staff.teams if team.slug in role.teams]
    indirect = {login for team in through for login in team.members}
    indirect |= {login for members in role.above.values() for login in members}

    def shape(login: str) -> dict[str, Any]:
        direct = login in role.users
        way = "direct" if direct else "indirect"
        of = [team for team in through if login in team.members]
        return named_user(call, login) | {
            "assignment": "mixed" if direct and login in indirect else way,
            "inherited_from": [_team(call, team) | {"parent": None} for team in of],
        }

    return PagedAnswer(sorted(role.users | indirect), shape)


def teams(call: PermittedRequest) -> Answer:
    """The teams that hold a role, the enterprise's among them."""
    role = _role(call)
    if role is None:
        return problem(404, NOT_FOUND)
    own = [team for team in call.organization.staff.teams if team.slug in role.teams]
    above = [
        Team(9900 + number, slug, members)
        for number, (slug, members) in enumerate(sorted(role.above.items()))
    ]

    def shape(team: Team) -> dict[str, Any]:
        kind = "enterprise" if team in above else "organization"
        return _team(call, team) | {"assignment": "direct", "type": kind, "parent": None}

    return PagedAnswer([*own, *above], shape)


def _role(call: PermittedRequest) -> GrantedRole | None:
    known = call.organization.staff.roles or ()
    return next((role for role in known if str(role.id) == call.names["role_id"]), None)


def _team(call: PermittedRequest, team: Team) -> dict[str, Any]:
    """A team, as lists show it."""
    org = call.organization
    base = f"{call.api}/organizations/{org.id}/team/{team.id}"
    return {
        "id": team.id,
        "node_id": f"T_{team.id}",
        "url": base,
        "html_url": f"{call.web}/orgs/{org.login}/teams/{team.slug}",
        "name": team.slug,
        "slug": team.slug,
        "description": "",
        "privacy": "closed",
        "notification_setting": "notifications_enabled",
        "permission": "pull",
        "members_url": f"{base}/members{{/member}}",
        "repositories_url": f"{base}/repos",
        "type": "organization",
    }


ROLES = "/orgs/{org}/organization-roles"

CUSTOM = "/orgs/{org}/custom-repository-roles"

ROUTES = (
    Route(CUSTOM, custom_roles, owner("organization_custom_roles:read")),
    Route(ROLES, roles, owner("organization_custom_org_roles:read")),
    Route(f"{ROLES}/{{role_id}}/users", users, owner("members:read")),
    Route(f"{ROLES}/{{role_id}}/teams", teams, owner("members:read")),
)
