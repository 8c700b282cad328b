"""The frame of what is printed: who, where and when above, labelled sentences, what is left out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from hardenme.reports.columns import fit, width_of, wrap
from hardenme.reports.header import Header
from hardenme.reports.plain import counted, flowing
from hardenme.reports.sheet import BOLD, DIM, Block, Sheet, hung

EDGE = 10
"""Columns of a word at the edge, like AT RISK."""
HEAD = 2
"""Lines of who and where at most."""
OPENED = re.compile(r"[\s(:;,]+(?:\([^)]*)?$")
"""The end of a text that only begins what follows."""
NARROWEST = 8
"""Columns into which a sentence is wrapped, however little room there is."""


def headed(sheet: Sheet, header: Header) -> Block:
    """Who, where and when, in two lines; the time has one of its own where it needs it."""
    width = sheet.readable
    parts = [sheet.value(flowing(one)) for one in (header.who, *header.scope)]
    lines = _packed(sheet, [*filter(None, parts)])
    when = sheet.paint(header.when, DIM)
    if not when:
        return lines
    gap = width - width_of(lines[-1]) - len(header.when) if lines else 0
    return [*lines[:-1], f"{lines[-1]}{' ' * gap}{when}"] if gap > 1 else [*lines, when]


def _packed(sheet: Sheet, parts: Sequence[str]) -> Block:
    """Parts with a dot between two on a line; none is broken where they fit into two lines."""
    dot, width = f" {sheet.dot} ", sheet.readable
    lines: Block = []
    for part in parts:
        if lines and width_of(lines[-1] + dot + part) <= width:
            lines[-1] += dot + part
        else:
            lines.append(part)
    whole = len(lines) <= HEAD and all(width_of(line) <= width for line in lines)
    return lines if whole else cut(sheet, dot.join(parts), width, HEAD)


def cut(sheet: Sheet, text: str, width: int, most: int) -> Block:
    """A text in so many lines at most; what does not fit is left out, and marked."""
    room = max(width, NARROWEST)
    lines = wrap(text, room)
    if len(lines) <= most:
        return lines
    return [*lines[: most - 1], _clipped(" ".join(lines[most - 1 :]), room, sheet.dots)]


def _clipped(text: str, room: int, mark: str) -> str:
    """A text that is too long, cut behind a word, and not behind what opens the next words."""
    kept = fit(text, room, mark).removesuffix(mark)
    broken = text[len(kept) : len(kept) + 1].strip()
    whole = OPENED.sub("", kept.rpartition(" ")[0] if broken else kept)
    if whole != kept and width_of(whole) > room // 2:
        kept = f"{whole} "
    return kept + mark


def edged(sheet: Sheet, word: str, lines: Sequence[str], paint: str = BOLD) -> Block:
    """Lines with a word at the edge of the first."""
    return hung(sheet.paint(word, paint) + " " * _gap(word), lines, EDGE)


def _gap(word: str) -> int:
    return EDGE - len(word) if len(word) < EDGE else 2


def labelled(sheet: Sheet, word: str, text: str, paint: str = BOLD, command: str = "") -> Block:
    """A word at the edge, a sentence, and the command that shows more, which stays whole."""
    room = max(sheet.readable - EDGE, NARROWEST)
    lines = wrap(text, room, lead=len(word) + _gap(word) - EDGE)
    if command and width_of(lines[-1]) + len(command) + 3 <= sheet.readable - EDGE:
        lines[-1] = f"{lines[-1]}   {command}"
    elif command:
        lines.append(command)
    return edged(sheet, word, lines, paint)


def listed(  # noqa: PLR0913 (where and how a list is drawn)
    sheet: Sheet,
    rows: Sequence[Sequence[str]],
    most: int,
    left: str,
    indent: int = 2,
    *,
    whole: bool = False,
) -> Iterator[str]:
    """The first rows in lines of the width; a last line says how many are left.

    Args:
        sheet: the sheet to print on.
        rows: a text each, and below it commands, which stay whole.
        most: the maximum number of lines, including the one that counts the others.
        left: what a row is, and behind a colon the command that shows all.
        indent: columns before a row.
        whole: a longer row is wrapped, not cut.
    """
    shown = rows if len(rows) <= most else rows[: most - 1]
    edge, room = " " * indent, max(sheet.readable - indent, NARROWEST)
    for text, *commands in shown:
        line = sheet.value(flowing(text))
        lines = wrap(line, room, hang=2) if whole else [fit(line, room, sheet.dots)]
        yield from (edge + one for one in lines)
        yield from (f"{edge}  {command}" for command in commands if command)
    if rest := len(rows) - len(shown):
        thing, _, command = left.partition(": ")
        yield f"{edge}and {counted(rest, f'more {thing}')}: {command}"


def one_screen(
    most: int, top: Iterable[str], middle: Callable[[int], Iterable[str]], foot: Iterable[str]
) -> str:
    """The top and the foot whole, and between them what there is room for in so many lines."""
    above, below = [*top], [*foot]
    lines = [*above, *middle(most - len(above) - len(below)), *below]
    return "".join(f"{line.rstrip()}\n" for line in lines)
