"""Organizations: settings, people, repositories and rulesets."""

from __future__ import annotations

from typing import Any

from hardenme.sandbox.github.calls import Answer, PermittedRequest, Route, invalid, moment, problem
from hardenme.sandbox.github.pages import PagedAnswer
from hardenme.sandbox.github.permits import EVERYBODY, REPOSITORIES, Permit, owner
from hardenme.sandbox.github.rest.rulesets import ruleset_detail, ruleset_entry
from hardenme.sandbox.github.rest.shapes import (
    minimal_repository,
    named_user,
    simple_organization,
)
from hardenme.sandbox.github.world import Organization, OrganizationInvitation

ONLY_OWNERS = "Only owners can use this filter."
SETTINGS = owner("organization_administration:read")
PLAN = owner("organization_plan:read")
"""Source: https://docs.github.com/en/rest/orgs/orgs#get-an-organization"""
FILTERS = {"2fa_disabled": "off", "2fa_insecure": "insecure"}


def organization(call: PermittedRequest) -> Answer:
    """The organization; its settings only to an owner whose token may read them.

    To others the two-factor requirement is null (members) or absent, and so are the rest.
    """
    org = call.organization
    repositories = call.world.repositories_of(org.login)
    private = sum(r.private for r in repositories)
    data = simple_organization(call, org) | {
        "name": org.name or org.login,
        "company": "",
        "blog": call.web,
        "location": "",
        "email": f"hello@{org.login}.example",
        "twitter_username": None,
        "is_verified": org.verified,
        "has_organization_projects": True,
        "has_repository_projects": True,
        "public_repos": len(repositories) - private,
        "public_gists": 0,
        "followers": 0,
        "following": 0,
        "html_url": f"{call.web}/{org.login}",
        "created_at": moment(org.created_at),
        "updated_at": moment(org.created_at),
        "archived_at": None,
        "type": "Organization",
    }
    if call.caller.denial(SETTINGS, org) is None:
        settings = {name: getattr(org.settings, name) for name in org.settings.__slots__}
        data |= settings | {
            "total_private_repos": private,
            "owned_private_repos": private,
            "private_gists": 0,
            "disk_usage": 0,
            "collaborators": len(call.world.outside_collaborators(org)),
            "billing_email": f"billing@{org.login}.example",
            "default_repository_branch": "main",
        }
    elif call.caller.sees_membership(org):
        data["two_factor_requirement_enabled"] = None
    if call.caller.denial(PLAN, org) is None:
        data["plan"] = {
            "name": org.plan,
            "space": 976562499,
            "private_repos": 9999,
            "filled_seats": len(org.members),
            "seats": 0 if org.plan == "free" else len(org.members),
        }
    return data


def _sees_two_factor(call: PermittedRequest) -> bool:
    token, role = call.caller.token, call.caller.member_role(call.organization)
    installed = token is not None and token.kind == "installation"
    return call.caller.sees_membership(call.organization) and (installed or role == "admin")


def _with_factor(call: PermittedRequest, logins: list[str]) -> list[str] | None:
    """The logins that the two-factor filter leaves; None if it may not be used."""
    chosen = call.option("filter", "all")
    if chosen == "all":
        return logins
    if chosen in FILTERS and call.world.silent and not _sees_two_factor(call):
        return []
    if chosen not in FILTERS or not _sees_two_factor(call):
        return None
    found = {u.login for u in call.world.users if u.two_factor == FILTERS[chosen]}
    return [login for login in logins if login in found]


def members(call: PermittedRequest) -> Answer:
    """The members; to outsiders those who show it, without an error."""
    org = call.organization
    role = call.option("role", "all")
    logins = sorted(org.members) if call.caller.sees_membership(org) else sorted(org.public_members)
    found = _with_factor(call, logins)
    if found is None:
        return invalid(ONLY_OWNERS)
    if role != "all":
        found = [login for login in found if org.members.get(login) == role]
    return PagedAnswer(found, lambda login: named_user(call, login))


