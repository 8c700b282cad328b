"""The heat map as inline SVG: a row for each repository or package, a column for each topic."""

from __future__ import annotations

from collections.abc import Iterator

from hardenme.reports.html.bars import swatch
from hardenme.reports.html.element import Element, element
from hardenme.reports.html.words import named, wide
from hardenme.reports.overview.heat_map import Cell, CellState, HeatMap, HeatRow
from hardenme.reports.plain import counted

NAMES, WIDE, HIGH, HEAD = 200, 68, 20, 20
"""Units: of the column of names, of a cell, of a row, of the first line."""
GAP = 2
"""Units between two cells."""
LETTERS = 28
"""Characters of a name that fit."""
SIGNS = {
    CellState.ASKED: "{0.asked:,} q",
    CellState.WAIVED: "{0.waived:,} w",
    CellState.ATTESTED: "{0.attested:,} a",
    CellState.PASSED: "\u2713",
    CellState.NOTHING: "\u2013",
}
KEYS = (
    (CellState.UNKNOWN, "? not known"),
    (CellState.ASKED, "q question for a person"),
    (CellState.WAIVED, "w waived"),
    (CellState.ATTESTED, "a attested by a person"),
    (CellState.PASSED, "\u2713 all known, none failed"),
    (CellState.NOTHING, "\u2013 not checked"),
)


def heat(shown: HeatMap) -> Element:
    """The drawing, with all that it says as its description."""
    width = NAMES + len(shown.topics) * WIDE
    height = HEAD + len(shown.rows) * HIGH
    svg = element(
        "svg",
        element("title", "Findings by place and topic", id="heat-title"),
        element("desc", "Each cell has its numbers as its own title.", id="heat-desc"),
        *(
            element(
                "text",
                topic,
                x=NAMES + at * WIDE + (WIDE - GAP) // 2,
                y=HEAD - 7,
                class_="topic",
            )
            for at, topic in enumerate(shown.topics)
        ),
        *(part for at, row in enumerate(shown.rows) for part in _row(shown, row, at)),
        viewBox=f"0 0 {width} {height}",
        width=width,
        height=height,
        role="img",
        aria_labelledby="heat-title heat-desc",
        class_="heat",
    )
    return wide("Findings by place and topic", svg)


def keys(shown: HeatMap) -> Element:
    """What colours and signs mean, of those that are there."""
    cells = [cell for row in shown.rows for cell in row.cells.values()]
    levels = sorted({cell.worst for cell in cells if cell.worst is not None})[::-1]
    states = {cell.state for cell in cells}
    states |= {CellState.UNKNOWN} if any(cell.unknown for cell in cells) else set()
    if any(len(row.cells) < len(shown.topics) for row in shown.rows):
        states.add(CellState.NOTHING)
    return element(
        "ul",
        *(element("li", swatch(str(level)), f" {level}") for level in levels),
        *(element("li", text) for state, text in KEYS if state in states),
        class_="keys",
    )


def _row(shown: HeatMap, row: HeatRow, number: int) -> Iterator[Element]:
    top = HEAD + number * HIGH
    name = named(row.name) if row.name else counted(row.places, "other")
    cut = len(name) > LETTERS
    yield element(
        "text",
        element("title", name) if cut else None,
        f"{name[: LETTERS - 1]}\u2026" if cut else name,
        x=0,
        y=top + 14,
        class_=None if row.name else "others",
    )
    for at, topic in enumerate(shown.topics):
        cell = row.cells.get(topic, Cell())
        yield element(
            "g",
            element("title", f"{name}, {topic}: {cell.told}"),
            element("rect", width=WIDE - GAP, height=HIGH - GAP),
            element("text", sign(cell), x=(WIDE - GAP) // 2, y=14),
            transform=f"translate({NAMES + at * WIDE} {top})",
            class_=str(cell.worst) if cell.worst is not None else cell.state.value,
        )


def sign(cell: Cell) -> str:
    """The text of a cell: unknown ranks next to failed."""
    if not cell.failed and not cell.unknown:
        return SIGNS[cell.state].format(cell)
    failed = f"{cell.failed.total():,}" if cell.failed else ""
    unknown = f"{cell.unknown:,}?" if cell.unknown else ""
    return " ".join(filter(None, (failed, unknown)))
