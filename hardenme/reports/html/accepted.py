"""Waivers: what they accept, and those that accept nothing."""

from __future__ import annotations

from collections.abc import Sequence

from hardenme.model.report import Report
from hardenme.model.waiver import Waiver
from hardenme.reports.checklist import Checklist
from hardenme.reports.html.element import Child, Element, element
from hardenme.reports.html.words import (
    card,
    chip,
    folded,
    more,
    named,
    page,
    prose,
    said,
    section,
    shortly,
    terms,
    title,
    who,
)
from hardenme.reports.plain import counted
from hardenme.reports.waived import ADVICE, Accepted, left

SHOWN = 50
"""Subjects of a waiver that are named before the rest is counted."""
OPEN = 10
"""Waivers before the others are folded."""
GROUPS = 300
"""Waivers of a kind before the rest is counted."""


def accepted(report: Report, checklist: Checklist) -> Element | None:
    """Failures that somebody accepts; waivers that are unused, expired or only proposed."""
    waivers = report.waivers
    kinds = (
        (
            "Expired",
            f"They no longer apply: what they accepted fails again. {ADVICE}.",
            waivers.expired,
        ),
        (
            "Proposed",
            "A file in the working directory asks for them. They were not applied.",
            waivers.proposed,
        ),
        ("Unused", "Nothing that failed is covered by them: they can go.", waivers.unused),
    )
    in_force = checklist.accepted
    if not in_force and not any(listed for *_, listed in kinds):
        return None
    intro = (
        f"{counted(checklist.waived, 'failure')} accepted. Each is a finding that someone decided "
        "to accept until a date; it is not a pass."
        if in_force
        else "No failure is accepted."
    )
    rest = len(in_force) - GROUPS
    return section(
        "accepted",
        "Accepted",
        element("p", intro, class_="intro"),
        *shortly([_accepted(one) for one in in_force[:GROUPS]], OPEN, "waiver"),
        more(rest, "waiver") if rest > 0 else None,
        *(_kind(*kind) for kind in kinds if kind[2]),
    )


def _accepted(one: Accepted) -> Element:
    single = one.count == 1
    where: list[Child] = [who(one.names[0])] if single else []
    shown = one.names[:SHOWN]
    rest = one.count - len(shown)
    return card(
        title(one.severity, one.code, one.title, one.count),
        terms([("Where", where), *_terms(one.waiver, left(one).removeprefix("until "))]),
        None
        if single
        else folded(
            [counted(one.count, "subject")],
            element("ul", *(element("li", who(name)) for name in shown), class_="names"),
            more(rest, "subject") if rest else None,
        ),
        outcome="waived",
        codes=(one.code,),
        severity=str(one.severity),
        mixed=True,
        more=rest > 0,
    )


def _terms(waiver: Waiver, until: str = "") -> list[tuple[str, list[Child]]]:
    return [
        ("Because", list(prose(waiver.reason))),
        ("By", [named(waiver.by)] if waiver.by else []),
        ("Until", [until or waiver.until.isoformat()]),
        ("Issue", [page(waiver.issue)] if waiver.issue else []),
        ("Stands in", [element("code", said(waiver.origin))] if waiver.origin else []),
    ]


def _kind(name: str, meaning: str, waivers: Sequence[Waiver]) -> Element:
    rest = len(waivers) - GROUPS
    return element(
        "div",
        element("h3", f"{name} ({len(waivers):,})"),
        element("p", meaning, class_="intro"),
        element(
            "ul",
            *(
                element(
                    "li",
                    element("p", chip(one.check), " for ", element("b", named(one.subject))),
                    terms(_terms(one)),
                    class_="waiver",
                )
                for one in waivers[:GROUPS]
            ),
            class_="waivers",
        ),
        more(rest, "waiver") if rest > 0 else None,
        class_="group",
    )
