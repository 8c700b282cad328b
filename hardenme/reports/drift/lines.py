"""A drift as sections of lines, for every form that a person reads.

Similar changes share a line: three hundred new releases are one thing to read. What is no longer
visible is grouped by what it takes to see it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from hardenme.model.drift import Change, Drift, DriftStep, ItemChange, Turn
from hardenme.model.finding import Finding
from hardenme.model.inventory import InventoryItem
from hardenme.model.severity import Severity
from hardenme.model.verdict import Failed
from hardenme.reports.drift.causes import APART, needed
from hardenme.reports.drift.fields import value, words
from hardenme.reports.grouping import name_of
from hardenme.reports.plain import plural

TITLES = {
    DriftStep.NEW: "New",
    DriftStep.WORSE: "Worse",
    DriftStep.EXPIRED: "No longer accepted",
    DriftStep.FIRST: "First looked at",
    DriftStep.LOST: "No longer visible",
    DriftStep.BETTER: "Better",
    DriftStep.WAIVED: "Waived",
    DriftStep.FIXED: "Fixed",
    DriftStep.GONE: "Gone",
    DriftStep.SEEN: "Seen again, unchanged",
}
ITEMS = "Keys, people and things"
ALIKE = 3
"""Different messages of one check before the name of the check replaces them."""
SHOWN = 3
"""Things of one kind that changed, each with what it was and is, before the rest is named alone."""
CODES = 12
"""Checks that are named before the rest is counted."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to read.

    Attributes:
        severity: what it weighs; None if that does not matter.
        code: the check's code; empty if there is none.
        text: what happened.
        names: what it happened to.
        beside: further details, by label.
    """

    severity: Severity | None
    code: str
    text: str
    names: tuple[str, ...]
    beside: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class DriftSection:
    """Lines under a heading.

    Attributes:
        title: the heading.
        lines: the most urgent first.
    """

    title: str
    lines: list[Line] = field(default_factory=list)


def sections(drift: Drift, *, bare: bool = False) -> list[DriftSection]:
    """All that changed: findings in the order of `DriftStep`, the inventory behind what is worse.

    Args:
        bare: without the texts of findings and the values of items, which may name people.
    """
    steps: dict[DriftStep, list[Change]] = {}
    for one in drift.changes:
        steps.setdefault(one.step, []).append(one)
    lost = [one for one in drift.items if one.turn is Turn.LOST]
    found = [_of_step(step, steps.get(step, ()), lost, bare=bare) for step in DriftStep]
    seen = (one for one in drift.items if one.turn is not Turn.LOST)
    things = DriftSection(ITEMS, list(_things(seen, bare=bare)))
    place = list(DriftStep).index(DriftStep.LOST)
    return [one for one in (*found[:place], things, *found[place:]) if one.lines]


def _of_step(
    step: DriftStep, changes: Iterable[Change], lost: Iterable[ItemChange], *, bare: bool
) -> DriftSection:
    if step is DriftStep.LOST:
        return DriftSection(TITLES[step], [*_lost(changes), *_blind(lost)])
    if step is DriftStep.SEEN:
        return DriftSection(TITLES[step], list(_seen(list(changes))))
    groups: dict[tuple[Severity, str], dict[tuple[str, str], list[Change]]] = {}
    for one in changes:
        texts = groups.setdefault((one.severity, one.code), {})
        said = (_title(one), "") if bare else (_message(one), _beside(one))
        texts.setdefault(said, []).append(one)
    lines: list[Line] = []
    for (severity, code), texts in groups.items():
        if len(texts) > ALIKE:
            those = [one for group in texts.values() for one in group]
            lines.append(Line(severity, code, _title(those[0]), _names(those)))
            continue
        for (text, beside), those in texts.items():
            told = (("Was", beside),) if beside else ()
            lines.append(Line(severity, code, text, _names(those), told))
    return DriftSection(TITLES[step], lines)


def _seen(changes: Sequence[Change]) -> Iterator[Line]:
    """What is as it was takes one line, however much it is."""
    if not changes:
        return
    codes = tuple(sorted({one.code for one in changes}))
    failed = sum(isinstance(_finding(one).outcome, Failed) for one in changes)
    number = "1 result" if len(changes) == 1 else f"{len(changes)} results"
    failing = f", {failed} of which failed" if failed else ""
    worst = max(one.severity for one in changes)
    yield Line(worst, "", f"{number}{failing}", _names(changes), (("Of", _few(codes)),))


def _finding(one: Change) -> Finding:
    found = one.after or one.before
    assert found is not None, "a change is made of something"  # noqa: S101 (the model says so)
    return found


def _title(one: Change) -> str:
    return _finding(one).title


def _names(changes: Iterable[Change]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(map(_name, changes)))


def _name(one: Change) -> str:
    """The subject in words. A passed finding is stored without its own name."""
    found = _finding(one)
    if not found.label and one.before is not None:
        found = replace(found, label=one.before.label)
    return name_of(found)


def _message(one: Change) -> str:
    """The problem, and the finding's message if it is still there."""
    outcome = _finding(one).outcome
    if isinstance(outcome, Failed) and one.step is not DriftStep.GONE:
        return f"{_title(one)}: {outcome.message}"
    return _title(one)


