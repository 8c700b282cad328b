"""The heat map: a row for each repository or package, with its cells as inline SVG by topic."""

from __future__ import annotations

from collections.abc import Iterator

from hardenme.reports.html.bars import swatch
from hardenme.reports.html.element import Element, element
from hardenme.reports.html.words import named
from hardenme.reports.overview.heat_map import Cell, CellState, HeatMap, HeatRow
from hardenme.reports.plain import counted

GAP = 0.4
"""Percent of the row between two cells."""
SIGNS = {
    CellState.ASKED: "{0.asked:,} q",
    CellState.WAIVED: "{0.waived:,} w",
    CellState.ATTESTED: "{0.attested:,} a",
    CellState.PASSED: "\u2713",
    CellState.NOTHING: "\u2013",
}
KEYS = (
    (CellState.UNKNOWN, "2?: not known"),
    (CellState.ASKED, "q question for a person"),
    (CellState.WAIVED, "w waived"),
    (CellState.ATTESTED, "a attested by a person"),
    (CellState.PASSED, "\u2713 all known, none failed"),
    (CellState.NOTHING, "\u2013 not checked"),
)


def heat(shown: HeatMap) -> Element:
    """The rows below their topics. Cells are as wide as there is room, and their text is not."""
    topics = element("span", *(element("span", topic) for topic in shown.topics), class_="topics")
    return element(
        "ol",
        element("li", element("span"), topics, aria_hidden="true"),
        *(_row(shown, row) for row in shown.rows),
        class_="heat",
    )


def keys(shown: HeatMap) -> Element:
    """What colors and signs mean, of those that are there."""
    cells = [cell for row in shown.rows for cell in row.cells.values()]
    levels = sorted({cell.worst for cell in cells if cell.worst is not None})[::-1]
    states = {cell.state for cell in cells}
    states |= {CellState.UNKNOWN} if any(cell.unknown for cell in cells) else set()
    if any(len(row.cells) < len(shown.topics) for row in shown.rows):
        states.add(CellState.NOTHING)
    numbers = element("li", "5: findings, in the color of the worst") if levels else None
    return element(
        "ul",
        *(element("li", swatch(str(level)), f" {level}") for level in levels),
        numbers,
        *(element("li", text) for state, text in KEYS if state in states),
        class_="keys",
    )


def _row(shown: HeatMap, row: HeatRow) -> Element:
    name = named(row.name) if row.name else counted(row.places, "other")
    cells = [(topic, row.cells.get(topic, Cell())) for topic in shown.topics]
    told = "; ".join(f"{topic}: {cell.told}" for topic, cell in cells)
    drawn = element(
        "svg",
        *(one for at, cell in enumerate(cells) for one in _cell(name, *cell, at, len(cells))),
        role="img",
        aria_label=f"{name}. {told}",
    )
    label = element("span", name, title=name, class_=None if row.name else "others")
    return element("li", label, drawn)


def _cell(name: str, topic: str, cell: Cell, at: int, several: int) -> Iterator[Element]:
    """A cell at its place; places are shares of the row, so that it may be of any width."""
    share = 100 / several
    yield element(
        "g",
        element("title", f"{name}, {topic}: {cell.told}"),
        element("rect", x=f"{at * share:.2f}%", width=f"{share - GAP:.2f}%", height="100%"),
        element("text", sign(cell), x=f"{(at + 0.5) * share - GAP / 2:.2f}%", y="50%"),
        class_=str(cell.worst) if cell.worst is not None else cell.state.value,
    )


def sign(cell: Cell) -> str:
    """The text of a cell: unknown ranks next to failed."""
    if not cell.failed and not cell.unknown:
        return SIGNS[cell.state].format(cell)
    failed = f"{cell.failed.total():,}" if cell.failed else ""
    unknown = f"{cell.unknown:,}?" if cell.unknown else ""
    return " \u00b7 ".join(filter(None, (failed, unknown)))
