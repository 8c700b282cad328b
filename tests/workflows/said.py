"""Reads workflow files as the collector does, for tests."""

from __future__ import annotations

from textwrap import dedent
from typing import Any

from hardenme.facts.github.workflow import Job
from hardenme.model.unknown import Unknown
from hardenme.workflows.reading import parsed, workflow_facts
from hardenme.workflows.source import WorkflowSource


def fields(text: str, owner: str = "hazel", **others: str) -> dict[str, Any]:
    """What one file says, with others of the repository beside it."""
    files = parsed({"this.yml": dedent(text)} | {f"{k}.yml": dedent(v) for k, v in others.items()})
    file = files["this.yml"]
    assert isinstance(file, WorkflowSource), file
    found = workflow_facts(file, owner, files)
    assert not isinstance(found, Unknown), found
    return found


def jobs(text: str, **others: str) -> list[Job]:
    """Its jobs."""
    return list(fields(text, **others)["jobs"])


def step(text: str, on: str = "pull_request_target", **keys: str) -> Job:
    """A job with one step, started by an event."""
    lines = dedent(text).strip().splitlines()
    body = "\n".join([f"      - {lines[0]}", *(f"        {line}" for line in lines[1:])])
    extra = "".join(f"    {key}: {value}\n" for key, value in keys.items())
    (job,) = jobs(f"on: {on}\njobs:\n  one:\n    runs-on: x\n{extra}    steps:\n{body}\n")
    return job


def refused(text: str) -> str:
    """Why a file is not read."""
    found = parsed({"this.yml": dedent(text)})["this.yml"]
    assert isinstance(found, Unknown), found
    return found.seen
