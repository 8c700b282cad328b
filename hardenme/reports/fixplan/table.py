"""The fix plan for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hardenme.reports.columns import wrap
from hardenme.reports.fixplan.plan import Plan, Step
from hardenme.reports.fixplan.words import (
    BY_RELEASE,
    closing,
    counted,
    further,
    headline,
    notes,
    title,
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
CODES = 3
"""Checks of which a step tells its effect before the rest is counted."""
GROUPS = 15
"""Causes, questions or rights before the rest is counted."""
LABEL = 8
EDGE = " " * 5
"""Where the steps' numbers stand."""
READABLE = 100
"""Columns of a sentence at most: longer lines are hard to read."""
MORE = "--format json has them all"


def render(plan: Plan, style: Style) -> str:
    """The plan as text, bounded whatever the report's size."""
    sheet = Sheet(style)
    if style.quiet:
        for step in plan.steps:
            sheet.say(f"{step.number}. {sheet.value(flowing(title(step)))}", hang=3)
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
    if not plan.steps:
        return
    sheet.section("What to do")
    visit: tuple[tuple[str, ...], str] | None = None
    for step in plan.steps[:STEPS]:
        here = (step.pages, step.fix.needs)
        if here != visit:
            visit = here
            sheet.add("")
            _visit(sheet, step)
        sheet.add("", *_step(sheet, step))
    _rest(sheet, len(plan.steps) - STEPS, "step")


def _visit(sheet: Sheet, step: Step) -> None:
    """Where it is, and what it takes to be let in."""
    if not step.pages:
        sheet.say("By command", BOLD)
    else:
        # An address stays on one line, whatever the width, so that it can be clicked and copied.
        sheet.add(sheet.paint(sheet.value(step.pages[0]), UNDERLINED))
        if len(step.pages) > 1:
            sheet.say(f"and {further(len(step.pages) - 1, 'page')}, alike")
    if step.fix.needs:
        sheet.say(f"needs: {sheet.value(flowing(step.fix.needs))}", DIM)


def _step(sheet: Sheet, step: Step) -> Iterator[str]:
    """One step, its number at the edge."""
    lead = f"{step.number}. ".rjust(len(EDGE))
    room = max(min(sheet.width - len(EDGE), READABLE), 12)
    lines = wrap(sheet.value(flowing(title(step))), room)
    worst = next(iter(step.counts), None)
    yield lead + sheet.paint(lines[0], BOLD)
    yield from (EDGE + sheet.paint(line, BOLD) for line in lines[1:])
    rows = [("Closes", closing(step)), ("For", _names(sheet, step)), *_said(sheet, step)]
    for label, text in rows:
        painted = PAINT[worst] if label == "Closes" and worst is not None else ""
        yield from _labelled(sheet, label, text, room, painted)
    for command in step.verify[:1]:
        # Commands stay on one line, so that they can be copied.
        head = sheet.paint("Verify".ljust(LABEL), DIM)
        yield f"{EDGE}{head}{sheet.value(command)}"
    commands = step.commands
    for command in commands[:COMMANDS]:
        yield f"{EDGE}{sheet.paint('Command'.ljust(LABEL), DIM)}{sheet.value(command)}"
    if len(commands) > COMMANDS:
        rest = f"and {further(len(commands) - COMMANDS, 'command')}: --format sh has them all"
        yield from _labelled(sheet, "", rest, room)


def _said(sheet: Sheet, step: Step) -> Iterator[tuple[str, str]]:
    """What it brings, what it may break, and the way back."""
    effects = [f"{code} {text}".strip() for code, text in step.effects.items()]
    yield "Effect", _some(sheet, effects)
    if not effects and step.paths:
        yield "Effect", f"no release comes out by: {sheet.names(step.paths, NAMES)}"
    yield "Risk", _some(sheet, step.risks)
    if step.releases:
        yield "Before", BY_RELEASE
    yield "Undo", sheet.value(flowing(step.fix.undo))
    if step.after:
        numbers = ", ".join(map(str, step.after[:NAMES]))
        yield "After", f"step {numbers}" if len(step.after) == 1 else f"steps {numbers}"


def _some(sheet: Sheet, texts: Sequence[str]) -> str:
    shown = " ".join(sheet.value(flowing(text)) for text in texts[:CODES])
    rest = len(texts) - CODES
    return f"{shown} (and {rest} more: {MORE})" if rest > 0 else shown


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
