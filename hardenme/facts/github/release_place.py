"""From which workflow, and in which environment, a repository is likely to release.

For suggestions only: a command that sets up a trusted publisher has to name both.
"""

from __future__ import annotations

from collections.abc import Iterable

from hardenme.facts.github.environments import Environment
from hardenme.facts.github.workflow import Job, Workflow
from hardenme.model.known import field
from hardenme.model.secret_name import names_publish_environment

NPM_SIGNS = ("npm publish", "npm stage", "pnpm publish", "yarn publish", "bun publish")
"""Names that suggest that a job publishes an npm package."""


def publishing_file(workflows: Iterable[Workflow]) -> str:
    """The one workflow that publishes to npm, as far as its commands show; empty for none or many.

    Args:
        workflows: those of one repository that are known.
    """
    found = {
        workflow.label
        for workflow in workflows
        for job in jobs_of(workflow)
        if any(sign.startswith(NPM_SIGNS) for sign in job.publishes)
    }
    return found.pop() if len(found) == 1 else ""


def publishing_environment(environments: Iterable[Environment]) -> str:
    """The first environment by name that is named like one that publishes; empty for none.

    Args:
        environments: those of one repository that are known.
    """
    names = (field(one, "name") for one in environments)
    there = sorted(name for name in names if isinstance(name, str))
    return next(filter(names_publish_environment, there), "")


def jobs_of(workflow: Workflow) -> tuple[Job, ...]:
    """The jobs of a workflow; none where they are not known."""
    jobs = field(workflow, "jobs")
    return jobs if isinstance(jobs, tuple) else ()
