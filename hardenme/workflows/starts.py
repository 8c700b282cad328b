"""By the push of which branches the jobs of a workflow file start that publish."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any

from hardenme.facts.github.branch_names import BranchNames, BranchStart
from hardenme.facts.github.workflow import ALL, Job
from hardenme.ground.errors import ContentError
from hardenme.model.secret_name import names_npm_token
from hardenme.workflows import known, scripts
from hardenme.workflows.branches import (
    CREATE,
    HOLDS,
    NEVER,
    PUSH,
    RUN,
    UNSURE,
    Region,
    region,
)
from hardenme.workflows.conditions import survives_skipping
from hardenme.workflows.expressions import OPEN, secrets
from hardenme.workflows.flow import FileFlow
from hardenme.workflows.source import CALLED, WorkflowSource
from hardenme.workflows.steps import RunStep
from hardenme.workflows.yaml import line_of

KEPT, LEFT_OUT = "branches", "branches-ignore"
SWITCHES = ("push", "publish")
"""Inputs of actions that say whether they publish, by a condition perhaps."""
OF_TAGS = frozenset({"tags", "tags-ignore"})
IDENTITY = "id-token"
OF_THE_RUN = re.compile(
    r"workflow_run\s*\.\s*(?:head_|id\b|artifacts_url|pull_requests)"
    r"|download-artifact|run\s+download"
)
"""How a job takes what the run before it built, or the commit that it was of. Without that it
publishes the default branch, whichever branch that run was of."""
ONLY_PUSHED = frozenset({PUSH, "schedule"})
"""Events that start a run only for branches that are pushed."""


@dataclass(frozen=True, slots=True)
class PushStart:
    """An event that the push of a branch brings about, with the branches that its settings let in.

    Attributes:
        event: its name.
        names: what their names have to be among, each of them; none for any name.
        sure: whether each of them starts the file.
        line: the one of the file that lets them in.
    """

    event: str
    names: tuple[BranchNames, ...] = ()
    sure: bool = True
    line: int = 0


def ways(
    file: WorkflowSource, others: Mapping[str, WorkflowSource | None]
) -> tuple[PushStart, ...]:
    """How the push of a branch starts a file.

    Args:
        others: the repository's workflow files by name; None for one that was not read.

    Raises:
        StoredError: the settings of an event have an unknown format.
    """
    found = []
    if PUSH in file.events and (names := _pushed(file.events[PUSH])) is not None:
        found.append(PushStart(PUSH, names))
    if CREATE in file.events:
        found.append(PushStart(CREATE))
    called = (item for item in others.values() if item is not None and CALLED in item.events)
    texts = chain.from_iterable(map(_texts, (file, *called)))
    if RUN in file.events and any(map(OF_THE_RUN.search, texts)):
        found.append(_after(file.events[RUN], others))
    return tuple(replace(way, line=_line(file, way.event)) for way in found)


def _line(file: WorkflowSource, event: str) -> int:
    """The line of an event's branches, else of what it is an event of."""
    return line_of(file.events[event], KEPT) or file.lines.get("on", 0)


def starts(file: FileFlow, found: Iterable[Job], by: Iterable[PushStart]) -> Iterator[BranchStart]:
    """The branches of which a push starts each job that publishes, or that may.

    Args:
        file: the file that is started.
        found: its jobs, in the order in which `jobs` gives them.
        by: how it is started.
    """
    jobs = list(found)
    for way in by:
        named = iter(jobs)
        for job, when in _Conditions(way.event).of(file, HOLDS, named):
            for where, publishes in when:
                if not where.empty:
                    sure = way.sure and where.sure and publishes
                    names = tuple(dict.fromkeys((*way.names, *where.names)))
                    yield BranchStart(job.name, names, sure, way.line)


def _pushed(settings: Any) -> tuple[BranchNames, ...] | None:
    """The branches that `on.push` lets in; None if it is for tags alone."""
    names = _filtered(settings)
    if not names and isinstance(settings, dict) and OF_TAGS & settings.keys():
        return None
    return names


