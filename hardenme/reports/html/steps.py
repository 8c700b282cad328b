"""The steps of the plan in full, with the numbers that `hardenme fix` takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from hardenme.reports.fixplan.plan import Action, FixPlan, Step
from hardenme.reports.fixplan.step_kind import When
from hardenme.reports.fixplan.words import (
    BY_RELEASE,
    after,
    alone,
    by_words,
    command_of,
    effect,
    notes,
)
from hardenme.reports.html.element import Child, Element, element
from hardenme.reports.html.words import (
    aside,
    command,
    folded,
    page,
    prose,
    said,
    section,
    shortly,
    step_place,
)
from hardenme.reports.plain import counted
from hardenme.reports.screen.words import heading

OPEN = 10
"""Steps of a section before the others are folded."""
STEPS = 200
"""Steps before the rest is counted."""
ACTIONS = 20
"""Actions of a step before the rest is counted."""


def steps(plan: FixPlan) -> Element | None:
    """What to do, in order; each step is folded to one line."""
    if not plan.steps:
        return None
    # What is to be known of the report stands above.
    own = replace(plan, partial="", warnings=())
    left = len(plan.steps) - STEPS
    return section(
        "steps",
        "Steps",
        *(element("p", *prose(note), class_="intro") for note in notes(own)),
        element(
            "p",
            element("code", command_of(plan, "fix ID")),
            " shows a step with its risks, and how to check it afterwards.",
            class_="intro",
        ),
        *(part for when in When for part in _taken(plan, when)),
        element("p", f"and {counted(left, 'more step')}: {command_of(plan, 'fix')}")
        if left > 0
        else None,
    )


def stands(place: int) -> bool:
    """Whether the step at a place of the plan, from 0, is on the page."""
    return place < STEPS


def step_link(plan: FixPlan, name: str, text: str = "") -> Element:
    """A link to a step of the plan; where it is not on the page, the command that shows it.

    Args:
        plan: which.
        name: the step's id.
        text: what is linked; empty for the id.
    """
    if any(step.id == name for step in plan.steps[:STEPS]):
        return element("a", text or f"step {name}", href=f"#{step_place(name)}")
    shown = element("code", command_of(plan, f"fix {name}"))
    return element("span", text, " ", shown) if text else shown


def _taken(plan: FixPlan, when: When) -> Iterator[Child]:
    """The steps of a section that are among the first; its heading is about all of them."""
    shown = [step for step in plan.steps[:STEPS] if step.section is when]
    if shown:
        word, text = heading(when, [step for step in plan.steps if step.section is when])
        yield element("h3", word.capitalize(), " ", aside(text))
        yield from shortly([_step(plan, step) for step in shown], OPEN, "step")


def _step(plan: FixPlan, step: Step) -> Element:
    return folded(
        [
            f"{step.number}. " if plan.numbered else "",
            element("b", *prose(step.title)),
            aside(f" [{step.id}]"),
            aside(f" {effect(step)}"),
        ],
        # A link to a place within what is folded opens it.
        element("div", *_body(plan, step), id=step_place(step.id)),
        class_="step",
    )


def _body(plan: FixPlan, step: Step) -> Iterator[Child]:
    told_before = (
        ("Sure", step.confidence),
        ("Who", step.who),
        ("Before", BY_RELEASE if step.releases else ""),
        ("After", after(step, numbered=plan.numbered) if step.after else ""),
    )
    yield _line(told_before)
    told: set[str] = set()
    for same in by_words(step.actions[:ACTIONS]):
        yield from _actions(same, told)
    if (left := len(step.actions) - ACTIONS) > 0:
        yield element("p", f"and {counted(left, 'more action')}: {alone(plan, step)}")


def _actions(same: list[Action], told: set[str]) -> Iterator[Child]:
    """Actions that say the same but for their subjects: the words once, then where and what."""
    fix = same[0].fix
    others = f" ({counted(len(same) - 1, 'more action')}, alike)" if len(same) > 1 else ""
    yield element("p", *prose(fix.step.rstrip(".") if others else fix.step), others)
    pages: dict[str, list[str]] = {}
    for one in same:
        if one.fix.page:
            pages.setdefault(one.fix.page, []).extend(one.names)
    if pages:
        shown = _shown(pages) if len(pages) > 1 else {}
        told_pages = (page(address, shown.get(address, "")) for address in pages)
        yield element("ul", *(element("li", one) for one in told_pages))
    for text in dict.fromkeys(line for one in same for line in one.fix.commands):
        yield command(text)
    rows = [("Needs", fix.needs), ("Undo", fix.undo)]
    yield _line((label, text) for label, text in rows if text not in told)
    told.update(text for _, text in rows)


def _line(rows: Iterable[tuple[str, str]]) -> Element | None:
    """Labels and what they say, in one line."""
    sentences = [f"{label}: {text.rstrip('.')}." for label, text in rows if text]
    return element("p", *prose(" ".join(sentences)), class_="intro") if sentences else None


def _shown(pages: Mapping[str, Sequence[str]]) -> Mapping[str, str]:
    """What is shown for each of several pages: whom it is for, where that tells them apart."""
    shown = {
        address: ", ".join(map(said, dict.fromkeys(names))) for address, names in pages.items()
    }
    return shown if len({*shown.values()}) == len(pages) else {}
