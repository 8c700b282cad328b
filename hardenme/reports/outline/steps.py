"""The steps of a plan as a section of an outline, each in full: for a form that has room."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from hardenme.reports.fixplan.outline import conditions
from hardenme.reports.fixplan.plan import FixPlan, Step
from hardenme.reports.fixplan.step_kind import When
from hardenme.reports.fixplan.words import alone, by_words, command_of, effect, notes
from hardenme.reports.outline.parts import (
    EVERY,
    Case,
    Detail,
    Entry,
    Group,
    Section,
    code,
    command,
    labelled,
    ours,
    sentence,
)
from hardenme.reports.plain import counted, in_lines
from hardenme.reports.screen.words import heading

LISTED = 12
"""Actions of a step before the rest is counted."""


def in_full(plan: FixPlan, most: int) -> Section:
    """The first steps as a page shows them: each with all pages and commands."""
    # The notes on the whole report come first already.
    notes_of_it = notes(replace(plan, partial="", warnings=()))
    shows = " shows a step with its risks, and how to check it afterwards."
    left = len(plan.steps) - most
    rest = (ours(f"and {counted(left, 'more step')}: {command_of(plan, 'fix')}"),)
    return Section(
        "Steps",
        (
            *((sentence(one),) for one in notes_of_it),
            (code(command_of(plan, "fix ID")), ours(shows)),
        ),
        tuple(
            _of_section(plan, when, most)
            for when in When
            if any(one.section is when for one in plan.steps[:most])
        ),
        "section",
        tail=(rest,) if left > 0 else (),
    )


def _of_section(plan: FixPlan, when: When, most: int) -> Group:
    """The steps of a section that are among the first; its heading is about all of them."""
    word, text = heading(when, [step for step in plan.steps if step.section is when])
    shown = [step for step in plan.steps[:most] if step.section is when]
    return Group(
        (ours(word.capitalize()),),
        ((ours(text),),),
        tuple(
            Entry(
                (sentence(step.title),),
                mark=step.id,
                tone=step.worst,
                beside=tuple(_in_full(plan, step)),
                aside=effect(step),
                place=step.id,
            )
            for step in shown
        ),
        "step",
        opened=False,
    )


def _in_full(plan: FixPlan, step: Step) -> Iterator[Detail]:
    yield from conditions(step, numbered=False)
    said = set[str]()
    for same in by_words(step.actions[:LISTED], ordered=step.ordered):
        fix, others = same[0].fix, f" ({counted(len(same) - 1, 'more action')}, alike)"
        text = f"{fix.step.rstrip('.')}{others}" if len(same) > 1 else fix.step
        yield Detail("Do", tuple((sentence(line),) for line in in_lines(text)), most=EVERY)
        pages: dict[str, list[str]] = {}
        for one in same:
            if one.fix.page:
                pages.setdefault(one.fix.page, []).extend(one.names)
        names = {address: ", ".join(dict.fromkeys(found)) for address, found in pages.items()}
        # Names of pages are only useful where they distinguish these.
        apart = len(pages) > 1 and len({*names.values()}) == len(pages)
        yield Detail(
            "At",
            cases=tuple(Case(names[one] if apart else "", "", one) for one in pages),
        )
        commands = dict.fromkeys(line for one in same for line in one.fix.commands)
        yield Detail("Run", tuple((command(line),) for line in commands))
        for label, text in (("Needs", fix.needs), ("Undo", fix.undo)):
            yield from labelled(label, "" if text in said else text)
        said |= {fix.needs, fix.undo}
    if (left := len(step.actions) - LISTED) > 0:
        yield from labelled("", f"and {counted(left, 'more action')}: `{alone(plan, step)}`")
