"""The same as a page that needs no script: the lists, and a drawing of each place."""

from __future__ import annotations

from collections.abc import Iterator

from hardenme.reports.holders.drawn import LEGEND, places
from hardenme.reports.holders.outline import outline
from hardenme.reports.holders.view import HoldersView
from hardenme.reports.html.element import Element, element
from hardenme.reports.html.graph import graph, legend
from hardenme.reports.html.outlined import outlined
from hardenme.reports.html.words import inline, section
from hardenme.reports.style import Style

MOST_DRAWN = 60
"""Drawings on a page."""


def render(told: HoldersView, _style: Style) -> str:
    """The page."""
    # Everything: a page has room, and a reader who searches in it.
    return outlined(
        outline(told),
        f"hardenme people: {inline(', '.join(told.targets))}",
        section("drawings", "Drawings", element("p", LEGEND), *_drawings(told)),
        linked=True,
    )


def _drawings(told: HoldersView) -> Iterator[Element]:
    packages, ends = places(told)
    yield legend()
    for number, package in enumerate(packages[:MOST_DRAWN]):
        kind = ends[package.package]
        made = graph(
            package,
            f"held-{number}",
            kind=kind,
            title=f"Who holds {kind} {{}}",
            told=f"{len(package.paths)} paths. The lists above describe each.",
        )
        if made is not None:
            yield made
