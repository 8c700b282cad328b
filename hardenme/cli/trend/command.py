"""`hardenme trend`."""

from __future__ import annotations

from typing import Annotated

import typer

from hardenme.cli.options.addresses import GitHubUrl, NpmRegistry
from hardenme.cli.options.panels import RESULT, TARGETS
from hardenme.cli.terminal.console import Console

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


def command(
    context: typer.Context,
    targets: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[TARGET]...",
            help="As `hardenme report` was given them; me if left out.",
            rich_help_panel=TARGETS,
        ),
    ] = None,
    *,
    github_url: GitHubUrl = "https://github.com",
    npm_registry: NpmRegistry = "",
    output_format: Annotated[
        str,
        typer.Option(
            "--format", "-f", metavar="FORMAT", help="table or json.", rich_help_panel=RESULT
        ),
    ] = "table",
) -> int:
    """Show how the reports that `hardenme report` stored changed over time."""
    from hardenme.cli.trend.series import show_trend  # noqa: PLC0415 (start-up)

    console: Console = context.obj
    return show_trend(console, targets or ["me"], github_url, npm_registry, output_format)
