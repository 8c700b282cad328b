"""One thing to fix, as an entry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from hardenme.model.report import CheckText, Report
from hardenme.model.severity import Severity
from hardenme.model.verdict import Fix
from hardenme.reports.checklist import Checklist, ChecklistItem, Part, Text
from hardenme.reports.fixplan.closing import Closing
from hardenme.reports.fixplan.confidence import confidence
from hardenme.reports.fixplan.plan import FixPlan, Step
from hardenme.reports.fixplan.words import alone, command_of
from hardenme.reports.outline.parts import (
    CASES,
    EVERY,
    Case,
    Detail,
    Entry,
    Group,
    Most,
    Names,
    Section,
    Words,
    code,
    command,
    labelled,
    ours,
    page,
    sentence,
    step,
)
from hardenme.reports.plain import counted, flowing, in_lines
from hardenme.reports.waived import Lapsed, history

LONG = 120
"""Characters from which a command is too long to be repeated for every subject."""
SUBJECTS = 25
"""Subjects of a check that a page lists before the rest is counted."""
TO = " \u2192 step "
ALL = f"All of them{TO}"
"""Before the step that closes it."""
CLOSED = 10
"""Subjects that one step closes it for, before the rest is counted."""
LABELS: dict[Part, str] = {"step": "Fix", "needs": "Needs", "undo": "Undo"}


def task(item: ChecklistItem, *, paged: bool, why: bool, closing: Closing) -> Entry:
    """What was found, why it matters and how it is fixed.

    Args:
        paged: each subject has a page of its own.
        why: say why it matters, since nothing above does.
        closing: finds the step that closes it.
    """
    reason = labelled("Why", item.why) if why else ()
    wider, above = item.wider, _above(item, closing)
    if above is not None:
        beside = _with_others(item, closing.plan, above, reason)
    else:
        beside = _whole(item, reason, paged=paged) if wider is None else _wide(item, wider, reason)
    return Entry(
        (sentence(item.title),), item.severity, item.code, task=True, title=True, beside=beside
    )


def _above(item: ChecklistItem, closing: Closing) -> Step | None:
    """The step that closes it for a whole organization; None if no more than its part is shown.

    Of a whole run the item says so itself.
    """
    found = closing.step(item.cases[0].finding) if closing.plan.part else None
    return found if found is not None and found.apart else None


def _with_others(
    item: ChecklistItem, plan: FixPlan, above: Step, why: tuple[Detail, ...]
) -> tuple[Detail, ...]:
    """What is found here, and the step of the organization that closes it here as well."""
    found = tuple(Case(case.name, case.message) for case in item.cases)
    words = (ours("Closes with the organization's step "), code(above.id), ours(": "))
    return (
        Detail("Now", cases=found, others=item.others),
        *_once(item),
        *why,
        Detail("Fix", ((*words, sentence(above.title)),)),
        Detail("Run", ((command(alone(plan, above)),),)),
    )


def failed(checklist: Checklist, texts: Mapping[str, CheckText], closing: Closing) -> Section:
    """All that failed, by severity and by check; what a check's findings share comes once."""
    by_level: dict[Severity, dict[str, list[ChecklistItem]]] = {}
    for item in checklist.items:
        by_level.setdefault(item.severity, {}).setdefault(item.code, []).append(item)
    known = dict(texts)
    groups = []
    for level, found in by_level.items():
        entries = tuple(
            _found(items, known.pop(code, None), closing) for code, items in found.items()
        )
        number = counted(checklist.severities.get(level, 0), "finding")
        groups.append(
            Group(
                (ours(f"{str(level).capitalize()}: {number}"),),
                ((ours(f"of {counted(len(entries), 'check')}"),),),
                entries,
                "check",
                opened=level >= Severity.HIGH,
            )
        )
    return Section("To fix", groups=tuple(groups), thing="severity")


def _found(items: Sequence[ChecklistItem], text: CheckText | None, closing: Closing) -> Entry:
    first, count = items[0], sum(item.count for item in items)
    steps = {closing.name(one.finding) for item in items for one in item.cases[:SUBJECTS]}
    shared = steps.pop() if len(items) > 1 and len(steps) == 1 else ""
    return Entry(
        (sentence(first.title),),
        first.severity,
        first.code,
        beside=(
            *labelled("", text.why if text else ""),
            *(one for item in items for one in _subjects(item, closing, shared)),
            *((Detail("", ((ours(ALL), step(shared)),)),) if shared else ()),
        ),
        aside=counted(count, "subject") if count > 1 else "",
        first=text is not None,
        mixed=any(item.wider is not None for item in items),
    )


