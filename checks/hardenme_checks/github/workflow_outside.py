"""Checks of what people without write access can start: a workflow's triggers and its AI agents."""

from collections.abc import Iterator

from hardenme.facts.github.actions import WorkflowTokenPolicy
from hardenme.facts.github.repository import Repository
from hardenme.facts.github.workflow import Job, Workflow
from hardenme.model.check import check
from hardenme.model.evidence import Seen
from hardenme.model.severity import Severity
from hardenme.model.unknown import Unknown
from hardenme.model.verdict import Failed, NotApplicable, Passed, Verdict
from hardenme_checks.github.workflow_words import (
    ARCHIVED,
    LABELS,
    fix,
    in_words,
    kept,
    listed,
    writing,
)

FORKS = frozenset({"pull_request_target", "workflow_run"})
"""Events of a stranger's pull request that run with the repository's rights."""
WRITABLE = frozenset({"write", "write-only"})


@check(
    "GHW202",
    "workflow-trigger-safe",
    title="Untrusted code runs with the repository's permissions",
    severity=Severity.CRITICAL,
    since="0.1",
)
def workflow_trigger_safe(
    workflow: Workflow, repository: Repository, token: WorkflowTokenPolicy | Unknown
) -> Verdict | Unknown:
    """No stranger's pull request or comment runs code with the repository's rights.

    ## Why
    `pull_request_target` and `workflow_run` run with the repository's token and secrets, also for a
    pull request from a fork. Once such a job fetches that code, a test or an install script of it
    is enough. TanStack, spotbugs and PostHog were taken like this.

    ## Fix
    Run the code under `pull_request`, which has neither secrets nor a token that writes. Keep
    `pull_request_target` for labels and comments, or add
    `if: github.event.pull_request.head.repo.full_name == github.repository`.

    ## Limits
    - Critical where a stranger's code is fetched, or a commit or an artifact of theirs is named in
      a job that installs, builds or runs something.
    - High where a stranger starts a job that publishes.
    - Medium where actions/checkout refuses a fork's code by its version, where the code can change
      after a member's comment asked for it, and where the trigger only holds secrets or a token
      that writes more than issues and pull requests.
    - Knows conditions on the author, the event and the fork. One that rests on another job's
      result, a label or an environment's reviewers counts as open.
    - Does not look into other people's actions. What one does with a stranger's commit is unknown.
    """
    if repository.archived:
        return ARCHIVED
    seen: Seen = {"on": kept(workflow.events)}
    if not workflow.outside:
        return Passed("no event of strangers starts it with the repository's rights", seen)
    open_jobs = [job for job in workflow.jobs if job.opens]
    worst = next(_brought(workflow, open_jobs, seen), None)
    if worst is not None:
        return worst
    reached = [job for job in workflow.jobs if FORKS & set(job.opens)]
    writes = [scope for job in reached for scope in writing(job, beyond=LABELS)]
    secrets = [name for job in reached for name in job.secrets]
    silent = [job.name for job in reached if job.writes is None]
    if not (writes or secrets) and silent:
        if isinstance(token, Unknown):
            return token
        seen["default_workflow_permissions"] = token.default
        writes = [] if token.default == "read" else ["*"]
    if writes or secrets:
        held = [f"a token that writes {in_words(writes)}"] if writes else []
        held += [f"secrets ({in_words(secrets)})"] if secrets else []
        return Failed(
            f"a stranger's pull request starts a job with {' and '.join(held)}",
            {**seen, "permissions": kept(writes), "secrets": kept(secrets)},
            fix=fix(workflow, "Give the job read permissions and no secrets, or use pull_request"),
            severity=Severity.MEDIUM,
        )
    if open_jobs:
        # Where something was not followed, this is not known, and the check goes no further.
        seen["unfollowed"] = kept(workflow.unfollowed_code)
    if any(job.opaque for job in open_jobs):
        seen["uses"] = kept(workflow.opaque)
    return Passed("what strangers start fetches no code of theirs and holds nothing", seen)


def _brought(workflow: Workflow, open_jobs: list[Job], seen: Seen) -> Iterator[Failed]:
    """What is wrong with what strangers bring into jobs, the worst first."""
    ways = (
        (
            [f"{job.name} ({how})" for job in open_jobs for how in job.fetches],
            "runs a stranger's code with the repository's rights",
            "Run the pull request's code under pull_request, without secrets",
            None,
        ),
        (
            [f"{job.name} ({how})" for job in open_jobs for how in job.publishes],
            "anybody can start a job that publishes",
            "Start the release by a tag or by hand, not by what anybody writes",
            Severity.HIGH,
        ),
        (
            [f"{job.name} ({how})" for job in open_jobs for how in job.refused],
            "names a stranger's code, which only the version of the checkout refuses",
            "Remove the ref: and repository: of the pull request from the checkout",
            Severity.MEDIUM,
        ),
        (
            [f"{job.name} ({how})" for job in workflow.jobs for how in job.raced],
            "a member's comment starts it, but the code can change before it is fetched",
            "Let the comment name the commit that was reviewed, and check out that one",
            Severity.MEDIUM,
        ),
    )
    for jobs, message, step, severity in ways:
        if jobs:
            yield Failed(
                f"{message}: {listed(jobs)}",
                {**seen, "jobs": kept(jobs)},
                fix=fix(workflow, step),
                severity=severity,
            )


