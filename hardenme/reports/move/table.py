"""The table of a move: to be read and completed by a person, and read by the script."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from hardenme import __version__
from hardenme.reports.columns import paragraph
from hardenme.reports.move.batches import LATER, batches
from hardenme.reports.move.rows import Goal, MoveRow, MoveRows, asked_in
from hardenme.reports.plain import counted, plain, timestamp

WIDTH = 96
COLUMNS = ("#batch", "package", "repository", "workflow", "permission", "environment")
GAP = "  "
LONGEST = 1000
RULES = (
    (
        "Read each row. It is the trusted publisher that the package is to have. Delete the rows of"
        " packages that do not move."
    ),
    "Write a name in place of each ?. Write - for no environment.",
    (
        "A new publisher expires after 48 hours if nothing was published through it. So a batch"
        " holds only packages that you release within 48 hours of `set`. Change the first column"
        " where that does not fit. Batch"
        f' "{LATER}" has those without a release in the last 90 days.'
    ),
)
"""What a reader has to do with the table."""
BEFORE = {
    Goal.STAGED: "Before `set`, merge a workflow that runs `npm stage publish` with npm 11.15 or"
    " newer and has `id-token: write`. A stage-only publisher refuses `npm publish`, also where a"
    " token is configured.",
    Goal.TRUSTED: "Before `set`, merge a workflow that has `id-token: write` and npm 11.5.1 or"
    " newer. It can keep its token until a release through the publisher was seen.",
}


@dataclass(frozen=True, slots=True)
class MoveTable:
    """A move: which packages, to what, and as of when.

    Attributes:
        started: when the run that it is made from began.
        script: the name of the script that reads the table.
    """

    found: MoveRows
    goal: Goal
    started: datetime
    script: str

    def text(self) -> str:
        """The table."""
        rows = list(batches(self.found.rows, self.started))
        return "\n".join([*self._head(), "#", *_columns(rows), *_remarks(self.found)]) + "\n"

    def _head(self) -> Iterator[str]:
        number = len(self.found.rows)
        verb = "moves" if number == 1 else "move"
        to = "staged publishing" if self.goal is Goal.STAGED else "trusted publishing"
        yield from _comment(
            f"{counted(number, 'package')} {verb} to {to}. Written by hardenme {__version__} from"
            f" the run of {timestamp(self.started)}."
        )
        for text in (*RULES, BEFORE[self.goal]):
            yield "#"
            yield from _comment(text)
        if asked := asked_in(self.found.rows):
            yield "#"
            yield from _comment(f"{counted(asked, 'row')} with a ?.")
        yield "#"
        yield f"# sh {self.script} check, then: sh {self.script} set 1"


def _columns(rows: Sequence[tuple[str, MoveRow]]) -> Iterator[str]:
    """The rows below their headings; the environment may hold spaces, so it is the last word."""
    cells = [
        COLUMNS,
        *(
            (batch, row.package, row.repository, row.workflow, row.permission, row.environment)
            for batch, row in rows
        ),
    ]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for line in cells:
        parts = (part.ljust(width) for part, width in zip(line, widths, strict=True))
        yield GAP.join(parts).rstrip()


def _remarks(found: MoveRows) -> Iterator[str]:
    """What the person has to know of single packages."""
    unclear = [row for row in found.rows if row.named]
    if unclear or found.refused:
        yield "#"
    for row in unclear:
        yield from _comment(f"{row.package} names {' and '.join(row.named)}")
    for name in found.refused:
        yield from _comment(f"Left out, since npm takes no such name: {name}")


def _comment(text: str) -> Iterable[str]:
    shown = plain(text, longest=LONGEST, ascii_only=True)
    return (f"# {line}" for line in paragraph(shown, WIDTH))
