"""A runbook to print: in Markdown with boxes, as a page, and on a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hardenme.model.runbook import Chapter, Runbook, RunbookItem, RunbookStep
from hardenme.reports.header import Header
from hardenme.reports.html.outlined import outlined
from hardenme.reports.outline.forms import forms_of, rendered
from hardenme.reports.outline.parts import (
    EVERY,
    Detail,
    Entry,
    Group,
    Outline,
    Section,
    Words,
    command,
    ours,
    page,
    sentence,
    strong,
)
from hardenme.reports.outline.unread import not_looked_at
from hardenme.reports.plain import counted
from hardenme.reports.style import Style

NO_BOUND = 1 << 40
"""Bytes of a page: what is printed leaves nothing out."""
ABOUT = (
    "Print this page, and keep it where you can read it without your accounts. Nothing in it is run"
    " for you. Take the steps in this order, and tick each one."
)
NEW = "Make it again after each change of tokens, keys or people: `hardenme check`, then this."
LEDGER = (
    "With an incident open, `hardenme incident status{0}` shows what is left of these steps, with"
    " the next one first. Tick one off there by its number, like `hardenme incident attest 6 --how"
    " 'revoked on the page'{0}`, and end with `hardenme incident close{0}`."
)
MISSING = "These lists were not read, or not to their end. They may hold more than is on this page."
TITLE = "hardenme runbook"


@dataclass(frozen=True, slots=True)
class RunbookShown:
    """What is shown.

    Attributes:
        found: what to do.
        run: whose run it is and how old.
        version: the version of hardenme.
        header: who, where and when.
        warning: why it is incomplete, or not to be followed; empty if it is.
        demo: it is of the demo's accounts.
    """

    found: Runbook
    run: str
    version: str
    header: Header
    warning: str = ""
    demo: bool = False


def outline(told: RunbookShown) -> Outline:
    """The runbook, chapter by chapter, and what is missing first."""
    found = told.found
    missing = counted(len(found.missing), "list")
    lead: list[Words] = [
        (strong(f"{told.run}."),),
        (sentence(ABOUT),),
        (sentence(NEW),),
        (sentence(LEDGER.format(" --demo" * told.demo)),),
    ]
    if found.missing:
        lead.append((strong(f"{missing} missing: see the end of the page."),))
    return Outline(
        title=f"{TITLE} {told.version}",
        warning=(sentence(told.warning),) if told.warning else (),
        lead=tuple(lead),
        sections=(*_chapters(found), _missing(found)),
        header=told.header,
    )


def _chapters(found: Runbook) -> Iterator[Section]:
    number = 0
    for chapter in Chapter:
        groups = []
        for step in found.steps:
            if step.chapter is chapter:
                number += 1
                groups.append(_step(step, number))
        yield Section(chapter.value, groups=tuple(groups), most=EVERY)


def _step(step: RunbookStep, number: int) -> Group:
    lead = [(sentence(f"By: {step.who}."),)] if step.who else []
    lead += [(sentence(one),) for one in step.notes]
    own = RunbookItem("Done", step.commands, step.page)
    entries = step.items or ((own,) if step.acts else ())
    return Group(
        heading=(ours(f"{number}. "), sentence(step.text)),
        lead=tuple(lead),
        entries=tuple(map(_entry, entries)),
        most=EVERY,
    )


def _entry(one: RunbookItem) -> Entry:
    beside = []
    if one.commands:
        beside.append(Detail("Run", tuple((command(line),) for line in one.commands), most=EVERY))
    if one.page:
        beside.append(Detail("At", ((page(one.page),),)))
    return Entry((sentence(one.text),), task=True, beside=tuple(beside))


def _missing(found: Runbook) -> Section:
    nothing = "Nothing that this page asks for."
    return not_looked_at(found.missing, nothing=nothing, lead=MISSING)


def _html(told: RunbookShown, _style: Style) -> str:
    return outlined(outline(told), TITLE)


FORMS = forms_of(outline, room=NO_BOUND, html=_html)
"""Every form by its name on the command line."""


def render(told: RunbookShown, form: str, style: Style) -> str:
    """What is shown, in a form of `FORMS`."""
    return rendered(FORMS, told, form, style)