@check(
    "GHW209",
    "cache-not-writable-by-strangers",
    title="Anyone can start a job that writes the Actions cache",
    severity=Severity.HIGH,
    since="0.1",
)
def cache_not_writable_by_strangers(workflow: Workflow, repository: Repository) -> Verdict:
    """No run that strangers start may write the repository's caches.

    ## Why
    A release restores what another run left in the cache. GitHub gives runs of strangers' events
    read-only caches by default. `cache-mode: write` takes that protection away.

    ## Fix
    Remove `cache-mode` from the workflow or the job, or set it to `read` or `none`.

    ## Limits
    - Sees `cache-mode` of the workflow, of its jobs, and of jobs in workflows of the repository
      that it calls.
    """
    if repository.archived:
        return ARCHIVED
    seen: Seen = {"on": kept(workflow.events)}
    if not workflow.outside:
        return NotApplicable("no event of strangers starts it with the repository's rights", seen)
    open_jobs = [job for job in workflow.jobs if job.opens]
    writable = [f"{job.name} ({job.cache_mode})" for job in open_jobs if job.cache_mode in WRITABLE]
    if writable:
        return Failed(
            f"anybody can start a job that writes the cache: {listed(writable)}",
            {**seen, "cache-mode": kept(writable)},
            fix=fix(workflow, "Remove cache-mode, or set it to read or none"),
        )
    if any(job.opaque for job in open_jobs):
        # Where something was not read, this is not known, and the check goes no further.
        seen["uses"] = kept(workflow.opaque)
    seen["cache-mode"] = kept(job.cache_mode for job in open_jobs if job.cache_mode)
    return Passed("what strangers start may not write the cache", seen)


@check(
    "GHW207",
    "workflow-agent-closed",
    title="Anyone can instruct an AI agent with write access or secrets",
    severity=Severity.HIGH,
    since="0.1",
)
def workflow_agent_closed(
    workflow: Workflow, repository: Repository, token: WorkflowTokenPolicy | Unknown
) -> Verdict | Unknown:
    """No AI agent with rights obeys whoever opens an issue.

    ## Why
    An agent reads the issue and does what it says. In February 2026 an issue's title made the
    triage agent of Cline run a stranger's code beside the keys that publish.

    ## Fix
    Let only members start it, with an `if:` on `author_association`, and leave the action's own
    guard on. An agent for everybody gets no secret but its model's key in a job of its own, and a
    token that reads.

    ## Limits
    Knows agents by the names of their actions and commands. Any secret counts, the key of the model
    too. A job that asks in a step of its own who is speaking counts as open. People with write
    access can be made to start an agent on a stranger's text.
    """
    if repository.archived:
        return ARCHIVED
    agents = [f"{agent} in {job.name}" for job in workflow.jobs for agent in job.agents]
    seen: Seen = {"on": kept(workflow.events), "agents": kept(agents)}
    reached = [job for job in workflow.jobs if job.opens and job.obeys]
    held = [job for job in reached if job.writes or job.secrets]
    silent = [job for job in reached if job.writes is None]
    if silent and not held:
        if isinstance(token, Unknown):
            return token
        seen["default_workflow_permissions"] = token.default
        held = [] if token.default == "read" else silent
    if held:
        named = [f"{agent} in {job.name}" for job in held for agent in job.obeys]
        return Failed(
            f"anybody can start {listed(named)}, which holds a token that writes, or secrets",
            {**seen, "secrets": kept(name for job in held for name in job.secrets)},
            fix=fix(workflow, "Add an if: that lets only OWNER, MEMBER and COLLABORATOR start it"),
        )
    if any(job.opens and job.opaque for job in workflow.jobs):
        # Where something was not read, this is not known, and the check goes no further.
        seen["uses"] = kept(workflow.opaque)
    if not agents:
        return NotApplicable("no AI agent that is known by name", seen)
    return Passed("no stranger starts an agent that holds anything", seen)


CHECKS = (workflow_trigger_safe, workflow_agent_closed, cache_not_writable_by_strangers)
