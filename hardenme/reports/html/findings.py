"""What failed, by check: what was found of which subject, and the step that closes it.

What is the same for all findings of a check stands with the first of its cards.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from hardenme.model.report import CheckText
from hardenme.model.severity import Severity
from hardenme.reports.checklist import Checklist, ChecklistItem, FailedSubject
from hardenme.reports.fixplan.closing import Closing
from hardenme.reports.html.element import Child, Element, element
from hardenme.reports.html.steps import step_link
from hardenme.reports.html.words import (
    anchor,
    aside,
    card,
    folded,
    more,
    passage,
    prose,
    section,
    title,
    who,
)
from hardenme.reports.plain import counted
from hardenme.reports.waived import Lapsed, history

CASES = 25
"""Subjects of a card that are listed before the rest is counted."""


def to_fix(checklist: Checklist, texts: Mapping[str, CheckText], closing: Closing) -> Element:
    """All findings that failed; critical and high ones stand open."""
    if not checklist.failed:
        return section("to-fix", "To fix", element("p", "No check failed.", class_="good"))
    by_level: dict[Severity, dict[str, list[ChecklistItem]]] = {}
    for item in checklist.items:
        by_level.setdefault(item.severity, {}).setdefault(item.code, []).append(item)
    told: set[str] = set()
    groups: list[Element] = []
    for level, found in by_level.items():
        cards: list[Child] = []
        for code, items in found.items():
            text = None if code in told else texts.get(code)
            told.add(code)
            cards.append(_card(level, items, text, closing))
        groups.append(_group(level, checklist.severities.get(level, 0), cards))
    return section("to-fix", "To fix", *groups)


def _group(severity: Severity, number: int, cards: Sequence[Child]) -> Element:
    """The cards of a severity, each of one check."""
    head = f"{str(severity).capitalize()}: {counted(number, 'finding')}"
    by = f" of {counted(len(cards), 'check')}"
    return element(
        "details",
        element("summary", element("h3", head, aside(by))),
        *cards,
        class_="group",
        open=severity >= Severity.HIGH,
    )


def _card(
    severity: Severity, items: list[ChecklistItem], text: CheckText | None, closing: Closing
) -> Element:
    code, count = items[0].code, sum(item.count for item in items)
    return card(
        title(
            severity,
            code,
            items[0].title,
            count,
            heading="h4",
            id_=anchor(code) if text is not None else "",
        ),
        element("p", *prose(text.why)) if text is not None and text.why else None,
        *(part for item in items for part in _item(item, closing)),
        about(text, why=False),
        outcome="failed",
        codes=(code,),
        severity=str(severity),
        mixed=any(item.wider is not None for item in items),
        more=any(item.count > len(item.cases[:CASES]) for item in items),
    )


def about(text: CheckText | None, *, why: bool, fix: bool = True) -> Element | None:
    """What is to be known of a check, folded.

    Args:
        text: of the check; nothing is known without it.
        why: say why it matters, since nothing above does.
        fix: say what to know before it is fixed, since there may be something to fix.
    """
    if text is None:
        return None
    told = {
        "": text.why if why else "",
        "Before the fix: ": text.fix if fix else "",
        "Limits: ": text.limits,
    }
    known = (passage(said, label) for label, said in told.items())
    return folded(["About ", *prose(text.slug)], *chain.from_iterable(known))


def _item(item: ChecklistItem, closing: Closing) -> Iterator[Child]:
    """What was found of each subject; what all say alike, and close together, stands once."""
    cases = item.cases[:CASES]
    names = {closing.name(case.finding) for case in cases}
    same = names.pop() if len(names) == 1 and item.count > 1 else ""
    if item.count > 1 and (item.message is not None or same):
        message = prose(item.message) if item.message is not None else ()
        yield element("p", *message, *(_arrow(closing, same) if same else ()))
    own = ("" if same else closing.name(case.finding) for case in cases)
    told = (_case(item, case, name, closing) for case, name in zip(cases, own, strict=True))
    yield element("ul", *told)
    if item.count > len(cases):
        yield more(item.count - len(cases), "subject")


def _arrow(closing: Closing, name: str) -> tuple[Child, ...]:
    """To the step that closes it."""
    return " \u2192 ", step_link(closing.plan, name)


def _case(item: ChecklistItem, case: FailedSubject, name: str, closing: Closing) -> Element:
    """One subject, and what is its own."""
    alone = item.count == 1 or item.message is None
    return element(
        "li",
        who(case.name),
        *((": ", *prose(case.message)) if alone else ()),
        *(_arrow(closing, name) if name else ()),
        _lapsed(case),
    )


def _lapsed(case: FailedSubject) -> Element | None:
    """That it was accepted until a day."""
    if case.lapsed is None:
        return None
    told = history(Lapsed(case.lapsed, (case.name,), 1))
    return element("p", element("strong", "Waiver lapsed"), " ", *prose(told), class_="lapsed")
