"""Reads which workflows are disabled, in repositories with a workflow that publishes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hardenme.collectors.answer import nothing
from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.github.client import GitHub
from hardenme.collectors.github.declared import list_of
from hardenme.collectors.price import Per, Price
from hardenme.collectors.protocol import Collector
from hardenme.facts.github.release_job import ReleaseWorkflow
from hardenme.facts.github.repository import Repository
from hardenme.facts.github.workflow_state import WorkflowState
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown

NO_RELEASE = Unknown(Reason.NOT_ASKED, "a workflow that publishes to npm")


def states(github: GitHub, scope: Subject, store: FactStore) -> Iterator[Answer[Any]]:
    """GET /repos/{owner}/{repo}/actions/workflows, unless surely no workflow publishes."""
    files = store.get(ReleaseWorkflow, scope)
    if files is not None and files.missing is None and not any(map(_may_publish, files.facts)):
        yield nothing(WorkflowState, scope, NO_RELEASE)
        return
    yield list_of(github, WorkflowState, scope)


def _may_publish(workflow: ReleaseWorkflow) -> bool:
    """Whether a workflow has a job that publishes, or its jobs were not read."""
    return "jobs" in workflow.unknown_fields() or bool(workflow.jobs)


COLLECTORS = (
    Collector(
        "states of workflows",
        (WorkflowState,),
        states,
        of=(Repository,),
        priced=(Price(Per.REPOSITORY, at_most=True),),
    ),
)
