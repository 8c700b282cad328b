"""The frame of what is printed: who, where and when above, and a word at the edge of a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from hardenme.reports.columns import fit, width_of, wrap
from hardenme.reports.header import Header
from hardenme.reports.plain import flowing
from hardenme.reports.sheet import BOLD, DIM, Block, Sheet, hung

EDGE = 10
"""Columns of a word at the edge, like AT RISK."""
HEAD = 2
"""Lines of who and where at most."""
NARROWEST = 8
"""Columns into which a sentence is wrapped, however little room there is."""


def headed(sheet: Sheet, header: Header) -> Block:
    """The first line; a second one for the time where both do not fit."""
    parts = [sheet.value(flowing(one)) for one in (header.who, *header.scope)]
    head = f" {sheet.dot} ".join(filter(None, parts))
    gap = sheet.readable - width_of(head) - len(header.when)
    when = sheet.paint(header.when, DIM)
    if not when:
        return cut(sheet, head, sheet.readable, HEAD)
    if gap > 1:
        return [f"{head}{' ' * gap}{when}"]
    return [*cut(sheet, head, sheet.readable, HEAD), when]


def cut(sheet: Sheet, text: str, width: int, most: int) -> Block:
    """A text in so many lines at most; what does not fit is left out, and marked."""
    room = max(width, NARROWEST)
    lines = wrap(text, room)
    if len(lines) <= most:
        return lines
    return [*lines[: most - 1], fit(" ".join(lines[most - 1 :]), room, sheet.dots)]


def edged(sheet: Sheet, word: str, lines: Sequence[str], paint: str = BOLD) -> Block:
    """Lines with a word at the edge of the first."""
    return hung(sheet.paint(word, paint) + " " * max(EDGE - len(word), 1), lines, EDGE)


def labelled(sheet: Sheet, word: str, text: str, paint: str = BOLD, command: str = "") -> Block:
    """A word at the edge, a sentence, and the command that shows more, which stays whole."""
    room = max(sheet.readable - EDGE, NARROWEST)
    lines = wrap(text, room)
    if command and width_of(lines[-1]) + len(command) + 3 <= sheet.readable - EDGE:
        lines[-1] = f"{lines[-1]}   {command}"
    elif command:
        lines.append(command)
    return edged(sheet, word, lines, paint)
