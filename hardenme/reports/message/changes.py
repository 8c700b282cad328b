"""The lines on what changed. What many things have in common is one line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby, islice

from hardenme.model.drift import Change, Drift, ItemChange, Step, Turn
from hardenme.model.finding import Finding
from hardenme.model.inventory import Item
from hardenme.model.subject import Subject
from hardenme.model.unknown import Unknown
from hardenme.model.verdict import Failed, NotApplicable, Passed
from hardenme.reports.drift.fields import words
from hardenme.reports.drift.words import plural
from hardenme.reports.message.words import Line, Name, Prose, number, titled

ALIKE = (Step.LOST, Step.SEEN)
"""What happens to many checks for one reason."""
FEW = 3
"""Changes of a kind up to which each has a line of its own; so many are named of more."""


def finding_lines(changes: Sequence[Change], *, evidence: bool) -> Iterator[Line]:
    """A line for each change of a finding, or for each group of such that say the same."""
    for step, of_step in groupby(changes, lambda change: change.step):
        those = list(of_step)
        if step in ALIKE and len({change.code for change in those}) > FEW:
            yield from _together(step, those)
        else:
            yield from _each(those, evidence=evidence)


def _each(changes: Sequence[Change], *, evidence: bool) -> Iterator[Line]:
    groups: dict[tuple[Step, str, int], list[Change]] = {}
    for change in changes:
        key = (change.step, change.code, int(change.severity))
        groups.setdefault(key, []).append(change)
    for (step, _, _), group in groups.items():
        begin = f"- {step.value}, {group[0].severity}: "
        if len(group) > FEW:
            names = (change.subject for change in group)
            all_of = _several(len(group), "subject", map(str, names))
            yield (begin, *_of(group[0]), *all_of, *_shared(map(_to_see, group)))
            continue
        for change in group:
            yield (begin, *_of(change), *_subject(change), *_to_see(change))
            if evidence:
                yield from _evidence(change.after or change.before)


def item_lines(items: Sequence[ItemChange], *, evidence: bool) -> Iterator[Line]:
    """The same for the inventory."""
    groups: dict[tuple[Turn, str], list[ItemChange]] = {}
    whole: dict[Turn, list[ItemChange]] = {}
    for item in items:
        if item.whole:
            whole.setdefault(item.turn, []).append(item)
    many = {turn for turn, lists in whole.items() if len({one.kind for one in lists}) > FEW}
    for item in items:
        if item.whole and item.turn in many:
            continue
        groups.setdefault((item.turn, item.kind), []).append(item)
    for (turn, kind), group in groups.items():
        begin = f"- {turn.value}: "
        if len(group) > FEW:
            names = (_item_name(change) for change in group)
            all_of = _several(len(group), "of them", names, many="of them")
            yield (begin, Name(kind), ", ", *all_of, *_shared(map(_to_see_item, group)))
            continue
        for change in group:
            yield (begin, Name(kind), *_item(change))
            if evidence and change.turn is Turn.CHANGED:
                yield from _states(change)
    for turn in sorted(many, key=list(Turn).index):
        yield _lists(turn, whole[turn])


def _together(step: Step, changes: Sequence[Change]) -> Iterator[Line]:
    """What happened to many checks at once, such as a provider that is out of sight."""
    causes: dict[Line, list[Change]] = {}
    for change in changes:
        causes.setdefault(_to_see(change), []).append(change)
    for to_see, those in causes.items():
        worst = max(change.severity for change in those)
        names = dict.fromkeys(str(change.subject) for change in those)
        failed = sum(bool(change.before and change.before.fails) for change in those)
        failing = f", {failed} of which failed when last seen" if failed else ""
        checks = number(len({change.code for change in those}), "check")
        begin = f"- {step.value}, up to {worst}: {number(len(those), 'result')} of {checks}"
        yield (f"{begin}{failing}, for ", *_few(list(names)), *to_see)


def _lists(turn: Turn, items: Sequence[ItemChange]) -> Line:
    """What became of many lists at once."""
    kinds = sorted({plural(item.kind) for item in items}, key=str.casefold)
    said = f"- {turn.value}: {number(len(items), 'list')}: {', '.join(kinds)}"
    return (said, *_shared(map(_to_see_item, items)))


def _few(names: Sequence[str]) -> Line:
    """The first few names, and how many more there are."""
    line: list[str | Name | Prose] = []
    for name in names[:FEW]:
        line += [", "] if line else []
        line.append(Name(name))
    rest = len(names) - FEW
    return (*line, f" and {rest} more" if rest > 0 else "")


def counted(drift: Drift) -> str:
    """How much changed, in one sentence of counts; empty where nothing did."""
    steps = Counter(change.step for change in drift.changes)
    turns = Counter(item.turn for item in drift.items)
    findings = [f"{steps[step]} {step.value}" for step in Step if steps[step]]
    inventory = [f"{turns[turn]} {turn.value}" for turn in Turn if turns[turn]]
    said = ", ".join(findings)
    if inventory:
        said += f"{'; ' if said else ''}inventory: {', '.join(inventory)}"
    return said


def _several(count: int, one: str, names: Iterator[str], *, many: str = "") -> Line:
    """A count, the first few names, and how many more there are."""
    line = _few(tuple(islice(names, FEW)))
    return (f"{number(count, one, many)}: ", *line, f" and {count - FEW} more")


def _of(change: Change) -> Line:
    """The problem; where it is not known whether there is one, the check."""
    finding = change.after or change.before
    if finding is None:
        return (Name(change.code), " for ")
    if change.step in ALIKE:
        return (Name(f"{change.code} {finding.slug}"), " for ")
    return titled(finding)


def _subject(change: Change) -> Line:
    finding = change.after or change.before
    label = finding.label if finding else ""
    return _named(str(change.subject), label)


def _named(subject: str, label: str) -> Line:
    """A subject by its id; its own name goes before where it says something else."""
    if not label or subject.endswith(f"/{label}"):
        return (Name(subject),)
    return (Name(label, quoted=True), " (", Name(subject), ")")


def _item(change: ItemChange) -> Line:
    """What the item is, where it is, and what of it changed."""
    found: Item | None = change.after or change.before
    line: list[str | Name | Prose] = []
    if found is None:
        line.append(", the list as a whole,")
    else:
        line += [" ", *_named(str(found.subject), found.label)]
    if found is None or found.subject != change.place:
        line += [" at ", Name(str(change.place))]
    if change.fields:
        line.append(": ")
        for place, field in enumerate(change.fields):
            line += [", "] if place else []
            line.append(Name(words(field)))
    return (*line, *_to_see_item(change))


def _item_name(change: ItemChange) -> str:
    found: Item | None = change.after or change.before
    subject: Subject = found.subject if found else change.place
    return str(subject)


def _states(change: ItemChange) -> Iterator[Line]:
    before = change.before.state if change.before else {}
    after = change.after.state if change.after else {}
    for field in change.fields:
        was, is_ = before.get(field), after.get(field)
        yield ("  ", Name(field), ": ", Name(_state(was)), " -> ", Name(_state(is_)))


def _state(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _to_see(change: Change) -> Line:
    """What it takes to see again what was lost sight of."""
    outcome = change.after.outcome if change.after else None
    if change.step is not Step.LOST or not isinstance(outcome, Unknown):
        return ()
    return (". To see it: ", Prose(outcome.needed)) if outcome.needed else ()


def _to_see_item(change: ItemChange) -> Line:
    return (". To see it: ", Prose(change.needed)) if change.needed else ()


def _shared(lines: Iterator[Line]) -> Line:
    """What all of them say, if all say the same."""
    said = set(lines)
    return said.pop() if len(said) == 1 else ()


def _evidence(finding: Finding | None) -> Iterator[Line]:
    """What a finding rests on, for those who asked for it."""
    outcome = finding.outcome if finding else None
    if isinstance(outcome, Passed | Failed | NotApplicable):
        yield ("  ", Prose(outcome.message))
        for field, value in outcome.seen.items():
            yield ("  ", Name(field), ": ", Name(str(value)))
    elif isinstance(outcome, Unknown) and outcome.seen:
        yield ("  ", Prose(outcome.seen))
