"""Checks of Actions' settings: which actions run, what their token may do, what forks start.

Each is asked of an organization and of its repositories. What the organization restricts holds in
all of them, whatever their own setting is.
"""

from hardenme.facts.github.actions import (
    ActionsPolicy,
    ForkApprovalPolicy,
    ForkWorkflowsPolicy,
    WorkflowTokenPolicy,
)
from hardenme.facts.github.selected_actions import SelectedActionsPolicy, UsedActions
from hardenme.model.check import check
from hardenme.model.evidence import Seen
from hardenme.model.severity import Severity
from hardenme.model.unknown import Unknown
from hardenme.model.verdict import Failed, Passed, Verdict
from hardenme_checks.github.actions_setting import PERMISSIONS, change, decides_nothing
from hardenme_checks.github.selected_actions import judge_selection, select_used


@check(
    "GHW101",
    "actions-selected",
    title="Workflows can use any action",
    severity=Severity.MEDIUM,
    since="0.1",
)
def actions_selected(
    policy: ActionsPolicy, selection: SelectedActionsPolicy | Unknown, used: UsedActions | Unknown
) -> Verdict | Unknown:
    """Workflows can use selected actions only.

    ## Why
    One line in a pull request can add unknown code or a look-alike, with the workflow's token and
    secrets.

    ## Fix
    1. List the actions that your workflows use: others will stop.
    2. Choose "Allow OWNER, and select non-OWNER, actions and reusable workflows", tick "Allow
       actions created by GitHub" and name the others.

    ## Limits
    - A pattern fails if its owner part holds `*`: accounts that fit it can be created by anyone.
    - Does not judge the owners that patterns name, nor creators that GitHub verified.
    - Does not read an enterprise's policy.
    """
    if idle := decides_nothing(policy.at):
        return idle
    seen: Seen = {"allowed_actions": policy.allowed}
    if policy.allowed == "local_only":
        return Passed("only the owner's actions can run", seen)
    if policy.allowed == "selected":
        return selection if isinstance(selection, Unknown) else judge_selection(policy, selection)
    return Failed(
        "any action can run",
        seen,
        fix=select_used(policy, used),
    )


@check(
    "GHW102",
    "actions-pinning-required",
    title="Actions need not be pinned to a commit SHA",
    severity=Severity.MEDIUM,
    since="0.1",
)
def actions_pinning_required(policy: ActionsPolicy) -> Verdict:
    """Workflows must pin actions to a full commit SHA.

    ## Why
    Anyone who takes over an action can move a tag like `v4`, and your next run executes their code.

    ## Fix
    Replace tags with commit SHAs in your workflows: others will fail. Then tick "Require actions to
    be pinned to a full-length commit SHA".

    ## Limits
    - Does not look at the actions that an action uses.
    """
    if idle := decides_nothing(policy.at):
        return idle
    seen: Seen = {"sha_pinning_required": policy.pinned}
    if policy.pinned:
        return Passed("actions must be pinned to a full commit SHA", seen)
    return Failed(
        "actions can be used by tag, and tags can be moved",
        seen,
        fix=change(
            policy,
            policy.at,
            PERMISSIONS,
            "Replace tags with commit SHAs in all workflows: others will fail. Then tick"
            ' "Require actions to be pinned to a full-length commit SHA"',
            sha_pinning_required=True,
        ),
    )


@check(
    "GHW103",
    "workflow-token-read-only",
    title="GITHUB_TOKEN can write by default",
    severity=Severity.HIGH,
    since="0.1",
)
def workflow_token_read_only(policy: WorkflowTokenPolicy) -> Verdict:
    """GITHUB_TOKEN is read-only unless a workflow asks for more.

    ## Why
    If the token can write by default, one bad dependency in a test can push code or publish a
    release.

    ## Fix
    Choose "Read repository contents and packages permissions". Workflows that write must then say
    so with `permissions:`.

    ## Limits
    - GHW203 checks what each workflow asks for.
    """
    if idle := decides_nothing(policy.at):
        return idle
    seen: Seen = {"default_workflow_permissions": policy.default}
    if policy.default == "read":
        return Passed("GITHUB_TOKEN is read-only by default", seen)
    return Failed(
        "GITHUB_TOKEN can write by default",
        seen,
        fix=change(
            policy,
            policy.at,
            f"{PERMISSIONS}/workflow",
            'Choose "Read repository contents and packages permissions" as "Workflow permissions"',
            default_workflow_permissions="read",
        ),
    )


