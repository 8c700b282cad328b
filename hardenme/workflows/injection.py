"""Where text that outsiders choose gets into a script."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from hardenme.facts.github.workflow import LineRange
from hardenme.workflows import known
from hardenme.workflows.actions import SELF
from hardenme.workflows.expressions import OPEN, strings
from hardenme.workflows.flow import FileFlow, JobFlow, StepView
from hardenme.workflows.harmless_actions import not_data, reads_no_variables
from hardenme.workflows.level import Level
from hardenme.workflows.origins import ValueOrigin
from hardenme.workflows.places import of_job, of_step
from hardenme.workflows.steps import RunStep
from hardenme.workflows.text_places import (
    around,
    asked_runs,
    by_output,
    script_runs,
    settings,
)
from hardenme.workflows.written import ENVIRONMENT

COPIED = ("cat ", "tee ", "<", "jq ")
"""What puts a file's text where a script writes."""


@dataclass(slots=True)
class Injections:
    """The steps into whose scripts text of outsiders gets.

    Attributes:
        certain: those in which it is seen to arrive.
        doubts: those that use what cannot be followed.
        anyhow: those that do so whatever the event: their script contains the output of an unknown
            action, or runs what a command requests from GitHub.
        places: where each of these is in the file.
    """

    certain: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    anyhow: list[str] = field(default_factory=list)
    places: dict[str, LineRange] = field(default_factory=dict)

    def note(self, place: LineRange, level: Level) -> None:
        """Keep where text of outsiders arrives, as surely as this."""
        if level is not Level.NO:
            (self.certain if level is Level.YES else self.doubts).append(place.what)
            self.places.setdefault(place.what, place)


def injections(file: FileFlow) -> Injections:
    """The steps of a file, and of those that it calls with text of outsiders."""
    found = Injections()
    _through(file, "", None, found, set())
    return found


def _through(
    file: FileFlow,
    prefix: str,
    caller: LineRange | None,
    found: Injections,
    seen: set[tuple[str, frozenset[str]]],
) -> None:
    for key in file.source.jobs:
        job = file.job(key)
        whole = caller or of_job(file.source, key)
        found.note(replace(whole, what=f"{prefix}{key}"), around(job))
        holding: dict[str, Level] = {}
        asked: dict[str, Level] = {}
        for view in job.views:
            place = f"{prefix}{key}, step {view.step.number}"
            at = of_step(place, view.step) if caller is None else replace(caller, what=place)
            found.note(at, max(_levels(view, job, holding), default=Level.NO))
            if by_output(view) or (view.script.text and asked_runs(view, asked)):
                found.anyhow.append(place)
        callee = file.callee(key)
        if callee is None:
            continue
        handed = frozenset(name for name, given in _given(callee).items() if given.text)
        if handed and (callee.source.file, handed) not in seen:
            seen.add((callee.source.file, handed))
            _through(callee, f"{prefix}{key} / ", whole, found, seen)


def _given(callee: FileFlow) -> Mapping[str, ValueOrigin]:
    return callee.inputs or {}


def _levels(view: StepView, job: JobFlow, holding: dict[str, Level]) -> Iterator[Level]:
    """How surely text of outsiders becomes part of what a step runs, or of the variables after.

    Args:
        holding: the files that hold such text; those that the step writes are added.
    """
    step, script = view.step, view.script
    if OPEN in script.text:
        yield view.origin(script.text).text
    yield from settings(view, job)
    if script.text:
        yield script_runs(view, holding)
    if step.script and ENVIRONMENT.search(step.script):
        yield script.written(ENVIRONMENT).all.text
        if view.foreign and any(sign in step.script for sign in COPIED):
            yield Level.YES
    if step.action and not step.action.startswith(SELF):
        # What an action that is not known does with a text is not seen.
        given = step.inputs
        texts = [given[name] for name in not_data(step.action, given) if not _script(step, name)]
        if not reads_no_variables(step.action):
            texts += strings(step.raw.get("env"))
        if any(OPEN in text and view.origin(text).text for text in texts):
            yield Level.MAYBE


def _script(step: RunStep, name: str) -> bool:
    """Whether an input is the script of an action, which is judged as one."""
    return known.SCRIPTS.get(step.action) == name
