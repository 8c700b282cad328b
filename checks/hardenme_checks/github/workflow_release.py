"""Checks of workflows that publish: what they restore, and who stands beside the keys."""

from hardenme.facts.github.repository import Repository
from hardenme.facts.github.secret_name import Likeness, npm_token_likeness
from hardenme.facts.github.workflow import ALL, OTHER, RESTORES_NOTHING, Job, Workflow, WorkflowScan
from hardenme.model.check import check
from hardenme.model.evidence import Seen
from hardenme.model.severity import Severity
from hardenme.model.verdict import Failed, NotApplicable, Passed, Verdict
from hardenme_checks.github.workflow_words import ARCHIVED, fix, kept, listed

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
    A cache is written by other workflows of the repository. Who gets one of them to run their code
    leaves something in it, and the release builds with that: so malware was published from the
    pipelines of Ultralytics and of TanStack.

    ## Fix
    Add `cache-mode: none` to the workflow. Or leave out every cache step, and the cache of setup
    actions (`package-manager-cache: false` for actions/setup-node).

    ## Limits
    - Takes a workflow for one that publishes by its events, by commands like `npm publish`, by
      known actions and by secrets.
    - A script of the repository that publishes under another name is not recognized, and neither is
      a cache that an unknown action keeps.
    """
    if repository.archived:
        return ARCHIVED
    signs = [*workflow.releases, *(sign for job in workflow.jobs for sign in job.publishes)]
    seen: Seen = {"on": kept(workflow.events), "publishes": kept(signs)}
    if not signs:
        return NotApplicable("it publishes nothing that is recognized", seen)
    step = "Add cache-mode: none to the workflow that publishes"
    restoring = [job for job in workflow.jobs if job.cache_mode not in RESTORES_NOTHING]
    caches = [f"{cache} in {job.name}" for job in restoring for cache in job.caches]
    if caches:
        return Failed(
            f"publishes ({listed(signs)}) with a cache: {listed(caches)}",
            {**seen, "caches": kept(caches)},
            fix=fix(workflow, step),
        )
    lines = scan.lines("cache-poisoning", severity=ANY_LEVEL) if restoring else []
    if lines:
        return Failed(
            f"publishes ({listed(signs)}), and line {lines[0]} may restore a cache",
            {**seen, "cache-poisoning": lines},
            fix=fix(workflow, step),
        )
    if any(job.opaque for job in restoring):
        # Where something was not read, this is not known, and the check goes no further.
        seen["uses"] = kept(workflow.opaque)
    return Passed("publishes without a cache", seen)


@check(
    "GHW206",
    "release-workflow-isolated",
    title="Unpinned code runs in a job that can publish",
    severity=Severity.HIGH,
    since="0.1",
)
def release_workflow_isolated(workflow: Workflow, repository: Repository) -> Verdict:
    """No action of others that can change runs in the job that can publish.

    ## Why
    Every step of a job can read what the job holds: a token of npm, or the right to ask for one
    with `id-token: write`. An action whose tag is moved takes it, and publishes as you.

    ## Fix
    Publish in a job of its own that only fetches what was built and publishes it. Name whatever
    else must be in there by a commit, not by a tag.

    ## Limits
    - Counts actions, images of the job and its services, and packages that a script fetches in
      whichever version there is (`npx …@latest`, `npm install` or `pip install` without a version).
    - Counts images of `docker run` without a digest, and addresses that are piped into a shell, or
      kept in a file and run without a digest or signature that is compared.
    - Actions of GitHub and of the repository's own owner are counted by GHW201.
    - Does not look into actions that are pinned, nor into what a lock file installs.
    - Goes by the words in names of secrets, by `id-token: write`, and by secrets of a job that
      publishes. A name that is only near, such as NPM_PROD, weighs less.
    """
    if repository.archived:
        return ARCHIVED
    holders = {job: can for job in workflow.jobs if (can := _can_publish(job))}
    seen: Seen = {"jobs": kept(job.name for job in holders)}
    if not holders:
        return NotApplicable("no job can publish", {"jobs": len(workflow.jobs)})
    found = [(job, name) for job in holders for name in _changing(job)]
    if found:
        strangers = [f"{name} in {job.name}" for job, name in found]
        near = all(holders[job] is Likeness.NEAR for job, _ in found)
        return Failed(
            f"beside the right to publish runs what can change unseen: {listed(strangers)}",
            {**seen, "uses": kept(strangers)},
            fix=fix(workflow, "Take these steps out of the job, or name each by a commit"),
            severity=Severity.MEDIUM if near else None,
        )
    if any(name.startswith((".", "$")) for job in holders for name in job.opaque):
        # Where something was not read, this is not known, and the check goes no further.
        seen["uses"] = kept(workflow.opaque)
    return Passed("beside the right to publish runs nothing of others that can change", seen)


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


CHECKS = (release_workflow_without_cache, release_workflow_isolated)
