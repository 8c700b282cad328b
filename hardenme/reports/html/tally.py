"""What is counted and gathered in one pass over a report's findings, beside the checklist."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from hardenme.model.finding import Errored, Finding
from hardenme.model.severity import Severity
from hardenme.model.unknown import Unknown
from hardenme.reports.checklist import ERRORED
from hardenme.reports.html.families import family_of


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
        for finding in findings:
            self._take(finding)

    def _take(self, finding: Finding) -> None:
        self.by_check.setdefault(finding.code, Counter())[finding.result] += 1
        outcome = finding.outcome
        if isinstance(outcome, Unknown):
            self.reasons[outcome.reason.value] += 1
        elif isinstance(outcome, Errored):
            self.reasons[ERRORED] += 1
        elif finding.fails:
            self.failures[finding.severity] += 1

    @property
    def total(self) -> Counter[str]:
        """How many findings there are of each result."""
        return sum(self.by_check.values(), Counter[str]())

    def by_family(self) -> dict[str, Counter[str]]:
        """How many findings of each result, by the letters of the code."""
        found: dict[str, Counter[str]] = {}
        for code, counts in sorted(self.by_check.items()):
            found.setdefault(family_of(code), Counter()).update(counts)
        return found

    def failing_from(self, severity: Severity) -> int:
        """How many failures weigh that or more."""
        return sum(number for level, number in self.failures.items() if level >= severity)
