"""Bars as inline SVG: each fills the width that it is given, with its text next to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from hardenme.reports.html.element import Element, element

THICK = 10
"""Height of a bar in its own units; the style sheet says how high it is drawn."""

Part = tuple[float, float, str]
"""Where a part begins, how wide it is, and its look."""


def bar(parts: Iterable[Part], total: float, *, title: str = "", look: str = "") -> Element:
    """A bar of so many units.

    Args:
        title: what it shows; empty if the text next to it says that.
        look: its class beyond `bar`.
    """
    return element(
        "svg",
        element("title", title) if title else None,
        *(
            element("rect", x=f"{start:g}", width=f"{width:g}", height=THICK, class_=look_of)
            for start, width, look_of in parts
            if width
        ),
        viewBox=f"0 0 {max(total, 1):g} {THICK}",
        preserveAspectRatio="none",
        role="img" if title else None,
        aria_hidden=None if title else "true",
        class_=f"bar {look}".rstrip(),
    )


def stacked(numbers: Sequence[tuple[float, str]]) -> list[Part]:
    """Parts that follow each other."""
    parts: list[Part] = []
    start = 0.0
    for width, look in numbers:
        parts.append((start, width, look))
        start += width
    return parts


def swatch(look: str) -> Element:
    """A small square in a legend."""
    return element(
        "svg",
        element("rect", width=10, height=10, class_=look),
        viewBox="0 0 10 10",
        aria_hidden="true",
        class_="swatch",
    )
