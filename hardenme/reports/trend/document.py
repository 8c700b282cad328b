"""A course as JSON."""

from __future__ import annotations

import json
from typing import Any

from hardenme.model.severity import Severity
from hardenme.reports import values
from hardenme.reports.plain import timestamp
from hardenme.reports.trend.course import Course

VERSION = "1.0"


def document(course: Course) -> str:
    """All of it. Times to fix are seconds, and null where nothing was fixed."""
    return (
        json.dumps(
            {
                "schema_version": VERSION,
                "targets": values.texts(course.targets),
                "reports": [
                    {
                        "at": timestamp(point.at),
                        "failed": {str(one): point.failed.get(one, 0) for one in worst_first()},
                        "unknown": point.unknown,
                        "whole": point.whole,
                    }
                    for point in course.points
                ],
                "severities": {str(one): _severity(course, one) for one in worst_first()},
                "mean_seconds_to_fix": _mean(course, None),
            },
            indent=2,
        )
        + "\n"
    )


def worst_first() -> tuple[Severity, ...]:
    """The severities, as every list has them."""
    return tuple(reversed(Severity))


def _severity(course: Course, severity: Severity) -> dict[str, Any]:
    oldest = course.oldest.get(severity)
    return {
        "fixed": len(course.mended.get(severity, ())),
        "mean_seconds_to_fix": _mean(course, severity),
        "oldest": oldest
        and {
            "code": values.text(oldest.code),
            "subject": values.text(oldest.subject),
            "since": timestamp(oldest.since),
            "or_longer": oldest.longer,
        },
    }


def _mean(course: Course, severity: Severity | None) -> int | None:
    mean = course.mean(severity)
    return None if mean is None else round(mean.total_seconds())
