"""The first screen of the page: what the terminal's says, in the same order and words."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from hardenme.model.report import Report
from hardenme.model.unknown import WHAT_TO_DO
from hardenme.reports.closing import NOT_WHOLE
from hardenme.reports.columns import READABLE
from hardenme.reports.fixplan.plan import FixPlan, Step
from hardenme.reports.fixplan.words import OF_DEMO
from hardenme.reports.html.element import Child, Element, element
from hardenme.reports.html.steps import step_link
from hardenme.reports.html.words import (
    aside,
    command,
    folded,
    page,
    prose,
    said,
)
from hardenme.reports.plain import counted, timestamp
from hardenme.reports.screen.drawing import Screen
from hardenme.reports.screen.summary import Resolution, Summary, summary_of
from hardenme.reports.screen.verdict import Verdict
from hardenme.reports.screen.words import (
    answering,
    bounded,
    does,
    heading,
    how,
    reach,
    resolved,
    rest,
)
from hardenme.reports.style import Style

TARGETS = 20
"""Targets that stand open; the others are folded."""
LONG = READABLE - 4
"""Characters of a command that is not shown on the first screen."""
LOOKS = {
    Verdict.AT_RISK: "critical",
    Verdict.NOT_KNOWN: "medium",
    Verdict.TO_FIX: "low",
    Verdict.CLEAN: "good",
}


def screen(report: Report, plan: FixPlan, *, places: Collection[str]) -> Element:
    """The verdict, the first steps, and what is not known.

    Args:
        places: the ids of the sections that are on the page, to which its numbers lead.
    """
    summary = summary_of(report, plan)
    header, moment = summary.header, timestamp(report.started)
    return element(
        "header",
        *_notices(report),
        *_lately(summary),
        element(
            "p",
            element("span", " \u00b7 ".join([said(header.who), *map(said, header.scope)])),
            " ",
            element("time", header.when, datetime=moment),
            class_="kicker",
        ),
        element("h1", summary.verdict.value, class_=LOOKS[summary.verdict]),
        element("p", *prose(summary.sentence), class_="sentence"),
        element("p", *_counts(summary, places), class_="counts"),
        *_listed(_notes(plan, summary), 1, "note", "notes"),
        *_listed(summary.targets, TARGETS, "target", "targets"),
        *_first(plan, summary),
        element("div", *_unknown(summary), *_questions(plan, summary), class_="open"),
        class_="head",
    )


def _notices(report: Report) -> Iterator[Element]:
    """What a reader has to know before anything else."""
    if report.redacted:
        yield _notice("For sharing", *prose(report.redacted))
    if report.partial:
        yield _notice(NOT_WHOLE, *prose(report.partial))
    if report.halted is not None:
        what = f"{report.halted.value}: {WHAT_TO_DO[report.halted]}"
        yield _notice("A provider was asked nothing further", what)


def _lately(summary: Summary) -> Iterator[Element]:
    """How many changes look like an attack, and the command that shows them."""
    if summary.lately:
        yield _notice("Look now", f"{summary.lately}: ", element("code", summary.recent))


def _notice(title: str, *text: Child) -> Element:
    return element("p", element("strong", title), " ", *text, class_="notice")


def _counts(summary: Summary, places: Collection[str]) -> Iterator[Child]:
    parts = {
        "to-fix": summary.found,
        "unknown": f"{summary.unknown:,} unknown",
        "questions": f"{counted(summary.questions, 'question')} for you",
    }
    for number, (place, text) in enumerate(parts.items()):
        if number:
            yield " \u00b7 "
        yield element("a", text, href=f"#{place}") if place in places else text
    for text in summary.others:
        yield f" \u00b7 {text}"


def _notes(plan: FixPlan, summary: Summary) -> tuple[str, ...]:
    return (OF_DEMO, *summary.notes) if plan.demo else summary.notes


def _listed(texts: tuple[str, ...], most: int, thing: str, look: str) -> Iterator[Element]:
    """The first of several sentences; the others are folded."""
    if texts:
        lines = [element("li", *prose(text)) for text in texts]
        yield element("ul", *lines[:most], class_=look)
        if left := lines[most:]:
            number = counted(len(left), f"more {thing}")
            yield folded([number], element("ul", *left, class_=look))


def _first(plan: FixPlan, summary: Summary) -> Iterator[Element]:
    """The steps that stand on the terminal's screen, too, and how many are left."""
    first = Screen(Style(width=READABLE), plan, summary).first()
    left = {step.id: step for step in plan.steps}
    for section, steps in first.items():
        if not steps:
            continue
        word, text = heading(section, [one for one in plan.steps if one.section is section])
        yield element("h2", word.capitalize(), " ", aside(text))
        yield element("ol", *(_step(plan, one) for one in steps), class_="first")
        for step in steps:
            del left[step.id]
    if left:
        yield element(
            "p",
            element("strong", "The rest"),
            f" {rest(tuple(left.values()))}: ",
            element("a", "all steps", href="#steps"),
            class_="rest",
        )


def _step(plan: FixPlan, step: Step) -> Element:
    what = how(step)
    # A longer one stands with the step, as it does for the terminal.
    done = (page if what == step.actions[0].fix.page else command) if len(what) < LONG else None
    return element(
        "li",
        element("span", plan.name(step), class_=f"number {step.worst or ''}".rstrip()),
        element(
            "div",
            element("span", step_link(plan, step.id, said(step.title)), reach(step)),
            done(what) if what and done else None,
        ),
        element("span", does(step), *_by(step)),
    )


def _by(step: Step) -> Iterator[Child]:
    if step.who:
        yield element("br")
        yield said(step.who)


def _unknown(summary: Summary) -> Iterator[Element]:
    """What resolves what is not known, in one line each."""
    told = f"{counted(summary.unknown, 'result')}; none counts as passed"
    yield element(
        "div",
        element("p", element("strong", "Not known"), f" {told if summary.unknown else 'nothing'}"),
        element("ul", *_causes(summary.causes)) if summary.causes else None,
    )


def _causes(causes: tuple[Resolution, ...]) -> Iterator[Element]:
    for cause in bounded(causes):
        yield element("li", f"{cause.count:,} ", *prose(resolved(cause)))


def _questions(plan: FixPlan, summary: Summary) -> Iterator[Element]:
    told = f"{counted(summary.questions, 'setting')} that only people can see: "
    answer = (told, element("code", answering(plan)))
    asked: tuple[Child, ...] = answer if summary.questions else ("none",)
    yield element("p", element("strong", "Questions"), " ", *asked)
