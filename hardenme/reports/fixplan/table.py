"""The fix plan for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from hardenme.reports.columns import wrap
from hardenme.reports.fixplan.kinds import Section
from hardenme.reports.fixplan.plan import Action, Plan, Step
from hardenme.reports.fixplan.words import (
    BY_RELEASE,
    after,
    alike,
    closing,
    counted,
    further,
    headline,
    notes,
    unknown,
)
from hardenme.reports.plain import flowing, timestamp
from hardenme.reports.sheet import BOLD, DIM, PAINT, PARTIAL, UNDERLINED, Sheet
from hardenme.reports.style import Style

STEPS = 60
"""Steps before the rest is counted."""
NAMES = 8
"""Subjects in one sentence before the rest is counted."""
COMMANDS = 3
"""Commands of a step before the rest is counted."""
GROUPS = 15
"""Causes, questions or rights before the rest is counted."""
LABEL = 8
EDGE = " " * 5
"""Where the steps' numbers stand."""
READABLE = 100
"""Columns of a sentence at most: longer lines are hard to read."""
ACTIONS = 6
"""Kinds of action of a step before the rest is counted."""
MORE = "--format json has them all"
WHOLE = "--format sh has them all"
HEADINGS = {
    Section.LOOK: "Look now",
    Section.TODAY: "Do today",
    Section.NEXT: "Do next",
}


def render(plan: Plan, style: Style) -> str:
    """The plan as text, bounded whatever the report's size."""
    sheet = Sheet(style)
    if style.quiet:
        for step in plan.steps:
            sheet.say(f"{step.number}. {sheet.value(flowing(step.title))}", hang=3)
        return sheet.text() if sheet.lines else ""
    _head(sheet, plan)
    _steps(sheet, plan)
    _open(sheet, plan)
    sheet.add("")
    sheet.say(f"{headline(plan)}.".replace("..", "."), BOLD)
    return sheet.text()


def _head(sheet: Sheet, plan: Plan) -> None:
    made = f"hardenme fix plan {sheet.dot} of the report of {timestamp(plan.started)}"
    sheet.say(made, BOLD)
    sheet.say(f"for {sheet.names(plan.targets, NAMES)} at {sheet.names(plan.hosts, NAMES)}", DIM)
    for note in notes(plan):
        sheet.add("")
        sheet.say(sheet.value(flowing(note)), PARTIAL)
    if not plan.steps:
        return
    sheet.section("Who can do what")
    sheet.add("")
    rights = list(plan.rights().items())
    room = max(min(sheet.width - 30, READABLE), 8)
    sheet.grid(
        (
            [counted(steps, "step")],
            [f"{'closes' if steps == 1 else 'close'} {closes:,}"],
            wrap(sheet.value(flowing(needs)) or "nothing but the page or the command", room),
        )
        for needs, (steps, closes) in rights[:GROUPS]
    )
    _rest(sheet, len(rights) - GROUPS, "right")


def _steps(sheet: Sheet, plan: Plan) -> None:
    section = None
    for step in plan.steps[:STEPS]:
        if step.section is not section:
            section = step.section
            sheet.section(HEADINGS[section])
        sheet.add("", *_step(sheet, step))
    _rest(sheet, len(plan.steps) - STEPS, "step")


def _step(sheet: Sheet, step: Step, *, full: bool = False) -> Iterator[str]:
    """One step, its number at the edge."""
    lead = f"{step.number}. ".rjust(len(EDGE))
    room = max(min(sheet.width - len(EDGE), READABLE), 12)
    lines = wrap(f"{sheet.value(flowing(step.title))}  [{step.id}]", room)
    yield lead + sheet.paint(lines[0], BOLD)
    yield from (EDGE + sheet.paint(line, BOLD) for line in lines[1:])
    painted = PAINT[step.worst] if step.worst is not None else ""
    yield from _labelled(sheet, "Closes", closing(step), room, painted)
    yield from _labelled(sheet, "For", _names(sheet, step), room)
    yield from _labelled(sheet, "Sure", sheet.value(step.confidence), room)
    yield from _labelled(sheet, "Who", sheet.value(flowing(step.who or step.needs)), room)
    if step.releases:
        yield from _labelled(sheet, "Before", BY_RELEASE, room)
    if step.after:
        yield from _labelled(sheet, "After", after(step), room)
    yield from _actions(sheet, step, room, full=full)
    for command in step.verify[:1]:
        # Commands stay on one line, so that they can be copied.
        yield f"{EDGE}{sheet.paint('Verify'.ljust(LABEL), DIM)}{sheet.value(command)}"


