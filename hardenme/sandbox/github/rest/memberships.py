"""The organizations of the token's account, and the account's role in them."""

from __future__ import annotations

from typing import Any

from hardenme.sandbox.github.calls import Answer, PermittedRequest, Route, invalid, problem
from hardenme.sandbox.github.pages import PagedAnswer
from hardenme.sandbox.github.permits import Permit
from hardenme.sandbox.github.rest.shapes import simple_organization, simple_user
from hardenme.sandbox.github.world import Organization

READ_ORG = "You need at least read:org scope or user scope to list your organizations."
READ_MEMBERSHIPS = "You need at least read:org scope to list your organization memberships."


def _membership(call: PermittedRequest, organization: Organization) -> dict[str, Any]:
    held = role = call.caller.member_role(organization)
    invitation = next((i for i in organization.invitations if i.login == call.me.login), None)
    if role is None and invitation:
        role = "member" if invitation.role == "direct_member" else invitation.role
    allowed = organization.settings.members_can_create_repositories
    return {
        "url": f"{call.api}/orgs/{organization.login}/memberships/{call.me.login}",
        "state": "active" if held else "pending",
        "role": role,
        "organization_url": f"{call.api}/orgs/{organization.login}",
        "organization": simple_organization(call, organization),
        "user": simple_user(call, call.me),
        "direct_membership": True,
        "enterprise_teams_providing_indirect_membership": [],
        "permissions": {"can_create_repository": role == "admin" or allowed},
    }


def _pending(call: PermittedRequest) -> list[Organization]:
    login = call.me.login
    invited = (o for o in call.world.organizations if login in (i.login for i in o.invitations))
    return [o for o in invited if login not in o.members]


def _joined(call: PermittedRequest) -> list[Organization]:
    return [o for o in call.world.organizations if call.caller.member_role(o)]


def partial(
    call: PermittedRequest, found: list[Organization]
) -> tuple[list[Organization], dict[str, str]]:
    """The organizations that single sign-on leaves, and the header that names the others."""
    blocked = call.caller.token.sso_blocked if call.caller.token else frozenset()
    lost = [str(o.id) for o in found if o.login in blocked]
    headers = {"x-github-sso": f"partial-results; organizations={','.join(lost)}"} if lost else {}
    return [o for o in found if o.login not in blocked], headers


def memberships(call: PermittedRequest) -> Answer:
    """The organizations of the user and the user's role in each."""
    state = call.option("state", "")
    if state not in {"", "active", "pending"}:
        return invalid("Invalid value for state: must be active or pending.")
    found = [] if state == "pending" else _joined(call)
    found = found if state == "active" else [*found, *_pending(call)]
    found, headers = partial(call, found)
    return PagedAnswer(found, lambda o: _membership(call, o), headers=headers)


def membership(call: PermittedRequest) -> Answer:
    """The user's role in one organization."""
    if call.organization not in [*_joined(call), *_pending(call)]:
        return problem(404, "Not Found")
    return _membership(call, call.organization)


def organizations(call: PermittedRequest) -> Answer:
    """The organizations of the user; a fine-grained token gets an empty list and no error."""
    if call.caller.token is None or not call.caller.token.scoped:
        return PagedAnswer([])
    found, headers = partial(call, _joined(call))
    return PagedAnswer(found, lambda o: simple_organization(call, o), headers=headers)


ROUTES = (
    Route(
        "/user/memberships/orgs",
        memberships,
        Permit(scopes=("read:org",), permissions=None, without_scope=(403, READ_MEMBERSHIPS)),
    ),
    Route(
        "/user/memberships/orgs/{org}",
        membership,
        Permit(
            scopes=("read:org",),
            permissions=(("members:read",),),
            of_user=True,
            without_scope=(403, READ_MEMBERSHIPS),
        ),
    ),
    Route(
        "/user/orgs",
        organizations,
        Permit(scopes=("user", "read:org"), without_scope=(403, READ_ORG)),
    ),
)
