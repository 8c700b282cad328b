"""Problems of a workflow that publishes: who can start it, and what it contains."""

from __future__ import annotations

from collections.abc import Iterable

from hardenme.derive.publishing.criterion import Criterion
from hardenme.facts.github.workflow import ALL, OTHER, RESTORES_NOTHING, Job, Workflow
from hardenme.model.known import field

IDENTITY = "id-token"
SHOWN = 3
"""How many things of one kind a sentence names."""
BY_A_CLICK = frozenset({"fork", "watch"})
"""Events of anyone who forks a repository or gives it a star: they bring nothing along, and start a
release all the same."""


def few(names: Iterable[str]) -> str:
    """A few of these, in words."""
    every = list(dict.fromkeys(names))
    more = f" and {len(every) - SHOWN} more" if len(every) > SHOWN else ""
    return ", ".join(every[:SHOWN]) + more


def reasons_text(reasons: Iterable[str]) -> str:
    """A few reasons, each of which may hold a comma."""
    every = list(dict.fromkeys(reasons))
    more = f"; and {len(every) - SHOWN} more" if len(every) > SHOWN else ""
    return "; ".join(every[:SHOWN]) + more


def judge(workflow: Workflow, leg: Criterion) -> bool:
    """Add all problems of a workflow to `leg`; returns whether outsiders reach what it builds.

    An outsider reaches it by an event that runs with the repository's rights, or through a cache.
    Any other workflow of the repository may have filled that.
    """
    file = workflow.label
    outside = tuple(leg.each(field(workflow, "outside")))
    clicks = [event for event in leg.each(field(workflow, "events")) if event in BY_A_CLICK]
    if outside or clicks:
        started = few((*outside, *clicks))
        leg.against.append(f"people without write access can start {file} ({started})")
    injections = tuple(leg.each(field(workflow, "injections")))
    if injections:
        leg.against.append(f"{file} puts text from outsiders into a script")
    jobs: tuple[Job, ...] = tuple(leg.each(field(workflow, "jobs")))
    restoring = [job for job in jobs if job.cache_mode not in RESTORES_NOTHING]
    caches = [f"{cache} in {job.name}" for job in restoring for cache in job.caches]
    if caches:
        leg.against.append(f"{file} restores a cache ({few(caches)})")
    loose = [
        f"{use.reference} in {job.name}"
        for job in jobs
        for use in job.uses
        if use.origin == OTHER and not use.pinned
    ]
    loose += [f"{command} in {job.name}" for job in jobs for command in job.loose]
    if loose:
        leg.against.append(f"{file} uses code that can change unseen ({few(loose)})")
    agents = [f"{agent} in {job.name}" for job in jobs for agent in job.obeys]
    if agents:
        leg.against.append(f"{file} lets anyone start an AI agent ({few(agents)})")
    if jobs:
        leg.against.extend(_identity(file, jobs))
    unseen = ["unfollowed_caches"] if any(job.may_restore for job in restoring) else []
    for name in ("opaque", "unfollowed_text", *unseen):
        unread = field(workflow, name)
        leg.unread.extend([unread] if not isinstance(unread, tuple) else [])
    return bool(outside or caches)


def _identity(file: str, jobs: tuple[Job, ...]) -> Iterable[str]:
    """What is wrong with who holds the identity token, by which npm knows the workflow."""
    names = [job.name for job in jobs]
    holders = [
        job
        for job in jobs
        # What calls a file of the repository holds nothing but what the jobs in there hold.
        if {IDENTITY, ALL} & set(job.writes or ())
        and not any(name.startswith(f"{job.name} / ") for name in names)
    ]
    if not holders:
        yield f"no job of {file} may request an ID token, so it cannot publish"
    if len(holders) > 1:
        idle = [job.name for job in holders if not job.publishes]
        if idle:
            yield f"{few(idle)} in {file} holds id-token: write, and does not appear to publish"