def _after(settings: Any, others: Mapping[str, WorkflowSource | None]) -> PushStart:
    """The branches of runs that `on.workflow_run` lets in."""
    names = _filtered(settings)
    before = settings.get("workflows") if isinstance(settings, dict) else None
    wanted = [before] if isinstance(before, str) else before
    if not isinstance(wanted, list):
        return PushStart(RUN, names, sure=False)
    read = [item for item in others.values() if item is not None]
    sources = [item for item in read if {item.name, item.path} & {str(name) for name in wanted}]
    if len(sources) != len(wanted):
        return PushStart(RUN, names, sure=False)
    if len(sources) == 1 and ONLY_PUSHED.issuperset(sources[0].events):
        pushed = _pushed(sources[0].events.get(PUSH, {"tags": []}))
        return PushStart(RUN, (*names, *(pushed or (() if pushed == () else NEVER.names))))
    return PushStart(RUN, names)


def _filtered(settings: Any) -> tuple[BranchNames, ...]:
    if settings is None or settings == "":
        return ()
    if not isinstance(settings, dict):
        raise ContentError("the settings of an event have an unknown format")
    if {KEPT, LEFT_OUT} <= settings.keys():
        raise ContentError(f"an event has both `{KEPT}` and `{LEFT_OUT}`")
    if KEPT in settings:
        patterns = _patterns(settings[KEPT])
        if all(pattern.startswith("!") for pattern in patterns):
            raise ContentError(f"`{KEPT}` names no branch")
        return (BranchNames(patterns),)
    if LEFT_OUT in settings:
        patterns = _patterns(settings[LEFT_OUT])
        if any(pattern.startswith("!") for pattern in patterns):
            raise ContentError(f"`{LEFT_OUT}` has an unknown format")
        return (BranchNames(("**", *(f"!{pattern}" for pattern in patterns))),)
    return ()


def _patterns(value: Any) -> tuple[str, ...]:
    named = [value] if isinstance(value, str) else value
    if not isinstance(named, list) or not named:
        raise ContentError("the branches of an event have an unknown format")
    if not all(isinstance(item, str) and item and "${{" not in item for item in named):
        raise ContentError("the branches of an event have an unknown format")
    return tuple(named)


def _texts(file: WorkflowSource) -> Iterator[str]:
    """The strings of a file but for its conditions."""
    waiting: list[Any] = [file.env, *file.jobs.values()]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting += [inner for key, inner in value.items() if key != "if"]
        elif isinstance(value, list):
            waiting += value
        elif isinstance(value, str):
            yield value


@dataclass(frozen=True, slots=True)
class _Conditions:
    """For which branches the jobs run after an event."""

    event: str
    known: dict[tuple[int, str], Region] = field(default_factory=dict)

    def of(
        self, file: FileFlow, above: Region, jobs: Iterator[Job]
    ) -> Iterator[tuple[Job, list[tuple[Region, bool]]]]:
        """Each job, with the branches for which it publishes, and whether it does for sure."""
        for key in file.source.jobs:
            job = next(jobs)
            own = above & self._job(file, key, ())
            callee = file.callee(key)
            yield job, [] if callee is not None else list(self._sites(file, key, job, own))
            if callee is not None:
                yield from self.of(callee, own, jobs)

    def _job(self, file: FileFlow, key: str, dependents: tuple[str, ...]) -> Region:
        """The branches for which a job runs, by its condition and by those of what it needs."""
        place = (id(file), key)
        if place not in self.known:
            raw = file.source.jobs[key]
            found = region([raw.get("if")], self.event)
            if not survives_skipping(raw.get("if")):
                needs = raw.get("needs")
                for need in [needs] if isinstance(needs, str) else needs or ():
                    if not isinstance(need, str) or need in {key, *dependents}:
                        continue
                    if need in file.source.jobs:
                        found &= self._job(file, need, (*dependents, key))
            self.known[place] = found
        return self.known[place]

    def _sites(
        self, file: FileFlow, key: str, job: Job, own: Region
    ) -> Iterator[tuple[Region, bool]]:
        if job.publishes:
            steps = [view.step for view in file.job(key).views]
            found = [own & self._step(step) for step in steps if _does(step)]
            for where in dict.fromkeys(found or [own]):
                yield where, True
        if job.opaque and (job.secrets or {IDENTITY, ALL} & set(job.writes or ())):
            yield own & UNSURE, False

    def _step(self, step: RunStep) -> Region:
        """The branches for which a step publishes."""
        switches = (step.inputs.get(name, "") for name in SWITCHES)
        given = [value for value in switches if value.startswith(OPEN)]
        return region([*step.conditions, *given], self.event)


def _does(step: RunStep) -> bool:
    """Whether a step publishes, or is given what publishes."""
    return (
        known.publishes(step.action, step.inputs)
        or any(scripts.published(step.script))
        or any(map(names_npm_token, secrets(step.raw)))
    )
