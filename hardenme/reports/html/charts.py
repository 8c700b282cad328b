"""Charts as inline SVG: each bar has its name and its number beside it, and a text that says all.

What is not known is hatched, so that no colour is needed to tell it apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from hardenme.model.report import Report
from hardenme.model.severity import Severity
from hardenme.reports.html.element import Element, element
from hardenme.reports.html.families import title_of

WIDTH, ROW, BAR, LABEL, NUMBER = 420, 25, 12, 130, 122
"""Units of a chart: its width, a row's height and its bar's, and the room of names and numbers."""
LEAST = 2.0
"""Units of the shortest bar: what is there is seen."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a bar.

    Attributes:
        number: how many it stands for.
        look: a class of the style sheet.
    """

    number: int
    look: str


@dataclass(frozen=True, slots=True)
class Row:
    """A bar of a chart.

    Attributes:
        label: its name.
        parts: what it is made of.
        told: the number beside it.
    """

    label: str
    parts: tuple[Part, ...]
    told: str


def severities(numbers: Mapping[Severity, int]) -> Element:
    """How many findings there are to fix, by severity."""
    rows = [
        Row(
            str(level),
            (Part(numbers.get(level, 0), f"fill-{level}"),),
            f"{numbers.get(level, 0):,}",
        )
        for level in sorted(Severity, reverse=True)
    ]
    told = ", ".join(f"{row.told} {row.label}" for row in rows)
    most = max(numbers.values(), default=0)
    return _chart("severities", "To fix, by severity", told, [(row, most) for row in rows])


def reasons(numbers: Mapping[str, int]) -> Element | None:
    """How many results are not known, by reason; nothing where all are."""
    if not numbers:
        return None
    found = sorted(numbers.items(), key=lambda one: (-one[1], one[0]))
    rows = [
        Row(reason.replace("_", " ").lower(), (Part(number, "fill-unknown"),), f"{number:,}")
        for reason, number in found
    ]
    told = ", ".join(f"{row.told} {row.label}" for row in rows)
    most = max(numbers.values())
    return _chart("reasons", "Not known, by reason", told, [(row, most) for row in rows])


def coverage(report: Report, families: Mapping[str, Counter[str]]) -> Element:
    """How much of what was asked is known: of all, and of each family of checks."""
    known, asked = report.coverage.known, report.coverage.asked
    rows = [_known("all", known, asked)]
    for family, counts in families.items():
        lost = counts["unknown"] + counts["errored"]
        judged = sum(counts.values()) - counts["manual"]
        if judged:
            rows.append(_known(title_of(family), judged - lost, judged))
    told = ", ".join(f"{row.label} {row.told}" for row in rows)
    scaled = [(row, sum(part.number for part in row.parts)) for row in rows]
    return _chart("coverage", "Coverage: what is known of what was asked", told, scaled)


def _known(label: str, known: int, asked: int) -> Row:
    share = f"{known * 100 // asked}%" if asked else "none"
    parts = (Part(known, "fill-known"), Part(asked - known, "fill-unknown"))
    return Row(label, parts, f"{share} of {asked:,}")


def _chart(key: str, title: str, told: str, rows: Sequence[tuple[Row, int]]) -> Element:
    height = ROW * len(rows)
    drawing = element(
        "svg",
        element("title", title, id=f"{key}-title"),
        element("desc", f"{told}.", id=f"{key}-desc"),
        element("defs", hatching(key)),
        *(
            node
            for number, (row, whole) in enumerate(rows)
            for node in _drawn(key, row, whole, number * ROW)
        ),
        viewBox=f"0 0 {WIDTH} {height}",
        role="img",
        aria_labelledby=f"{key}-title {key}-desc",
        class_="chart",
    )
    return element("figure", element("figcaption", title), drawing)


def hatching(key: str) -> Element:
    """Stripes, to fill what is not known or rests on a word."""
    stripe = element("path", d="M0 6 L6 0 M-1 1 L1 -1 M5 7 L7 5", class_="hatch")
    ground = element("rect", width=6, height=6, class_="hatch-ground")
    return element(
        "pattern",
        ground,
        stripe,
        id=f"{key}-hatch",
        width=6,
        height=6,
        patternUnits="userSpaceOnUse",
    )


def _drawn(key: str, row: Row, whole: int, top: int) -> Iterable[Element]:
    middle = top + ROW / 2
    room = WIDTH - LABEL - NUMBER
    at = float(LABEL)
    yield element("text", row.label, x=LABEL - 10, y=middle, class_="label", text_anchor="end")
    if not any(part.number for part in row.parts):
        yield element("path", d=f"M{LABEL} {middle}h6", class_="nothing")
        at += 6
    for part in row.parts:
        if not part.number:
            continue
        length = max(room * part.number / whole, LEAST)
        hatched = f"url(#{key}-hatch)" if part.look == "fill-unknown" else None
        yield element(
            "rect",
            x=round(at, 2),
            y=middle - BAR / 2,
            width=round(length, 2),
            height=BAR,
            rx=1.5,
            fill=hatched,
            class_=part.look,
        )
        at += length
    yield element("text", row.told, x=round(at + 8, 2), y=middle, class_="number")
