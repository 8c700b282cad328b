"""The safeguards of a maintainer as a section of the page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hardenme.reports.html.element import Child, Element, element
from hardenme.reports.html.words import prose, said, section, wide
from hardenme.reports.outline.practices import LEAD, NEXT, TITLE
from hardenme.reports.practices import SafeguardStanding


def practices(found: Sequence[SafeguardStanding]) -> Element:
    """A row for each safeguard; what is said of it stands in columns."""
    heads = ("Safeguard", *(word for word, _ in found[0].said), NEXT)
    rows = (
        element(
            "tr",
            element("th", said(one.safeguard.title), scope="row"),
            *(element("td", *prose(text)) for _, text in one.said),
            element("td", *_next(one)),
        )
        for one in found
    )
    table = element(
        "table",
        element("thead", element("tr", *(element("th", head, scope="col") for head in heads))),
        element("tbody", *rows),
        class_="controls",
    )
    return section("safeguards", TITLE, element("p", LEAD, class_="intro"), wide(TITLE, table))


def _next(one: SafeguardStanding) -> Iterator[Child]:
    yield from prose(one.todo)
    if one.command:
        yield from (": " if one.todo else "", element("code", said(one.command)))
