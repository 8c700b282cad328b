"""The verdict, and the steps to take: those that `hardenme fix` numbers alike."""

from __future__ import annotations

from collections.abc import Iterator

from hardenme.model.report import Report
from hardenme.reports.fixplan.making import plan_of
from hardenme.reports.fixplan.plan import Action, Step
from hardenme.reports.fixplan.words import closing
from hardenme.reports.html.element import Child, Element, element
from hardenme.reports.html.words import command, counted, folded, page, prose, section
from hardenme.reports.screen.summary import summary_of

OPEN = 10
"""Steps that stand open; the others are folded."""
STEPS = 200
"""Steps before the rest is counted."""
ACTIONS = 20
"""Actions of a step before the rest is counted."""


def first_steps(report: Report) -> Element:
    """What the report comes to in one word and one sentence, and what to do in order."""
    plan = plan_of(report, lambda _codes, _places: ())
    summary = summary_of(report, plan)
    steps = plan.steps[:STEPS]
    left = len(plan.steps) - len(steps)
    return section(
        "steps",
        "What to do",
        element("p", element("strong", summary.verdict.value), " ", *prose(summary.sentence)),
        element("ol", *(_step(step) for step in steps[:OPEN])) if steps else None,
        folded(
            [f"{counted(len(steps) - OPEN + left, 'more step')}"],
            element("ol", *(_step(step) for step in steps[OPEN:])),
            f"and {counted(left, 'step')}: hardenme fix" if left else None,
        )
        if len(steps) > OPEN
        else None,
    )


def _step(step: Step) -> Element:
    head: tuple[Child, ...] = (
        f"{step.number}. ",
        element("strong", *prose(step.title)),
        f" closes {closing(step)}" if step.closes or step.paths else f" {closing(step)}",
    )
    if len(step.actions) == 1:
        return element("li", *head, ". ", *_how(step.actions[0]))
    return element(
        "li",
        *head,
        folded(
            [counted(len(step.actions), "action")],
            element("ul", *(_action(one) for one in step.actions[:ACTIONS])),
            f"and {len(step.actions) - ACTIONS:,} more: hardenme fix {step.number}"
            if len(step.actions) > ACTIONS
            else None,
        ),
    )


def _action(action: Action) -> Element:
    return element("li", *prose(action.fix.step), " ", *_how(action))


def _how(action: Action) -> Iterator[Child]:
    if action.fix.page:
        yield page(action.fix.page)
    if action.fix.command:
        yield command(action.fix.command)
