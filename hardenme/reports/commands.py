"""The fix plan of a report as a script, without the commands that check again."""

from __future__ import annotations

from hardenme.model.report import Report
from hardenme.reports import fixplan
from hardenme.reports.fixplan.build import plan_of
from hardenme.reports.style import Style


def render(report: Report, style: Style) -> str:
    """The script."""
    return fixplan.render(plan_of(report), "sh", style)
