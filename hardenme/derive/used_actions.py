"""The actions of others that the workflows of a repository use: what a selection has to allow."""

from __future__ import annotations

from typing import Any

from hardenme.facts.github.repository import Repository
from hardenme.facts.github.selected_actions import UsedActions
from hardenme.facts.github.workflow import OTHER, Workflow
from hardenme.model.fact import Every
from hardenme.model.known import field
from hardenme.model.maybe import first_unknown

DOCKER = "docker://"


def used_actions(repository: Repository, workflows: Every[Workflow]) -> UsedActions:
    """What the workflows of the default branch use, as the patterns that allow it at any version.

    A reusable workflow elsewhere uses actions of its own, which a selection has to allow too. So
    where one is not read, the patterns are not known.
    """
    jobs: list[Any] = [field(one, "jobs") for one in workflows.facts]
    unread = [field(one, "opaque") for one in workflows.facts]
    missing = first_unknown((workflows.missing, *jobs, *unread))
    return UsedActions(
        **repository.placed(repository.subject),
        patterns=missing or _patterns(job for found in jobs for job in found),
    )


def _patterns(jobs: Any) -> tuple[str, ...]:
    names = {
        use.reference.partition("@")[0]
        for job in jobs
        for use in job.uses
        if use.origin == OTHER and not use.image and not use.reference.startswith(DOCKER)
    }
    return tuple(f"{name}@*" for name in sorted(names, key=str.lower))
