"""What an organization decides for its repositories: security configurations, releases."""

from __future__ import annotations

from typing import Any

from hardenme.sandbox.github.calls import Answer, PermittedRequest, Route, moment, problem
from hardenme.sandbox.github.pages import PagedAnswer
from hardenme.sandbox.github.permits import NOT_FOUND, Permit, owner
from hardenme.sandbox.github.world import ExecutionPolicy, SecurityConfiguration

FEATURES = (
    "dependency_graph", "dependency_graph_autosubmit_action", "dependabot_alerts",
    "dependabot_security_updates", "code_scanning_default_setup",
    "secret_scanning_delegated_bypass", "secret_scanning_validity_checks",
    "secret_scanning_non_provider_patterns", "private_vulnerability_reporting",
)  # fmt: skip


def _shape(call: PermittedRequest, found: SecurityConfiguration) -> dict[str, Any]:
    login = call.organization.login
    settings = f"{call.web}/organizations/{login}/settings/security_products"
    return {
        "id": found.id,
        "target_type": "organization",
        "name": found.name,
        "description": "",
        "advanced_security": "disabled",
        **dict.fromkeys(FEATURES, "not_set"),
        "secret_scanning": found.secret_scanning,
        "secret_scanning_push_protection": found.push_protection,
        "enforcement": "enforced" if found.enforced else "unenforced",
        "url": f"{call.api}/orgs/{login}/code-security/configurations/{found.id}",
        "html_url": f"{settings}/configurations/edit/{found.id}",
        "created_at": moment(found.created_at),
        "updated_at": moment(found.created_at),
    }


def configurations(call: PermittedRequest) -> Answer:
    """All security configurations of the organization."""
    found = call.organization.policies.configurations
    return PagedAnswer(found, lambda item: _shape(call, item))


def defaults(call: PermittedRequest) -> Answer:
    """Those that new repositories get."""
    found = [item for item in call.organization.policies.configurations if item.default_for]
    return PagedAnswer(
        found,
        lambda item: {
            "default_for_new_repos": item.default_for,
            "configuration": _shape(call, item),
        },
    )


def immutable_releases(call: PermittedRequest) -> Answer:
    """For which repositories releases cannot be changed."""
    chosen = call.organization.policies.immutable_releases
    data: dict[str, Any] = {"enforced_repositories": chosen}
    if chosen == "selected":
        base = f"{call.api}/orgs/{call.organization.login}/settings/immutable-releases"
        data["selected_repositories_url"] = f"{base}/repositories"
    return data


def oidc_subject(call: PermittedRequest) -> Answer:
    """The subject of workflows' identity tokens, if a repository does not decide itself."""
    policies = call.organization.policies
    data: dict[str, Any] = {"include_claim_keys": policies.subject_claims}
    if policies.immutable_subject is not None:
        data["use_immutable_subject"] = policies.immutable_subject
    return data


def _listed(call: PermittedRequest, policy: ExecutionPolicy) -> dict[str, Any]:
    return {
        "id": policy.id,
        "name": policy.name,
        "target": "actions",
        "source_type": "Organization",
        "source": call.organization.login,
        "enforcement": policy.enforcement,
        "created_at": moment(policy.created_at),
        "updated_at": moment(policy.created_at),
    }


def execution_policies(call: PermittedRequest) -> Answer:
    """The Actions policies, without their rules; GitHub's built-in one is not among them."""
    found = call.organization.policies.execution
    return PagedAnswer(found, lambda policy: _listed(call, policy), key="policies")


def execution_policy(call: PermittedRequest) -> Answer:
    """One Actions policy with its conditions and its rules."""
    number = call.names["policy_id"]
    found = call.organization.policies.execution
    policy = next((item for item in found if str(item.id) == number), None)
    if policy is None:
        return problem(404, NOT_FOUND)
    rules: list[dict[str, Any]] = []
    for kind, name, allowed in (
        ("restrict_actions_actors", "allowed_actors", policy.actors),
        ("restrict_action_events", "allowed_events", policy.events),
    ):
        if allowed is not None:
            rules.append({"type": kind, "parameters": {name: allowed}})
    return _listed(call, policy) | {"conditions": policy.conditions, "rules": rules}


CONFIGURATIONS = Permit(
    scopes=("read:org",),
    permissions=(("organization_administration:read",),),
    role="owner",
    without_role=(404, NOT_FOUND),
)
EXECUTION = Permit(
    scopes=("admin:org",),
    permissions=(("organization_administration:write",),),
    role="owner",
    without_role=(404, NOT_FOUND),
)
"""A permission to write is what even the reading takes."""
RELEASES = owner("organization_administration:read")

ROUTES = (
    Route("/orgs/{org}/code-security/configurations", configurations, CONFIGURATIONS),
    Route("/orgs/{org}/code-security/configurations/defaults", defaults, CONFIGURATIONS),
    Route("/orgs/{org}/actions/policies", execution_policies, EXECUTION),
    Route("/orgs/{org}/actions/policies/{policy_id}", execution_policy, EXECUTION),
    Route("/orgs/{org}/actions/oidc/customization/sub", oidc_subject, CONFIGURATIONS),
    Route("/orgs/{org}/settings/immutable-releases", immutable_releases, RELEASES),
)
