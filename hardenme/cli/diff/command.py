"""`hardenme diff`."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from hardenme.cli.options import choices
from hardenme.cli.options.panels import RESULT, TARGETS
from hardenme.cli.terminal.console import Console
from hardenme.cli.terminal.stopping import stoppable

HELP = """\
Compare two reports: what is new, worse, better, fixed, gone, or no longer visible.

\b
hardenme check github:ORG -f json -o monday.json    store one
hardenme check github:ORG -f json -o friday.json    and another
hardenme diff monday.json friday.json               what changed in between
hardenme diff monday.json friday.json -f markdown   the same for an issue
hardenme diff monday.json friday.json -f line       in one line
hardenme check -f json | hardenme diff old.json -   against what is now

It sends no request and needs no token. It also compares what the runs saw: keys, hooks, people,
tokens, rules, publishers, releases. A renamed repository is the same repository.

What was known and is now unknown is no longer visible; that is never a fix. An item is gone only if
its list was read to the end. Reports of different accounts or targets are not compared. Neither are
redacted reports whose pseudonyms were made with different keys.
"""
EPILOG = (
    "Exit codes: 0 nothing new or worse, 1 something new or worse at or above --fail-on, 3"
    " something no longer visible, 2 usage, a report that cannot be read, or two that cannot be"
    " compared."
)


def command(  # noqa: PLR0913 (each is an option of the command line)
    context: typer.Context,
    before: Annotated[
        str,
        typer.Argument(
            metavar="EARLIER",
            help="A file of `--format json`; - for standard input.",
            rich_help_panel=TARGETS,
        ),
    ],
    after: Annotated[
        str,
        typer.Argument(
            metavar="LATER",
            help="Another of the same targets; - for standard input.",
            rich_help_panel=TARGETS,
        ),
    ],
    *,
    fail_on: Annotated[
        str,
        typer.Option(
            "--fail-on",
            metavar="SEVERITY",
            help="Exit with 1 from this severity; what the later report says if left out.",
            rich_help_panel=RESULT,
        ),
    ] = "",
    output_format: Annotated[
        str,
        typer.Option(
            "--format",
            "-f",
            metavar="FORMAT",
            help="table, markdown, json, github (annotations) or line.",
            rich_help_panel=RESULT,
        ),
    ] = "table",
    output: choices.Output = "",
    quiet: Annotated[
        bool,
        typer.Option(
            "--quiet",
            "-q",
            help="The changes alone, two lines each, and nothing where there are none.",
            rich_help_panel=RESULT,
        ),
    ] = False,
    lines: Annotated[
        bool,
        typer.Option("--lines", help="As --quiet, one line each.", rich_help_panel=RESULT),
    ] = False,
    with_members: Annotated[
        bool,
        typer.Option(
            "--with-members",
            help="Include changes about individuals in github, which many can read.",
            rich_help_panel=RESULT,
        ),
    ] = False,
) -> int:
    """Compare two reports."""
    from hardenme.cli.diff.comparison import Wanted, diff  # noqa: PLC0415 (start-up)

    console: Console = context.obj
    wanted = Wanted(
        before,
        after,
        fail_on,
        output_format,
        output,
        quiet=quiet or lines,
        with_members=with_members,
        lines=lines,
    )
    return stoppable(console, lambda: diff(console, wanted, sys.stdin))
