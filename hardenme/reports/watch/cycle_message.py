"""The message of a cycle: what differs, and that it could not look."""

from __future__ import annotations

from collections.abc import Iterator

from hardenme.model.message import Form, Message
from hardenme.reports.message.words import Line, Name, PageLink, Prose, defused, shown
from hardenme.reports.plain import counted
from hardenme.reports.watch.shown import (
    ChangeGroup,
    CycleShown,
    gap_line,
    group_line,
    grouped,
    remarks,
    remedies,
)

LONGEST_TITLE = 200
MOST = 24
"""Changes that are in a message before the rest is counted."""


def cycle_message(told: CycleShown) -> Message | None:
    """The message about a cycle; None if there is nothing to send, as in the first one."""
    cycle = told.cycle
    if cycle.first and not (cycle.blind_alert or cycle.remarks):
        return None
    if not told.news or (cycle.why_blind and not cycle.blind_alert):
        return None
    lines = list(_lines(told))
    forms = {form: tuple(shown(line, form) for line in lines) for form in Form}
    urgent = bool(cycle.marked or cycle.lost or cycle.blind_alert or cycle.remarks)
    return Message(defused(_title(told), longest=LONGEST_TITLE), forms, urgent)


def _title(told: CycleShown) -> str:
    """The worst, and how much else there is. A title names no one."""
    cycle = told.cycle
    marked, rest = len(cycle.marked), len(cycle.alerts) - len(cycle.marked)
    if cycle.why_blind:
        said = "nothing can be read"
    elif marked:
        said = f"{counted(marked, 'change')} {'looks' if marked == 1 else 'look'} like an attack"
        said += f", and {counted(rest, 'change')} to confirm" if rest else ""
    elif rest:
        said = f"{counted(rest, 'change')} to confirm"
    elif cycle.lost:
        said = "what was read before cannot be read"
    elif cycle.notes:
        said = counted(len(cycle.notes), "other difference")
    else:
        said = "see below"
    return f"hardenme {told.command}: {said} ({', '.join(told.targets)})"


def _lines(told: CycleShown) -> Iterator[Line]:
    cycle = told.cycle
    yield (Prose(told.sentence),)
    for text in remarks(told):
        yield (Prose(text),)
    changes = grouped((*cycle.alerts, *cycle.notes))
    for one in changes[:MOST]:
        yield from _change(one)
    if len(changes) > MOST:
        more = counted(len(changes) - MOST, "more change")
        yield (f"- {more}: see what `hardenme {told.command}` printed",)
    for gap in cycle.lost:
        yield ("- Not read: ", Prose(gap_line(gap, cycle.at)))


def _change(group: ChangeGroup) -> Iterator[Line]:
    one = group.first
    yield ("- ", Prose(group_line(group)))
    lines = remedies(one)
    if len(lines) == 1:
        yield ("  ", Name(lines[0]))
    elif one.page:
        yield ("  ", PageLink(one.page))
