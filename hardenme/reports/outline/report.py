"""What a report holds for a person, in which order."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from hardenme.model.report import SELECTION, Report, absence
from hardenme.model.severity import Severity
from hardenme.model.unknown import IN_WORDS, Reason
from hardenme.reports.checklist import (
    AttestedFinding,
    Cause,
    Checklist,
    ChecklistQuestion,
    FixPlace,
)
from hardenme.reports.closing import (
    NAMED,
    NOT_WHOLE,
    ROWS,
    counts_line,
    facts_of_run,
    notes_of_run,
)
from hardenme.reports.fixplan.build import plan_of, steps_of_run
from hardenme.reports.fixplan.closing import Closing
from hardenme.reports.fixplan.outline import place
from hardenme.reports.fixplan.plan import FixPlan, Step
from hardenme.reports.fixplan.words import alone, command_of, effect
from hardenme.reports.grouping import checklist_of
from hardenme.reports.header import header_of
from hardenme.reports.members import OFF, ON, TEXT, Member, by_organization, summary
from hardenme.reports.members import sentence as of_member
from hardenme.reports.outline.accepted import idle, waived
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
    Table,
    Words,
    code,
    labelled,
    name,
    ours,
    page,
    sentence,
    strong,
)
from hardenme.reports.outline.paths import who_can_publish
from hardenme.reports.outline.practices import safeguards
from hardenme.reports.outline.tasks import brief, task
from hardenme.reports.plain import counted, timestamp
from hardenme.reports.practices import asks_practices, standings
from hardenme.reports.publishing import in_order, worst_first
from hardenme.reports.screen.summary import Summary, summary_of
from hardenme.reports.screen.targets import LEVELS, TargetRow
from hardenme.reports.screen.verdict import Verdict

TITLE = "hardenme checklist"
STEPS = 10
"""Steps that are listed first before the rest is counted."""
TARGETS = Most(20, 20)
MEMBERS = Most(40, 40)
ORGANIZATIONS = Most(20, 20)
COLUMNS = ("login", "role", "2FA", "teams", "administers", "last sign")
RESOLVES = re.compile(r"--[a-z]|hardenme (?!can\b)[a-z]|run again|update with")
"""What a text has that says by itself what to do."""
OWN_WORDS = {Reason.NOT_VISIBLE}
"""Reasons of which what is needed is worded for each answer, apart from a name not found."""
FOUND = "the right name"
"""How it begins where a name was not found."""
VERDICTS = {
    Verdict.AT_RISK: Severity.CRITICAL,
    Verdict.NOT_KNOWN: Severity.MEDIUM,
}
"""The severity by which a verdict is drawn."""
FACTORS = {OFF: Severity.CRITICAL, TEXT: Severity.HIGH, ON: None}
"""The severity by 2FA; one that is not listed is unknown."""


def outline_of(report: Report, *, stable: bool = False) -> Outline:
    """All of a report.

    Args:
        stable: the order moves with what was found alone, so that two texts can be compared, and
            the rest of much is counted. Otherwise it holds everything.
    """
    checklist = checklist_of(report) if stable else checklist_of(report, sys.maxsize)
    plan = plan_of(report, checklist=checklist)
    summed = summary_of(report, plan)
    sections = (
        *targets(summed.rows, command_of(plan, "show --full")),
        *_sections(report, checklist, plan, stable=stable),
    )
    outline = _outline(report, plan, summed, sections)
    return outline if stable else replace(outline, header=header_of(report))


def head_of(report: Report, below: Section, described: Mapping[str, Words]) -> Outline:
    """What a report comes to and the first steps, and another section below them.

    Args:
        report: the whole of it.
        below: the other section.
        described: by the ids of steps, where each is described.
    """
    plan = plan_of(report)
    return _outline(report, plan, summary_of(report, plan), (*_first(plan, described), below))


def _outline(
    report: Report, plan: FixPlan, summed: Summary, sections: Iterable[Section]
) -> Outline:
    lead = tuple(_lead(report, summed))
    return Outline(
        TITLE, warning(report), lead, tuple(sections), counts_line(report), _in_parts(plan)
    )


def _in_parts(plan: FixPlan) -> Words:
    return (
        ours(", and "),
        code(command_of(plan, "show --each-repository FOLDER")),
        ours(" writes a file for each repository, package and account"),
    )


def brief_outline_of(report: Report) -> Outline:
    """The failed items alone, a line each."""
    entries = tuple(brief(item, report) for item in checklist_of(report).items)
    return Outline(
        TITLE,
        warning(report),
        (),
        (Section("", groups=(Group(entries=entries),)),),
        counts_line(report),
    )


def warning(report: Report) -> Words:
    """Why the run did not go to its end, if it did not."""
    if not report.partial:
        return ()
    return (strong(f"{NOT_WHOLE}:"), ours(" "), sentence(report.partial))


def _lead(report: Report, summed: Summary) -> Iterator[Words]:
    for target in report.not_found:
        yield name(target), ours(f": {absence(target, report.identities)}")
    if summed.lately:
        yield (
            strong("LOOK NOW"),
            ours(" "),
            sentence(summed.lately),
            ours(": "),
            code(summed.recent),
        )
    yield strong(summed.verdict), ours(" "), sentence(summed.sentence)
    parts = (
        summed.found,
        f"{summed.unknown:,} unknown",
        counted(summed.questions, "question"),
        *summed.others,
    )
    part = next((one for one in report.coverage.notes if one.startswith(SELECTION)), "")
    # Counts about part of a run are not results of the run.
    yield (sentence(part) if part else ours(" · ".join(parts)),)
    if report.redacted:
        yield (sentence(report.redacted),)


def _sections(
    report: Report, checklist: Checklist, plan: FixPlan, *, stable: bool
) -> Iterator[Section]:
    yield from _first(plan) if stable else _every(plan)
    yield from members(checklist.members)
    yield from _to_fix(checklist.places, Closing(plan))
    yield from questions(checklist.questions, demo=plan.demo)
    yield from could_not(checklist.causes, ending(report, plan))
    yield from statements(checklist.statements)
    yield from waived(checklist.accepted)
    yield from idle(report.waivers)
    if stable:
        yield from who_can_publish(report, plan, in_order)
    else:
        yield from who_can_publish(report, plan, worst_first, ways=sys.maxsize)
    if asks_practices(report):
        yield safeguards(standings(report, plan))
    yield about(report) if stable else about(report, sys.maxsize)


def _every(plan: FixPlan) -> Iterator[Section]:
    """All steps, named as `hardenme fix` takes them."""
    if plan.steps:
        entries = tuple(_step(plan, step, None) for step in plan.steps)
        yield Section("Steps", groups=(Group(entries=entries, most=EVERY),))


def _first(plan: FixPlan, described: Mapping[str, Words] | None = None) -> Iterator[Section]:
    """The first steps, named as `hardenme fix` takes them.

    Args:
        described: where they are described, outside of the outline; None for what they do.
    """
    steps = plan.steps
    if not steps:
        return
    shown, rest = steps[:STEPS], steps[STEPS:]
    tail: tuple[Words, ...] = ()
    if rest:
        closes = counted(sum(step.closes for step in rest), "finding")
        more = f"{counted(len(rest), 'more step')} closing {closes}: "
        tail = ((ours(more), code(command_of(plan, "fix"))),)
    yield Section(
        "First steps",
        groups=(Group(entries=tuple(_step(plan, step, described) for step in shown)),),
        tail=tail,
    )


def _step(plan: FixPlan, step: Step, described: Mapping[str, Words] | None) -> Entry:
    how = (Detail("Do", ((place(plan, step),),)),)
    if described is not None:
        # A command without the conditions of its step would be run without them.
        how = (Detail("How", (described.get(step.id, (code(alone(plan, step)),)),)),)
    words: Words = (sentence(step.title), ours(": "), sentence(effect(step)))
    if plan.numbered:
        words = (code(step.id), ours(" "), *words)
    return Entry(words, mark=plan.name(step), tone=step.worst, beside=how)


def targets(rows: Sequence[TargetRow], all_by: str) -> Iterator[Section]:
    """Several targets, each with what it comes to, the worst first.

    Args:
        all_by: the command that shows them all.
    """
    if rows:
        levels = [level for level in LEVELS if any(level in row.severities for row in rows)]
        heads = ("target", "verdict", *map(str, levels), "unknown", "looked at")
        table = Table(heads, tuple(_target(row, levels) for row in rows))
        entries = tuple(
            Entry(_told(row), mark=row.verdict, tone=VERDICTS.get(row.verdict)) for row in rows
        )
        group = Group((), (), entries, "target", TARGETS, tables=(table,), all_by=all_by)
        yield Section("Targets", groups=(group,))


def _told(row: TargetRow) -> Words:
    head = name(row.target), ours(": "), sentence(row.found), ours(f" · {row.unknown:,} unknown")
    return (*head, ours(": "), sentence(row.unread)) if row.unread not in {"", row.found} else head


def _target(row: TargetRow, levels: Sequence[Severity]) -> tuple[tuple[Span, Severity | None], ...]:
    return (
        (name(row.target), None),
        (ours(row.verdict), VERDICTS.get(row.verdict)),
        *((ours(f"{row.severities.get(level, 0):,}"), None) for level in levels),
        (ours(f"{row.unknown:,}"), None),
        (sentence(row.looked_at), None),
    )


def members(people: Sequence[Member]) -> Iterator[Section]:
    """The people of organizations, the worst first."""
    if people:
        groups = tuple(_organization(*one) for one in by_organization(people).items())
        yield Section("Members", groups=groups, thing="organization", most=ORGANIZATIONS)


def _organization(organization: str, people: Sequence[Member]) -> Group:
    return Group(
        (name(organization), ours(f": {summary(people)}")),
        entries=tuple(
            Entry((name(one.login), ours(": "), sentence(of_member(one)))) for one in people
        ),
        thing="member",
        most=MEMBERS,
        tables=tuple(
            Table(COLUMNS, tuple(_cells(one, brief=brief) for one in people))
            for brief in (False, True)
        ),
    )


def _cells(one: Member, *, brief: bool) -> tuple[tuple[Span, Severity | None], ...]:
    teams = "?" if one.teams is None else str(one.teams)
    sign = one.brief_sign if brief else one.sign
    plain = (one.role or "unknown", one.two_factor, teams, one.rule or "?", sign)
    tones = (None, FACTORS.get(one.two_factor, Severity.MEDIUM), None, None, None)
    return (name(one.login), None), *zip(map(sentence, plain), tones, strict=True)


def _to_fix(places: Sequence[FixPlace], closing: Closing) -> Iterator[Section]:
    """What failed, by the page where it is fixed."""
    if places:
        explained = set[str]()
        groups = tuple(_place(place, explained, closing) for place in places)
        yield Section("To fix", groups=groups, thing="page")


def _place(place: FixPlace, explained: set[str], closing: Closing) -> Group:
    """The tasks of a page; the first of its tasks says why the check matters."""
    paged = len(place.pages) > 1
    heading: Words = ()
    if not place.pages:
        heading = (ours("By command"),)
    elif paged:
        heading = (ours(f"Each on its own page ({len(place.pages)})"),)
    else:
        heading = (page(place.pages[0]),)
    lead = tuple((page(address),) for address in place.pages) if paged else ()
    entries = []
    for item in place.items:
        why = item.code not in explained
        entries.append(task(item, paged=paged, why=why, closing=closing))
        explained.add(item.code)
    return Group(heading, lead, tuple(entries), "task")


def questions(asked: Sequence[ChecklistQuestion], *, demo: bool) -> Iterator[Section]:
    """What to confirm by hand; of the demo no answer is kept."""
    if not asked:
        return
    alike: dict[tuple[str, tuple[str, ...]], list[ChecklistQuestion]] = {}
    for one in asked:
        alike.setdefault((one.text, one.codes), []).append(one)
    groups: dict[str, list[Entry]] = {}
    for same in alike.values():
        paged = f"Each on its own page ({len(same)})" if len(same) > 1 else same[0].page
        groups.setdefault(paged, []).append(_question(same))
    yield Section(
        "To confirm by hand",
        groups=tuple(
            Group(
                (ours(heading) if len(entries[0].beside) else page(heading),),
                entries=tuple(entries),
                thing="question",
            )
            for heading, entries in groups.items()
        ),
        thing="page",
        tail=()
        if demo
        else ((code("hardenme attest"), ours(" asks them and keeps your answers")),),
    )


def _question(same: Sequence[ChecklistQuestion]) -> Entry:
    """A question, once for all subjects; of several pages, each with its subjects."""
    first = same[0]
    codes = sentence(", ".join(first.codes))
    if len(same) == 1:
        names = Names(first.names)
        words: Words = (sentence(first.text), ours(" ("), codes, ours(": "), names, ours(")"))
        return Entry(words, task=True, checks=first.codes)
    lines = tuple((Names(one.names), ours(" "), page(one.page)) for one in same)
    return Entry(
        (sentence(first.text), ours(" ("), codes, ours(f", {counted(len(same), 'page')})")),
        task=True,
        checks=first.codes,
        beside=(Detail("At", lines),),
    )


def ending(report: Report, plan: FixPlan) -> Mapping[str, tuple[str, str]]:
    """By the name of what results are not known about: the step that removes it, its command."""
    if plan.hidden:
        return {}
    steps = plan.steps if report.whole is None else steps_of_run(report.whole)
    return {
        found.name: (one.id, command_of(plan, f"fix {one.id}"))
        for one in steps
        if one.unknown
        for action in one.actions
        for found in action.closes
        if found.is_object
    }


def could_not(
    causes: Sequence[Cause], ending: Mapping[str, tuple[str, str]] | None = None
) -> Iterator[Section]:
    """What is not known, and what it takes to know it, the most first."""
    if causes:
        ordered = sorted(causes, key=lambda cause: -cause.count)
        entries = tuple(_cause(cause, ending or {}) for cause in ordered)
        yield Section("Could not be checked", groups=(Group(entries=entries, thing="cause"),))


def _cause(cause: Cause, ending: Mapping[str, tuple[str, str]]) -> Entry:
    hidden = (sentence(", ".join(cause.codes)), ours(" for "), Names(cause.names))
    seen = "" if cause.seen in cause.needed else cause.seen
    return Entry(
        (ours(f"{_in_words(cause)}: "), sentence(cause.needed)),
        mark=f"{cause.count:,}",
        title=True,
        checks=cause.codes,
        beside=(
            *labelled("Seen", seen),
            *_resolving(cause, ending),
            Detail("Hides", (hidden,)),
        ),
    )


def _resolving(cause: Cause, ending: Mapping[str, tuple[str, str]]) -> tuple[Detail, ...]:
    """What resolves it: the step that removes its subjects, or advice.

    What it takes needs no advice for its reason where it says by itself what to do.
    """
    steps = {ending[name] for name in cause.names if name in ending}
    if len(steps) == 1 and ending.keys() >= {*cause.names}:
        ((named, again),) = steps
        return (Detail("Do", ((ours("Closes with step "), code(named), ours(": "), code(again)),)),)
    general = cause.reason not in OWN_WORDS or cause.needed.startswith(FOUND)
    if general and not RESOLVES.search(cause.needed):
        return labelled("Do", cause.action)
    return ()


def _in_words(cause: Cause) -> str:
    """The reason as a person says it; that a check broke has words of its own."""
    known = {reason.value: words for reason, words in IN_WORDS.items()}
    return known.get(cause.reason, "the check broke")


def statements(stated: Sequence[AttestedFinding]) -> Iterator[Section]:
    """Results that depend on someone's statement."""
    if stated:
        entries = tuple(
            Entry(
                (
                    name(one.name),
                    ours(": "),
                    sentence(one.message),
                    ours(" ("),
                    name(one.by),
                    ours(f", until {timestamp(one.until)[:10]})"),
                ),
                code=one.code,
            )
            for one in stated
        )
        yield Section("Answered by a person", groups=(Group(entries=entries, thing="statement"),))


def about(report: Report, most: int = 0) -> Section:
    """Who ran it, as whom, what was left out, and what it cost.

    Args:
        most: how many names and notes of each kind are shown; 0 for a few.
    """
    rows = (
        ("Made", f"{timestamp(report.started)} by hardenme {report.version}"),
        *facts_of_run(report, most or NAMED),
        *notes_of_run(report, most or NAMED, most or ROWS),
    )
    entries = tuple(Entry((sentence(text),), label=label) for label, text in rows)
    return Section("About this run", groups=(Group(entries=entries, most=EVERY),))
