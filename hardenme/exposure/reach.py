"""What the jobs of a run could reach, what can publish first."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from hardenme.exposure.jobs import ExpandedJob
from hardenme.facts.github.workflow import ALL
from hardenme.model.exposure import ExecutedStep, ExposureGrade, ExposureRow, ExposureSign
from hardenme.model.reached import OF_ENVIRONMENT, TOKEN, WRITES_ALL
from hardenme.model.text import visible
from hardenme.workflows.expressions import strings
from hardenme.workflows.known import publishes
from hardenme.workflows.scripts import published
from hardenme.workflows.source import permissions, text_of

SECRET = re.compile(r"secrets\s*(?:\.\s*([A-Za-z_]\w*)|\[\s*'([A-Za-z_]\w*)'\s*\])")
EVERY_SECRET = re.compile(r"toJSON\s*\(\s*secrets\s*\)|secrets\s*\[\s*[^'\s]", re.IGNORECASE)
NOT_OWN = "a machine that is not of GitHub's own group may keep what earlier jobs left"
SELF_HOSTED = "a self-hosted machine, with all that is on it"
PUBLISHING = "a job that publishes: look at each version since then"
NOT_KNOWN = "what a workflow that was not read could reach: take it for all secrets"
"""In place of what a job could reach, where nothing shows it."""
STAYS = "what it wrote stays"
OF_OIDC = "id-token"
OIDC = "OIDC tokens (id-token: write): every publisher and role that trusts it"


def reach(jobs: Sequence[ExpandedJob]) -> list[str]:
    """What jobs could reach, what can publish first."""
    first: dict[str, None] = {}
    then: dict[str, None] = {}
    for job in jobs:
        texts = list(strings([job.raw, job.workflow.env, [step.raw for step in job.steps]]))
        if {ALL, OF_OIDC} & set(_writes(job) or ()):
            first[OIDC] = None
        for step in job.steps:
            if publishes(step.action, step.inputs) or any(published(step.script)):
                first[PUBLISHING] = None
        if job.raw.get("secrets") == "inherit" or any(map(EVERY_SECRET.search, texts)):
            first["all secrets of the repository and organization"] = None
        for text in texts:
            for one, other in SECRET.findall(text):
                then[f"secret {one or other}"] = None
        if name := environment(job):
            then[f"{OF_ENVIRONMENT}{name}"] = None
        if "self-hosted" in " ".join(strings([job.raw.get("runs-on")])):
            then[SELF_HOSTED] = None
    tokens = dict.fromkeys(map(_token, jobs)) or {_token(None): None}
    return [*first, *then, *tokens]


def _token(job: ExpandedJob | None) -> str:
    """The token of a job with what it can write; a job has one whether it names it or not."""
    writes = None if job is None else _writes(job)
    if writes is None:
        return f"{TOKEN}, with the default rights of the repository: {STAYS}"
    if ALL in writes:
        return f"{TOKEN}, which can {WRITES_ALL}: {STAYS}"
    named = [one for one in writes if one != OF_OIDC]
    if not named:
        return f"{TOKEN}, which can only read"
    return f"{TOKEN}, which can write {', '.join(named)}: {STAYS}"


def with_machines(row: ExposureRow, steps: Sequence[ExecutedStep]) -> ExposureRow:
    """A row with the machines that were not of GitHub's own group, whatever label they had."""
    jobs = {one.job: one.machine for one in steps if one.machine}
    if not jobs:
        return row
    signs = tuple(
        ExposureSign(ExposureGrade.UNKNOWN, f"{NOT_OWN}: job {job}, group {visible(group)}")
        for job, group in jobs.items()
    )
    return replace(
        row,
        signs=tuple(dict.fromkeys([*row.signs, *signs])),
        reach=tuple(dict.fromkeys([*row.reach, SELF_HOSTED])),
    )


def environment(job: ExpandedJob) -> str:
    """The environment that a job names; empty for none."""
    named = job.raw.get("environment")
    return text_of(named, "name") if isinstance(named, dict) else text_of(job.raw, "environment")


def _writes(job: ExpandedJob) -> tuple[str, ...] | None:
    """The scopes that a job may write: its own, or those of callers; None if no file says any."""
    given = permissions(job.raw)
    if given is None:
        given = job.workflow.writes
    if given is None and job.callers:
        return _writes(job.callers[-1])
    return given
