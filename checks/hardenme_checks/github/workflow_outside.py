"""Checks of what people without write access can start: triggers, caches and AI agents."""

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
    lines_of,
    listed,
    writing,
)

FORKS = frozenset({"pull_request_target", "workflow_run"})
"""Events of a fork's pull request that run with the repository's permissions."""
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
    """Outside pull requests and comments run no code with the repository's permissions.

    ## Why
    Code from a fork then runs with the repository's token and secrets, as at TanStack, spotbugs and
    PostHog.

    ## Fix
    Run the code under `pull_request`, which has no secrets and a read-only token. Otherwise limit
    the job to your own branches with `if: github.event.pull_request.head.repo.full_name ==
    github.repository`.

    ## Limits
    - Critical: a job fetches outside code, or names its commit or artifact, and installs, builds or
      runs something.
    - High: anyone can start a job that publishes.
    - Medium: only the version of actions/checkout refuses the code, or it can change after a
      member's comment.
    - Medium: the job has secrets, or a token that writes more than issues and pull requests.
    - Evaluates conditions as GitHub does, with what an outsider's run holds under each event.
    - Follows them through variables, outputs, inputs and matrices, and is unknown where it cannot.
    - A label or an environment does not count as protection.
    - A fork's pull request can start any workflow that `workflow_run` follows.
    - Whether an issue template's label starts a workflow is unknown.
    - Does not look into other people's actions. One that gets an outside commit is unknown.
    """
    if repository.archived:
        return ARCHIVED
    seen: Seen = {"on": kept(workflow.events)}
    if not workflow.outside:
        return Passed(
            "people without write access cannot start it with the repository's permissions", seen
        )
    verdict = _triggered(workflow, tuple(job for job in workflow.jobs if job.opens), token, seen)
    if isinstance(verdict, Passed):
        perhaps = tuple(job for job in workflow.jobs if job.opens or job.unsure)
        if not isinstance(_triggered(workflow, perhaps, token, {**seen}), Passed):
            # What the condition comes to decides this, and the check goes no further.
            seen["if"] = kept(workflow.unfollowed_guards)
    return verdict


def _triggered(
    workflow: Workflow,
    open_jobs: tuple[Job, ...],
    token: WorkflowTokenPolicy | Unknown,
    seen: Seen,
) -> Verdict | Unknown:
    """The verdict where people without write access can start these jobs."""
    worst = next(_brought(workflow, open_jobs, seen), None)
    if worst is not None:
        return worst
    reached = [job for job in open_jobs if FORKS & {*job.opens, *job.unsure}]
    writes = [scope for job in reached for scope in writing(job, beyond=LABELS)]
    secrets = [name for job in reached for name in job.secrets]
    silent = [job.name for job in reached if job.writes is None]
    if not (writes or secrets) and silent:
        if isinstance(token, Unknown):
            return token
        seen["default_workflow_permissions"] = token.default
        writes = [] if token.default == "read" else ["*"]
    if writes or secrets:
        held = [f"a token that can write {in_words(writes)}"] if writes else []
        held += [f"secrets ({in_words(secrets)})"] if secrets else []
        return Failed(
            f"a fork's pull request starts a job with {' and '.join(held)}",
            {**seen, "permissions": kept(writes), "secrets": kept(secrets)},
            fix=fix(
                workflow,
                "Give the job read permissions and no secrets, or use pull_request",
                lines_of(_holding(reached, beyond=LABELS)),
            ),
            severity=Severity.MEDIUM,
        )
    if open_jobs:
        # Where something was not followed, this is not known, and the check goes no further.
        seen["unfollowed"] = kept(workflow.unfollowed_code)
    if any(job.opaque for job in open_jobs):
        seen["uses"] = kept(workflow.opaque)
    return Passed(_harmless(open_jobs, reached), seen)


def _holding(jobs: list[Job], *, beyond: frozenset[str]) -> Iterator[tuple[Job, str]]:
    """What lets each job do something: its permissions beyond these, else its secrets."""
    for job in jobs:
        if writing(job, beyond=beyond):
            yield job, "permissions"
        yield from ((job, name) for name in job.secrets)
    yield from ((job, "permissions") for job in jobs if job.writes is None)


def _harmless(open_jobs: tuple[Job, ...], reached: list[Job]) -> str:
    """What holds for the jobs that anyone can start: no more than was looked at."""
    if not open_jobs:
        return "no job of it runs for people without write access"
    said = "jobs that anyone can start fetch no outside code and do not publish"
    if not reached:
        return said
    labels = any(LABELS & set(job.writes or ()) for job in reached)
    token = (
        "no token that writes more than issues and pull requests" if labels else "no write token"
    )
    return f"{said}; those that a fork's pull request starts have no secrets and {token}"


