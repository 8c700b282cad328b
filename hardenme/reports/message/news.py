"""What changed, as two lines each: what happened, and what fixes it and who does that.

Every form says the same in the same order: a mail, a chat, and what is printed with `--quiet`. What
many things have in common is one of these.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from hardenme.model.drift import Change, Drift, DriftStep, ItemChange, Turn
from hardenme.model.finding import Finding
from hardenme.model.report import Report
from hardenme.model.severity import Severity
from hardenme.model.unknown import Unknown
from hardenme.reports.drift.causes import (
    APART,
    RISE,
    DriftCause,
    drift_causes,
    needed,
    no_longer_visible,
    rises,
)
from hardenme.reports.drift.fields import words
from hardenme.reports.message.fixes import Fixes, page_part
from hardenme.reports.message.naming import (
    FEW,
    changed_line,
    counted,
    event,
    few,
    finding_of,
    item_line,
    names_line,
    noun,
    subject_line,
    title,
)
from hardenme.reports.message.pages import place_of
from hardenme.reports.message.stored import NOT_STORED, Stored
from hardenme.reports.message.words import Command, Line, Name, Part, Prose, number, titled
from hardenme.reports.plain import plural

MOST_SEEN = 6
"""Changes whose evidence is shown when much changed at once."""


@dataclass(frozen=True, slots=True)
class News:
    """One change to report.

    Attributes:
        severity: what it weighs; None for what is better than before, or not known.
        problem: what happened, in a few words of ours for a title, which names no one.
        what: the first line.
        how: the second line; empty if there is nothing to do.
        evidence: what was seen, for those who asked for it.
        count: the number of changes that it covers.
    """

    severity: Severity | None
    problem: str
    what: Line
    how: Line = ()
    evidence: tuple[Line, ...] = ()
    count: int = 1


def news(drift: Drift, report: Report, stored: Stored = NOT_STORED) -> list[News]:
    """All that changed, the worst first."""
    groups: dict[tuple[object, ...], list[DriftCause]] = {}
    for one in drift_causes(drift):
        groups.setdefault(_alike(one), []).append(one)
    fixes = Fixes(report, stored) if any(map(rises, drift.changes)) else None
    found: list[News] = []
    for group in groups.values():
        parts = [[one] for one in group] if len(group) <= FEW else [group]
        found += (_news(part, report, stored, fixes) for part in parts)
    return found


def _alike(one: DriftCause) -> tuple[object, ...]:
    """Changes that share one line where there are many."""
    lead = one.lead
    if no_longer_visible(lead):
        # Changes with the same reason share a line, and each reason is shown.
        return (id(one),)
    if isinstance(lead, Change):
        return lead.step, lead.code, one.severity
    return lead.turn, lead.kind, one.severity, lead.fields, lead.whole, event(lead, 1)


def _news(those: Sequence[DriftCause], report: Report, stored: Stored, fixes: Fixes | None) -> News:
    first = those[0].lead
    count = sum(len(one.all) for one in those)
    if no_longer_visible(first):
        return _sight(those[0], count)
    if isinstance(first, Change):
        return _of_finding(those, report, fixes, count)
    return _of_item(those, report, stored, count)


def _of_finding(
    those: Sequence[DriftCause], report: Report, fixes: Fixes | None, count: int
) -> News:
    changes = [one.lead for one in those if isinstance(one.lead, Change)]
    first, severity = changes[0], those[0].severity
    findings = [finding_of(one) for one in changes]
    worse = first.step in RISE
    begin = f"{severity}, {first.step.value}: " if worse else f"{first.step.value}: "
    names = [subject_line(one) for one in changes]
    what: Line = (begin, *titled(findings[0]), *names_line(names, noun(findings)))
    how: Line = ()
    if worse and fixes is not None:
        how = fixes.of([one.after for one in changes if one.after is not None], report)
    elif (
        first.step is DriftStep.WAIVED
        and first.after is not None
        and first.after.waiver is not None
    ):
        waiver = first.after.waiver
        by = f"by {waiver.by}, " if waiver.by else ""
        how = (Prose(f"Accepted {by}until {waiver.until}: {waiver.reason}"),)
    problem = f"{severity}: {counted(findings)}" if worse else ""
    if not worse:
        problem = f"{first.step.value}: {title(findings)}"
    return News(
        severity if worse else None,
        problem,
        (*what, *_caused(those)),
        how,
        _seen(those),
        count,
    )


def _of_item(those: Sequence[DriftCause], report: Report, stored: Stored, count: int) -> News:
    items = [one.lead for one in those if isinstance(one.lead, ItemChange)]
    first, severity = items[0], those[0].severity
    names = [item_line(one) for one in items]
    begin = f"{severity}, {first.turn.value}: "
    kind = first.kind if len(items) == 1 else plural(first.kind)
    if len(items) == 1:
        what: Line = (begin, Name(kind), " ", *names[0], *changed_line(first))
    else:
        fields = f", {', '.join(map(words, first.fields))}" if first.fields else ""
        what = (begin, f"{len(items)} ", Name(kind), f"{fields}: ", *few(names))
    page, who = place_of(first.kind, first.place, report)
    same = all(one.place == first.place for one in items)
    how: Line = ("Check: ", Command(stored.show))
    if page and same:
        how = ("Check: ", *page_part(page, report), f" · {who}")
    return News(
        severity,
        _gone(those) or f"{severity}: {event(first, len(items))}",
        (*what, *_caused(those)),
        how,
        _seen(those),
        count,
    )


def _gone(those: Sequence[DriftCause]) -> str:
    """The problem that is gone with a change that weighs nothing itself; empty for none."""
    every = [change for one in those for change in one.caused if isinstance(change, Change)]
    fixed = [one for one in every if one.step is DriftStep.FIXED]
    if those[0].severity > Severity.INFO or not fixed:
        return ""
    alike = {one.subject: finding_of(one) for one in fixed if one.code == fixed[0].code}
    return f"{DriftStep.FIXED.value}: {title([*alike.values()])}"


def _sight(those: DriftCause, count: int) -> News:
    """What is not visible any more, or is again."""
    changes = [one for one in those.all if isinstance(one, Change)]
    items = [one for one in those.all if isinstance(one, ItemChange)]
    first = those.lead
    lost = first.step is DriftStep.LOST if isinstance(first, Change) else first.turn is Turn.LOST
    counts = [number(len(changes), "result")] * bool(changes)
    counts += [_listed(items)] * bool(items)
    state = "no longer visible" if lost else "visible again, unchanged"
    said = " and ".join(counts)
    found = [(Name(one.code), " for ", *subject_line(one)) for one in changes]
    names: list[Line] = list(dict.fromkeys([*found, *map(item_line, items)]))
    worst = max((one.severity for one in changes), default=None)
    failed = sum(bool(one.before and one.before.fails) for one in changes)
    weight = f", up to {worst}" if worst is not None and lost else ""
    failing = f", {failed} of which failed when last seen" if failed and lost else ""
    what: Line = (f"{state}{weight}: {said}{failing}: ", *few(names))
    need = needed(first)
    how: Line = ("Why: " if need == APART else "To see it: ", Prose(need)) if lost else ()
    return News(None, f"{state}: {said}", what, how, (), count)


def _listed(items: Sequence[ItemChange]) -> str:
    """How many lists, and of what; or how many things."""
    whole = [one for one in items if one.whole]
    if len(whole) < len(items):
        return number(len(items), "thing")
    kinds = sorted({plural(one.kind) for one in whole}, key=str.casefold)
    more = f" and {number(len(kinds) - FEW, 'more kind')}" if len(kinds) > FEW else ""
    return f"{number(len(whole), 'list')} ({', '.join(kinds[:FEW])}{more})"


def _caused(those: Sequence[DriftCause]) -> Iterator[Part]:
    """What else the same changes explain: how many, and the worst of it by its name."""
    every = [one for group in those for one in group.caused]
    findings = [one for one in every if isinstance(one, Change)]
    # What changed about the thing itself is what the problem says.
    things = [one for one in every if isinstance(one, ItemChange) and one.turn is not Turn.CHANGED]
    if not (findings or things):
        return
    yield ". With it: "
    if findings:
        worst = findings[0]
        steps = Counter(one.step for one in findings)
        said = ", ".join(f"{steps[step]} {step.value}" for step in DriftStep if steps[step])
        places = {one.subject for one in findings}
        such = ", such as " if len(findings) > 1 else ": "
        over = f" for {len(places)} subjects" if len(places) > 1 else ""
        yield f"{said}{over}{such}"
        yield Prose(finding_of(worst).title)
        yield " ("
        yield Name(worst.code)
        yield ")"
    if things:
        turns = Counter((one.kind, one.turn) for one in things)
        yield "; " if findings else ""
        for place, ((kind, turn), many) in enumerate(turns.items()):
            yield f"{', ' if place else ''}{many} "
            yield Name(kind if many == 1 else plural(kind))
            yield f" {turn.value}"


def _seen(those: Sequence[DriftCause]) -> tuple[Line, ...]:
    """The evidence of the first changes, for those who asked for it."""
    every = [one for group in those for one in group.all]
    lines = (
        _evidence(one.after or one.before) if isinstance(one, Change) else _states(one)
        for one in every[:MOST_SEEN]
    )
    return tuple(chain.from_iterable(lines))


def _evidence(finding: Finding | None) -> Iterable[Line]:
    """The evidence of a finding."""
    outcome = finding.outcome if finding else None
    if isinstance(outcome, Unknown):
        return ((Prose(outcome.seen),),) if outcome.seen else ()
    message, seen = getattr(outcome, "message", ""), getattr(outcome, "seen", {})
    fields = ((Name(field), ": ", Name(str(one))) for field, one in seen.items())
    return ((Prose(message),), *fields) if message else ()


def _states(change: ItemChange) -> Iterator[Line]:
    before, after = change.before, change.after
    if change.turn is not Turn.CHANGED or before is None or after is None:
        return
    for field in change.fields:
        if field in after.state:
            was, now = str(before.state.get(field)), str(after.state[field])
            yield (Name(field), ": ", Name(was), " -> ", Name(now))
