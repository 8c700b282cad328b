"""What a person sees first: a verdict, what to do, and what is not known, on one screen."""

from __future__ import annotations

from hardenme.model.report import Report
from hardenme.reports.fixplan.build import plan_of
from hardenme.reports.screen.drawing import Screen
from hardenme.reports.screen.summary import summary_of
from hardenme.reports.style import Style


def render(report: Report, style: Style) -> str:
    """The report on one screen, without the line that says the exit code."""
    plan = plan_of(report)
    return Screen(style, plan, summary_of(report, plan)).text()
