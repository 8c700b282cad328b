"""What is counted and gathered in one pass over a report's findings, beside the checklist."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from hardenme.model.finding import WAIVED, Errored, Finding
from hardenme.model.severity import Severity
from hardenme.model.unknown import Unknown
from hardenme.model.waiver import Waiver
from hardenme.reports.checklist import ERRORED
from hardenme.reports.grouping import name_of, weight

KEPT = 200
"""Subjects of a waiver that are kept by name; all others are counted."""


@dataclass(slots=True)
class Accepted:
    """The failures of one check that one waiver accepts.

    Attributes:
        waiver: what accepts them.
        code: the check's code.
        severity: the worst of them.
        names: the first subjects, in words.
        count: how many there are.
    """

    waiver: Waiver
    code: str
    severity: Severity = Severity.INFO
    names: list[str] = field(default_factory=list)
    count: int = 0


class Tally:
    """What was counted.

    Attributes:
        by_check: how many findings of each result, by the check's code.
        reasons: how many are not known, by reason.
        failures: how many failures of each severity there are that nobody accepts.
    """

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.by_check: dict[str, Counter[str]] = {}
        self.reasons: Counter[str] = Counter()
        self.failures: Counter[Severity] = Counter()
        self._accepted: dict[tuple[Waiver, str], Accepted] = {}
        for finding in findings:
            self._take(finding)

    def _take(self, finding: Finding) -> None:
        result = finding.result
        self.by_check.setdefault(finding.code, Counter())[result] += 1
        outcome = finding.outcome
        if isinstance(outcome, Unknown):
            self.reasons[outcome.reason.value] += 1
        elif isinstance(outcome, Errored):
            self.reasons[ERRORED] += 1
        elif finding.fails:
            self.failures[finding.severity] += 1
        if result == WAIVED and finding.waiver is not None:
            self._accept(finding, finding.waiver)

    def _accept(self, finding: Finding, waiver: Waiver) -> None:
        key = (waiver, finding.code)
        one = self._accepted.setdefault(key, Accepted(waiver, finding.code))
        one.severity = max(one.severity, weight(finding))
        one.count += 1
        if len(one.names) < KEPT:
            one.names.append(name_of(finding))

    @property
    def accepted(self) -> list[Accepted]:
        """What waivers accept, those that end first at the beginning."""
        return sorted(
            self._accepted.values(), key=lambda one: (one.waiver.until, -one.severity, one.code)
        )

    @property
    def total(self) -> Counter[str]:
        """How many findings there are of each result."""
        return sum(self.by_check.values(), Counter[str]())

    def by_family(self) -> dict[str, Counter[str]]:
        """How many findings of each result, by the letters of the code."""
        found: dict[str, Counter[str]] = {}
        for code, counts in sorted(self.by_check.items()):
            found.setdefault(code[:3], Counter()).update(counts)
        return found

    def failing_from(self, severity: Severity) -> int:
        """How many failures weigh that or more."""
        return sum(number for level, number in self.failures.items() if level >= severity)