@check(
    "GHW104",
    "actions-cannot-approve",
    title="GitHub Actions can create and approve pull requests",
    severity=Severity.HIGH,
    since="0.1",
)
def actions_cannot_approve(policy: WorkflowTokenPolicy) -> Verdict:
    """Workflows can neither create nor approve pull requests.

    ## Why
    A workflow's approval counts as a review: its author could approve their own pull request.

    ## Fix
    Untick "Allow GitHub Actions to create and approve pull requests". Bots that open pull requests
    need their own GitHub App.
    """
    if idle := decides_nothing(policy.at):
        return idle
    seen: Seen = {"can_approve_pull_request_reviews": policy.approves}
    if not policy.approves:
        return Passed("workflows cannot create or approve pull requests", seen)
    return Failed(
        "workflows can create and approve pull requests",
        seen,
        fix=change(
            policy,
            policy.at,
            f"{PERMISSIONS}/workflow",
            'Untick "Allow GitHub Actions to create and approve pull requests"',
            can_approve_pull_request_reviews=False,
        ),
    )


@check(
    "GHW105",
    "fork-pull-request-approval",
    title="Outside contributors can run workflows without approval",
    severity=Severity.MEDIUM,
    since="0.1",
)
def fork_pull_request_approval(policy: ForkApprovalPolicy) -> Verdict:
    """Workflows on pull requests from outside wait for a maintainer's approval.

    ## Why
    A pull request from a fork runs its own code. With a weaker setting, one merged typo fix lets
    later runs start unseen.

    ## Fix
    Choose "Require approval for all external contributors". Read changes in `.github` and build
    scripts before you approve a run.

    ## Limits
    - An organization's setting is only a default for its repositories.
    - Runs on `pull_request_target` never wait (GHW202).
    """
    if idle := decides_nothing(policy.at):
        return idle
    seen: Seen = {"approval_policy": policy.policy}
    if policy.policy == "all_external_contributors":
        return Passed("every outside contributor needs approval", seen)
    newcomers = policy.policy == "first_time_contributors_new_to_github"
    return Failed(
        "only contributors new to GitHub need approval"
        if newcomers
        else "only first-time contributors need approval",
        seen,
        fix=change(
            policy,
            policy.at,
            f"{PERMISSIONS}/fork-pr-contributor-approval",
            'Choose "Require approval for all external contributors"',
            binds=False,
            approval_policy="all_external_contributors",
        ),
    )


@check(
    "GHW106",
    "fork-pull-request-without-secrets",
    title="Fork pull requests get secrets or a token that can write",
    severity=Severity.HIGH,
    since="0.1",
)
def fork_pull_request_without_secrets(policy: ForkWorkflowsPolicy) -> Verdict:
    """Fork pull requests in private repositories get no secrets and no write token.

    ## Why
    Anyone who can read a private repository may fork it, and could then use its secrets or write
    token.

    ## Fix
    1. Untick "Send write tokens to workflows from fork pull requests".
    2. Untick "Send secrets and variables to workflows from fork pull requests".

    ## Limits
    - Public repositories never send these to `pull_request` runs of forks.
    """
    if idle := decides_nothing(policy.at):
        return idle
    seen: Seen = {
        "send_write_tokens_to_workflows": policy.write_tokens,
        "send_secrets_and_variables": policy.secrets,
    }
    if not (policy.write_tokens or policy.secrets):
        return Passed("fork pull requests get neither secrets nor a write token", seen)
    seen = {"run_workflows_from_fork_pull_requests": policy.runs, **seen}
    if not policy.runs:
        return Passed("no workflow runs on fork pull requests", seen)
    sent = ["a write token"] * policy.write_tokens + ["secrets"] * policy.secrets
    return Failed(
        f"fork pull requests get {' and '.join(sent)}",
        seen,
        fix=change(
            policy,
            policy.at,
            f"{PERMISSIONS}/fork-pr-workflows-private-repos",
            'Untick "Send write tokens to workflows from fork pull requests". Untick "Send secrets'
            ' and variables to workflows from fork pull requests"',
            send_write_tokens_to_workflows=False,
            send_secrets_and_variables=False,
        ),
    )
