"""The members of organizations."""

from __future__ import annotations

from collections.abc import Sequence

from hardenme.reports.html.element import Element, element
from hardenme.reports.html.words import folded, more, named, said, section, wide
from hardenme.reports.members import OFF, ON, TEXT, Member, by_organization, summary

MOST = 2_000
"""Members of an organization before the rest is counted."""
LOOKS = {OFF: "bad", TEXT: "poor", ON: "good"}
HEADS = ("Login", "Role", "2FA", "Teams", "Administers", "Last sign of activity")


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
    table = wide(
        f"Members of {named(name)}",
        element(
            "table",
            element("thead", element("tr", *(element("th", one, scope="col") for one in HEADS))),
            element("tbody", *(_member(one) for one in people[:MOST])),
        ),
    )
    head = (element("b", named(name)), " ", summary(people))
    return folded(head, table, more(left, "member") if left > 0 else None, class_="members")


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
