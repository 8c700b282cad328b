"""The fix plan as an outline, which the terminal's text, Markdown and the page are drawn from."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import replace

from hardenme.reports.checklist import Cause
from hardenme.reports.fixplan.plan import Action, FixPlan, Question, Step
from hardenme.reports.fixplan.step_kind import When
from hardenme.reports.fixplan.words import (
    BY_RELEASE,
    after,
    alone,
    by_words,
    closing,
    headline,
    held,
    notes,
    unknown,
)
from hardenme.reports.outline.parts import (
    EVERY,
    Detail,
    Entry,
    Group,
    Most,
    Names,
    Outline,
    Section,
    Span,
    Words,
    code,
    command,
    labelled,
    ours,
    page,
    sentence,
    strong,
)
from hardenme.reports.plain import counted, flowing, in_lines, timestamp

SETS_UP = ("npm", "trust", "github")
"""How a command begins that adds a trusted publisher."""
MANY = 4
"""From how many packages on one command is shown."""
NAMED = 10
"""Packages that the command names; of more it names their scopes."""


def move_command(actions: Sequence[Action]) -> str:
    """The command for actions that each add a trusted publisher; empty for others, and for few."""
    if len(actions) < MANY or not all(map(_sets_up, actions)):
        return ""
    packages = sorted({one.calls[0].words[len(SETS_UP)] for one in actions})
    scopes = sorted({name.partition("/")[0] for name in packages if name.startswith("@")})
    alone = [name for name in packages if not name.startswith("@")]
    named = packages if len(packages) <= NAMED else [*scopes, *alone]
    return shlex.join(["hardenme", "move", *(f"npm:{name}" for name in named), "--to", "staged"])


def _sets_up(action: Action) -> bool:
    """Whether it is one call that adds a publisher, and removes nothing."""
    return len(action.calls) == 1 and action.calls[0].words[: len(SETS_UP)] == SETS_UP


TITLE = "hardenme fix plan"
STEPS = Most(60, 150)
COMMANDS = Most(3, 5)
ACTIONS = 6
"""Kinds of action of a step before the rest is counted."""
GROUPS = Most(15, 50)
HEADINGS = {
    When.LOOK: "Look now",
    When.TODAY: "Do today",
    When.NEXT: "Do next",
}


def outline_of(plan: FixPlan) -> Outline:
    """All of a plan."""
    # The hosts of the demo are on this machine, and are gone.
    hosts = () if plan.demo else (ours(" at "), Names(plan.hosts))
    lead: list[Words] = [(strong(headline(plan)),)]
    lead += [(sentence(note),) for note in notes(plan)]
    lead.append(
        (
            ours("For "),
            Names(plan.targets),
            *hosts,
            ours(", by the report of "),
            ours(timestamp(plan.started)),
        )
    )
    return Outline(TITLE, (), tuple(lead), tuple(_sections(plan)), ())


def _sections(plan: FixPlan) -> Iterator[Section]:
    shown = plan.steps[: max(STEPS.screen, STEPS.page)]
    for when, heading in HEADINGS.items():
        entries = tuple(
            entry(step, alone(plan, step), numbered=plan.numbered)
            for step in shown
            if step.section is when
        )
        others = sum(step.section is when for step in plan.steps) - len(entries)
        if entries or others:
            group = Group(entries=entries, thing="step", most=STEPS, others=others)
            yield Section(heading, groups=(group,))
    if plan.steps:
        yield _rights(plan)
    yield from _open(plan)


def _rights(plan: FixPlan) -> Section:
    entries = tuple(
        Entry(
            (
                sentence(needs or "nothing but the page or the command"),
                ours(f": closes {closes:,}" if steps == 1 else f": close {closes:,}"),
            ),
            mark=counted(steps, "step"),
        )
        for needs, (steps, closes) in plan.rights().items()
    )
    group = Group(entries=entries, thing="right", most=GROUPS)
    return Section("Who can do what", groups=(group,))


def entry(step: Step, whole: str = "", *, numbered: bool = False) -> Entry:
    """One step.

    Args:
        whole: the command that shows all of it. Without one, the step is shown with every command,
            its benefits and risks, and how to undo it.
        numbered: all steps of the run are in the same output.
    """
    beside = tuple(_beside(step, whole, numbered=numbered))
    return replace(head(step, numbered=numbered or not whole), beside=beside)


def head(step: Step, *, numbered: bool) -> Entry:
    """The title and the id of a step, and its number if all steps of the run are shown."""
    words = code(step.id), ours(" "), sentence(step.title)
    return Entry(
        words if numbered else words[2:],
        mark=f"{step.number}" if numbered else step.id,
        tone=step.worst,
        task=True,
        title=True,
    )


def place(plan: FixPlan, step: Step) -> Span:
    """The one command or page of the step, or the command that shows several."""
    first = step.actions[0].fix
    several = len(step.actions) > 1 or len(first.commands) > 1
    if plan.kept and (several or not (first.command or first.page)):
        return command(alone(plan, step))
    return command(first.command) if first.command else page(first.page)


def _beside(step: Step, whole: str, *, numbered: bool) -> Iterator[Detail]:
    yield from labelled("Closes", closing(step))
    if step.names:
        most = 0 if whole else len(step.names)
        yield Detail("For", ((Names(step.names, most=most),),))
    yield from conditions(step, labelled("Needs", step.needs), numbered=numbered)
    yield from _actions(step, whole)
    if step.verify:
        yield Detail("Verify", ((command(step.verify[0]),),))
    if not whole:
        for label, texts in (("Brings", step.effects.values()), ("Risk", step.risks)):
            for text in texts:
                yield from labelled(label, text)
        said = (one.fix.undo for one in step.actions if one.fix.undo)
        undone = {text.rstrip("."): text for text in said}
        for text in undone.values():
            yield from labelled("Undo", text)


def conditions(step: Step, unnamed: tuple[Detail, ...] = (), *, numbered: bool) -> Iterator[Detail]:
    """How sure it is, who takes it, and what comes before; `unnamed` where no one is named."""
    yield from labelled("Sure", step.confidence)
    yield from labelled("Who", step.who) or unnamed
    if step.releases:
        yield from labelled("Before", BY_RELEASE)
    if step.held_for:
        yield from labelled("Before", held(step))
    if step.after:
        yield from labelled("After", after(step, numbered=numbered))


def _actions(step: Step, whole: str) -> Iterator[Detail]:
    """The pages and commands; identical texts are printed once, unless everything is wanted."""
    kinds = by_words(step.actions, ordered=step.ordered)
    most = COMMANDS if whole else EVERY
    for same in kinds[: ACTIONS if whole else len(kinds)]:
        fix = same[0].fix
        text = flowing(fix.step)
        if len(same) > 1 and whole:
            text = f"{text.rstrip('.')} ({counted(len(same) - 1, 'more action')}, alike)"
        lines = in_lines(text) if whole or len(same) == 1 else (*in_lines(text), _others(same))
        yield Detail("Do", tuple((sentence(line),) for line in lines), most=EVERY)
        if len(kinds) > 1 and (names := _unnamed(same, text)):
            yield Detail("Which", ((Names(names, most=len(names)),),))
        if whole and fix.page:
            yield Detail("At", ((page(fix.page),),))
        elif not whole:
            pages = dict.fromkeys(one.fix.page for one in same if one.fix.page)
            yield Detail("At", tuple((page(address),) for address in pages), most=EVERY)
        runs = [*dict.fromkeys(line for one in same for line in one.fix.commands)]
        if moving := move_command(same):
            runs = [moving]
        if runs:
            commands = tuple((command(line),) for line in runs)
            yield Detail("Run", commands, most=most, all_by=whole)
    if whole and (rest := len(kinds) - ACTIONS) > 0:
        yield from labelled("", f"and {counted(rest, 'more action')}: {whole}")


def _unnamed(same: Sequence[Action], text: str) -> tuple[str, ...]:
    """What actions of one text are about, such as keys, where neither that nor a page names it."""
    objects = [found for one in same for found in one.closes if found.is_object]
    named = any(name in text for one in same for name in one.own)
    return () if named else tuple(dict.fromkeys(found.name for found in objects))


def _others(same: Sequence[Action]) -> str:
    """For whom or what else an action is done that the first of several alike ones describes."""
    # The name of what holds them is in each.
    named = dict.fromkeys(
        max(
            (name for name in {*one.own} - {*same[0].own} if name in one.fix.step),
            key=len,
            default="",
        )
        for one in same[1:]
    )
    names = ", ".join(filter(None, named))
    return f"The same for {names}." if names else f"{counted(len(same), 'action')} like this one."


def _open(plan: FixPlan) -> Iterator[Section]:
    """What remains open after all steps are taken."""
    groups = []
    if plan.causes:
        causes = tuple(map(_cause, plan.causes))
        groups.append(Group(entries=causes, thing="cause", most=GROUPS))
    if plan.questions:
        questions = tuple(map(_question, plan.questions))
        groups.append(Group(entries=questions, thing="question", most=GROUPS))
    tail: Sequence[Words] = ()
    if plan.waived:
        text = f"{counted(plan.waived, 'finding')} waived: accepted, and not in the plan."
        tail = ((ours(text),),)
    if groups or tail:
        yield Section("What remains afterwards", groups=tuple(groups), tail=tuple(tail))


def _cause(cause: Cause) -> Entry:
    hidden = (sentence(", ".join(cause.codes)),)
    return Entry((sentence(unknown(cause)),), beside=(Detail("Hides", (hidden,)),))


def _question(question: Question) -> Entry:
    beside = [Detail("At", ((page(question.page),),), others=len(question.names) - 1, alike=True)]
    if question.command:
        beside.append(Detail("Record", ((command(question.command),),)))
    return Entry((sentence(question.text),), code=question.code, task=True, beside=tuple(beside))