def _beside(one: Change) -> str:
    """What the present state is compared with."""
    before, after = one.before, one.after
    if one.step in {DriftStep.WORSE, DriftStep.BETTER} and before is not None:
        accepted = ", and is accepted" if after is not None and after.waiver is not None else ""
        return f"{before.severity}{accepted}"
    if one.step is DriftStep.EXPIRED and before is not None and before.waiver is not None:
        waiver = before.waiver
        by = f" by {waiver.by}" if waiver.by else ""
        return f"accepted{by} until {waiver.until}: {waiver.reason}"
    if one.step is DriftStep.WAIVED and after is not None and after.waiver is not None:
        waiver = after.waiver
        by = f" by {waiver.by}" if waiver.by else ""
        fails = isinstance(before.outcome, Failed) if before is not None else False
        once = "open" if fails else "not failing"
        return f"{once}; it is accepted{by} until {waiver.until}: {waiver.reason}"
    return ""


def _lost(changes: Iterable[Change]) -> Iterator[Line]:
    causes: dict[str, list[Change]] = {}
    for one in changes:
        causes.setdefault(needed(one), []).append(one)
    for need, those in sorted(causes.items(), key=lambda group: -len(group[1])):
        codes = tuple(sorted({one.code for one in those}))
        failed = sum(isinstance(one.before.outcome, Failed) for one in those if one.before)
        number = "1 result" if len(those) == 1 else f"{len(those)} results"
        which = "which" if len(those) == 1 else f"{failed} of which"
        failing = f", {which} failed when last seen" if failed else ""
        beside = (_why(need), ("Hides", _few(codes)))
        worst = max(one.severity for one in those)
        yield Line(worst, "", f"{number}{failing}", _names(those), beside)


def _why(need: str) -> tuple[str, str]:
    """What it takes to see it again; of what no one looked at, why that was."""
    return ("Why" if need == APART else "Needs", need)


def _few(codes: tuple[str, ...]) -> str:
    rest = len(codes) - CODES
    return ", ".join(codes) if rest <= 0 else f"{', '.join(codes[:CODES])} and {rest} more"


def _blind(changes: Iterable[ItemChange]) -> Iterator[Line]:
    causes: dict[tuple[tuple[str, ...], str, str], list[ItemChange]] = {}
    for one in changes:
        item = "" if one.whole else one.kind
        causes.setdefault((one.fields, item, needed(one)), []).append(one)
    for (fields, item, need), those in causes.items():
        what = plural(item) if item else _lists(those)
        if fields:
            what = f"{', '.join(map(words, fields))} of {what}"
        names = tuple(dict.fromkeys(_where(one) for one in those))
        yield Line(None, "", what, names, (_why(need),))


def _lists(those: Sequence[ItemChange]) -> str:
    """Whole lists: how many, and of what."""
    kinds = sorted({plural(one.kind) for one in those}, key=str.casefold)
    return kinds[0] if len(kinds) == 1 else f"{len(those)} lists: {', '.join(kinds)}"


def _where(one: ItemChange) -> str:
    item = one.after or one.before
    return str(one.place) if item is None else _named(item, one)


def _named(item: InventoryItem, one: ItemChange) -> str:
    """An item in words, with where it is unless its own name says so."""
    place = one.place
    label = item.label or item.subject.name.removeprefix(f"{place.name}/")
    if item.subject == place or item.subject.kind in {"repo", "package", "org", "user"}:
        return item.subject.name
    return f"{place.name}: {label}"


def _things(changes: Iterable[ItemChange], *, bare: bool) -> Iterator[Line]:
    groups: dict[tuple[Severity, Turn, str, tuple[str, ...]], list[ItemChange]] = {}
    for one in changes:
        kind = "" if one.whole else one.kind
        groups.setdefault((one.severity, one.turn, kind, one.fields), []).append(one)
    for (severity, turn, kind, fields), those in groups.items():
        if not kind:
            places = tuple(dict.fromkeys(_where(one) for one in those))
            yield Line(severity, "", f"{turn.value}: {_lists(those)}", places)
            continue
        what = f"{plural(kind) if len(those) > 1 else kind} {turn.value}"
        if turn is Turn.CHANGED and len(those) <= SHOWN and not bare:
            for one in those:
                values = "; ".join(value(one, name) for name in fields)
                yield Line(severity, "", f"{kind} changed: {values}", (_where(one),))
            continue
        named = f": {', '.join(map(words, fields))}" if fields else ""
        names = tuple(dict.fromkeys(_where(one) for one in those))
        yield Line(severity, "", f"{what}{named}", names)
