"""The SARIF log: runs of results, and files of runs, each begun anew where a limit is reached."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from hardenme.model.finding import NAMES, WAIVED, Finding
from hardenme.model.report import Report
from hardenme.reports import values
from hardenme.reports.fixplan.closing import Closing
from hardenme.reports.sarif.invocations import FindingCount, descriptors, invocation
from hardenme.reports.sarif.limits import SarifLimits, Scale
from hardenme.reports.sarif.places import repository_of
from hardenme.reports.sarif.results import SHOWN, result
from hardenme.reports.sarif.rules import DOCUMENTATION, rules

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
"""As GitHub's documentation names it."""
CATEGORY = "hardenme"
"""Code scanning keeps the results of a category until the next upload of the same one. It refuses
two runs of one category, so that each further run has a number behind it."""


class SarifLog:
    """Writes a report once, from its first result to its last.

    Args:
        report: what is written.
        limits: what a file may hold.
        closing: finds the step that closes a finding.

    Attributes:
        done: everything was written.
    """

    def __init__(self, report: Report, limits: SarifLimits, closing: Closing) -> None:
        self.done = False
        self._report = report
        self._limits = limits
        self._closing = closing
        self._rules = rules(report.checks)
        self._indexes = {rule["id"]: number for number, rule in enumerate(self._rules)}
        self._repository = repository_of(report)
        self._tally = FindingCount()
        self._results = self._shown(report)
        self._next = next(self._results, None)
        self._run = 0

    def file(self) -> Iterator[str]:
        """The next file: JSON in ASCII, a result a line and a piece."""
        scale = Scale()
        yield scale.put(f'{{\n"$schema": {_dump(SCHEMA)},\n"version": "2.1.0",\n"runs": [\n')
        for number in range(1, self._limits.runs + 1):
            yield from map(scale.put, self._one_run(scale))
            self.done = self._next is None
            if self.done or number == self._limits.runs or self._heavy(scale):
                break
            yield ",\n"
        yield "\n]\n}\n"

    def _one_run(self, scale: Scale) -> Iterator[str]:
        """A run; at its end is its number of results, and at the end of the last one the total."""
        self._run += 1
        head = ",\n".join(f"{_dump(key)}: {_dump(value)}" for key, value in self._head().items())
        yield f'{{\n{head},\n"results": ['
        written = 0
        while self._next is not None and written < self._limits.results:
            if written and self._heavy(scale):
                break
            rule = self._indexes.get(values.text(self._next.code))
            step = self._closing.name(self._next)
            made = result(self._next, rule, self._repository, step)
            yield f"{',' if written else ''}\n{_dump(made)}"
            written += 1
            self._next = next(self._results, None)
        end = ",\n".join(f"{_dump(key)}: {_dump(part)}" for key, part in self._end(written).items())
        yield f"\n],\n{end}\n}}"

    def _head(self) -> dict[str, Any]:
        number = "" if self._run == 1 else f"{self._run}/"
        return {
            "tool": {
                "driver": {
                    "name": "hardenme",
                    "version": values.text(self._report.version),
                    **({"informationUri": DOCUMENTATION} if DOCUMENTATION else {}),
                    "rules": self._rules,
                    "notifications": descriptors(),
                }
            },
            "automationDetails": {"id": f"{CATEGORY}/{number}"},
            "columnKind": "unicodeCodePoints",
        }

    def _end(self, written: int) -> dict[str, Any]:
        last = self._next is None
        properties: dict[str, Any] = {"run": self._run, "results": written}
        if last:
            coverage, names = self._report.coverage, (*NAMES.values(), WAIVED)
            properties["counts"] = {name: self._tally.outcomes[name] for name in names}
            properties["coverage"] = {"known": coverage.known, "asked": coverage.asked}
        return {
            "invocations": [invocation(self._report, self._tally if last else None)],
            "properties": properties,
        }

    def _shown(self, report: Report) -> Iterator[Finding]:
        """The findings that become results; all are counted."""
        for finding in report.findings:
            self._tally.take(finding)
            if isinstance(finding.outcome, SHOWN):
                yield finding

    def _heavy(self, scale: Scale) -> bool:
        return scale.weight >= self._limits.weight


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=True, allow_nan=False, separators=(", ", ": "))