def outside_collaborators(call: PermittedRequest) -> Answer:
    """Who works on a repository and is not a member."""
    everybody = call.world.outside_collaborators(call.organization)
    if call.world.silent and not _sees_two_factor(call):
        everybody = []
    found = _with_factor(call, everybody)
    if found is None:
        return invalid(ONLY_OWNERS)
    return PagedAnswer(found, lambda login: named_user(call, login))


def repositories(call: PermittedRequest) -> Answer:
    """The organization's repositories that the caller sees."""
    kind = call.option("type", "all")
    found = [
        repository
        for repository in call.world.repositories_of(call.organization.login)
        if call.caller.sees(repository)
        and {
            "all": True,
            "public": not repository.private,
            "private": repository.private,
            "forks": repository.fork,
            "sources": not repository.fork,
            "member": call.caller.role(repository) is not None,
        }.get(kind, True)
    ]
    return PagedAnswer(found, lambda r: minimal_repository(call, r))


def invitations(call: PermittedRequest) -> Answer:
    """Invitations to the organization that wait for an answer."""

    def shape(invitation: OrganizationInvitation) -> dict[str, Any]:
        base = f"{call.api}/organizations/{call.organization.id}/invitations/{invitation.id}"
        return {
            "id": invitation.id,
            "node_id": f"OI_{invitation.id}",
            "login": invitation.login,
            "email": invitation.email,
            "role": invitation.role,
            "created_at": moment(invitation.created_at),
            "failed_at": None,
            "failed_reason": None,
            "inviter": named_user(call, invitation.inviter),
            "team_count": 0,
            "invitation_teams_url": f"{base}/teams",
            "invitation_source": "member",
        }

    return PagedAnswer(call.organization.invitations, shape)


def rulesets(call: PermittedRequest) -> Answer:
    """The organization's rulesets: reading them needs a permission to write."""
    targets = call.option("targets", "branch,tag").split(",")
    found = [s for s in call.organization.rulesets if s.target in targets]
    return PagedAnswer(found, lambda s: ruleset_entry(call, s))


def ruleset(call: PermittedRequest) -> Answer:
    """One of the organization's rulesets with its rules."""
    number = call.names["ruleset_id"]
    found = next((s for s in call.organization.rulesets if str(s.id) == number), None)
    if found is None:
        return problem(404, "Not Found")
    return ruleset_detail(call, found, writes=True, bypass=_bypass(call.organization))


def _bypass(org: Organization) -> str:
    """How an owner, who alone gets here, passes by the organization's rulesets."""
    owners = (a for s in org.rulesets for a in s.bypass_actors)
    return "always" if any(a.actor_type == "OrganizationAdmin" for a in owners) else "never"


MEMBER = Permit(
    scopes=("read:org",),
    permissions=(("members:read",),),
    role="member",
    without_scope=(403, "Must be a member of the organization."),
    without_role=(403, "Must be a member of the organization."),
)
LISTED = Permit(scopes=("read:org",), permissions=(("members:read",),), open_to_public=True)
"""Everyone is answered; without these, with those members who show it."""
WRITES_RULES = owner("organization_administration:write")
INVITATIONS = Permit(
    scopes=("admin:org",),
    permissions=(("members:read",),),
    role="owner",
    without_role=(404, "Not Found"),
)

ROUTES = (
    Route("/orgs/{org}", organization, EVERYBODY),
    Route("/orgs/{org}/members", members, LISTED),
    Route("/orgs/{org}/outside_collaborators", outside_collaborators, MEMBER),
    Route("/orgs/{org}/repos", repositories, REPOSITORIES),
    Route("/orgs/{org}/invitations", invitations, INVITATIONS),
    Route("/orgs/{org}/rulesets", rulesets, WRITES_RULES),
    Route("/orgs/{org}/rulesets/{ruleset_id}", ruleset, WRITES_RULES),
)
