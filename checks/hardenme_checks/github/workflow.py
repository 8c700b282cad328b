"""Checks of a workflow file: what it runs, with which rights, and what gets into its scripts."""

from hardenme.facts.github.actions import WorkflowTokenPolicy
from hardenme.facts.github.organization import OrganizationPlan
from hardenme.facts.github.repository import Repository
from hardenme.facts.github.workflow import ALL, BY_ANYBODY, Workflow, WorkflowLock, WorkflowScan
from hardenme.model.check import check
from hardenme.model.evidence import Seen
from hardenme.model.severity import Severity
from hardenme.model.unknown import Unknown
from hardenme.model.verdict import Failed, NotApplicable, Passed, Verdict
from hardenme_checks.github.workflow_words import ARCHIVED, fix, in_words, kept, listed
from hardenme_checks.wording import count


@check(
    "GHW201",
    "workflow-actions-pinned",
    title="Workflow uses actions that are not pinned to a commit",
    severity=Severity.MEDIUM,
    since="0.1",
)
def workflow_actions_pinned(
    workflow: Workflow,
    scan: WorkflowScan,
    repository: Repository,
    lock: WorkflowLock,
    plan: OrganizationPlan | Unknown,
) -> Verdict | Unknown:
    """Every action that the workflow uses is named by a commit, not by a tag.

    ## Why
    A tag can be moved. In March 2025 the tags of tj-actions/changed-files were moved to code that
    printed secrets, and every workflow that named a tag ran it.

    ## Fix
    Put the 40 characters of the commit in place of the tag, with the version in a comment behind
    it. Dependabot and Renovate keep both up to date. On GitHub Enterprise Cloud a lock file of
    actions does the same (GHW208).

    ## Limits
    - A tag for which `.github/workflows/actions.lock` has a commit passes where the organization is
      known to be on Enterprise Cloud, and is unknown elsewhere: GitHub documents the file for that
      plan. It never counts for calls of reusable workflows, nor for what actions of the repository
      use.
    - Counts every action and reusable workflow outside the repository, GitHub's own and those of
      the same owner too, also within actions of the repository; an image by its digest.
    - Does not look into other people's actions, which may use others by tag.
    - Does not ask whether a commit is one of that repository.
    - Images that jobs run in are counted by GHW206.
    """
    if repository.archived:
        return ARCHIVED
    uses = [use for job in workflow.jobs if not job.called for use in job.uses if not use.image]
    open_ = [use for use in uses if not use.pinned]
    tags = {use.pin for use in open_ if use.pin}
    held = tags & set(lock.pins) if tags else set()
    loose = [use.reference for use in open_ if use.pin not in held]
    step = "Name each action by the 40 characters of a commit, with the version in a comment"
    if loose:
        some = count(len(set(loose)), "action")
        return Failed(
            f"{some} can change unseen: {listed(loose)}",
            {"uses": kept(loose)},
            fix=fix(workflow, step),
        )
    lines = scan.lines("typosquat-uses")
    if lines:
        return Failed(
            f"an action's name on line {lines[0]} looks like that of a popular one",
            {"typosquat-uses": lines},
            fix=fix(workflow, "Check the action's owner, and name the one that you mean"),
        )
    lines = scan.lines("unpinned-uses")
    if len(lines) > len(open_):
        return Failed(
            f"zizmor finds an action that is not pinned on line {lines[0]}",
            {"unpinned-uses": lines},
            fix=fix(workflow, step),
        )
    if held:
        if isinstance(plan, Unknown):
            return plan
        return Passed(
            f"{count(len(held), 'tag')} with a commit in actions.lock, and no other",
            {"actions.lock": kept(sorted(held)), "locks_actions": plan.locks_actions},
        )
    return Passed(
        f"{count(len(uses), 'use')} of an action, each pinned" if uses else "uses no action",
        {"uses": kept(use.reference for use in uses)},
    )


@check(
    "GHW208",
    "workflow-lock-complete",
    title="actions.lock does not list every action of the workflow",
    severity=Severity.MEDIUM,
    since="0.1",
)
def workflow_lock_complete(
    workflow: Workflow, lock: WorkflowLock, repository: Repository
) -> Verdict:
    """The lock file of actions holds every action of a workflow that it names.

    ## Why
    `.github/workflows/actions.lock` says which commit of each action runs, and of the actions that
    these use. What it leaves out is not covered, or keeps the workflow from starting.

    ## Fix
    Run `gh actions-lock` in the repository, and commit the file that it writes.

    ## Limits
    - GitHub documents the file for Enterprise Cloud. What it does elsewhere is not known.
    - It covers neither calls of reusable workflows nor actions of the repository: GHW201 looks at
      those.
    - Does not ask whether a commit belongs to the tag that stands beside it.
    """
    if repository.archived:
        return ARCHIVED
    if not lock.onboarded:
        return NotApplicable("no actions.lock names the workflow", {"workflows": []})
    own = (use for job in workflow.jobs if not job.called for use in job.uses)
    uses = {use.pin for use in own if use.pin}
    missing = sorted(uses - set(lock.pins) | set(lock.open_ends))
    if missing:
        return Failed(
            f"actions.lock does not hold {listed(missing)}",
            {"missing": kept(missing)},
            fix=fix(workflow, "Run gh actions-lock, and commit the file that it writes"),
        )
    return Passed(
        f"actions.lock holds {count(len(uses), 'action')} of the workflow",
        {"dependencies": kept(sorted(uses))},
    )


