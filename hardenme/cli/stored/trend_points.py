"""The kept runs before a run, in numbers: for the trend on the page."""

from __future__ import annotations

from dataclasses import replace

from hardenme.cli.stored.runs import kept, read, runs
from hardenme.ground.errors import NoRunError
from hardenme.model.report import Report
from hardenme.model.trend_point import TrendPoint
from hardenme.reports.overview.overview import point_of
from hardenme.reports.sign_in import unsigned
from hardenme.store.runs import KeptRun

MOST = 8
"""Earlier runs that are read, the newest."""


def with_trend(report: Report, run: KeptRun | None, *, demo: bool = False) -> Report:
    """The report with the kept runs before it of the same targets, accounts and selection.

    One that cannot be read or could not sign in is left out.

    Args:
        run: where the report was kept; None if it was not.
    """
    if run is None:
        return report
    try:
        there = kept(runs(demo=demo))
    except NoRunError:
        return report
    alike = [one for one in there if one.number < run.number and _key(one) == _key(run)]
    points = [point for one in alike[:MOST] if (point := _point(one)) is not None]
    return replace(report, trend=tuple(reversed(points)))


def _key(run: KeptRun) -> tuple[str, str]:
    return run.whose, run.how


def _point(run: KeptRun) -> TrendPoint | None:
    try:
        report = read(run)
    except NoRunError:
        return None
    return None if unsigned(report) else point_of(report)
