"""What could not be known, what only a person can answer, and what rests on a person's word."""

from __future__ import annotations

from collections.abc import Sequence

from hardenme.reports.checklist import ERRORED, AttestedFinding, Cause, ChecklistQuestion
from hardenme.reports.html.element import Child, Element, element
from hardenme.reports.html.words import (
    aside,
    card,
    chip,
    chips,
    folded,
    more,
    named,
    names,
    page,
    prose,
    said,
    section,
    shortly,
    terms,
    who,
)
from hardenme.reports.plain import counted, timestamp

OPEN = 10
"""Cards of a section before the others are folded."""
GROUPS = 200
"""Cards of a section before the rest is counted."""
SUBJECTS = 100
"""Subjects of a card that are named before the rest is counted."""
INLINE = 12
"""Subjects that stand in one sentence, so that no list is needed."""


def questions(asked: Sequence[ChecklistQuestion], *, demo: bool) -> Element | None:
    """What to confirm by hand, by the page where the answer stands; of the demo none is kept."""
    if not asked:
        return None
    left = len(asked) - GROUPS
    return section(
        "questions",
        "To confirm by hand",
        element(
            "p",
            "No API shows these. They count neither as passed nor as unknown. ",
            *(() if demo else (element("code", "hardenme attest CODE"), " records an answer.")),
            class_="intro",
        ),
        *shortly([_question(one) for one in asked[:GROUPS]], OPEN, "question"),
        more(left, "question") if left > 0 else None,
    )


def _question(one: ChecklistQuestion) -> Element:
    return card(
        element("h3", *chips(one.codes), " ", *prose(one.text)),
        terms([("Look at", [page(one.page)]), *_subjects("For", one.names)]),
        _listed(one.names),
        outcome="manual",
        codes=one.codes,
        more=len(one.names) > SUBJECTS,
    )


def causes(blocking: Sequence[Cause]) -> Element | None:
    """What could not be checked, by cause."""
    if not blocking:
        return None
    left = len(blocking) - GROUPS
    total = sum(cause.count for cause in blocking)
    return section(
        "unknown",
        "Could not be checked",
        element(
            "p",
            f"{counted(total, 'result')} not known, by what it takes to know them. "
            "What is not known is never counted as passed.",
            class_="intro",
        ),
        *shortly([_cause(cause) for cause in blocking[:GROUPS]], OPEN, "cause"),
        more(left, "cause") if left > 0 else None,
    )


def _cause(cause: Cause) -> Element:
    label = "Error" if cause.reason == ERRORED else "Needs"
    head = element(
        "h3",
        element("i", "unknown", class_="unknown"),
        " ",
        chip(cause.reason),
        " ",
        counted(cause.count, "result"),
    )
    rows: list[tuple[str, list[Child]]] = [
        (label, list(prose(cause.needed))),
        ("Seen", list(prose(cause.seen))),
        ("Do", list(prose(cause.action))),
        ("Hides", list(chips(cause.codes))),
        *_subjects("For", cause.names),
    ]
    return card(
        head,
        terms(rows),
        _listed(cause.names),
        outcome="errored" if cause.reason == ERRORED else "unknown",
        codes=cause.codes,
        more=len(cause.names) > SUBJECTS,
    )


def _subjects(label: str, subjects: Sequence[str]) -> list[tuple[str, list[Child]]]:
    return [(label, list(names(subjects)))] if len(subjects) <= INLINE else []


def _listed(subjects: Sequence[str]) -> Element | None:
    if len(subjects) <= INLINE:
        return None
    left = len(subjects) - SUBJECTS
    return folded(
        [counted(len(subjects), "subject")],
        element("ul", *(element("li", who(name)) for name in subjects[:SUBJECTS]), class_="names"),
        more(left, "subject") if left > 0 else None,
    )


def statements(stated: Sequence[AttestedFinding]) -> Element | None:
    """What rests on somebody's word."""
    if not stated:
        return None
    left = len(stated) - GROUPS
    return section(
        "statements",
        "Answered by a person",
        *shortly([_statement(one) for one in stated[:GROUPS]], OPEN, "statement"),
        more(left, "statement") if left > 0 else None,
    )


def _statement(one: AttestedFinding) -> Element:
    until = timestamp(one.until)[:10]
    return card(
        element("h3", chip(one.code), " ", who(one.name)),
        element(
            "p",
            *prose(one.message),
            aside(f" {named(one.by)}, until {said(until)}"),
        ),
        outcome="attested",
        codes=(one.code,),
    )