@check(
    "GHW203",
    "workflow-permissions-minimal",
    title="Workflow grants broad write permissions",
    severity=Severity.HIGH,
    since="0.1",
)
def workflow_permissions_minimal(
    workflow: Workflow, repository: Repository, token: WorkflowTokenPolicy | Unknown
) -> Verdict | Unknown:
    """The workflow's token writes only where one job says so.

    ## Why
    Every action and every test of a job can use its token. One that writes lets a single bad
    dependency push code, move tags or replace releases.

    ## Fix
    Write `permissions: {}` or `contents: read` at the top, and give each job the scopes that it
    uses, such as `contents: write` for the one that makes the release.

    ## Limits
    - Does not see whether a job uses what it is given.
    - A file without `permissions` is judged by the repository's default.
    - `read-all` passes: it reads, and does not write.
    """
    if repository.archived:
        return ARCHIVED
    step = "Write permissions: contents: read at the top, and let the one job write what it must"
    if workflow.writes:
        return Failed(
            f"every job may write {in_words(workflow.writes)}",
            {"permissions": kept(workflow.writes)},
            fix=fix(workflow, step),
        )
    own = [job for job in workflow.jobs if not job.called]
    unbound = [job.name for job in own if ALL in (job.writes or ())]
    if unbound:
        return Failed(
            f"{listed(unbound)} may write everything",
            {"permissions": ["write-all"], "jobs": kept(unbound)},
            fix=fix(workflow, step),
        )
    silent = [job.name for job in own if job.writes is None]
    if not silent:
        return Passed("its token writes only where one job says so", {"jobs": len(own)})
    if set(workflow.events) == {"workflow_call"}:
        return Passed("it is only called: its callers decide", {"on": kept(workflow.events)})
    if isinstance(token, Unknown):
        return token
    seen: Seen = {"default_workflow_permissions": token.default, "jobs": kept(silent)}
    if token.default == "read":
        return Passed("it says nothing of permissions, and the default only reads", seen)
    return Failed(
        f"{listed(silent)} may write everything: no permissions are set, and the default writes",
        seen,
        fix=fix(workflow, step),
    )


@check(
    "GHW204",
    "workflow-without-injection",
    title="Workflow is vulnerable to script injection",
    severity=Severity.HIGH,
    since="0.1",
)
def workflow_without_injection(
    workflow: Workflow, scan: WorkflowScan, repository: Repository
) -> Verdict:
    """No text that others choose becomes part of a script.

    ## Why
    `${{ }}` is put into a script before the shell reads it. A title like `"; curl … | sh; "` then
    runs with the workflow's token. That is how nx was taken in August 2025, by a pull request's
    title.

    ## Fix
    Put the value into a variable with `env:`, and write `"$TITLE"` in the script.

    ## Limits
    - Follows text through variables, outputs of steps and jobs, inputs, a matrix, `GITHUB_ENV`, and
      actions and workflows of the repository, also into `eval`, `sh -c` and what an interpreter is
      given up to a word. What cannot be followed is unknown.
    - Under `pull_request` alone only what is seen to arrive counts: a fork's run holds no secrets,
      and runs its own code anyway.
    - Inputs of a person with write access are not counted.
    - Also goes by zizmor's `template-injection`, `github-env` and `insecure-commands`.
    """
    if repository.archived:
        return ARCHIVED
    step = "Put the value into env: and use the variable, in quotes, in the script"
    if workflow.injections:
        return Failed(
            f"text that others choose gets into a script: {listed(workflow.injections)}",
            {"run": kept(workflow.injections)},
            fix=fix(workflow, step),
        )
    lines = scan.lines("template-injection", "github-env")
    if lines:
        return Failed(
            f"an expression gets into a script on line {listed(map(str, lines))}",
            {"template-injection": lines},
            fix=fix(workflow, step),
        )
    lines = scan.lines("insecure-commands")
    if lines:
        return Failed(
            f"line {lines[0]} lets whatever a step prints set variables",
            {"insecure-commands": lines},
            fix=fix(workflow, "Remove ACTIONS_ALLOW_UNSECURE_COMMANDS"),
        )
    seen: Seen = {"template-injection": 0, "unfollowed": kept(workflow.unfollowed_text)}
    if BY_ANYBODY & set(workflow.events):
        # Where something was not read, this is not known, and the check goes no further.
        seen["uses"] = kept(workflow.opaque)
    return Passed("no text of others gets into a script", seen)


CHECKS = (
    workflow_actions_pinned,
    workflow_lock_complete,
    workflow_permissions_minimal,
    workflow_without_injection,
)
