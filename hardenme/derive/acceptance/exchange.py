"""E: whether a live trusted publisher matches the identity token."""

from __future__ import annotations

from hardenme.derive.acceptance import evidence
from hardenme.derive.acceptance.attempt import Attempt, Obstacle, RowResult, Unsettled
from hardenme.derive.acceptance.packages import signs
from hardenme.derive.acceptance.row import ABSENT, PUBLISHER, WORKFLOW, CauseRow
from hardenme.facts.github.named import GONE, OWNER_GONE, RENAMED
from hardenme.facts.github.release_job import COMPUTED, ReleaseWorkflow
from hardenme.facts.npm.publishing import GITHUB
from hardenme.model.unknown import NotKnownError

ENTRY = frozenset({"workflow_call"})


def publishers_read(attempt: Attempt) -> RowResult:
    """The list of trusted publishers was read."""
    _ = attempt.publisher
    return None


def one_is_set_up(attempt: Attempt) -> RowResult:
    """There is a trusted publisher."""
    if attempt.publishers.facts:
        return None
    if attempt.publishers.missing is not None:
        raise NotKnownError(attempt.publishers.missing)
    return Obstacle(
        f"{attempt.package} has no trusted publisher",
        "Add the release workflow as a trusted publisher on npm",
    )


def _on_github(attempt: Attempt) -> bool:
    return bool(attempt.publisher.provider == GITHUB)


def repository_named(attempt: Attempt) -> RowResult:
    """The publisher names the repository as GitHub writes it."""
    if not _on_github(attempt):
        return None
    named = attempt.publisher.repository
    state = attempt.part("named")
    try:
        state = attempt.named.state
    except NotKnownError:
        state = None
    if state in {GONE, OWNER_GONE}:
        return Obstacle(
            f"the publisher names {named}, which does not exist",
            "Add a trusted publisher for the repository that releases the package",
        )
    if state == RENAMED:
        return None
    full_name = attempt.repository.full_name
    if full_name == named:
        return None
    return Obstacle(
        f"the publisher names {named}, the repository is {full_name} (404)",
        f"Add a trusted publisher for {full_name}, release once, then remove this one",
    )


def repository_kept_name(attempt: Attempt) -> RowResult:
    """The repository was not renamed or moved."""
    if not _on_github(attempt):
        return None
    named = attempt.publisher.repository
    try:
        if attempt.repository.full_name == named:
            return None
    except NotKnownError:
        pass
    if attempt.named.state != RENAMED:
        return None
    return Obstacle(
        f"the publisher names {named}, which is {attempt.named.current} today (404)",
        f"Add a trusted publisher for {attempt.named.current}, and release within 48 hours",
    )


def file_named(attempt: Attempt) -> RowResult:
    """The publisher names a workflow file that is there."""
    if not _on_github(attempt):
        return None
    file = attempt.publisher.workflow
    if not file or any(one.file == file for one in attempt.workflows.facts):
        return None
    files = list(attempt.workflows)
    releasing = [one.file for one in files if _publishes(one)]
    name = attempt.publisher.repository
    if not releasing:
        return Obstacle(
            f"the publisher names {file}, which is not on the default branch of {name}",
            f"Add {file} to the default branch of {name}",
        )
    return Obstacle(
        f"the publisher names {file}, the workflow is {releasing[0]} (404)",
        f"Add a trusted publisher for {releasing[0]}, release once, then remove this one",
    )


def _publishes(workflow: ReleaseWorkflow) -> bool:
    try:
        return bool(workflow.jobs) and bool({one.event for one in workflow.triggers} - ENTRY)
    except NotKnownError:
        return False


def entry_named(attempt: Attempt) -> RowResult:
    """The publisher names the workflow that starts, not one that it calls."""
    if not _on_github(attempt) or attempt.triggers:
        return None
    file = attempt.workflow.file
    return Obstacle(
        f"the publisher names {file}, which other workflows call: npm compares the one that starts",
        "Add a trusted publisher for the workflow that starts",
    )


