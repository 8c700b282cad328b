"""The lines on what stands open anyway, changed or not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import islice

from hardenme.model.finding import Errored, Finding
from hardenme.model.glance import weight
from hardenme.model.report import Report
from hardenme.model.severity import Severity
from hardenme.model.unknown import Unknown
from hardenme.reports.message.stored import Stored
from hardenme.reports.message.words import Command, Line, Name, Part, titled
from hardenme.reports.sign_in import unsigned

NAMED = 3
"""Subjects of a check that are named."""


def standing_line(report: Report, stored: Stored) -> Line:
    """How much is open and unknown, and the command that shows it, in one line."""
    open_now = Counter(weight(finding) for finding in report.findings if finding.fails)
    unknown = sum(isinstance(f.outcome, Unknown | Errored) for f in report.findings)
    counts = [f"{open_now[one]:,} {one}" for one in reversed(Severity) if open_now[one]]
    said = ", ".join(counts) or ("not known" if unsigned(report) else "nothing open")
    return (f"Standing: {said}; {unknown:,} unknown; ", Command(stored.show))


def standing_lines(report: Report) -> Iterator[Line]:
    """A line for each check that fails, the worst first."""
    groups: dict[tuple[Severity, str], list[Finding]] = {}
    for finding in report.findings:
        if finding.fails:
            groups.setdefault((weight(finding), finding.code), []).append(finding)
    for severity, code in sorted(groups, key=lambda key: (-key[0], key[1])):
        group = groups[severity, code]
        line: list[Part] = [f"- {severity}: ", *titled(group[0])]
        if len(group) > 1:
            line.append(f"{len(group)} subjects: ")
        for place, finding in enumerate(islice(group, NAMED)):
            line += [", "] if place else []
            line.append(Name(str(finding.subject)))
        if len(group) > NAMED:
            line.append(f" and {len(group) - NAMED} more")
        yield tuple(line)
