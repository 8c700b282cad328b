"""A sheet of terminal lines: safe text, wrapped, with colours where they are wanted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from hardenme.model.severity import Severity
from hardenme.reports.columns import READABLE, wrap
from hardenme.reports.plain import plain, plain_name
from hardenme.reports.style import Style

BOLD, DIM, UNDERLINED = "1", "2", "1;4"
PARTIAL = "1;33"
PAINT: dict[Severity, str] = {
    Severity.CRITICAL: "1;31",
    Severity.HIGH: "31",
    Severity.MEDIUM: "33",
    Severity.LOW: "36",
    Severity.INFO: "2",
}
"""The "select graphic rendition" codes; every terminal of the last decades knows them."""

LABEL = 7
"""Columns of a label and the space after it."""

Block = list[str]
"""Lines of one cell; they are laid out already."""


class Sheet:
    """Collects lines. Every value goes through `value` or `name` before it comes here.

    Attributes:
        style: what the terminal can show.
        width: columns that there are, for tables and rules.
        readable: columns that sentences are wrapped into.
        lines: those that were added.
    """

    def __init__(self, style: Style) -> None:
        self.style = style
        self.width = style.columns
        self.readable = min(self.width, READABLE)
        self.lines: list[str] = []
        self.dot, self.rule, self.bar, self.bullet, self.dots = (
            ("-", "-", "#", "-", "...") if style.ascii_only else ("·", "─", "■", "•", "…")
        )

    def value(self, text: str) -> str:
        """A sentence, an address or a command, fit to print."""
        return plain(text, ascii_only=self.style.ascii_only)

    def name(self, text: str) -> str:
        """A subject in words, fit to print."""
        return plain_name(text, ascii_only=self.style.ascii_only)

    def paint(self, text: str, code: str) -> str:
        """The text in a colour, where colours are wanted. The codes are ours alone."""
        return f"\x1b[{code}m{text}\x1b[0m" if self.style.color and code and text else text

    def link(self, address: str) -> str:
        """An address that a terminal opens at a click, where colours are wanted (OSC 8)."""
        plain_address = address.isascii() and address.isprintable() and " " not in address
        web = address.startswith(("https://", "http://"))
        if not (self.style.color and web and plain_address):
            return address
        return f"\x1b]8;;{address}\x1b\\{address}\x1b]8;;\x1b\\"

    def add(self, *lines: str) -> None:
        """Add lines as they are."""
        self.lines.extend(lines)

    def say(self, text: str, code: str = "", *, hang: int = 0) -> None:
        """Add a sentence, wrapped."""
        self.add(*(self.paint(line, code) for line in wrap(text, self.width, hang=hang)))

    def section(self, title: str) -> None:
        """Add a heading with a rule to the right edge."""
        *above, last = wrap(title, self.width - 3)
        mark = self.rule * 2
        rest = self.rule * max(self.width - len(last) - len(mark) - 2, 0)
        lines = [*above, f"{last} {rest}".rstrip()]
        self.add("", *(self.paint(line, BOLD) for line in hung(f"{mark} ", lines, len(mark) + 1)))

    def labelled(self, label: str, text: str, columns: int, *, hang: int = 0) -> Block:
        """A dim label and a wrapped sentence next to it; nothing if there is no sentence."""
        return self.beside(label, wrap(text, max(columns - LABEL, 2), hang=hang))

    def beside(self, label: str, lines: Block) -> Block:
        """A dim label and lines next to it; nothing if there are no lines."""
        return hung(self.paint(f"{label:<{LABEL - 1}} ", DIM), lines, LABEL)

    def names(self, names: Sequence[str], most: int, others: int = 0) -> str:
        """The first of the names, and how many more there are, with those that are not given."""
        shown = ", ".join(self.name(name) for name in names[:most])
        rest = max(len(names) - most, 0) + others
        return f"{shown} and {rest} more" if rest else shown

    def grid(self, rows: Iterable[Sequence[Block]], *, align: Sequence[str] | None = None) -> None:
        """Add rows of cells, lined up, each with at least two cells.

        Args:
            rows: every row with the same number of cells.
            align: `left` or `right` for each column; left where not given.
        """
        for lines in lay(rows, align):
            self.add(*(f"  {line}" for line in lines))

    def text(self) -> str:
        """All lines."""
        return "\n".join(self.lines) + "\n"


def hung(head: str, lines: Sequence[str], columns: int) -> Block:
    """Lines with a head before the first, and the same indentation before the others."""
    return [(" " * columns if number else head) + line for number, line in enumerate(lines)]


def lay(rows: Iterable[Sequence[Block]], align: Sequence[str] | None = None) -> list[Block]:
    """Line up the cells of all rows; what comes back is the lines of each row.

    A cell contains no empty line: an empty line separates two rows.
    """
    # Imported here: the commands that print no table start without it.
    from tabulate import SEPARATING_LINE, tabulate  # noqa: PLC0415  (start-up)

    cells: list[list[str]] = []
    for row in rows:
        cells += [["\n".join(cell) for cell in row], [SEPARATING_LINE, *[""] * (len(row) - 1)]]
    if not cells:
        return []
    laid = tabulate(cells[:-1], tablefmt="plain", disable_numparse=True, colalign=align)
    blocks: list[Block] = [[]]
    for line in laid.split("\n"):
        if line.strip():
            blocks[-1].append(line.rstrip())
        else:
            blocks.append([])
    return blocks
