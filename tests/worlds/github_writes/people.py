"""What changes who works here: members, outsiders, roles and invitations."""

from __future__ import annotations

from typing import Any

from hardenme.sandbox.github.body import Body, Choice
from hardenme.sandbox.github.calls import Answer, PermittedRequest, invalid, problem
from hardenme.sandbox.github.permits import administration, owner
from hardenme.sandbox.github.rest.account import invitation_shape
from hardenme.sandbox.github.rest.shapes import simple_organization, simple_user
from hardenme.sandbox.github.state.organization import OrganizationInvitation
from hardenme.sandbox.github.world import RepositoryInvitation, Role
from hardenme.sandbox.http import Reply
from tests.worlds.github_writes.change import Change, missing, take_out

LAST_OWNER = "You can't leave the organization without an owner."
ROLES: dict[str, Role] = {
    "pull": "read",
    "triage": "triage",
    "push": "write",
    "maintain": "maintain",
    "admin": "admin",
}
"""The permissions that a body names, as roles."""


def _alone(call: PermittedRequest, login: str) -> bool:
    """Whether this is the only owner that the organization has."""
    members = call.organization.members
    return [name for name, role in members.items() if role == "admin"] == [login]


def set_membership(call: PermittedRequest, given: dict[str, Any]) -> Answer:
    """Give a member a role, or invite who is none."""
    org, user = call.organization, call.world.user(call.names["username"])
    if user is None:
        return missing()
    role = given.get("role", "member")
    if role != "admin" and _alone(call, user.login):
        return problem(403, LAST_OWNER)
    active = user.login in org.members
    if active:
        org.members[user.login] = role
    else:
        number = max((item.id for item in org.invitations), default=0) + 1
        inviter = call.caller.user.login if call.caller.user else org.login
        org.invitations.append(
            OrganizationInvitation(
                number,
                user.login,
                inviter,
                call.world.now,
                "admin" if role == "admin" else "direct_member",
            )
        )
    return {
        "url": f"{call.api}/orgs/{org.login}/memberships/{user.login}",
        "state": "active" if active else "pending",
        "role": role,
        "organization_url": f"{call.api}/orgs/{org.login}",
        "organization": simple_organization(call, org),
        "user": simple_user(call, user),
        "direct_membership": True,
        "enterprise_teams_providing_indirect_membership": [],
    }


def remove_member(call: PermittedRequest, given: dict[str, Any]) -> Answer | None:
    """A member leaves, and works on none of the organization's repositories any more."""
    del given
    login, org = call.names["username"], call.organization
    if login not in org.members:
        return missing()
    if _alone(call, login):
        return problem(403, LAST_OWNER)
    del org.members[login]
    _leave(call, login)
    return None


def remove_outsider(call: PermittedRequest, given: dict[str, Any]) -> Answer | None:
    """Somebody from outside works on none of the organization's repositories any more."""
    del given
    login = call.names["username"]
    if login in call.organization.members:
        return invalid("You cannot specify an organization member to remove as an outsider.")
    _leave(call, login)
    return None


def _leave(call: PermittedRequest, login: str) -> None:
    for repository in call.world.repositories_of(call.organization.login):
        repository.collaborators.pop(login, None)


def withdraw(call: PermittedRequest, given: dict[str, Any]) -> Answer | None:
    """An invitation to the organization ends."""
    del given
    return take_out(call.organization.invitations, call.names["invitation_id"])


def set_collaborator(call: PermittedRequest, given: dict[str, Any]) -> Answer | None:
    """Give somebody who works on the repository a role, or invite who does not."""
    login, repository = call.names["username"], call.repository
    if call.world.user(login) is None:
        return missing()
    organized = call.world.organization(repository.owner) is not None
    # A person's own repository knows no role but this one.
    role = ROLES[given.get("permission", "push")] if organized else "write"
    if login in repository.collaborators:
        repository.collaborators[login] = role
        return None
    number = max((item.id for item in repository.invitations), default=0) + 1
    inviter = call.caller.user.login if call.caller.user else repository.owner
    offer = RepositoryInvitation(number, login, inviter, call.world.now, role)
    repository.invitations.append(offer)
    return Reply(201, invitation_shape(call, repository, offer))


def remove_collaborator(call: PermittedRequest, given: dict[str, Any]) -> Answer | None:
    """Somebody works on the repository no longer; GitHub answers the same for who never did."""
    del given
    call.repository.collaborators.pop(call.names["username"], None)
    return None


def cancel(call: PermittedRequest, given: dict[str, Any]) -> Answer | None:
    """An invitation to the repository ends."""
    del given
    return take_out(call.repository.invitations, call.names["invitation_id"])


MEMBERS, ADMIN = owner("members:write"), administration("write", hidden=True)
ORG, REPO = "/orgs/{org}", "/repos/{owner}/{repo}"
PERMISSION = Body({}, {"permission": Choice(tuple(ROLES))})

CHANGES = (
    Change(
        "PUT",
        f"{ORG}/memberships/{{username}}",
        set_membership,
        MEMBERS,
        Body({}, {"role": Choice(("admin", "member"))}),
    ),
    Change("DELETE", f"{ORG}/members/{{username}}", remove_member, MEMBERS),
    Change("DELETE", f"{ORG}/outside_collaborators/{{username}}", remove_outsider, MEMBERS),
    Change("DELETE", f"{ORG}/invitations/{{invitation_id}}", withdraw, MEMBERS),
    Change("PUT", f"{REPO}/collaborators/{{username}}", set_collaborator, ADMIN, PERMISSION),
    Change("DELETE", f"{REPO}/collaborators/{{username}}", remove_collaborator, ADMIN),
    Change("DELETE", f"{REPO}/invitations/{{invitation_id}}", cancel, ADMIN),
)
