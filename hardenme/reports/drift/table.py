"""A drift for a terminal."""

from __future__ import annotations

from hardenme.model.drift import Drift
from hardenme.reports.columns import wrap
from hardenme.reports.drift.outline import Line, sections
from hardenme.reports.drift.words import causes, headline
from hardenme.reports.plain import flowing, timestamp
from hardenme.reports.sheet import BOLD, DIM, PAINT, PARTIAL, Sheet
from hardenme.reports.style import Style
from hardenme.reports.tasks import CODE, NAMES, READABLE, SEVERITY

LINES = 60
"""Lines of a section before the rest is counted."""
BLIND = "Something was known and is not any more. That is no fix."
"""What is said at the top where something was lost sight of."""


def render(drift: Drift, style: Style) -> str:
    """The drift as terminal lines; with `quiet` nothing where nothing changed."""
    if style.quiet and drift.empty and not drift.incomparable:
        return ""
    sheet = Sheet(style)
    if not style.quiet and drift.since is not None:
        span = f"{timestamp(drift.since)} to {timestamp(drift.until)}"
        sheet.say(f"Changes {sheet.dot} {span}", DIM)
    line = headline(drift)
    sheet.say(sheet.value(line[:1].upper() + line[1:]), BOLD)
    if drift.lost:
        for cause in causes(drift):
            sheet.say(sheet.value(flowing(cause)), PARTIAL)
        sheet.say(BLIND, PARTIAL)
    for section in sections(drift):
        sheet.section(section.title)
        for one in section.lines[:LINES]:
            sheet.add("")
            _line(sheet, one)
        rest = len(section.lines) - LINES
        if rest > 0:
            sheet.add("", f"  and {rest} more, see --format json")
    if drift.notes and not style.quiet:
        sheet.section("About this comparison")
        sheet.add("")
        for note in drift.notes:
            sheet.say(sheet.value(flowing(note[:1].upper() + note[1:])), hang=2)
    return sheet.text()


def _line(sheet: Sheet, one: Line) -> None:
    weight = "" if one.severity is None else str(one.severity)
    head = f"{weight:<{SEVERITY}} " + (f"{one.code:<{CODE}} " if one.code else "")
    room = max(min(sheet.width, READABLE) - len(head) - 2, 2)
    indent = " " * (len(head) + 2)
    first, *others = wrap(sheet.value(flowing(one.text)), room)
    colour = "" if one.severity is None else PAINT[one.severity]
    sheet.add(f"  {sheet.paint(head, colour)}{first}", *(f"{indent}{text}" for text in others))
    names = wrap(sheet.names(one.names, NAMES), room)
    sheet.add(*(f"{indent}{text}" for text in names))
    for label, text in one.beside:
        lines = sheet.labelled(label, sheet.value(flowing(text)), room)
        sheet.add(*(f"{indent}{shown}" for shown in lines))
