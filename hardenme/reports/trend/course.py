"""A series of reports: how many failures there were, and how long each remained open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import fmean

from hardenme.model.finding import Errored, Finding
from hardenme.model.finding_summary import weight
from hardenme.model.report import Report
from hardenme.model.severity import Severity
from hardenme.model.trend_point import TrendPoint
from hardenme.model.unknown import Unknown
from hardenme.reports.grouping import name_of

Key = tuple[str, str]
"""A finding from report to report: the check's code and the subject's id."""


@dataclass(frozen=True, slots=True)
class OpenFailure:
    """A failure that is open.

    Attributes:
        code: the check's.
        subject: the subject's id.
        name: the subject in words.
        severity: what it weighs.
        since: when it was first seen.
        longer: it was there in the first report already, so it may be older.
    """

    code: str
    subject: str
    name: str
    severity: Severity
    since: datetime
    longer: bool


@dataclass(frozen=True, slots=True)
class Course:
    """The trend over the reports.

    Attributes:
        targets: what they are about.
        points: one for each report, in their order. Failures that are no longer visible count in
            them.
        oldest: the failure that has been open for the longest time, by severity.
        mended: how long each failure that was fixed had been open, by severity. A fix is first seen
            by the next report, so the times are those between reports.
    """

    targets: tuple[str, ...] = ()
    points: tuple[TrendPoint, ...] = ()
    oldest: Mapping[Severity, OpenFailure] = field(default_factory=dict)
    mended: Mapping[Severity, tuple[timedelta, ...]] = field(default_factory=dict)

    def mean(self, severity: Severity | None = None) -> timedelta | None:
        """The mean time to fix, of one severity or of all; None if nothing was fixed."""
        chosen = self.mended if severity is None else {severity: self.mended.get(severity, ())}
        times = [one.total_seconds() for those in chosen.values() for one in those]
        return timedelta(seconds=fmean(times)) if times else None


def course_of(reports: Iterable[Report]) -> Course:
    """Read reports one after the other, the oldest first; none is held."""
    reading = _Reading()
    for report in reports:
        reading.take(report)
    oldest: dict[Severity, OpenFailure] = {}
    for one in sorted(reading.open.values(), key=lambda one: (one.since, one.code, one.subject)):
        oldest.setdefault(one.severity, one)
    return Course(
        reading.targets,
        tuple(reading.points),
        oldest,
        {severity: tuple(times) for severity, times in reading.mended.items()},
    )


class _Reading:
    """What was read so far."""

    def __init__(self) -> None:
        self.targets: tuple[str, ...] = ()
        self.points: list[TrendPoint] = []
        self.open: dict[Key, OpenFailure] = {}
        self.mended: dict[Severity, list[timedelta]] = {}

    def take(self, report: Report) -> None:
        """One more."""
        failing: dict[Key, Finding] = {}
        others: dict[Key, Finding] = {}
        unknown = 0
        for finding in report.findings:
            key = (finding.code, str(finding.subject))
            if finding.fails:
                failing[key] = finding
            elif key in self.open:
                others[key] = finding
            unknown += isinstance(finding.outcome, Unknown | Errored)
        remembered = {(one.code, str(one.subject)): one for one in report.carried.findings}
        whole = not report.partial and report.halted is None
        for key in [key for key in self.open if key not in failing]:
            seen = whole and key[0] in report.checks and key not in remembered
            self._missing(key, others.get(key), report.started, seen=seen)
        for key, finding in failing.items():
            self._failing(key, finding, report.started)
        self.targets = report.targets
        unseen = (one for key, one in remembered.items() if one.fails and key not in failing)
        failed = Counter(weight(finding) for finding in (*failing.values(), *unseen))
        self.points.append(TrendPoint(report.started, failed, unknown, whole))

    def _missing(self, key: Key, found: Finding | None, at: datetime, *, seen: bool) -> None:
        """A failure that fails no more: fixed, accepted, gone, or out of sight."""
        if found is None:
            if seen:
                del self.open[key]
        elif not isinstance(found.outcome, Unknown | Errored):
            stood = self.open.pop(key)
            if found.waiver is None:
                times = self.mended.setdefault(stood.severity, [])
                times.append(max(at - stood.since, timedelta()))

    def _failing(self, key: Key, finding: Finding, at: datetime) -> None:
        before = self.open.get(key)
        self.open[key] = OpenFailure(
            *key,
            name_of(finding),
            weight(finding),
            before.since if before else at,
            before.longer if before else not self.points,
        )
