"""Where in a workflow file its keys, its jobs and what these name are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from hardenme.facts.github.workflow import LineRange
from hardenme.workflows.source import CACHE_MODE, WorkflowSource
from hardenme.workflows.steps import RunStep
from hardenme.workflows.yaml import PlacedMapping, line_of

PERMISSIONS = "permissions"
KEYS = (PERMISSIONS, CACHE_MODE)
"""Keys of a workflow or of a job of which a verdict names the place."""


def of_keys(lines: Mapping[str, int]) -> Iterator[LineRange]:
    """The places of the keys of a workflow or of a job, by the lines of all of its keys."""
    yield from (LineRange(key, lines[key], lines[key]) for key in KEYS if key in lines)


def of_job(source: WorkflowSource, key: str) -> LineRange:
    """The place of a job, from its key to its last line."""
    line = source.job_lines.get(key, 0)
    return LineRange(key, line, max(line, _end(source.jobs[key])))


def of_step(what: str, step: RunStep) -> LineRange:
    """The place of a step of the file, used for everything that it leads to."""
    line = line_of(step.outermost)
    return LineRange(what, line, max(line, _end(step.outermost)))


def at_key(what: str, holder: Mapping[str, Any], key: str) -> LineRange:
    """The place of a key, which is where something is named."""
    line = line_of(holder, key)
    return LineRange(what, line, line)


def _end(holder: Mapping[str, Any]) -> int:
    return holder.end if isinstance(holder, PlacedMapping) else 0