def _brought(workflow: Workflow, open_jobs: tuple[Job, ...], seen: Seen) -> Iterator[Failed]:
    """What is wrong with the jobs that anyone can start, the worst first."""
    ways = (
        (
            [(job, how) for job in open_jobs for how in job.fetches],
            "runs outside code with the repository's permissions",
            "Run the pull request's code under pull_request, without secrets",
            None,
        ),
        (
            [(job, how) for job in open_jobs for how in job.publishes],
            "anyone can start a job that publishes",
            "Start the release by a tag or by hand, not by issues or comments",
            Severity.HIGH,
        ),
        (
            [(job, how) for job in open_jobs for how in job.refused],
            "checks out a fork's code, and only the checkout's version refuses it",
            "Remove the ref: and repository: of the pull request from the checkout",
            Severity.MEDIUM,
        ),
        (
            [(job, how) for job in workflow.jobs for how in job.raced],
            "a member's comment starts it, but the code can change before it is fetched",
            "Have the comment name the reviewed commit, and check out that commit",
            Severity.MEDIUM,
        ),
    )
    for found, message, step, severity in ways:
        if found:
            jobs = [f"{job.name} ({how})" for job, how in found]
            yield Failed(
                f"{message}: {listed(jobs)}",
                {**seen, "jobs": kept(jobs)},
                fix=fix(workflow, step, lines_of(found)),
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
    """Jobs that anyone can start cannot write the repository's caches.

    ## Why
    Anyone can then put files into the cache that a release restores. Without `cache-mode: write`,
    GitHub makes such caches read-only.

    ## Fix
    Remove `cache-mode` from the workflow or the job, or set it to `read` or `none`.

    ## Limits
    - Reads `cache-mode` of the workflow, its jobs, and called workflows of the repository.
    """
    if repository.archived:
        return ARCHIVED
    seen: Seen = {"on": kept(workflow.events)}
    if not workflow.outside:
        return NotApplicable(
            "people without write access cannot start it with the repository's permissions", seen
        )
    open_jobs = [job for job in workflow.jobs if job.opens]
    writing_jobs = [job for job in open_jobs if job.cache_mode in WRITABLE]
    writable = [f"{job.name} ({job.cache_mode})" for job in writing_jobs]
    if writable:
        return Failed(
            f"anyone can start a job that can write the cache: {listed(writable)}",
            {**seen, "cache-mode": kept(writable)},
            fix=fix(
                workflow,
                "Remove cache-mode, or set it to read or none",
                lines_of((job, "cache-mode") for job in writing_jobs),
            ),
        )
    if any(job.unsure and job.cache_mode in WRITABLE for job in workflow.jobs):
        # What the condition comes to decides this, and the check goes no further.
        seen["if"] = kept(workflow.unfollowed_guards)
    if any(job.opaque for job in open_jobs):
        # Where something was not read, this is not known, and the check goes no further.
        seen["uses"] = kept(workflow.opaque)
    seen["cache-mode"] = kept(job.cache_mode for job in open_jobs if job.cache_mode)
    return Passed("jobs that anyone can start cannot write the cache", seen)


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
    """Only members can instruct an AI agent that has write access or secrets.

    ## Why
    An agent does what an issue says, and anyone can open one. At Cline in February 2026 an issue
    title was enough.

    ## Fix
    Add an `if:` on `author_association` that allows only members, and keep the action's own guard
    on. Give an agent for everyone its own job, with a read-only token and only the model's key.

    ## Limits
    - Recognizes agents by the names of their actions and commands.
    - Any secret counts, even the model's key.
    - A check of the author by a program in a step does not count.
    - A condition that the pull request is from the repository itself counts. GitHub lets only
      people with write access and members of the organization open such a pull request.
    - Writers can be tricked into starting an agent on someone else's text.
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
            f"anyone can start {listed(named)}, which has a write token or secrets",
            {**seen, "secrets": kept(name for job in held for name in job.secrets)},
            fix=fix(
                workflow,
                "Add an `if:` that allows only OWNER, MEMBER and COLLABORATOR to start it",
                lines_of((job, agent) for job in held for agent in job.obeys),
            ),
        )
    if any(job.unsure and job.obeys and (job.writes != () or job.secrets) for job in workflow.jobs):
        # What the condition comes to decides this, and the check goes no further.
        seen["if"] = kept(workflow.unfollowed_guards)
    if any((job.opens or job.unsure) and job.opaque for job in workflow.jobs):
        # Where something was not read, this is not known, and the check goes no further.
        seen["uses"] = kept(workflow.opaque)
    if not agents:
        return NotApplicable("no known AI agent", seen)
    return Passed("no one outside can start an agent that has a write token or secrets", seen)
