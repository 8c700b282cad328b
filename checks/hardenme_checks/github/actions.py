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
from hardenme.model.check import check
from hardenme.model.evidence import Seen
from hardenme.model.severity import Severity
from hardenme.model.verdict import Failed, Passed, Verdict
from hardenme_checks.github.actions_setting import PERMISSIONS, change, decides_nothing

RESTRICTED = {
    "local_only": "only the owner's actions run",
    "selected": "only selected actions run",
}


@check(
    "GHW101",
    "actions-selected",
    title="Workflows can use any action",
    severity=Severity.MEDIUM,
    since="0.1",
)
def actions_selected(policy: ActionsPolicy) -> Verdict:
    """Workflows may use selected actions only.

    ## Why
    An action runs with the workflow's token and secrets. Where any action on GitHub may be used,
    one line in a pull request brings in a stranger's code, or a look-alike of one that you trust.

    ## Fix
    Allow your own actions and select others: those by GitHub, and the few that you name. List first
    what the workflows use now, or these stop.

    ## Limits
    Which actions are selected is not looked at: a pattern may still let in everything. An
    enterprise's policy above the organization is not looked at.
    """
    if idle := decides_nothing(policy.at):
        return idle
    seen: Seen = {"allowed_actions": policy.allowed}
    if policy.allowed in RESTRICTED:
        return Passed(RESTRICTED[policy.allowed], seen)
    return Failed(
        "any action may run",
        seen,
        fix=change(
            policy,
            policy.at,
            PERMISSIONS,
            "Choose to allow your own and select other actions, then tick those by GitHub and name"
            " the others that workflows use",
            allowed_actions="selected",
        ),
    )


@check(
    "GHW102",
    "actions-pinning-required",
    title="Actions need not be pinned to a commit SHA",
    severity=Severity.MEDIUM,
    since="0.1",
)
def actions_pinning_required(policy: ActionsPolicy) -> Verdict:
    """Workflows must name actions by a commit's full hash.

    ## Why
    A tag like `v4` can be moved. Whoever takes over an action moves its tags, and every workflow
    that names them runs the new code at its next start, with its secrets.

    ## Fix
    Replace the tags in the workflows by hashes first: a workflow that names a tag fails from then
    on. Then require it.

    ## Limits
    Actions that are used inside of an action are held to it by GitHub, not looked at here.
    """
    if idle := decides_nothing(policy.at):
        return idle
    seen: Seen = {"sha_pinning_required": policy.pinned}
    if policy.pinned:
        return Passed("actions are named by a full hash", seen)
    return Failed(
        "actions may be named by a tag, which can be moved",
        seen,
        fix=change(
            policy,
            policy.at,
            PERMISSIONS,
            "Tick Require actions to be pinned to a full-length commit SHA",
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
    """A workflow's token only reads, where the workflow does not say otherwise.

    ## Why
    Every step of a job holds the job's token. Where it may write by default, one bad dependency in
    a test can push code, make a release or change an issue.

    ## Fix
    Choose Read repository contents and packages permissions. A workflow that writes then has to say
    so with `permissions:`, which a reviewer sees.

    ## Limits
    What single workflows ask for is judged by GHW203.
    """
    if idle := decides_nothing(policy.at):
        return idle
    seen: Seen = {"default_workflow_permissions": policy.default}
    if policy.default == "read":
        return Passed("the token reads by default", seen)
    return Failed(
        "the token may write by default",
        seen,
        fix=change(
            policy,
            policy.at,
            f"{PERMISSIONS}/workflow",
            "Under Workflow permissions choose Read repository contents and packages permissions",
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
    """Workflows can neither open nor approve pull requests.

    ## Why
    A workflow's approval counts as a review. Whoever can change a workflow on a branch could let it
    approve their own pull request, and merge what nobody looked at.

    ## Fix
    Untick Allow GitHub Actions to create and approve pull requests. A bot that opens pull requests
    gets a GitHub App of its own.
    """
    if idle := decides_nothing(policy.at):
        return idle
    seen: Seen = {"can_approve_pull_request_reviews": policy.approves}
    if not policy.approves:
        return Passed("workflows cannot approve pull requests", seen)
    return Failed(
        "workflows can approve pull requests",
        seen,
        fix=change(
            policy,
            policy.at,
            f"{PERMISSIONS}/workflow",
            "Untick Allow GitHub Actions to create and approve pull requests",
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
    """Workflows for a stranger's pull request wait until a maintainer approves the run.

    ## Why
    A pull request from a fork brings its own code into your runners. With a weaker setting one
    merged typo fix is enough for all that follows to run unseen, and to spend your minutes.

    ## Fix
    Choose Require approval for all external contributors. Look at the changes below `.github` and
    in build scripts before you approve a run.

    ## Limits
    An organization's setting is the default of its repositories, and each may have another. Runs on
    `pull_request_target` never wait: GHW202 looks at those.
    """
    if idle := decides_nothing(policy.at):
        return idle
    seen: Seen = {"approval_policy": policy.policy}
    if policy.policy == "all_external_contributors":
        return Passed("every outside contributor's run waits", seen)
    newcomers = policy.policy == "first_time_contributors_new_to_github"
    return Failed(
        "only those new to GitHub wait for approval"
        if newcomers
        else "only first-time contributors wait for approval",
        seen,
        fix=change(
            policy,
            policy.at,
            f"{PERMISSIONS}/fork-pr-contributor-approval",
            "Choose Require approval for all external contributors",
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
    """Pull requests from forks of private repositories get neither secrets nor a writing token.

    ## Why
    Whoever may read a private repository may fork it. Where a fork's pull request runs with secrets
    or a writing token, reading is enough to take the one and to use the other.

    ## Fix
    Untick Send write tokens and Send secrets and variables to workflows from fork pull requests.

    ## Limits
    Public repositories never send these to a fork's `pull_request` runs.
    """
    if idle := decides_nothing(policy.at):
        return idle
    seen: Seen = {
        "send_write_tokens_to_workflows": policy.write_tokens,
        "send_secrets_and_variables": policy.secrets,
    }
    if not (policy.write_tokens or policy.secrets):
        return Passed("forks get neither secrets nor a token that writes", seen)
    seen = {"run_workflows_from_fork_pull_requests": policy.runs, **seen}
    if not policy.runs:
        return Passed("no workflow runs for a fork's pull request", seen)
    sent = ["a token that writes"] * policy.write_tokens + ["secrets"] * policy.secrets
    return Failed(
        f"a fork's pull request gets {' and '.join(sent)}",
        seen,
        fix=change(
            policy,
            policy.at,
            f"{PERMISSIONS}/fork-pr-workflows-private-repos",
            "Untick Send write tokens, and Send secrets and variables, to workflows from fork pull"
            " requests",
            send_write_tokens_to_workflows=False,
            send_secrets_and_variables=False,
        ),
    )


CHECKS = (
    actions_selected,
    actions_pinning_required,
    workflow_token_read_only,
    actions_cannot_approve,
    fork_pull_request_approval,
    fork_pull_request_without_secrets,
)
