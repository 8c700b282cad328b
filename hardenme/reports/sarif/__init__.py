"""The report as SARIF 2.1.0, for GitHub's code scanning and whatever else reads it.

One rule a check, one result for each finding that failed or is unknown. Results about individuals
are left out unless the style asks for them: code scanning shows results to everyone who can read
the repository's alerts.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardenme.model.report import Report
from hardenme.reports.fixplan.build import plan_of
from hardenme.reports.fixplan.closing import Closing
from hardenme.reports.impersonal import impersonal
from hardenme.reports.sarif.limits import GITHUB, ONE_FILE, SarifLimits
from hardenme.reports.sarif.log import SarifLog
from hardenme.reports.style import Style


def render(report: Report, style: Style) -> str:
    """The report as one SARIF file."""
    return "".join(pieces(report, style))


def pieces(report: Report, style: Style) -> Iterator[str]:
    """The report as one SARIF file, a result a piece, in as many runs as it takes."""
    for file in files(report, style, ONE_FILE):
        yield from file


def files(report: Report, style: Style, limits: SarifLimits = GITHUB) -> Iterator[Iterator[str]]:
    """The report as SARIF files that code scanning takes: at least one, and nothing is left out.

    Each file is to be read to its end before the next one is taken.
    """
    shown = report if style.with_members else impersonal(report)
    # The ids are those of the whole run: what is left out for others changes no step.
    log = SarifLog(shown, limits, Closing(plan_of(report)))
    while not log.done:
        yield log.file()
