"""What is known about findings before the later report: from the earlier one, or carried by it."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from hardenme.drift.names import AGAIN, Renames
from hardenme.drift.steps import KNOWN
from hardenme.model.finding import Finding
from hardenme.model.finding_summary import FindingSummary, glances, picked
from hardenme.model.report import Report
from hardenme.model.severity import Severity

RESULTS = tuple(sorted(KNOWN))
TAKEN, UNKNOWN = 1, 2
"""Marks of a row: it was found in the later report; the earlier one says that it is not known."""


class Memory:
    """The last known result of each finding, by its key in the later report.

    A row is the place of a finding: among those of the earlier report, then among those that it
    carries. No finding is held as a whole.

    Args:
        before: the earlier report.
        names: what has another id in the later one.
    """

    def __init__(self, before: Report, names: Renames) -> None:
        self._before = before
        self.names = names
        """What has another id in the later report."""
        self._rows: dict[str, int] = {}
        self._results = bytearray()
        self._weights = bytearray()
        self._marks = bytearray()
        self.codes = set(before.checks)
        """The checks that the earlier report selected."""
        self.known = set(self.codes)
        """The same, with those that a report before it selected, of which it carries results."""
        unknown = self._unknown = set[str]()
        for row, glance in enumerate(glances(before.findings)):
            self.codes.add(glance.code)
            key = self._key(glance)
            if glance.result in KNOWN:
                self._add(key, row, glance)
            else:
                unknown.add(key)
                self._note(None)
        self._length = len(self._marks)
        self.known |= self.codes
        for row, glance in enumerate(glances(before.carried.findings), self._length):
            self.known.add(glance.code)
            key = self._key(glance)
            if key in self._rows or glance.result not in KNOWN:
                self._note(None)
                continue
            self._add(key, row, glance)
            if key in unknown:
                self._marks[row] |= UNKNOWN

    def _key(self, glance: FindingSummary) -> str:
        return f"{glance.code}\n{self.names.key(glance.subject)}"

    def _add(self, key: str, row: int, glance: FindingSummary) -> None:
        while key in self._rows:
            key += AGAIN
        self._rows[key] = row
        self._note(glance)

    def _note(self, glance: FindingSummary | None) -> None:
        self._results.append(0 if glance is None else RESULTS.index(glance.result))
        self._weights.append(0 if glance is None else glance.severity)
        self._marks.append(0)

    def take(self, code: str, key: str) -> int | None:
        """The row of a finding of the later report; None if none is known."""
        name = f"{code}\n{key}"
        while (row := self._rows.get(name)) is not None and self._marks[row] & TAKEN:
            name += AGAIN
        if row is not None:
            self._marks[row] |= TAKEN
        return row

    def looked_at(self, code: str, *keys: str) -> bool:
        """Whether nothing of these was unknown: the subject of a check, and what it is in."""
        return self._unknown.isdisjoint(f"{code}\n{key}" for key in keys)

    def absent(self) -> frozenset[int]:
        """The rows that the later report holds no finding of."""
        return frozenset(row for row in self._rows.values() if not self._marks[row] & TAKEN)

    def result(self, row: int) -> str:
        """The outcome."""
        return RESULTS[self._results[row]]

    def weight(self, row: int) -> Severity:
        """What it weighs."""
        return Severity(self._weights[row])

    def carried(self, row: int) -> bool:
        """Whether the earlier report knew it from those before it alone."""
        return row >= self._length

    def unknown(self, row: int) -> bool:
        """Whether it was unknown in the earlier report."""
        return bool(self._marks[row] & UNKNOWN)

    def glances(self, rows: Collection[int]) -> Iterator[tuple[int, FindingSummary]]:
        """The findings of these rows at a glance."""
        if not rows:
            return
        wanted = frozenset(rows)
        yield from (
            found for found in enumerate(glances(self._before.findings)) if found[0] in wanted
        )
        carried = enumerate(glances(self._before.carried.findings), self._length)
        yield from (found for found in carried if found[0] in wanted)

    def findings(self, rows: Collection[int]) -> Iterator[tuple[int, Finding]]:
        """The findings of these rows as a whole."""
        first = {row for row in rows if row < self._length}
        yield from picked(self._before.findings, first)
        rest = {row - self._length for row in rows if row >= self._length}
        for at, finding in picked(self._before.carried.findings, rest):
            yield at + self._length, finding
