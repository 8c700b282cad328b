"""What changed, as two lines each: what happened, and what fixes it and who does that.

Every form says the same in the same order: a mail, a chat, and what is printed with `--quiet`. What
many things have in common is one of these.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from hardenme.model.access import ENFORCED, ENFORCEMENT, OWNERS, PUBLIC, ROLE
from hardenme.model.drift import Change, Drift, ItemChange, Step, Turn
from hardenme.model.finding import Finding
from hardenme.model.report import Report
from hardenme.model.severity import Severity
from hardenme.model.unknown import Unknown
from hardenme.model.verdict import Failed, Fix
from hardenme.reports.drift.causes import RISE, Told, needed, rises, told
from hardenme.reports.drift.fields import value, words
from hardenme.reports.drift.words import plural
from hardenme.reports.fixplan.kinds import MEMBER
from hardenme.reports.fixplan.making import plan_of
from hardenme.reports.fixplan.plan import Step as PlanStep
from hardenme.reports.message.pages import is_ours, place_of
from hardenme.reports.message.words import Command, Line, Name, Page, Part, Prose, number, titled

FEW = 3
"""Things that are named of many; so many have a line each where they say the same."""
MOST_SEEN = 6
"""Changes whose evidence is told where much changed at once."""
OPEN = frozenset({ENFORCEMENT, ROLE, "visibility", "two_factor", "two_factor_required"})
"""Fields that are told with what they were and are: without that nobody knows whether to worry."""
WHEN = "updated_at"
"""The field that says that others changed, and nothing beside them."""
WITHOUT = re.compile(r"(?P<who>.+?) (?:has|have|requires) no (?P<what>.+)")
"""A title that says what something lacks."""
NOUNS = {
    ("github", "user"): "GitHub account",
    ("npm", "user"): "npm account",
    ("github", "org"): "organization",
    ("github", "repo"): "repository",
    ("github", "member"): "member",
    ("npm", "package"): "package",
}
"""What subjects are called in a count."""
ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class News:
    """One thing to tell.

    Attributes:
        severity: what it weighs; None for what is better than before, or not known.
        problem: what happened, in a few words of ours for a title, which names nobody.
        what: the first line.
        how: the second line; empty where there is nothing to do.
        evidence: what was seen, for those who asked for it.
        count: how many changes it stands for.
    """

    severity: Severity | None
    problem: str
    what: Line
    how: Line = ()
    evidence: tuple[Line, ...] = ()
    count: int = 1


def news(drift: Drift, report: Report) -> list[News]:
    """All that changed, the worst first."""
    groups: dict[tuple[object, ...], list[Told]] = {}
    for one in told(drift):
        groups.setdefault(_alike(one), []).append(one)
    fixes = _Fixes(report) if any(map(rises, drift.changes)) else None
    found: list[News] = []
    for group in groups.values():
        parts = [[one] for one in group] if len(group) <= FEW else [group]
        found += (_news(part, report, fixes) for part in parts)
    return found


def _alike(one: Told) -> tuple[object, ...]:
    """What is told in one line where there is much of it."""
    lead = one.lead
    if isinstance(lead, Change):
        return lead.step, lead.code, one.severity
    return lead.turn, lead.kind, one.severity, lead.fields, lead.whole


def _news(those: Sequence[Told], report: Report, fixes: _Fixes | None) -> News:
    first = those[0].lead
    count = sum(len(one.all) for one in those)
    if isinstance(first, Change):
        if first.step in {Step.LOST, Step.SEEN}:
            return _sight(those, count)
        return _of_finding(those, report, fixes, count)
    if first.turn in {Turn.LOST, Turn.SEEN}:
        return _sight(those, count)
    return _of_item(those, report, count)


def _of_finding(
    those: Sequence[Told], report: Report, fixes: _Fixes | None, count: int
) -> News:
    changes = [one.lead for one in those if isinstance(one.lead, Change)]
    first, severity = changes[0], those[0].severity
    finding = _finding(first)
    worse = first.step in RISE
    begin = f"{severity}, {first.step.value}: " if worse else f"{first.step.value}: "
    names = [_subject(one) for one in changes]
    what: Line = (begin, *titled(finding), *_names(names, _noun(finding, len(names))))
    how: Line = ()
    if worse and fixes is not None:
        how = fixes.of([one.after for one in changes if one.after is not None], report)
    elif first.step is Step.WAIVED and first.after is not None and first.after.waiver is not None:
        waiver = first.after.waiver
        by = f"by {waiver.by}, " if waiver.by else ""
        how = (Prose(f"Accepted {by}until {waiver.until}: {waiver.reason}"),)
    problem = f"{severity}: {_counted(finding, len(names))}" if worse else ""
    if not worse:
        problem = f"{first.step.value}: {_title(finding, len(names))}"
    return News(
        severity if worse else None,
        problem,
        (*what, *_caused(those)),
        how,
        _seen(those),
        count,
    )


def _of_item(those: Sequence[Told], report: Report, count: int) -> News:
    items = [one.lead for one in those if isinstance(one.lead, ItemChange)]
    first, severity = items[0], those[0].severity
    names = [_item(one) for one in items]
    begin = f"{severity}, {first.turn.value}: "
    kind = first.kind if len(items) == 1 else plural(first.kind)
    if len(items) == 1:
        what: Line = (begin, Name(kind), " ", *names[0], *_changed(first))
    else:
        fields = f", {', '.join(map(words, first.fields))}" if first.fields else ""
        what = (begin, f"{len(items)} ", Name(kind), f"{fields}: ", *_few(names))
    page, who = place_of(first.kind, first.place, report)
    same = all(one.place == first.place for one in items)
    how: Line = ("Check: ", Command("hardenme show"))
    if page and same:
        how = ("Check: ", *_page(page, report), f" · {who}")
    return News(
        severity,
        f"{severity}: {_event(first, len(items))}",
        (*what, *_caused(those)),
        how,
        _seen(those),
        count,
    )


def _sight(those: Sequence[Told], count: int) -> News:
    """What is not visible any more, or is again."""
    every = [one for group in those for one in group.all]
    changes = [one for one in every if isinstance(one, Change)]
    items = [one for one in every if isinstance(one, ItemChange)]
    first = those[0].lead
    lost = first.step is Step.LOST if isinstance(first, Change) else first.turn is Turn.LOST
    counts = [number(len(changes), "result")] * bool(changes)
    counts += [_listed(items)] * bool(items)
    state = "no longer visible" if lost else "visible again, unchanged"
    counted = " and ".join(counts)
    found = [(Name(one.code), " for ", *_subject(one)) for one in changes]
    names: list[Line] = list(dict.fromkeys([*found, *map(_item, items)]))
    worst = max((one.severity for one in changes), default=None)
    failed = sum(bool(one.before and one.before.fails) for one in changes)
    weight = f", up to {worst}" if worst is not None and lost else ""
    failing = f", {failed} of which failed when last seen" if failed and lost else ""
    what: Line = (f"{state}{weight}: {counted}{failing}: ", *_few(names))
    how: Line = ("To see it: ", Prose(needed(first))) if lost else ()
    return News(None, f"{state}: {counted}", what, how, (), count)


def _listed(items: Sequence[ItemChange]) -> str:
    """How many lists, and of what; or how many things."""
    whole = [one for one in items if one.whole]
    if len(whole) < len(items):
        return number(len(items), "thing")
    kinds = sorted({plural(one.kind) for one in whole}, key=str.casefold)
    more = f" and {number(len(kinds) - FEW, 'more kind')}" if len(kinds) > FEW else ""
    return f"{number(len(whole), 'list')} ({', '.join(kinds[:FEW])}{more})"


def _caused(those: Sequence[Told]) -> Iterator[Part]:
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
        said = ", ".join(f"{steps[step]} {step.value}" for step in Step if steps[step])
        places = {one.subject for one in findings}
        such = ", such as " if len(findings) > 1 else ": "
        over = f" for {len(places)} subjects" if len(places) > 1 else ""
        yield f"{said}{over}{such}"
        yield Prose(_finding(worst).title)
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


class _Fixes:
    """Finds what fixes a finding, and who does that, in the plan of the run."""

    def __init__(self, report: Report) -> None:
        self._steps: dict[tuple[str, object], PlanStep] = {}
        plan = plan_of(report, lambda _codes, _places: ())
        for step in plan.steps:
            for action in (*step.actions, *step.apart):
                for one in action.closes:
                    self._steps.setdefault((one.code, one.subject), step)

    def of(self, findings: Sequence[Finding], report: Report) -> Line:
        """The page or the command, and the person."""
        if not findings:
            return ()
        first = findings[0]
        step = self._steps.get((first.code, first.subject))
        fix = first.outcome.fix if isinstance(first.outcome, Failed) else None
        if step is not None and len(step.actions) == 1:
            fix = step.actions[0].fix
        pages = {one.outcome.fix.page for one in findings if isinstance(one.outcome, Failed)}
        several = len(findings) > 1 and (step is None or len(step.actions) != 1)
        if several and len(pages) > 1 and step is not None:
            return ("Fix: ", Command(f"hardenme fix {step.id}"), *_by(step.who or step.needs))
        if fix is None:
            return ()
        who = (step.who if step is not None else "") or fix.needs
        if who == MEMBER and len(findings) == 1:
            who = first.label or who
        if fix.page:
            return ("Fix: ", *_page(fix.page, report), *_by(who))
        return ("Fix: ", *_command(fix, first), *_by(who))


def _command(fix: Fix, finding: Finding) -> Line:
    """The command as it is typed, where it is one line; else where it stands."""
    if fix.command and "\n" not in fix.command:
        return (Name(fix.command),)
    return (Command(f"hardenme explain {finding.code}"),)


def _by(who: str) -> Line:
    return (" · ", Prose(who.partition(";")[0])) if who else ()


def _page(address: str, report: Report) -> Line:
    return (Page(address) if is_ours(address, report) else Name(address),)


def _finding(change: Change) -> Finding:
    found = change.after or change.before
    assert found is not None, "a change is made of something"  # noqa: S101 (the model says so)
    return found


def _subject(change: Change) -> Line:
    return _named(str(change.subject), _finding(change).label)


def _named(subject: str, label: str) -> Line:
    """A subject by its id; its own name goes before where it says something else."""
    if not label or subject.endswith(f"/{label}"):
        return (Name(subject),)
    return (Name(label, quoted=True), " (", Name(subject), ")")


def _item(change: ItemChange) -> Line:
    """What the item is, and where."""
    found = change.after or change.before
    if found is None:
        return (Name(f"{plural(change.kind)} of {change.place}"),)
    line = _named(str(found.subject), found.label)
    return line if found.subject == change.place else (*line, " at ", Name(str(change.place)))


def _changed(change: ItemChange) -> Iterator[Part]:
    """What of an item changed; its values where it says nothing without them."""
    fields = [one for one in change.fields if one != WHEN] or change.fields
    for place, field in enumerate(fields):
        yield "; " if place else ": "
        yield Name(value(change, field) if field in OPEN else words(field))


def _names(names: Sequence[Line], noun: str) -> Line:
    return names[0] if len(names) == 1 else (f"{len(names)} {noun}: ", *_few(names))


def _few(names: Sequence[Line]) -> Line:
    """The first few names, and how many more there are."""
    line: list[Part] = []
    for name in islice(names, FEW):
        line += [", "] if line else []
        line += name
    rest = len(names) - FEW
    return (*line, f" and {rest} more" if rest > 0 else "")


def _noun(finding: Finding, many: int) -> str:
    """What the subjects of a check are called."""
    subject = finding.subject
    noun = NOUNS.get((subject.provider, subject.kind), "subject")
    outcome = finding.outcome
    if noun == "member" and isinstance(outcome, Failed) and outcome.seen.get(ROLE) == ADMIN:
        noun = "owner"
    return noun if many == 1 else plural(noun)


def _counted(finding: Finding, many: int) -> str:
    """The problem with how many have it: `3 owners without 2FA`."""
    lacks = WITHOUT.fullmatch(finding.title)
    noun = _noun(finding, many)
    if lacks and not noun.startswith("subject"):
        return f"{many} {noun} without {lacks['what']}"
    return _title(finding, many)


def _title(finding: Finding, many: int) -> str:
    return finding.title if many == 1 else f"{finding.title} ({many} {_noun(finding, many)})"


def _event(change: ItemChange, many: int) -> str:
    """What happened to a thing, in a few words that name nobody."""
    kind = change.kind if many == 1 else f"{many} {plural(change.kind)}"
    state = {} if change.after is None else change.after.state
    new = state.get(ROLE) in OWNERS and (change.turn is Turn.APPEARED or ROLE in change.fields)
    if new and change.kind != "pending invitation":
        return "new owner" if many == 1 else f"{many} new owners"
    if change.turn is Turn.APPEARED:
        public = change.kind == "repository" and state.get("visibility") == PUBLIC
        return f"new {'public ' * public}{kind}"
    if change.turn is Turn.VANISHED:
        return f"{kind} gone"
    if ENFORCEMENT in change.fields:
        now = state.get(ENFORCEMENT)
        return f"{kind} {'in force again' if now == ENFORCED else now}"
    if change.kind == "repository" and "visibility" in change.fields:
        return f"{kind} is {state.get('visibility')}"
    told_fields = ", ".join(words(field) for field in change.fields)
    return f"{kind} changed: {told_fields}" if told_fields else f"{kind} changed"


def _seen(those: Sequence[Told]) -> tuple[Line, ...]:
    """What the first of the changes rest on, for those who asked for it."""
    every = [one for group in those for one in group.all]
    lines = (
        _evidence(one.after or one.before) if isinstance(one, Change) else _states(one)
        for one in every[:MOST_SEEN]
    )
    return tuple(chain.from_iterable(lines))


def _evidence(finding: Finding | None) -> Iterable[Line]:
    """What a finding rests on."""
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
