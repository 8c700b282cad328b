"""What to do about one person, as a list for a terminal, in Markdown with boxes, and as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from hardenme.model.fact import Attestation
from hardenme.model.handover import Handover, Mode, Stage, Task
from hardenme.reports import values
from hardenme.reports.outline.forms import as_markdown, as_table, showable
from hardenme.reports.outline.parts import (
    EVERY,
    Beside,
    Entry,
    Group,
    Outline,
    Section,
    Words,
    command,
    page,
    sentence,
    strong,
)
from hardenme.reports.plain import counted
from hardenme.reports.style import Style

SCHEMA_VERSION = "1.0"
HEADS = {
    Mode.LEAVES: "{} leaves",
    Mode.STOLEN: "The account of {} was taken over",
    Mode.HANDS_OVER: "{} hands over to {}",
}
BLIND = "Nothing was read, so it is not known what this person holds."
NOTHING = "Nothing of this person is left in what was looked at. What no API shows has to be asked."
UNSEEN = (
    "This person was not seen in what was read. They may hold more: see Not looked at. Check the"
    " spelling of the login, too."
)


@dataclass(frozen=True, slots=True)
class HandoverShown:
    """What is shown.

    Attributes:
        found: what to do.
        run: whose run it is and how old; empty for one that was just made.
        version: the version of hardenme.
        partial: why it is not whole; empty where it is.
        warnings: what a reader of the run has to know.
        notes: what the run did not look at as a whole, and what was left out of it.
    """

    found: Handover
    run: str
    version: str
    partial: str = ""
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def outline(told: HandoverShown) -> Outline:
    """The list, stage by stage in the order in which it is safe."""
    found = told.found
    head = HEADS[found.mode].format(found.login, found.successor)
    npm = f"{found.npm} on npm" if found.npm else "no npm account is linked: --npm NAME"
    attested = sum(task.attested is not None for task in found.tasks)
    tasks = counted(len(found.tasks) - attested, "task")
    done = f" and {attested} attested" if attested else ""
    lead: list[Words] = [(strong(f"{head}: {tasks}{done}, in this order ({npm})."),)]
    if told.run:
        lead.append((sentence(f"What this run could not see is from an earlier one. {told.run}."),))
    if not found.found:
        lead.append((sentence(found.extent.claim(NOTHING, UNSEEN) if found.looked else BLIND),))
    lead += [(sentence(f"Warning: {one.rstrip('.')}."),) for one in told.warnings]
    partial = f"The run did not go to its end: {told.partial}" if told.partial else ""
    return Outline(
        title=f"hardenme {told.version}: {found.login}",
        warning=(sentence(partial),) if partial else (),
        lead=tuple(lead),
        sections=(*_stages(found), _unseen(told)),
        counts=(),
    )


def _stages(found: Handover) -> Iterator[Section]:
    stages = dict.fromkeys(task.stage for task in found.tasks)
    number = 0
    for stage in stages:
        tasks = [task for task in found.tasks if task.stage is stage]
        entries = tuple(_entry(task, number + at) for at, task in enumerate(tasks, 1))
        number += len(tasks)
        yield Section(_title(stage, found.mode), groups=(Group(entries=entries, most=EVERY),))


def _title(stage: Stage, mode: Mode) -> str:
    if stage is Stage.ASK and mode is Mode.STOLEN:
        return "Only they can do: reach them by another way than their accounts"
    if stage is Stage.FIRST and mode is Mode.STOLEN:
        return "Someone else needs the rights"
    return stage.value


def _entry(task: Task, number: int) -> Entry:
    if task.attested is not None:
        return _attested(task, task.attested, number)
    beside = []
    if task.breaks:
        beside.append(Beside("Breaks", ((sentence(task.breaks),),)))
    if task.needs:
        beside.append(Beside("Needs", ((sentence(task.needs),),)))
    if task.commands:
        beside.append(Beside("Run", tuple((command(one),) for one in task.commands), most=EVERY))
    if task.page:
        beside.append(Beside("At", ((page(task.page),),)))
    if task.stale:
        beside.append(Beside("Answer", ((sentence(f"does not count: {task.stale}"),),)))
    if task.question:
        beside.append(Beside("Asked", ((sentence(task.question),),)))
    if task.record:
        beside.append(Beside("If yes", ((command(task.record),),)))
    return Entry((sentence(task.text),), mark=str(number), task=True, beside=tuple(beside))


def _attested(task: Task, said: Attestation, number: int) -> Entry:
    told = f"attested until {said.until:%Y-%m-%d} by {said.by}, on {said.at:%Y-%m-%d}"
    return Entry((sentence(f"{task.question} Yes, {told}"),), mark=str(number))


def _unseen(told: HandoverShown) -> Section:
    extent = told.found.extent
    scope = tuple((sentence(f"{note.rstrip('.')}."),) for note in told.notes)
    if not extent.gaps:
        nothing = extent.claim("Nothing.", "What the run left out:")
        return Section("Not looked at", ((sentence(nothing),), *scope))
    entries = tuple(Entry((sentence(one),)) for one in extent.gaps)
    lead = "They may hold more than is listed above, there."
    group = Group(entries=entries, most=EVERY)
    return Section("Not looked at", ((sentence(lead),), *scope), (group,))


def _table(told: HandoverShown, style: Style) -> str:
    return as_table(outline(told), style)


def _markdown(told: HandoverShown, style: Style) -> str:
    return as_markdown(outline(told), style)


def _json(told: HandoverShown, _style: Style) -> str:
    found = told.found
    document = {
        "schema_version": SCHEMA_VERSION,
        "version": values.text(told.version),
        "run": values.text(told.run) or None,
        "partial": values.text(told.partial) or None,
        "login": values.text(found.login),
        "npm": values.text(found.npm) or None,
        "mode": found.mode.value,
        "successor": values.text(found.successor) or None,
        "found": found.found,
        "complete": found.extent.complete,
        "warnings": values.texts(told.warnings),
        "notes": values.texts(told.notes),
        "tasks": [_task(task) for task in found.tasks],
        "not_looked_at": values.texts(found.unseen),
    }
    return json.dumps(document, ensure_ascii=True, allow_nan=False, indent=2) + "\n"


def _task(task: Task) -> dict[str, Any]:
    said = task.attested
    return {
        "stage": task.stage.name.lower(),
        "text": values.text(task.text),
        "commands": values.texts(task.commands),
        "page": values.text(task.page) or None,
        "breaks": values.text(task.breaks) or None,
        "needs": values.text(task.needs) or None,
        "topic": task.topic or None,
        "question": values.text(task.question) or None,
        "attested": None if said is None else _said(said),
        "answer_does_not_count": values.text(task.stale) or None,
        "record": values.text(task.record) or None,
    }


def _said(said: Attestation) -> dict[str, Any]:
    return {
        "by": values.text(said.by),
        "at": said.at.isoformat(),
        "until": said.until.isoformat(),
    }


FORMS: dict[str, Callable[[HandoverShown, Style], str]] = {
    "table": _table,
    "markdown": _markdown,
    "json": _json,
}
"""Every form by its name on the command line."""


def render(told: HandoverShown, form: str, style: Style) -> str:
    """What is to be done, in a form of `FORMS`."""
    return showable(FORMS[form](told, style), style)
