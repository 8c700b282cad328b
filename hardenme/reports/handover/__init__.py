"""What to do about one person, as a list for a terminal, in Markdown with boxes, and as JSON."""

from __future__ import annotations

from collections.abc import Iterator

from hardenme.model.fact import Attestation
from hardenme.model.handover import Handover, Mode, Stage, Task
from hardenme.reports.handover.document import document
from hardenme.reports.handover.view import HandoverView
from hardenme.reports.outline.forms import forms_of, rendered
from hardenme.reports.outline.parts import (
    EVERY,
    Detail,
    Entry,
    Group,
    Outline,
    Section,
    Words,
    about_run,
    command,
    page,
    sentence,
    strong,
)
from hardenme.reports.outline.unread import not_looked_at
from hardenme.reports.plain import counted
from hardenme.reports.style import Style

HEADS = {
    Mode.LEAVES: "{} leaves",
    Mode.STOLEN: "The account of {} was taken over",
    Mode.HANDS_OVER: "{} hands over to {}",
}
IF = {
    Mode.LEAVES: "If {} leaves",
    Mode.STOLEN: "If the account of {} was taken over",
    Mode.HANDS_OVER: "If {} hands over to {}",
}
NO_ONE = "No one with the login {} was seen. {}"
BLIND = "Nothing was read, so it is not known what this person holds."
NOTHING = "Nothing of this person is left in what was looked at. What no API shows has to be asked."
UNSEEN = "They may hold more: see Not looked at. Check the spelling of the login, too."


def outline(told: HandoverView) -> Outline:
    """The list, stage by stage in the order in which it is safe."""
    found = told.found
    unseen = found.looked and not found.found
    head = (IF if unseen else HEADS)[found.mode].format(found.login, found.successor)
    head = NO_ONE.format(found.login, head) if unseen else head
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
    sections = (*_stages(found), _unseen(told))
    return about_run(told, found.login, lead, sections)


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
        return "Only they can do: reach them outside their accounts"
    if stage is Stage.FIRST and mode is Mode.STOLEN:
        return "Someone else needs the rights"
    return stage.value


def _entry(task: Task, number: int) -> Entry:
    if task.attested is not None:
        return _attested(task, task.attested, number)
    beside = []
    if task.breaks:
        beside.append(Detail("Breaks", ((sentence(task.breaks),),)))
    if task.needs:
        beside.append(Detail("By", ((sentence(task.needs),),)))
    if task.commands:
        beside.append(Detail("Run", tuple((command(one),) for one in task.commands), most=EVERY))
    if task.page:
        beside.append(Detail("At", ((page(task.page),),)))
    if task.stale:
        beside.append(Detail("Answer", ((sentence(f"does not count: {task.stale}"),),)))
    if task.question:
        beside.append(Detail("Asked", ((sentence(task.question),),)))
    if task.record:
        beside.append(Detail("If yes", ((command(task.record),),)))
    return Entry((sentence(task.text),), mark=str(number), task=True, beside=tuple(beside))


def _attested(task: Task, said: Attestation, number: int) -> Entry:
    told = f"attested until {said.until:%Y-%m-%d} by {said.by}, on {said.at:%Y-%m-%d}"
    return Entry((sentence(f"{task.question} Yes, {told}"),), mark=str(number))


def _unseen(told: HandoverView) -> Section:
    extent = told.found.extent
    nothing = extent.claim("Nothing.", "What the run left out:")
    lead = "They may hold more in what was not looked at."
    return not_looked_at(extent.gaps, nothing=nothing, lead=lead, notes=told.notes)


FORMS = forms_of(outline, json=document)
"""Every form by its name on the command line."""


def render(told: HandoverView, form: str, style: Style) -> str:
    """What is shown, in a form of `FORMS`."""
    return rendered(FORMS, told, form, style)
