"""What workflows may do: the settings of an organization, and of its repositories."""

from __future__ import annotations

from typing import Any

from hardenme.sandbox.github.calls import Answer, PermittedRequest, Route, problem
from hardenme.sandbox.github.permits import NOT_FOUND, administration, owner
from hardenme.sandbox.github.world import ActionsPolicy

CONFLICT = "The allowed actions are not configured to be selected."


def _organization(call: PermittedRequest) -> ActionsPolicy | None:
    """The settings of the organization that the path names or that owns the repository."""
    if call.org is not None:
        return call.org.actions
    found = call.world.organization(call.repository.owner)
    return found.actions if found else None


def permissions(call: PermittedRequest) -> Answer:
    """Whether Actions run in a repository, and which actions may be used.

    What the organization restricts, its repositories cannot open again.
    """
    policy, above = call.repository.actions, _organization(call)
    allowed, pinned = policy.allowed_actions, policy.sha_pinning_required
    if above is not None and above.allowed_actions != "all" and allowed == "all":
        allowed = above.allowed_actions
    if policy.enabled == "none" or (above is not None and above.enabled == "none"):
        return {"enabled": False}
    data: dict[str, Any] = {
        "enabled": True,
        "allowed_actions": allowed,
        "sha_pinning_required": pinned or (above is not None and above.sha_pinning_required),
    }
    if allowed == "selected":
        base = f"{call.api}/repos/{call.repository.full_name}/actions/permissions"
        data["selected_actions_url"] = f"{base}/selected-actions"
    return data


def organization_permissions(call: PermittedRequest) -> Answer:
    """Which repositories may use Actions, and which actions these may use."""
    base = f"{call.api}/orgs/{call.organization.login}/actions/permissions"
    policy = call.organization.actions
    data: dict[str, Any] = {
        "enabled_repositories": policy.enabled,
        "allowed_actions": policy.allowed_actions,
        "sha_pinning_required": policy.sha_pinning_required,
    }
    if policy.enabled == "selected":
        data["selected_repositories_url"] = f"{base}/repositories"
    if policy.allowed_actions == "selected":
        data["selected_actions_url"] = f"{base}/selected-actions"
    return data


def selected(call: PermittedRequest) -> Answer:
    """Which actions may be used, where they are selected.

    What the organization selects, its repositories show as theirs.
    """
    above = _organization(call)
    policy = call.repository.actions if call.repo is not None else call.organization.actions
    if above is not None and above.allowed_actions != "all" and policy.allowed_actions == "all":
        policy = above
    if policy.allowed_actions != "selected":
        return problem(409, CONFLICT)
    return {
        "github_owned_allowed": policy.github_owned_allowed,
        "verified_allowed": policy.verified_allowed,
        "patterns_allowed": policy.patterns_allowed,
    }


def workflow(call: PermittedRequest) -> Answer:
    """What the workflow token may do by default; the organization's restrictions bind."""
    above = _organization(call)
    policy = call.repository.actions if call.repo is not None else call.organization.actions
    default, approves = policy.default_workflow_permissions, policy.can_approve_pull_request_reviews
    if above is not None:
        default = "read" if above.default_workflow_permissions == "read" else default
        approves = approves and above.can_approve_pull_request_reviews
    return {
        "default_workflow_permissions": default,
        "can_approve_pull_request_reviews": approves,
    }


def approval(call: PermittedRequest) -> Answer:
    """Whose pull requests from forks wait for a maintainer; of public repositories."""
    if call.repo is not None and call.repo.private:
        return problem(404, NOT_FOUND)
    policy = call.repository.actions if call.repo is not None else call.organization.actions
    return {"approval_policy": policy.approval_policy}


def forks(call: PermittedRequest) -> Answer:
    """What pull requests from forks may do; of private repositories.

    What is off for the organization cannot be on for its repositories.
    """
    if call.repo is not None and not call.repo.private:
        return problem(404, NOT_FOUND)
    policy = call.repository.actions if call.repo is not None else call.organization.actions
    above = _organization(call)
    own = {name: getattr(policy.forks, name) for name in policy.forks.__slots__}
    if above is None:
        return own
    approval_key = "require_approval_for_fork_pr_workflows"
    bound = {name: on and getattr(above.forks, name) for name, on in own.items()}
    return bound | {approval_key: own[approval_key] or getattr(above.forks, approval_key)}


OF_ORGANIZATION = owner("organization_administration:read")
OF_REPOSITORY = administration()
ORG, REPO = "/orgs/{org}/actions/permissions", "/repos/{owner}/{repo}/actions/permissions"

ROUTES = (
    Route(ORG, organization_permissions, OF_ORGANIZATION),
    Route(f"{ORG}/selected-actions", selected, OF_ORGANIZATION),
    Route(f"{ORG}/workflow", workflow, OF_ORGANIZATION),
    Route(f"{ORG}/fork-pr-contributor-approval", approval, OF_ORGANIZATION),
    Route(f"{ORG}/fork-pr-workflows-private-repos", forks, OF_ORGANIZATION),
    Route(REPO, permissions, OF_REPOSITORY),
    Route(f"{REPO}/selected-actions", selected, OF_REPOSITORY),
    Route(f"{REPO}/workflow", workflow, OF_REPOSITORY),
    Route(f"{REPO}/fork-pr-contributor-approval", approval, OF_REPOSITORY),
    Route(f"{REPO}/fork-pr-workflows-private-repos", forks, OF_REPOSITORY),
)
