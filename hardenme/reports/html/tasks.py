"""What to fix, by the page where it is clicked."""

from __future__ import annotations

from collections.abc import Iterator

from hardenme.model.verdict import Fix
from hardenme.reports.checklist import Case, Checklist, Item, Part, Place
from hardenme.reports.html.cards import card, evidence, more, title
from hardenme.reports.html.element import Child, Element, element
from hardenme.reports.html.words import (
    command,
    counted,
    folded,
    names,
    page,
    prose,
    section,
    terms,
    who,
)
from hardenme.reports.waived import Lapsed, history

CASES = 25
"""Subjects of an item that are listed before the rest is counted."""
INLINE = 6
"""Subjects that stand in one sentence, so that no list is needed."""
PLACES = 400
"""Pages before the rest is counted."""

LABELS: dict[Part, str] = {"step": "Fix", "command": "Run", "needs": "Needs", "undo": "Undo"}


def to_fix(checklist: Checklist) -> Element:
    """All places, the worst first."""
    if not checklist.places:
        return section("to-fix", "To fix", element("p", "No check failed.", class_="good"))
    total = sum(len(place.items) for place in checklist.places)
    pages = counted(len(checklist.places), "place")
    intro = (
        f"{counted(checklist.failed, 'finding')}, put together into {counted(total, 'task')} on "
        f"{pages}. The worst come first."
    )
    left = len(checklist.places) - PLACES
    return section(
        "to-fix",
        "To fix",
        element("p", intro, class_="intro"),
        *(_place(place) for place in checklist.places[:PLACES]),
        more(left, "place") if left > 0 else None,
    )


def _place(place: Place) -> Element:
    head: tuple[Child, ...]
    if len(place.pages) == 1:
        head = (page(place.pages[0]),)
    elif place.pages:
        head = (f"Each on its own page ({len(place.pages):,})",)
    else:
        head = ("By command",)
    paged = len(place.pages) > 1
    return element(
        "div",
        element("h3", *head, class_="place"),
        *(_item(item, paged=paged) for item in place.items),
        class_="group",
    )


def _item(item: Item, *, paged: bool) -> Element:
    body = _wide(item, item.wider) if item.wider is not None else _own(item, paged=paged)
    return card(
        title(item.severity, item.code, item.title, item.count, heading="h4"),
        *body,
        outcome="failed",
        codes=(item.code,),
        severity=str(item.severity),
        mixed=item.wider is not None,
        more=item.count > len(item.cases[:CASES]),
    )


def _own(item: Item, *, paged: bool) -> Iterator[Child]:
    """What was found, why it matters and how each is fixed."""
    only = item.cases[0]
    single = item.count == 1
    rows: list[tuple[str, list[Child]]] = []
    if single:
        rows.append(("Now", [who(only.name), ": ", *prose(only.message)]))
    elif item.message is not None:
        rows.append(("Now", list(prose(item.message))))
        if item.count <= INLINE:
            rows.append(("Where", list(names(item.names))))
    rows.append(("Why", list(prose(item.why))))
    for part, label in LABELS.items():
        rows.append((label, list(_part(item, part))))
    if single and paged:
        rows.append(("Page", [page(only.fix.page)]))
    yield terms(rows)
    if single:
        yield _lapsed(only)
        yield evidence(only.finding)
        return
    yield folded(
        [counted(item.count, "subject"), ", each with what was seen"],
        element(
            "ul", *(_case(item, case, paged=paged) for case in item.cases[:CASES]), class_="cases"
        ),
        more(item.count - CASES, "subject") if item.count > CASES else None,
    )


def _part(item: Item, part: Part) -> Iterator[Child]:
    """A part of the fix: what all say, or the first where they differ by their names alone."""
    text = item.cases[0].text(part)
    if not text or not (item.count == 1 or item.alike(part)):
        return
    if part == "command":
        yield command(text)
    else:
        yield from prose(text)
    if item.shared(part) is None and item.count > 1:
        yield element("span", " The others alike: see the list.", class_="aside")


def _case(item: Item, case: Case, *, paged: bool) -> Element:
    """One subject, and what is its own."""
    own: list[tuple[str, list[Child]]] = []
    if item.shared("step") is None and not item.alike("step"):
        own.append(("Fix", list(prose(case.fix.step))))
    if item.shared("command") is None and case.fix.command:
        own.append(("Run", [command(case.fix.command)]))
    parts: tuple[Part, ...] = ("needs", "undo")
    own += [
        (LABELS[part], list(prose(case.text(part))))
        for part in parts
        if not item.alike(part) and case.text(part)
    ]
    told: list[Child] = [who(case.name)]
    if item.message is None:
        told += [": ", *prose(case.message)]
    if paged and case.fix.page:
        told += [" ", page(case.fix.page)]
    return element(
        "li",
        element("p", *told),
        terms(own),
        _lapsed(case),
        evidence(case.finding),
        class_="case",
    )


def _wide(item: Item, step: Fix) -> Iterator[Child]:
    """The one step that closes it for all, and then for which subjects."""
    rows: list[tuple[str, list[Child]]] = [
        ("Why", list(prose(item.why))),
        ("Now", list(prose(item.message)) if item.message is not None else []),
        ("Fix", [element("b", f"One step closes {item.count:,}: "), *prose(step.step)]),
        ("Run", [command(step.command)] if step.command else []),
        ("Needs", list(prose(step.needs))),
        ("Undo", list(prose(step.undo))),
    ]
    yield terms(rows)
    yield folded(
        [f"Closed by it: {counted(item.count, 'subject')}"],
        element("ul", *(_closed(item, case) for case in item.cases[:CASES]), class_="cases"),
        more(item.count - CASES, "subject") if item.count > CASES else None,
    )


def _closed(item: Item, case: Case) -> Element:
    told = () if item.message is not None else (": ", *prose(case.message))
    return element("li", element("p", who(case.name), *told), evidence(case.finding), class_="case")


def _lapsed(case: Case) -> Element | None:
    """That it was accepted until a day."""
    if case.lapsed is None:
        return None
    told = history(Lapsed(case.lapsed, (case.name,), 1))
    return element("p", element("strong", "Waiver lapsed"), " ", *prose(told), class_="lapsed")
