"""Findings of two reports compared with each other, by the check and the subject."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from hardenme.drift.memory import Memory
from hardenme.drift.names import HOLDERS, Renames, holders
from hardenme.drift.steps import FAILED, FAILING, KNOWN, step_of
from hardenme.drift.visibility import Visibility
from hardenme.model.drift import Change, DriftStep
from hardenme.model.finding import Finding
from hardenme.model.finding_summary import FindingSummary, glances, picked
from hardenme.model.report import Report
from hardenme.model.severity import Severity
from hardenme.model.subject import Subject

URGENCY = {step: place for place, step in enumerate(DriftStep)}


class Moved(NamedTuple):
    """A finding that changed.

    Attributes:
        severity: what it weighs, or weighed where it does not fail any more.
        code: the check's code.
        key: the subject's id.
        once: the row of what is known about it before; None for nothing.
        now: its place in the later report; None if it is in none.
    """

    step: DriftStep
    severity: Severity
    code: str
    key: str
    once: int | None
    now: int | None

    @property
    def urgency(self) -> tuple[int, int, str, str]:
        """What comes first is the smallest."""
        return URGENCY[self.step], -self.severity, self.code, self.key


@dataclass(slots=True)
class Matched:
    """How findings changed.

    Attributes:
        memory: what was known before.
        moved: those that changed.
        kept: rows that the later report does not know, and that stay to be remembered.
        fresh: checks that only the later report selected, with how many failures they found.
        dropped: checks that only the earlier report selected, with how many results it had.
        unlooked: how many results are of what the later run did not look at.
    """

    memory: Memory
    moved: list[Moved] = field(default_factory=list)
    kept: list[int] = field(default_factory=list)
    fresh: Counter[str] = field(default_factory=Counter)
    dropped: Counter[str] = field(default_factory=Counter)
    unlooked: int = 0

    def changes(self, after: Report) -> list[Change]:
        """The changes with their findings as a whole, the most urgent first."""
        rows = {one.once for one in self.moved if one.once is not None}
        places = {one.now for one in self.moved if one.now is not None}
        once = dict(self.memory.findings(rows))
        now = dict(picked(after.findings, places))
        moved = sorted(self.moved, key=lambda one: one.urgency)
        return [_change(one, once, now, self.memory.names) for one in moved]

    def carried(self, names: Renames) -> list[Finding]:
        """The last known findings of what the later report does not know, by their present ids."""
        return [
            replace(one, subject=names.subject(one.subject), within=names.subject(one.within))
            for _, one in self.memory.findings(self.kept)
        ]


def _change(
    one: Moved, once: dict[int, Finding], now: dict[int, Finding], names: Renames
) -> Change:
    before = None if one.once is None else once[one.once]
    after = None if one.now is None else now[one.now]
    if after is not None:
        present = after.subject
    else:
        present = Subject.parse(one.key) if before is None else names.subject(before.subject)
    return Change(one.step, one.code, present, before, after)


def matched(before: Report, after: Report, names: Renames, sight: Visibility) -> Matched:
    """Hold the findings of two reports against each other.

    Args:
        before: the earlier report, with what it carries.
        after: the later one.
        names: what has another id in it.
        sight: what the later run could see.
    """
    found = Matched(Memory(before, names))
    present, selected = Renames((), ()), set(after.checks)
    for at, now in enumerate(glances(after.findings)):
        selected.add(now.code)
        key = present.key(now.subject)
        row = found.memory.take(now.code, key)
        if now.result not in KNOWN:
            _unknown(found, row, at, now, key)
        elif row is None and now.code not in found.memory.known:
            found.fresh[now.code] += now.result == FAILED
        else:
            _known(found, row, at, now, key, sight)
    _absent(found, after, names, sight, selected)
    return found


def _unknown(found: Matched, row: int | None, at: int, now: FindingSummary, key: str) -> None:
    if row is None:
        return
    found.kept.append(row)
    if not found.memory.carried(row):
        severity = found.memory.weight(row)
        found.moved.append(Moved(DriftStep.LOST, severity, now.code, key, row, at))


def _known(  # noqa: PLR0913, PLR0917 (two findings and their surroundings)
    found: Matched, row: int | None, at: int, now: FindingSummary, key: str, sight: Visibility
) -> None:
    memory, lost = found.memory, False
    before, once = None, now.severity
    if row is not None:
        before, once = memory.result(row), memory.weight(row)
        if memory.carried(row):
            # What a run did not ask for was not visible, and no one was informed of that.
            lost = memory.unknown(row) or (now.code in memory.codes and sight.told(key))
    step = step_of(before, now.result, once=once, now=now.severity, lost=lost)
    if step is DriftStep.NEW and row is None and not _looked_at(memory, now, key, sight):
        step = DriftStep.FIRST
    if step is not None:
        weight = once if step in {DriftStep.FIXED, DriftStep.SEEN} else now.severity
        found.moved.append(Moved(step, weight, now.code, key, row, at))


def _looked_at(memory: Memory, now: FindingSummary, key: str, sight: Visibility) -> bool:
    """Whether a report before could see that there was no such finding."""
    within = Renames((), ()).key(now.within)
    keys = {key, within, _top(within), _top(key)}
    return memory.looked_at(now.code, *keys) and sight.once_looked_at(_top(within))


def _absent(
    found: Matched, after: Report, names: Renames, sight: Visibility, selected: set[str]
) -> None:
    """Report findings that the later report lacks: gone, no longer visible, or not looked at."""
    memory = found.memory
    missing = list(memory.glances(memory.absent()))
    judged, unsure = _judged(after, set(_lists(missing, names)), sight)
    for row, once in missing:
        key, within = names.key(once.subject), names.key(once.within)
        failing, listed = memory.result(row) in FAILING, (once.code, _top(within))
        # What did not fail is over, too, where the check has nothing to say of a place any more: it
        # is about single things there, or about none. Where it cannot see, it says unknown. That
        # takes a later run which selected the check: what no one asked is remembered.
        asked = once.code in selected
        if _place(key):
            over, proven = sight.looked_at(key) and not failing, False
        else:
            proven = listed in judged and listed not in unsure
            over = sight.looked_at(_top(within)) and not failing and listed not in unsure
        if sight.vanished(key, within) or (over and asked) or proven:
            if failing:
                found.moved.append(Moved(DriftStep.GONE, once.severity, once.code, key, row, None))
            continue
        found.kept.append(row)
        if not asked:
            found.dropped[once.code] += 1
        elif memory.carried(row):
            continue
        elif sight.unlooked(key, within):
            found.unlooked += 1
        else:
            found.moved.append(Moved(DriftStep.LOST, once.severity, once.code, key, row, None))


def _lists(missing: list[tuple[int, FindingSummary]], names: Renames) -> Iterator[tuple[str, str]]:
    return ((one.code, _top(names.key(one.within))) for _, one in missing)


def _judged(
    after: Report, wanted: set[tuple[str, str]], sight: Visibility
) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """Of checks and what their subjects are in, those that were judged, and those not wholly.

    A check has a finding for each subject of a list. For an empty list it has one that says so, and
    for an incomplete list an unknown one. So if there are findings and all are known, a subject
    without a finding does not exist.
    """
    if not wanted or not sight.deep:
        return set(), wanted
    present, seen, unsure = Renames((), ()), set[tuple[str, str]](), set[tuple[str, str]]()
    for one in glances(after.findings):
        for key in {_top(present.key(one.within)), present.key(one.subject)}:
            if (one.code, key) in wanted:
                (seen if one.result in KNOWN else unsure).add((one.code, key))
    return seen, unsure


def _top(key: str) -> str:
    """The repository or package that something is in; itself where it is in none."""
    return list(holders(key))[-1]


def _place(key: str) -> bool:
    """Whether it contains others. Only the inventory shows which of these exist."""
    head, _, name = key.partition("/")
    return head.partition(":")[2] in HOLDERS and "@" not in name[1:]
