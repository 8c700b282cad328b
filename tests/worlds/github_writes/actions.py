"""What changes the settings of Actions, of an organization and of a repository.

GitHub does not say what becomes of a value that a PUT leaves out. Here it becomes the open default,
the worst that it could: what holds here holds either way.
"""

from __future__ import annotations

from typing import Any

from hardenme.sandbox.github.body import Body, Choice, Kind, Many
from hardenme.sandbox.github.calls import Answer, PermittedRequest, problem
from hardenme.sandbox.github.permits import NOT_FOUND, Permit, administration, owner, readable
from hardenme.sandbox.github.rest.actions_policy import CONFLICT
from hardenme.sandbox.github.world import ActionsPolicy, ForkWorkflows
from tests.worlds.github_writes.change import Change, put


def _policy(call: PermittedRequest) -> ActionsPolicy:
    return call.repository.actions if call.repo is not None else call.organization.actions


def _above(call: PermittedRequest) -> ActionsPolicy | None:
    """The settings of the organization that owns the repository of the path."""
    above = call.world.organization(call.repo.owner) if call.repo is not None else None
    return above.actions if above else None


def set_permissions(call: PermittedRequest, given: dict[str, Any]) -> Answer | None:
    """Whether Actions run, which actions may be used, and whether they are pinned."""
    above = _above(call)
    allowed = given.get("allowed_actions", "all")
    if above is not None and above.allowed_actions != "all" and allowed == "all":
        return problem(409, "The organization has restricted the actions that may be used.")
    enabled = given.get("enabled_repositories") or ("all" if given["enabled"] else "none")
    pinned = given.get("sha_pinning_required", False)
    put(
        _policy(call),
        {"enabled": enabled, "allowed_actions": allowed, "sha_pinning_required": pinned},
    )
    return None


def set_selected(call: PermittedRequest, given: dict[str, Any]) -> Answer | None:
    """Which actions may be used, where they are selected."""
    policy = _policy(call)
    if policy.allowed_actions != "selected":
        return problem(409, CONFLICT)
    put(
        policy,
        {
            "github_owned_allowed": given.get("github_owned_allowed", False),
            "verified_allowed": given.get("verified_allowed", False),
            "patterns_allowed": given.get("patterns_allowed", []),
        },
    )
    return None


def set_workflow(call: PermittedRequest, given: dict[str, Any]) -> Answer | None:
    """What the workflow token may do by default."""
    above, default = _above(call), given.get("default_workflow_permissions", "write")
    approves = given.get("can_approve_pull_request_reviews", True)
    if above is not None and (
        (above.default_workflow_permissions == "read" and default == "write")
        or (approves and not above.can_approve_pull_request_reviews)
    ):
        return problem(409, "The organization has restricted the permissions of workflows.")
    put(
        _policy(call),
        {"default_workflow_permissions": default, "can_approve_pull_request_reviews": approves},
    )
    return None


def set_approval(call: PermittedRequest, given: dict[str, Any]) -> Answer | None:
    """Whose pull requests from forks wait for a maintainer; of public repositories."""
    if call.repo is not None and call.repo.private:
        return problem(404, NOT_FOUND)
    put(_policy(call), given)
    return None


def set_forks(call: PermittedRequest, given: dict[str, Any]) -> Answer | None:
    """What pull requests from forks may do; of private repositories."""
    if call.repo is not None and not call.repo.private:
        return problem(404, NOT_FOUND)
    forks = {"send_write_tokens_to_workflows": True, "send_secrets_and_variables": True} | given
    _policy(call).forks = ForkWorkflows(**forks)
    return None


def disable_workflow(call: PermittedRequest, _given: dict[str, Any]) -> Answer | None:
    """A workflow file of the default branch runs no more; its runs are gone from the sandbox."""
    path = f".github/workflows/{call.names['workflow_id']}"
    if path not in call.repository.files:
        return problem(404, NOT_FOUND)
    call.repository.runs[:] = [one for one in call.repository.runs if one.file != path]
    return None


ACTIONS: dict[str, Kind] = {
    "allowed_actions": Choice(("all", "local_only", "selected")),
    "sha_pinning_required": bool,
}
SELECTED = Body(
    {},
    {"github_owned_allowed": bool, "verified_allowed": bool, "patterns_allowed": Many(str)},
)
WORKFLOW = Body(
    {},
    {
        "default_workflow_permissions": Choice(("read", "write")),
        "can_approve_pull_request_reviews": bool,
    },
)
APPROVAL = Body(
    {
        "approval_policy": Choice(
            (
                "first_time_contributors_new_to_github",
                "first_time_contributors",
                "all_external_contributors",
            )
        )
    }
)
FORKS = Body(
    {"run_workflows_from_fork_pull_requests": bool},
    {
        "send_write_tokens_to_workflows": bool,
        "send_secrets_and_variables": bool,
        "require_approval_for_fork_pr_workflows": bool,
    },
)


def _changes(place: str, permit: Permit, enabled: dict[str, Kind]) -> tuple[Change, ...]:
    base = f"{place}/actions/permissions"
    return (
        Change("PUT", base, set_permissions, permit, Body(enabled, ACTIONS)),
        Change("PUT", f"{base}/selected-actions", set_selected, permit, SELECTED),
        Change("PUT", f"{base}/workflow", set_workflow, permit, WORKFLOW),
        Change("PUT", f"{base}/fork-pr-contributor-approval", set_approval, permit, APPROVAL),
        Change("PUT", f"{base}/fork-pr-workflows-private-repos", set_forks, permit, FORKS),
    )


CHANGES = (
    *_changes(
        "/orgs/{org}",
        owner("organization_administration:write"),
        {"enabled_repositories": Choice(("all", "none", "selected"))},
    ),
    *_changes("/repos/{owner}/{repo}", administration("write"), {"enabled": bool}),
    Change(
        "PUT",
        "/repos/{owner}/{repo}/actions/workflows/{workflow_id}/disable",
        disable_workflow,
        readable("actions:write"),
    ),
)
