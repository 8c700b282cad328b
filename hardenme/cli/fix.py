"""`hardenme fix`."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from hardenme.cli import choices
from hardenme.cli.console import Console
from hardenme.cli.panels import RESULT, TARGETS, WHAT

HELP = """\
Print what to do about a report, step by step. It changes nothing and contacts no host.

\b
hardenme check -f json -o report.json     make the report first
hardenme fix report.json                  what to do, what closes most first
hardenme fix report.json --needs owner    what takes a right with that word in it
hardenme fix report.json -f markdown      as a task list, for an issue
hardenme fix report.json -f sh -o fix.sh  as a script to read, and then to run
hardenme demo -f json | hardenme fix -    the plan of the demo

Each step tells what it closes, what it brings, what it may break, who can take it, the way back,
and the command that shows that it worked. What has to come first comes first: a new way to publish
before the old ones end. The script runs nothing unless you call it with --apply, and it removes
nothing unless you add --apply-destructive.
"""
EPILOG = "Exit codes: 0 printed, 2 usage, or a report that cannot be read."


def command(  # noqa: PLR0913 (each is an option of the command line)
    context: typer.Context,
    report: Annotated[
        str,
        typer.Argument(
            metavar="[REPORT]",
            help="A report in JSON, as `hardenme check -f json -o FILE` writes it; - for standard"
            " input.",
            rich_help_panel=TARGETS,
        ),
    ] = "",
    *,
    needs: Annotated[
        str,
        typer.Option(
            "--needs",
            metavar="WORDS",
            help="Only the steps that take a right with these words in it, like owner or npm.",
            rich_help_panel=WHAT,
        ),
    ] = "",
    output_format: Annotated[
        str,
        typer.Option(
            "--format",
            "-f",
            metavar="FORMAT",
            help="table, markdown, json or sh.",
            rich_help_panel=RESULT,
        ),
    ] = "table",
    output: choices.Output = "",
    quiet: Annotated[
        bool,
        typer.Option("--quiet", "-q", help="The steps alone.", rich_help_panel=RESULT),
    ] = False,
) -> int:
    """Print what to do about a report, step by step."""
    from hardenme.cli.fixing import Wanted, fix  # noqa: PLC0415 (start-up)

    console: Console = context.obj
    wanted = Wanted(report, needs, output_format, output, quiet=quiet)
    return fix(console, wanted, sys.stdin)
