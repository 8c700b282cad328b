"""`hardenme trend`."""

from __future__ import annotations

from hardenme.cli.options.given import OptionValues
from hardenme.cli.options.settled import SettledCommand
from hardenme.config.table.access import GITHUB_URL, NPM_REGISTRY
from hardenme.config.table.result import FORMAT
from hardenme.config.table.selection import TARGET

HELP = """\
Show how the reports that `hardenme report` stored changed over time.

\b
hardenme trend                  of your accounts and this machine
hardenme trend github:ORG       of an organization
hardenme trend github:ORG -f json

For each severity: failures in each report as bars, the first and last count, the age of the oldest
failure, and the average time to a fix. It sends no request. A fix counts from the report that first
shows it, so weekly reports are exact to a week. What became unknown still counts; waived findings
do not.
"""
EPILOG = "Exit codes: 0 shown, 2 usage, or there is no stored report."


def trend(given: OptionValues) -> int:
    """Show how the reports that `hardenme report` stored developed."""
    from hardenme.cli.trend.series import show_trend  # noqa: PLC0415 (start-up)

    return show_trend(given)


COMMAND = SettledCommand(
    "trend",
    trend,
    TARGET.but(help="As `hardenme report` was given them; me if left out."),
    *(GITHUB_URL, NPM_REGISTRY),
    FORMAT.but(help="table or json.", default="table"),
    help=HELP,
    epilog=EPILOG,
)
