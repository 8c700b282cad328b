"""What `hardenme move` prints: packages and batches, what is asked, and what comes next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from hardenme.model.report import Report
from hardenme.reports.header import Header, header_of
from hardenme.reports.move.batches import LATER, batches
from hardenme.reports.move.rows import MoveRows, asked_in
from hardenme.reports.outline.frame import headed, labelled
from hardenme.reports.plain import counted
from hardenme.reports.sheet import Block, Sheet
from hardenme.reports.style import Style

MOST = 5
"""Names in a sentence, before the rest is counted."""


@dataclass(frozen=True, slots=True)
class MoveShown:
    """A move that was written.

    Attributes:
        new: packages that the run did not find on npm.
        script, table: the files, as words of a command.
        invented: the accounts are those of the demo.
    """

    report: Report
    found: MoveRows
    new: tuple[str, ...]
    script: str
    table: str
    invented: bool = False


def shown(move: MoveShown, style: Style) -> str:
    """The text."""
    sheet = Sheet(style)
    rows = list(batches(move.found.rows, move.report.started))
    counts = Counter(batch for batch, _ in rows)
    own = header_of(move.report)
    numbers = counted(len(rows), "package"), counted(len(counts), "batch", "batches")
    sheet.add(*headed(sheet, Header(own.who, numbers, own.when)), "")
    for block in _blocks(sheet, move, counts):
        sheet.add(*block)
    return "".join(f"{line.rstrip()}\n" for line in sheet.lines)


def _blocks(sheet: Sheet, move: MoveShown, counts: Counter[str]) -> Iterator[Block]:
    soon = sum(number for batch, number in counts.items() if batch != LATER)
    yield labelled(sheet, "WRITTEN", f"{move.script}, and {move.table} to read first.")
    batches = counted(len(counts.keys() - {LATER}), "batch", "batches")
    text = f"{counted(soon, 'package')} in {batches}, by what is released together"
    if later := counts[LATER]:
        text += f"; {later:,} without a release in the last 90 days in {LATER!r}"
    yield labelled(sheet, "BATCHES", f"{text}.")
    if asked := asked_in(move.found.rows):
        yield labelled(
            sheet,
            "ANSWER",
            f"{counted(asked, 'row')} with a ? in {move.table}: write the name there, or - for no"
            " environment.",
        )
    if move.new:
        yield labelled(
            sheet,
            "NEW",
            f"{_names(sheet, move.new)}: not found on npm, or not visible. The script stages a"
            " placeholder where npm has none.",
        )
    if move.found.refused:
        yield labelled(
            sheet, "LEFT OUT", f"npm takes no such name: {_names(sheet, move.found.refused)}"
        )
    if move.invented:
        yield labelled(sheet, "DEMO", "The packages are invented: do not run the script.")
        yield labelled(sheet, "NEXT", "hardenme move --help shows how to name packages of your own")
    else:
        yield labelled(sheet, "NEXT", f"sh {move.script} check")


def _names(sheet: Sheet, names: tuple[str, ...]) -> str:
    text = ", ".join(sheet.name(name) for name in names[:MOST])
    rest = len(names) - MOST
    return f"{text} and {rest:,} more" if rest > 0 else text
