"""A course as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from hardenme.model.severity import Severity
from hardenme.model.trend_point import TrendPoint
from hardenme.reports.printed import PrintedDocument, as_json
from hardenme.reports.trend.course import Course


@dataclass(frozen=True, slots=True)
class OldestFailure:
    """The failure of a severity that has been open for the longest time.

    Attributes:
        code: the check's.
        subject: the subject's id.
        since: when it was first seen.
        or_longer: it was there in the first report already, so it may be older.
    """

    code: str
    subject: str
    since: datetime
    or_longer: bool


@dataclass(frozen=True, slots=True)
class SeverityTrend:
    """How the failures of one severity developed.

    Attributes:
        fixed: how many were fixed.
        mean_seconds_to_fix: null if none was fixed.
        oldest: the one that has been open for the longest time; null if none is open.
    """

    fixed: int
    mean_seconds_to_fix: int | None
    oldest: OldestFailure | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendDocument(PrintedDocument):
    """How the reports of one series developed.

    Attributes:
        targets: what they are about.
        reports: one entry for each, in their order.
        severities: how the failures of each severity developed.
        mean_seconds_to_fix: of all failures; null if none was fixed.
    """

    targets: tuple[str, ...]
    reports: tuple[TrendPoint, ...]
    severities: Mapping[Severity, SeverityTrend]
    mean_seconds_to_fix: int | None


def document(course: Course) -> str:
    """All of it."""
    return as_json(
        TrendDocument(
            targets=course.targets,
            reports=tuple(
                replace(point, failed={one: point.failed.get(one, 0) for one in worst_first()})
                for point in course.points
            ),
            severities={one: _severity(course, one) for one in worst_first()},
            mean_seconds_to_fix=_mean(course, None),
        )
    )


def worst_first() -> tuple[Severity, ...]:
    """The severities, as every list has them."""
    return tuple(reversed(Severity))


def _severity(course: Course, severity: Severity) -> SeverityTrend:
    one = course.oldest.get(severity)
    return SeverityTrend(
        len(course.mended.get(severity, ())),
        _mean(course, severity),
        None if one is None else OldestFailure(one.code, one.subject, one.since, one.longer),
    )


def _mean(course: Course, severity: Severity | None) -> int | None:
    mean = course.mean(severity)
    return None if mean is None else round(mean.total_seconds())
