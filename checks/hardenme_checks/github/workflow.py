"""Checks of a workflow file: pinned actions, permissions, and script injection."""

from hardenme.facts.github.actions import WorkflowTokenPolicy
from hardenme.facts.github.organization import OrganizationPlan
from hardenme.facts.github.repository import Repository
from hardenme.facts.github.workflow import (
    ALL,
    OUTSIDER_EVENTS,
    Workflow,
    WorkflowLock,
    WorkflowScan,
)
from hardenme.model.check import check
from hardenme.model.evidence import Seen
from hardenme.model.severity import Severity
from hardenme.model.unknown import Unknown
from hardenme.model.verdict import Failed, NotApplicable, Passed, Verdict
from hardenme_checks.github.workflow_words import (
    ARCHIVED,
    fix,
    in_words,
    kept,
    lines_of,
    listed,
)
from hardenme_checks.wording import count

PERMISSIONS = "permissions"


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
    """Every action that the workflow uses is pinned to a commit.

    ## Why
    A tag can be moved. In March 2025 the tags of tj-actions/changed-files were moved to code that
    printed secrets.

    ## Fix
    Replace the tag with the commit's 40-character SHA, and put the version in a comment. Dependabot
    and Renovate update both. On Enterprise Cloud a lock file works too (GHW208).

    ## Limits
    - A tag in `.github/workflows/actions.lock` passes if the organization is known to be on
      Enterprise Cloud. Elsewhere it is unknown.
    - The lock file never covers reusable workflow calls, or what the repository's own actions use.
    - Counts every action and reusable workflow outside the repository, even from GitHub or the same
      owner.
    - Includes those in the repository's own actions. An image counts by its digest.
    - Does not look into other people's actions, or check whether a commit belongs to that
      repository.
    - GHW206 counts images that jobs run in.
    """
    if repository.archived:
        return ARCHIVED
    every = [(job, use) for job in workflow.jobs if not job.called for use in job.uses]
    uses = [use for _, use in every if not use.image]
    open_ = [use for use in uses if not use.pinned]
    tags = {use.pin for use in open_ if use.pin}
    held = tags & set(lock.pins) if tags else set()
    loose = [use.reference for use in open_ if use.pin not in held]
    step = "Pin each action to a 40-character commit SHA, with the version in a comment"
    if loose:
        some = count(len(set(loose)), "action")
        return Failed(
            f"{some} not pinned: {listed(loose)}",
            {"uses": kept(loose)},
            fix=fix(
                workflow,
                step,
                lines_of((job, use.reference) for job, use in every if use.reference == loose[0]),
            ),
        )
    lines = scan.lines("typosquat-uses")
    if lines:
        return Failed(
            f"the action on line {lines[0]} has a name that looks like a popular one's",
            {"typosquat-uses": lines},
            fix=fix(workflow, "Check the action's owner, and use the action that you mean", lines),
        )
    lines = scan.lines("unpinned-uses")
    if len(lines) > len(open_):
        return Failed(
            f"zizmor found an unpinned action on line {lines[0]}",
            {"unpinned-uses": lines},
            fix=fix(workflow, step, lines),
        )
    if held:
        if isinstance(plan, Unknown):
            return plan
        return Passed(
            f"actions.lock pins {count(len(held), 'tag')}, and no other tag is used",
            {"actions.lock": kept(sorted(held)), "locks_actions": plan.locks_actions},
        )
    return Passed(
        f"{count(len(uses), 'use')} of an action, all pinned" if uses else "uses no action",
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
    """The lock file `actions.lock` lists every action of the workflow.

    ## Why
    An action that `actions.lock` does not list is not pinned by it, or keeps the workflow from
    starting.

    ## Fix
    Run `gh actions-lock` in the repository, and commit the file that it writes.

    ## Limits
    - GitHub documents the file for Enterprise Cloud. Its effect elsewhere is unknown.
    - Does not cover reusable workflow calls or the repository's own actions (GHW201).
    - Does not check whether a commit belongs to its tag.
    """
    if repository.archived:
        return ARCHIVED
    if not lock.onboarded:
        return NotApplicable("no actions.lock names the workflow", {"workflows": []})
    own = [(job, use) for job in workflow.jobs if not job.called for use in job.uses]
    uses = {use.pin for _, use in own if use.pin}
    missing = sorted(uses - set(lock.pins) | set(lock.open_ends))
    if missing:
        return Failed(
            f"actions.lock does not list {listed(missing)}",
            {"missing": kept(missing)},
            fix=fix(
                workflow,
                "Run `gh actions-lock`, and commit the file that it writes",
                lines_of((job, use.reference) for job, use in own if use.pin == missing[0]),
            ),
        )
    return Passed(
        f"actions.lock lists {'the' if len(uses) == 1 else 'all'} {count(len(uses), 'action')}",
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
    """Only jobs that ask for it have write permissions.

    ## Why
    If a job's token can write, one bad dependency can push code, move tags or replace releases.

    ## Fix
    Write `permissions: {}` or `contents: read` at the top. Give each job only what it uses, such as
    `contents: write` for the release.

    ## Limits
    - Does not check whether a job uses its permissions.
    - Without `permissions`, the repository's default decides.
    - `read-all` passes, since it cannot write.
    """
    if repository.archived:
        return ARCHIVED
    step = "Write `permissions: contents: read` at the top, and give each job what it must write"
    if workflow.writes:
        return Failed(
            f"every job can write {in_words(workflow.writes)}",
            {"permissions": kept(workflow.writes)},
            fix=fix(workflow, step, _lines_for_fix(workflow, PERMISSIONS)),
        )
    own = [job for job in workflow.jobs if not job.called]
    unbound = [job for job in own if ALL in (job.writes or ())]
    if unbound:
        names = [job.name for job in unbound]
        return Failed(
            f"{listed(names)} can write everything",
            {"permissions": ["write-all"], "jobs": kept(names)},
            fix=fix(workflow, step, lines_of((job, PERMISSIONS) for job in unbound)),
        )
    unsaid = [job for job in own if job.writes is None]
    silent = [job.name for job in unsaid]
    if not silent:
        return Passed("only jobs that ask for it have write permissions", {"jobs": len(own)})
    if set(workflow.events) == {"workflow_call"}:
        return Passed(
            "a reusable workflow: its callers set the permissions", {"on": kept(workflow.events)}
        )
    if isinstance(token, Unknown):
        return token
    seen: Seen = {"default_workflow_permissions": token.default, "jobs": kept(silent)}
    if token.default == "read":
        return Passed("it sets no permissions, and the default is read-only", seen)
    return Failed(
        f"{listed(silent)} can write everything: no permissions are set, and the default can write",
        seen,
        fix=fix(workflow, step, lines_of((job, PERMISSIONS) for job in unsaid)),
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
    """No text that other people control becomes part of a script.

    ## Why
    GitHub inserts `${{ }}` before the shell reads the script, so a title like `"; curl … | sh; "`
    runs. At nx in August 2025 a pull request's title did.

    ## Fix
    Put the value into a variable with `env:`, and write `"$TITLE"` in the script.

    ## Limits
    - Follows text through variables, outputs, inputs, matrices, `GITHUB_ENV`, and the repository's
      own actions and workflows.
    - Fails where a shell, an interpreter, `make`, `sed` or the like runs it.
    - Fails where it chooses a shell, an image or a variable that programs run.
    - Passes where only programs that are known to take it as data get it. What it cannot follow is
      unknown.
    - A script in Python or JavaScript passes if it has no word that could run a text.
    - Under events that only members cause, outputs of unknown actions in a script are unknown. So
      is a script that runs issues, pull requests or commit messages that it asks for.
    - What is at an address that an outsider's event names counts as their text.
    - Under `pull_request` alone, only text that is seen to reach a script counts. There, workflows
      of other repositories are not read.
    - Does not count inputs from people with write access.
    - Also uses zizmor's `template-injection`, `github-env` and `insecure-commands`.
    """
    if repository.archived:
        return ARCHIVED
    step = "Put the value into `env:`, and use the quoted variable in the script"
    if workflow.injections:
        return Failed(
            f"text that others control gets into a script: {listed(workflow.injections)}",
            {"run": kept(workflow.injections)},
            fix=fix(workflow, step, _injected(workflow, scan)),
        )
    lines = scan.lines("template-injection", "github-env")
    if lines:
        return Failed(
            f"an expression gets into a script on line {listed(map(str, lines))}",
            {"template-injection": lines},
            fix=fix(workflow, step, lines),
        )
    lines = scan.lines("insecure-commands")
    if lines:
        return Failed(
            f"line {lines[0]} lets a step's output set variables",
            {"insecure-commands": lines},
            fix=fix(workflow, "Remove ACTIONS_ALLOW_UNSECURE_COMMANDS", lines),
        )
    seen: Seen = {"template-injection": 0, "unfollowed": kept(workflow.unfollowed_text)}
    if OUTSIDER_EVENTS & set(workflow.events):
        # Where something was not read, this is not known, and the check goes no further.
        seen["uses"] = kept(workflow.opaque)
        return Passed("no text that others control gets into a script", seen)
    return Passed("no text that others control is seen to get into a script", seen)


def _lines_for_fix(workflow: Workflow, what: str) -> list[int]:
    """The line of something in the file; none where that is not known."""
    place = workflow.place_for_fix(what)
    return [place.line] if place is not None and place.line else []


def _injected(workflow: Workflow, scan: WorkflowScan) -> list[int]:
    """The lines of the expressions in the first step that is named, else that of the step."""
    place = workflow.place_for_fix(workflow.injections[0])
    found = scan.lines_for_fix("template-injection", "github-env")
    if place is None or not place.line:
        return found
    return [line for line in found if place.line <= line <= place.end] or [place.line]
