"""A report on one printed page, as values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hardenme.model.finding_summary import weight
from hardenme.model.report import Report
from hardenme.model.severity import Severity
from hardenme.model.trend_point import TrendPoint
from hardenme.reports.fixplan.plan import FixPlan
from hardenme.reports.fixplan.words import command_of
from hardenme.reports.overview.heat_map import HeatMap, heat_map_of
from hardenme.reports.overview.reach import PeopleReach, reach_of
from hardenme.reports.overview.waterfall import Waterfall, waterfall_of


@dataclass(frozen=True, slots=True)
class ReportOverview:
    """What the page shows.

    Attributes:
        severities: how many findings there are of each severity, the worst first.
        unknown: how many results are not known.
        known: how many results the facts decided.
        asked: how many results facts were asked for.
        waterfall: what the largest steps close.
        heat_map: where the findings are.
        reach: who reaches what; None if that was not gathered.
        people: the command that shows everyone who reaches something.
        trend: earlier runs and this one, the oldest first; one alone where none is kept.
    """

    severities: Mapping[Severity, int]
    unknown: int
    known: int
    asked: int
    waterfall: Waterfall
    heat_map: HeatMap
    reach: PeopleReach | None
    people: str
    trend: Sequence[TrendPoint]


def overview_of(report: Report, plan: FixPlan) -> ReportOverview:
    """The numbers of a report.

    Args:
        plan: of the same report.
    """
    present = point_of(report)
    looked_at = {one.within.name for one in report.findings if one.within.kind == "repo"}
    return ReportOverview(
        severities={level: present.failed[level] for level in sorted(present.failed)[::-1]},
        unknown=present.unknown,
        known=report.coverage.known,
        asked=report.coverage.asked,
        waterfall=waterfall_of(plan),
        heat_map=heat_map_of(report.findings),
        reach=None if report.holders is None else reach_of(report.holders, looked_at=looked_at),
        people=command_of(plan, "people"),
        trend=(*report.trend, present),
    )


def point_of(report: Report) -> TrendPoint:
    """A report as one of a row of them."""
    failed = Counter(weight(one) for one in report.findings if one.fails)
    counts = report.counts()
    whole = not report.partial and report.halted is None
    return TrendPoint(report.started, failed, counts["unknown"] + counts["errored"], whole)
