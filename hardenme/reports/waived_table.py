"""Waivers, for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from hardenme.model.waiver import Waivers
from hardenme.reports.columns import wrap
from hardenme.reports.plain import flowing
from hardenme.reports.sheet import BOLD, DIM, PAINT, PARTIAL, Sheet
from hardenme.reports.tasks import NAMES, READABLE, SEVERITY
from hardenme.reports.waived import ADVICE, Accepted, left, said, told

GROUPS = 80
"""Groups of a section before the rest is counted."""


def waived(sheet: Sheet, accepted: Sequence[Accepted]) -> None:
    """What somebody accepts until a day, the worst first."""
    if not accepted:
        return
    sheet.section("Waived")
    room = max(min(sheet.width, READABLE) - 2, 2)
    for one in accepted[:GROUPS]:
        head = f"{one.severity!s:<{SEVERITY}} {one.code} "
        lines = wrap(sheet.value(flowing(one.title)), max(room - len(head), 2))
        painted = sheet.paint(head, PAINT[one.severity]) + sheet.paint(lines[0], BOLD)
        sheet.add("", f"  {painted}")
        sheet.add(*(f"  {' ' * len(head)}{sheet.paint(line, BOLD)}" for line in lines[1:]))
        block = [
            *sheet.labelled("Where", sheet.names(one.names, NAMES, one.others), room),
            *sheet.labelled("By", sheet.value(flowing(said(one.waiver))), room),
        ]
        sheet.add(*(f"  {line}" for line in block))
        ending = sheet.labelled("Ends", left(one), room)
        sheet.add(*(f"  {sheet.paint(line, PARTIAL if one.soon else '')}" for line in ending))
    _and_more(sheet, len(accepted) - GROUPS)


def idle(sheet: Sheet, waivers: Waivers) -> None:
    """The waivers that accept nothing: expired, unused, or proposed."""
    rows = list(told(waivers))
    if not rows:
        return
    sheet.section("Waivers that accept nothing")
    sheet.add("")
    room = max(min(sheet.width - 12, READABLE), 2)
    sheet.grid(
        (
            [sheet.paint(label, PARTIAL if label == "Proposed" else DIM)],
            wrap(sheet.value(flowing(text)), room),
        )
        for label, text in rows[:GROUPS]
    )
    _and_more(sheet, len(rows) - GROUPS)
    if waivers.expired:
        sheet.add("", *(f"  {line}" for line in wrap(ADVICE, max(sheet.width - 2, 2))))


def _and_more(sheet: Sheet, rest: int) -> None:
    if rest > 0:
        sheet.add("")
        sheet.say(f"and {rest} more waiver{'s' if rest > 1 else ''}: --format json has them all")
