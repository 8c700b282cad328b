"""Actions of a repository: names of secrets, environments."""

from __future__ import annotations

from typing import Any

from hardenme.sandbox.github.calls import Answer, PermittedRequest, Route, moment, problem
from hardenme.sandbox.github.pages import PagedAnswer
from hardenme.sandbox.github.permits import Permit, readable
from hardenme.sandbox.github.rest.shapes import named_user
from hardenme.sandbox.github.world import Environment, OrganizationSecret, RepositorySecret


def _secret(secret: RepositorySecret | OrganizationSecret) -> dict[str, Any]:
    return {
        "name": secret.name,
        "created_at": moment(secret.created_at),
        "updated_at": moment(secret.updated_at),
    }


def secrets(call: PermittedRequest) -> Answer:
    """The names of the repository's secrets."""
    return PagedAnswer(call.repository.secrets, _secret, key="secrets")


def organization_secrets(call: PermittedRequest) -> Answer:
    """The names of the organization's secrets that workflows here can read."""
    return PagedAnswer(call.world.secrets_inherited(call.repository), _secret, key="secrets")


def environments(call: PermittedRequest) -> Answer:
    """The environments and what guards them."""
    return PagedAnswer(
        call.repository.environments, lambda e: _environment(call, e), key="environments"
    )


def _environment(call: PermittedRequest, environment: Environment) -> dict[str, Any]:
    name = environment.name
    rules: list[dict[str, Any]] = []
    if environment.wait_timer:
        rules.append({"type": "wait_timer", "wait_timer": environment.wait_timer})
    if environment.reviewers:
        rules.append(
            {
                "type": "required_reviewers",
                "prevent_self_review": environment.prevent_self_review,
                "reviewers": [
                    {"type": "User", "reviewer": named_user(call, login)}
                    for login in environment.reviewers
                ],
            }
        )
    if environment.branch_policy:
        rules.append({"type": "branch_policy"})
    for index, rule in enumerate(rules):
        number = environment.id * 10 + index
        rule |= {"id": number, "node_id": f"GA_{number}"}
    policy = environment.branch_policy
    page = f"{call.web}/{call.repository.full_name}/deployments/activity_log"
    bypass = environment.admins_bypass
    return {
        "id": environment.id,
        "node_id": f"EN_{environment.id}",
        "name": name,
        "url": f"{call.api}/repos/{call.repository.full_name}/environments/{name}",
        "html_url": f"{page}?environments_filter={name}",
        "created_at": moment(environment.created_at),
        "updated_at": moment(environment.updated_at),
        "protection_rules": rules,
        "deployment_branch_policy": {
            "protected_branches": policy == "protected",
            "custom_branch_policies": policy == "custom",
        }
        if policy
        else None,
        **({} if bypass is None else {"can_admins_bypass": bypass}),
    }


def environment_secrets(call: PermittedRequest) -> Answer:
    """The names of an environment's secrets."""
    name = call.names["environment_name"]
    found = next((e for e in call.repository.environments if e.name == name), None)
    if found is None:
        return problem(404, "Not Found")
    return PagedAnswer(found.secrets, _secret, key="secrets")


def _collaborator(permission: str) -> Permit:
    return Permit(scopes=("repo",), permissions=((permission,),), role="write")


BASE = "/repos/{owner}/{repo}"

ROUTES = (
    Route(f"{BASE}/actions/secrets", secrets, _collaborator("secrets:read")),
    Route(
        f"{BASE}/actions/organization-secrets",
        organization_secrets,
        _collaborator("secrets:read"),
    ),
    Route(f"{BASE}/environments", environments, readable("actions:read")),
    Route(
        f"{BASE}/environments/{{environment_name}}/secrets",
        environment_secrets,
        _collaborator("environments:read"),
    ),
)
