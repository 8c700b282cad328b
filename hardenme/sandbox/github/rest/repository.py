"""A repository, its keys, people and settings."""

from __future__ import annotations

from typing import Any

from hardenme.sandbox.github.access import at_least, role_of
from hardenme.sandbox.github.calls import Answer, PermittedRequest, Route, invalid, moment, problem
from hardenme.sandbox.github.pages import PagedAnswer
from hardenme.sandbox.github.permits import NOT_FOUND, PUSH_ACCESS, Permit, administration, readable
from hardenme.sandbox.github.rest.account import invitation_shape
from hardenme.sandbox.github.rest.shapes import full_repository, named_user, role_flags
from hardenme.sandbox.github.world import DeployKey
from hardenme.sandbox.http import Reply

ROLE_OF_PERMISSION = {"pull": "read", "push": "write"}


def repository(call: PermittedRequest) -> Answer:
    """The repository."""
    return full_repository(call, call.repository)


def keys(call: PermittedRequest) -> Answer:
    """The deploy keys."""

    def shape(key: DeployKey) -> dict[str, Any]:
        return {
            "id": key.id,
            "key": key.key,
            "url": f"{call.api}/repos/{call.repository.full_name}/keys/{key.id}",
            "title": key.title,
            "verified": key.verified,
            "created_at": moment(key.created_at),
            "read_only": key.read_only,
            "added_by": key.added_by,
            "last_used": moment(key.last_used) if key.last_used else None,
            "enabled": key.enabled,
        }

    return PagedAnswer(call.repository.deploy_keys, shape)


def collaborators(call: PermittedRequest) -> Answer:
    """Who works on the repository: given directly, from outside, or every way."""
    repo = call.repository
    org = call.world.organization(repo.owner)
    affiliation = call.option("affiliation", "all")
    logins = set(repo.collaborators)
    if affiliation == "outside":
        logins -= set(org.members if org else {repo.owner})
    elif org is None:
        logins.add(repo.owner)
    elif affiliation == "all":
        logins |= {m for m in org.members if role_of(call.world, repo, m) is not None}
    logins = call.caller.cut(repo, logins)
    roles = {login: role_of(call.world, repo, login) or "read" for login in sorted(logins)}
    wanted = call.option("permission", "pull")
    least = ROLE_OF_PERMISSION.get(wanted, wanted)
    if least not in {"read", "triage", "write", "maintain", "admin"}:
        return invalid("Validation Failed")

    def shape(login: str) -> dict[str, Any]:
        role = roles[login]
        return named_user(call, login) | {"permissions": role_flags(role), "role_name": role}

    return PagedAnswer([login for login, role in roles.items() if at_least(role, least)], shape)


def invitations(call: PermittedRequest) -> Answer:
    """Invitations that wait for an answer."""
    return PagedAnswer(
        call.repository.invitations, lambda i: invitation_shape(call, call.repository, i)
    )


def vulnerability_alerts(call: PermittedRequest) -> Answer:
    """Whether Dependabot alerts are on: 204, or a 404 that looks like every other."""
    on = call.repository.vulnerability_alerts_enabled
    return Reply(204) if on else problem(404, "Not Found")


def private_reporting(call: PermittedRequest) -> Answer:
    """Whether anyone can report a vulnerability privately; public repositories only."""
    if call.repository.private:
        return problem(422, "Private vulnerability reporting is not available here.")
    return {"enabled": call.repository.private_vulnerability_reporting}


def immutable_releases(call: PermittedRequest) -> Answer:
    """Whether releases are immutable; a plain 404 where they are not."""
    owner = call.world.organization(call.repository.owner)
    enforced = owner is not None and owner.policies.immutable_releases == "all"
    if not (enforced or call.repository.immutable_releases):
        return problem(404, "Not Found")
    return {"enabled": True, "enforced_by_owner": enforced}


COLLABORATORS = Permit(
    scopes=("repo",),
    permissions=(("metadata:read",),),
    role="write",
    without_role=(403, PUSH_ACCESS),
)
INVITATIONS = Permit(
    scopes=("repo",),
    permissions=(("administration:read",), ("private_repository_invitations:read",)),
    role="admin",
    without_role=(404, NOT_FOUND),
)
BASE = "/repos/{owner}/{repo}"

ROUTES = (
    Route(BASE, repository, readable("metadata:read")),
    Route(f"{BASE}/keys", keys, administration(hidden=True)),
    Route(f"{BASE}/collaborators", collaborators, COLLABORATORS),
    Route(f"{BASE}/invitations", invitations, INVITATIONS),
    Route(f"{BASE}/vulnerability-alerts", vulnerability_alerts, administration(hidden=True)),
    Route(f"{BASE}/private-vulnerability-reporting", private_reporting, readable("metadata:read")),
    Route(f"{BASE}/immutable-releases", immutable_releases, administration(hidden=True)),
)