def publisher_live(attempt: Attempt) -> RowResult:
    """A publish proved the publisher within 48 hours, so that it has not expired."""
    if evidence.proven(attempt):
        return None
    return Unsettled(
        "whether npm's site shows this trusted publisher as expired: no release through it was seen"
    )


def environment_named(attempt: Attempt) -> RowResult:
    """The publishing job names the environment of the publisher."""
    wanted = attempt.publisher.environment
    if wanted is None:
        return None
    given = attempt.job.environment
    if given == wanted:
        return None
    if COMPUTED in given or given.casefold() == wanted.casefold():
        return Unsettled(f"whether {given} is the environment {wanted} in the run")
    said = f"runs in {given}" if given else "names no environment"
    return Obstacle(
        f"the publisher names the environment {wanted}, the job {attempt.job.name} {said} (404)",
        f'Add "environment: {wanted}" to {attempt.job.name} in {attempt.workflow.file}',
    )


def environment_unnamed(attempt: Attempt) -> RowResult:
    """A publisher without an environment takes a job with one."""
    if attempt.publisher.environment is not None or not attempt.job.environment:
        return None
    if evidence.same_way(attempt):
        return None
    return Unsettled(
        "whether npm takes a job with an environment where the publisher names none: name"
        f" {attempt.job.environment} in the publisher"
    )


def runner_supported(attempt: Attempt) -> RowResult:
    """The runner is GitHub's, also if no provenance is made."""
    if attempt.hosted or signs(attempt):
        return None
    if evidence.same_way(attempt):
        return None
    return Unsettled("whether npm takes identity tokens of self-hosted runners")


def provider_read(attempt: Attempt) -> RowResult:
    """The provider is GitHub, of which workflows are read."""
    if _on_github(attempt):
        return None
    return Unsettled(
        f"the release job of {attempt.publisher.provider}, which hardenme does not read"
    )


ROWS = (
    CauseRow("E1", "The list of trusted publishers was read", PUBLISHER, publishers_read),
    CauseRow("E2", "The package has a trusted publisher", PUBLISHER, one_is_set_up),
    CauseRow(
        "E3", "The publisher names the repository, letter by letter", PUBLISHER, repository_named
    ),
    CauseRow("E4", "The repository was not renamed", PUBLISHER, repository_kept_name),
    CauseRow("E5", "The publisher names an existing workflow file", PUBLISHER, file_named),
    CauseRow("E6", "The publisher names the workflow that starts", PUBLISHER, entry_named),
    CauseRow("E7", "The publisher has not expired", PUBLISHER, publisher_live),
    CauseRow("E8", "The job names the publisher's environment", PUBLISHER, environment_named),
    CauseRow("E9", "A publisher without environment takes the job", PUBLISHER, environment_unnamed),
    CauseRow("E10", "npm takes the runner", PUBLISHER, runner_supported),
    CauseRow(
        "E11",
        "The issuer of identity tokens is GitHub.com's own",
        PUBLISHER,
        unseen="the issuer that an enterprise sets for identity tokens",
    ),
    CauseRow(
        "E12",
        "npm takes immutable subjects",
        PUBLISHER,
        unseen="whether identity tokens have an immutable subject",
    ),
    CauseRow(
        "E13",
        "npm takes custom subjects",
        PUBLISHER,
        unseen="whether identity tokens have a subject of their own form",
    ),
    CauseRow(
        "E14",
        "The package exists",
        PUBLISHER,
        outside=ABSENT,
    ),
    CauseRow(
        "E15",
        "Each package of the run has its own publisher",
        WORKFLOW,
        outside="Each package is judged by itself.",
    ),
    CauseRow(
        "E16",
        "GitHub's endpoint of identity tokens answers",
        PUBLISHER,
        unseen="outages of GitHub's identity tokens",
    ),
    CauseRow("E17", "The job of another provider asks for the token", PUBLISHER, provider_read),
)