def _subjects(item: ChecklistItem, closing: Closing, shared: str) -> Iterator[Detail]:
    """The results for each subject; a message or step that all share is printed once.

    Args:
        shared: the step that closes these and others of the check, which is printed below; empty
            for several.
    """
    cases = item.cases[:SUBJECTS]
    steps = [closing.name(case.finding) for case in cases]
    same = steps[0] if len({*steps}) == 1 and item.count > 1 else ""
    alone = item.count == 1 or item.message is None
    message = () if alone else (sentence(item.message or ""),)
    named = () if shared or not same else (ours(TO if message else ALL), step(same))
    if words := (*message, *named):
        yield Detail("", (words,))
    own = tuple(
        Case(
            case.name,
            case.message if alone else "",
            step="" if same or shared else name,
            lapsed=history(Lapsed(case.lapsed, (case.name,), 1)) if case.lapsed else "",
        )
        for case, name in zip(cases, steps, strict=True)
    )
    yield Detail("", cases=own, others=item.count - len(cases))


def brief(item: ChecklistItem, report: Report) -> Entry:
    """The problem and its subject, with the one place to fix it, or what lists them."""
    words = (sentence(item.title), ours(": "), Names(item.names, item.others))
    fixes = [item.wider] if item.wider else [case.fix for case in item.cases]
    places = {command(fix.command) if fix.command else page(fix.page) for fix in fixes}
    lines = any(len(fix.commands) > 1 for fix in fixes)
    several = lines or len(places) > 1 or (item.wider is None and item.others)
    how = command(command_of(report, f"show {item.code}")) if several else places.pop()
    return Entry(words, item.severity, item.code, task=True, beside=(Detail("Do", ((how,),)),))


def _whole(item: ChecklistItem, why: tuple[Detail, ...], *, paged: bool) -> tuple[Detail, ...]:
    own = tuple(
        Case(case.name, case.message, case.fix.page if paged else "") for case in item.cases
    )
    return (
        Detail(
            "Now",
            cases=own,
            others=item.others,
            alike=item.message is not None,
            ticks=item.count > 1,
        ),
        *_once(item),
        *labelled("Sure", confidence((item.code,))),
        *why,
        *_part(item, "step"),
        *_commands(item),
        *_part(item, "needs"),
        *_part(item, "undo"),
    )


def _lines(fix: Fix) -> tuple[Words, ...]:
    return tuple((command(line),) for line in fix.commands)


def _wide(item: ChecklistItem, wider: Fix, why: tuple[Detail, ...]) -> tuple[Detail, ...]:
    """The one step that closes it for all, and then for which subjects."""
    found = tuple(Case(case.name, case.message) for case in item.cases)
    now = (
        labelled("Now", item.message)
        if item.message
        else (Detail("Now", cases=found, others=item.others),)
    )
    return (
        *why,
        Detail("Fix", ((ours(f"One step closes {item.count}: "), sentence(wider.step)),)),
        *((Detail("Run", lines, most=EVERY),) if (lines := _lines(wider)) else ()),
        *labelled("Needs", wider.needs),
        *labelled("Undo", wider.undo),
        *now,
        Detail("Where", ((Names(item.names, item.others, CLOSED),),)),
        *_once(item),
    )


def _once(item: ChecklistItem) -> tuple[Detail, ...]:
    """Who accepted it until a day that is past."""
    lines = tuple(
        # Where all lapsed together, no one has to read whose it was.
        (sentence(history(lapsed)),)
        if lapsed.count == item.count
        else (Names(lapsed.names, lapsed.others), ours(": "), sentence(history(lapsed)))
        for lapsed in item.lapsed
    )
    return (Detail("Once", lines),) if lines else ()


def _part(item: ChecklistItem, part: Part) -> tuple[Detail, ...]:
    """A part of the fix: once where the cases agree but for their names, else for each."""
    if not item.alike(part):
        return (Detail(LABELS[part], cases=_each(item, part), others=item.others),)
    text = flowing(item.cases[0].text(part))
    others = "" if item.shared(part) is not None else " (the others alike)"
    lines = in_lines(f"{text}{others}") if text else ()
    words = tuple((sentence(one),) for one in lines)
    return (Detail(LABELS[part], words, most=EVERY),) if words else ()


def _each(item: ChecklistItem, what: Text) -> tuple[Case, ...]:
    return tuple(Case(case.name, case.text(what)) for case in item.cases)


def _commands(item: ChecklistItem) -> tuple[Detail, ...]:
    """The commands; on a page the first is enough of long ones that differ by a name alone."""
    commands = item.commands()
    if not commands:
        return ()
    alike = item.alike("command")
    once = alike and len(commands[0]) > LONG
    return (
        Detail(
            "Run",
            tuple((command(text),) for text in commands),
            others=item.further_commands(),
            alike=alike,
            most=Most(CASES.screen, 1) if once else CASES,
        ),
    )
