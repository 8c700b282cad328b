"""The first screen as an outline: what the terminal's says, for a form that counts no lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from hardenme.model.report import Report
from hardenme.model.unknown import WHAT_TO_DO
from hardenme.reports.closing import NOT_WHOLE
from hardenme.reports.columns import READABLE
from hardenme.reports.fixplan.plan import FixPlan, Step
from hardenme.reports.fixplan.words import OF_DEMO
from hardenme.reports.outline.parts import (
    Detail,
    Entry,
    Group,
    Most,
    Outline,
    Section,
    Words,
    code,
    command,
    labelled,
    ours,
    page,
    sentence,
    step,
    strong,
)
from hardenme.reports.plain import counted
from hardenme.reports.screen.drawing import Screen
from hardenme.reports.screen.summary import Resolution, Summary
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
from hardenme.reports.ticket.readers import takers

NOTICE, COUNT, NOTE, TARGET = "notice", "count", "note", "target"
STEP, REST, RESULT, SETTING = "step", "rest", "result", "setting"
"""What the sections are about, by which a form lays them out."""
TARGETS = Most(20, 20)
LONG = READABLE - 4
"""Characters of a command that is not shown on the first screen."""


def outline_of(report: Report, plan: FixPlan, summary: Summary) -> Outline:
    """The verdict, the first steps, and what is not known; the title is the verdict."""
    notes = (OF_DEMO, *summary.notes) if plan.demo else summary.notes
    return Outline(
        summary.verdict.value,
        (),
        ((sentence(summary.sentence),),),
        (
            Section("", tuple(_notices(report, summary)), thing=NOTICE),
            Section("", groups=(Group(entries=tuple(_counts(summary))),), thing=COUNT),
            _lines(notes, NOTE, Most(1, 1)),
            _lines(summary.targets, TARGET, TARGETS),
            *_first(plan, summary),
            *_open(plan, summary),
        ),
        (),
        header=summary.header,
    )


def _notices(report: Report, summary: Summary) -> Iterator[Words]:
    """What a reader has to know before anything else."""
    if report.redacted:
        yield strong("For sharing"), ours(" "), sentence(report.redacted)
    if report.partial:
        yield strong(NOT_WHOLE), ours(" "), sentence(report.partial)
    if report.halted is not None:
        what = f"{report.halted.value}: {WHAT_TO_DO[report.halted]}"
        yield strong("A provider was asked nothing further"), ours(" "), sentence(what)
    if summary.lately:
        yield (
            strong("Look now"),
            ours(" "),
            sentence(summary.lately),
            ours(": "),
            code(summary.recent),
        )


def _counts(summary: Summary) -> Iterator[Entry]:
    """The counts, and the part of a page that shows each."""
    yield Entry((ours(summary.found),), place="to-fix")
    yield Entry((ours(f"{summary.unknown:,} unknown"),), place="unknown")
    yield Entry((ours(f"{counted(summary.questions, 'question')} for you"),), place="questions")
    yield from (Entry((ours(text),)) for text in summary.others)


def _lines(texts: Iterable[str], thing: str, most: Most) -> Section:
    return Section("", tuple((sentence(text),) for text in texts), thing=thing, most=most)


def _first(plan: FixPlan, summary: Summary) -> Iterator[Section]:
    """The steps that are also on the terminal's screen, and how many are left."""
    # Targets and notes take no line from the steps of a page. If that lets longer steps in, those
    # of the terminal stay.
    room, style = replace(summary, rows=(), notes=()), Style(width=READABLE)
    terminal, own = Screen(style, plan, summary).first(), Screen(style, plan, room).first()
    first = {section: max(steps, terminal[section], key=len) for section, steps in own.items()}
    shown = {step.id for steps in first.values() for step in steps}
    for section, steps in first.items():
        if steps:
            word, text = heading(section, [one for one in plan.steps if one.section is section])
            group = Group(entries=tuple(_step(plan, one) for one in steps))
            yield Section(word.capitalize(), ((ours(text),),), (group,), STEP)
    if left := tuple(step for step in plan.steps if step.id not in shown):
        yield Section("The rest", ((ours(rest(left)),),), thing=REST)


def _step(plan: FixPlan, step: Step) -> Entry:
    what = how(step)
    span = page(what) if what == step.actions[0].fix.page else command(what)
    # A longer one is only shown with the step, as in the terminal.
    done = (Detail("Do", ((span,),)),) if what and len(what) < LONG else ()
    return Entry(
        (sentence(step.title), ours(reach(step))),
        mark=plan.name(step),
        tone=step.worst,
        beside=(*done, *labelled("Who", _who(step))),
        aside=does(step),
        place=step.id,
    )


def _who(step: Step) -> str:
    """Who takes it: the reader of a page is often not the one who was signed in."""
    first, *others = takers(step)
    if len(others) > 1:
        return f"{first}, parts by others"
    return f"{first} and {others[0]}" if others else first


def _resolved(cause: Resolution) -> Words:
    """What resolves results, with a link to the step that does."""
    text = resolved(cause)
    if cause.step is None:
        return (sentence(text),)
    return (ours(text.removesuffix(cause.step.id)), step(cause.step.id))


def _open(plan: FixPlan, summary: Summary) -> Iterator[Section]:
    """What resolves what is not known, in one line each; and what only people can see."""
    unknown = f"{counted(summary.unknown, 'result')}; none counts as passed"
    causes = tuple(Entry(_resolved(one), mark=f"{one.count:,}") for one in bounded(summary.causes))
    lead = ((ours(unknown if summary.unknown else "nothing"),),)
    yield Section("Not known", lead, (Group(entries=causes),) if causes else (), RESULT)
    asked = f"{counted(summary.questions, 'setting')} that only people can see: "
    # Answers about invented accounts are not recorded.
    recorded = () if plan.demo else (code(answering(plan)),)
    answer: Words = (ours(asked), *recorded) if summary.questions else (ours("none"),)
    yield Section("Questions", (answer,), thing=SETTING)