def _actions(sheet: Sheet, step: Step, room: int, *, full: bool) -> Iterator[str]:
    """What is clicked and run: what several say alike stands once, unless all is wanted."""
    actions, commands = (len(step.actions),) * 2 if full else (ACTIONS, COMMANDS)
    told: dict[str, list[Action]] = {}
    for action in step.actions:
        told.setdefault(alike(action), []).append(action)
    for same in list(told.values())[:actions]:
        first = same[0]
        text = sheet.value(flowing(first.fix.step))
        if len(same) > 1:
            text = f"{text.rstrip('.')} ({further(len(same) - 1, 'action')}, alike)"
        yield from _labelled(sheet, "Do", text, room)
        if first.fix.page:
            yield f"{EDGE}{' ' * LABEL}{sheet.paint(sheet.value(first.fix.page), UNDERLINED)}"
        for action in same[:commands]:
            if action.fix.command:
                yield f"{EDGE}{' ' * LABEL}{sheet.value(action.fix.command)}"
        if (rest := len(same) - commands) > 0 and first.fix.command:
            yield from _labelled(sheet, "", f"and {further(rest, 'command')}: {WHOLE}", room)
    if (rest := len(told) - actions) > 0:
        yield from _labelled(sheet, "", f"and {further(rest, 'action')}: {WHOLE}", room)


def whole(step: Step, style: Style) -> str:
    """One step with all that is known of it."""
    sheet = Sheet(style)
    sheet.add(*_step(sheet, step, full=True))
    room = max(min(sheet.width - len(EDGE), READABLE), 12)
    rows = [("Brings", text) for text in step.effects.values()]
    rows += [("Risk", text) for text in step.risks]
    rows.append(("Undo", step.undo))
    for label, text in rows:
        sheet.add(*_labelled(sheet, label, sheet.value(flowing(text)), room))
    return sheet.text()


def _names(sheet: Sheet, step: Step) -> str:
    return sheet.names(step.names, NAMES)


def _labelled(sheet: Sheet, label: str, text: str, room: int, code: str = "") -> Iterator[str]:
    lines = wrap(text, max(room - LABEL, 8))
    heads = [sheet.paint(label.ljust(LABEL), DIM), *[" " * LABEL] * (len(lines) - 1)]
    for head, line in zip(heads, lines, strict=False):
        yield f"{EDGE}{head}{sheet.paint(line, code)}"


def _open(sheet: Sheet, plan: Plan) -> None:
    """What stays open when all steps are taken."""
    if not (plan.causes or plan.questions or plan.waived):
        return
    sheet.section("What stays open afterwards")
    room = min(sheet.width, READABLE)
    for cause in plan.causes[:GROUPS]:
        sheet.add("", *wrap(sheet.value(flowing(unknown(cause))), room, hang=2))
        sheet.add(*wrap(f"  {', '.join(cause.codes)}", room, hang=2))
    _rest(sheet, len(plan.causes) - GROUPS, "cause")
    for question in plan.questions[:GROUPS]:
        asked = f"{question.code} {sheet.value(flowing(question.text))}"
        sheet.add("", *wrap(asked, room, hang=2))
        sheet.add(f"  {sheet.paint(sheet.value(question.page), UNDERLINED)}")
        if len(question.names) > 1:
            sheet.add(f"  and {further(len(question.names) - 1, 'page')}, alike")
        if question.command:
            sheet.add(f"  {sheet.value(question.command)}")
    _rest(sheet, len(plan.questions) - GROUPS, "question")
    if plan.waived:
        sheet.add("")
        sheet.say(f"{counted(plan.waived, 'finding')} waived: accepted, and not in the plan.")


def _rest(sheet: Sheet, number: int, thing: str) -> None:
    if number > 0:
        sheet.add("")
        sheet.say(f"and {further(number, thing)}: {MORE}")
