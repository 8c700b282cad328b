"""Checks of what people without write access can start: a workflow's triggers and its AI agents."""

from hardenme.facts.github.actions import WorkflowTokenPolicy
from hardenme.facts.github.repository import Repository
from hardenme.facts.github.workflow import Workflow
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
COMMENTED = "issue_comment"


@check("GHW202", "workflow-trigger-safe", severity=Severity.CRITICAL, since="0.1")
def workflow_trigger_safe(
    workflow: Workflow, repository: Repository, token: WorkflowTokenPolicy | Unknown
) -> Verdict | Unknown:
    """No stranger's pull request runs its code with the repository's rights.

    ## Why
    `pull_request_target` and `workflow_run` run with the repository's token, secrets and caches,
    also for a pull request from a fork. Once such a job fetches that code, a test or an install
    script of it is enough. TanStack, spotbugs and PostHog were taken like this.

    ## Fix
    Run the code under `pull_request`, which has neither secrets nor a token that writes. Keep
    `pull_request_target` for labels and comments, or add
    `if: github.event.pull_request.head.repo.full_name == github.repository`.

    ## Limits
    Critical where the code is fetched, by checkout or by git, also for a comment on a pull request.
    Medium where such a trigger only holds secrets or a token that writes more than issues and pull
    requests: a labeler passes. Knows conditions on the author, the event and the fork; one that
    rests on another job's result, a label or an environment's reviewers counts as open. Does not
    look into other people's actions. Newer versions of actions/checkout refuse by themselves.
    """
    if repository.archived:
        return ARCHIVED
    triggers = [event for event in workflow.outside if event in FORKS]
    seen: Seen = {"on": kept(workflow.events)}
    if not triggers and COMMENTED not in workflow.outside:
        return Passed("no event brings code from outside", seen)
    open_jobs = [job for job in workflow.jobs if {*FORKS, COMMENTED} & set(job.opens)]
    fetched = [f"{job.name} ({how})" for job in open_jobs for how in job.fetches]
    if fetched:
        return Failed(
            f"runs a stranger's code with the repository's rights: {listed(fetched)}",
            {**seen, "jobs": kept(fetched)},
            fix=fix(workflow, "Run the pull request's code under pull_request, without secrets"),
        )
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
    if any(job.opaque for job in open_jobs):
        # Where something was not read, this is not known, and the check goes no further.
        seen["uses"] = kept(workflow.opaque)
    return Passed("what strangers start fetches no code of theirs and holds nothing", seen)


@check("GHW207", "workflow-agent-closed", severity=Severity.HIGH, since="0.1")
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


CHECKS = (workflow_trigger_safe, workflow_agent_closed)
