"""Checks of workflows that publish: restored caches, and unpinned code next to secrets."""

from hardenme.facts.github.repository import Repository
from hardenme.facts.github.workflow import ALL, OTHER, RESTORES_NOTHING, Job, Workflow, WorkflowScan
from hardenme.model.check import check
from hardenme.model.evidence import Seen
from hardenme.model.secret_name import Likeness, npm_token_likeness
from hardenme.model.severity import Severity
from hardenme.model.verdict import Failed, NotApplicable, Passed, Verdict
from hardenme_checks.github.workflow_words import ARCHIVED, fix, kept, lines_of, listed

ANY_LEVEL = ("High", "Medium", "Low", "Informational", "Unknown")
IDENTITY = "id-token"


@check(
    "GHW205",
    "release-workflow-without-cache",
    title="Release workflow restores a cache",
    severity=Severity.MEDIUM,
    since="0.1",
)
def release_workflow_without_cache(
    workflow: Workflow, scan: WorkflowScan, repository: Repository
) -> Verdict:
    """A workflow that publishes restores no cache.

    ## Why
    Anyone who gets code into another workflow can change the cache, and with it the release. That
    happened at Ultralytics and TanStack.

    ## Fix
    Add `cache-mode: none` to the workflow. Otherwise remove cache steps and turn off caching in
    setup actions (`package-manager-cache: false`).

    ## Limits
    - Recognizes publishing by events, commands like `npm publish`, known actions and secrets.
    - Does not recognize other scripts that publish.
    - An action that is neither known to restore a cache nor known not to is unknown.
    """
    if repository.archived:
        return ARCHIVED
    signs = [*workflow.releases, *(sign for job in workflow.jobs for sign in job.publishes)]
    seen: Seen = {"on": kept(workflow.events), "publishes": kept(signs)}
    if not signs:
        return NotApplicable("it is not recognized as a workflow that publishes", seen)
    step = "Add cache-mode: none to the workflow that publishes"
    restoring = [job for job in workflow.jobs if job.cache_mode not in RESTORES_NOTHING]
    found = [(job, cache) for job in restoring for cache in job.caches]
    caches = [f"{cache} in {job.name}" for job, cache in found]
    if caches:
        return Failed(
            f"publishes ({listed(signs)}) and restores a cache: {listed(caches)}",
            {**seen, "caches": kept(caches)},
            fix=fix(workflow, step, lines_of(found)),
        )
    lines = scan.lines("cache-poisoning", severity=ANY_LEVEL) if restoring else []
    if lines:
        return Failed(
            f"publishes ({listed(signs)}), and line {lines[0]} may restore a cache",
            {**seen, "cache-poisoning": lines},
            fix=fix(workflow, step, lines),
        )
    if any(job.opaque for job in restoring):
        # Where something was not read, this is not known, and the check goes no further.
        seen["uses"] = kept(workflow.opaque)
    if any(job.may_restore for job in restoring):
        seen["caches"] = kept(workflow.unfollowed_caches)
    return Passed("publishes, and no step of it restores a cache", seen)


@check(
    "GHW206",
    "release-workflow-isolated",
    title="Unpinned code runs in a job that can publish",
    severity=Severity.HIGH,
    since="0.1",
)
def release_workflow_isolated(workflow: Workflow, repository: Repository) -> Verdict:
    """No unpinned outside code runs in a job that can publish.

    ## Why
    An action whose tag is moved can use the job's npm token or identity to publish as you.

    ## Fix
    Publish in a separate job that only downloads and publishes the build. Pin everything else in it
    to a commit, version or digest.

    ## Limits
    - Counts actions, and images of the job and its services.
    - Counts packages without a fixed version (`npx …@latest`, `npm install`, `pip install`) and
      `docker run` images without a digest.
    - Counts downloads that run without a compared digest or signature.
    - GHW201 counts actions from GitHub and the repository's owner.
    - Does not look into pinned actions or lock files.
    - A job can publish if it has `id-token: write`, an npm token's secret, or a publish command
      with any secret.
    - NPM_PROD and similar names are less certain, and less severe.
    """
    if repository.archived:
        return ARCHIVED
    holders = {job: can for job in workflow.jobs if (can := _can_publish(job))}
    seen: Seen = {"jobs": kept(job.name for job in holders)}
    if not holders:
        return NotApplicable("no job can publish", {"jobs": len(workflow.jobs)})
    unpinned = [(job, name) for job in holders for name in _changing(job)]
    if unpinned:
        named = [f"{name} in {job.name}" for job, name in unpinned]
        near = all(holders[job] is Likeness.NEAR for job, _ in unpinned)
        return Failed(
            f"unpinned code runs in a job that can publish: {listed(named)}",
            {**seen, "uses": kept(named)},
            fix=fix(
                workflow,
                "Remove these steps from the job, or pin each to a commit, version or digest",
                lines_of(unpinned),
            ),
            severity=Severity.MEDIUM if near else None,
        )
    if any(name.startswith((".", "$")) for job in holders for name in job.opaque):
        # Where something was not read, this is not known, and the check goes no further.
        seen["uses"] = kept(workflow.opaque)
    return Passed("no unpinned outside code runs in a job that can publish", seen)


def _changing(job: Job) -> list[str]:
    """What of others runs in a job and can change unseen."""
    uses = [use.reference for use in job.uses if use.origin == OTHER and not use.pinned]
    return [*uses, *job.loose]


def _can_publish(job: Job) -> Likeness:
    """How sure it is that a job holds what publishes."""
    if {IDENTITY, ALL} & set(job.writes or ()) or ALL in job.secrets:
        return Likeness.CERTAIN
    if job.publishes and job.secrets:
        return Likeness.CERTAIN
    return max(map(npm_token_likeness, job.secrets), default=Likeness.NONE)
