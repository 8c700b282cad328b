"""The members of organizations."""

from __future__ import annotations

from collections.abc import Sequence

from hardenme.reports.html.cards import more
from hardenme.reports.html.element import Element, element
from hardenme.reports.html.words import folded, named, said, section
from hardenme.reports.members import OFF, ON, TEXT, Member, by_organization, summary

MOST = 2_000
"""Members of an organization before the rest is counted."""
OPENED = 60
"""Members up to which the table is open from the start."""
LOOKS = {OFF: "bad", TEXT: "poor", ON: "good"}
HEADS = ("Login", "Role", "Two-factor", "Teams", "Administers", "Last sign of activity")


def members(people: Sequence[Member]) -> Element | None:
    """A table for each organization, the worst first."""
    if not people:
        return None
    return section(
        "members",
        "Members",
        *(_organization(name, found) for name, found in by_organization(people).items()),
    )


def _organization(name: str, people: Sequence[Member]) -> Element:
    left = len(people) - MOST
    table = element(
        "div",
        element(
            "table",
            element("caption", f"Members of {named(name)}", class_="unseen"),
            element("thead", element("tr", *(element("th", one, scope="col") for one in HEADS))),
            element("tbody", *(_member(one) for one in people[:MOST])),
        ),
        class_="wide",
        tabindex="0",
        role="region",
        aria_label=f"Members of {named(name)}",
    )
    head = (element("b", named(name)), " ", summary(people))
    folding = folded(head, table, more(left, "member") if left > 0 else None, class_="members")
    return folding if len(people) > OPENED else opened(folding)


def opened(details: Element) -> Element:
    """The same, open from the start."""
    return Element(details.name, (*details.attributes, ("open", True)), details.children)


def _member(one: Member) -> Element:
    look = LOOKS.get(one.two_factor, "unclear")
    cells = (
        element("span", one.two_factor, class_=f"state {look}"),
        "?" if one.teams is None else str(one.teams),
        one.rule or "?",
        said(one.sign),
    )
    return element(
        "tr",
        element("th", named(one.login), scope="row"),
        element("td", one.role or "unknown"),
        *(element("td", cell) for cell in cells),
    )
