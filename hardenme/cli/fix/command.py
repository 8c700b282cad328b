"""`hardenme fix`."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from hardenme.cli.invoke import invoke
from hardenme.cli.options import choices
from hardenme.cli.options.panels import RESULT, TARGETS, WHAT
from hardenme.cli.terminal.console import Console

HELP = """\
Show what to do, step by step. It changes nothing, and contacts a host only with --again.

\b
hardenme fix                              the steps of the last run
hardenme fix 3                            step 3, in full
hardenme fix tje6dl                       a step by its id, the same in every run
hardenme fix 3 --again                    read its settings again: is it closed?
hardenme fix report.json                  the steps of a stored report
hardenme fix --needs owner                steps that need a right with that word
hardenme fix -f markdown                  as a task list, for an issue
hardenme fix -f sh -o fix.sh              as a script to read, then run
hardenme fix --demo                       the steps of the last demo

A step is one kind of change, with its pages and commands and all findings that it closes. Signs of
an attack come first, then steps without preparation. The order is safe: a new way to publish comes
before the old ones are removed. The script runs commands only with --apply, and removes something
only with --apply-destructive.
"""
EPILOG = (
    "Exit codes: 0 shown; 2 usage, no such step, or no report that can be read. With --again: 0 the"
    " step is closed, 1 it is open, 3 that is not known."
)


def command(  # noqa: PLR0913 (each is an option of the command line)
    context: typer.Context,
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[STEP] [REPORT|-]",
            help="A step's number or id; a report in JSON, - for standard input. Without a report,"
            " the last run.",
            rich_help_panel=TARGETS,
        ),
    ] = None,
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
        typer.Option(
            "--quiet", "-q", help="The steps alone, two lines each.", rich_help_panel=RESULT
        ),
    ] = False,
    lines: Annotated[
        bool,
        typer.Option("--lines", help="The steps alone, one line each.", rich_help_panel=RESULT),
    ] = False,
    again: Annotated[
        bool,
        typer.Option(
            "--again",
            help="Read the step's settings again, show whether it is closed, and update the last"
            " run.",
            rich_help_panel=WHAT,
        ),
    ] = False,
    demo: Annotated[
        bool, typer.Option("--demo", help="The last run of the demo.", rich_help_panel=TARGETS)
    ] = False,
) -> int:
    """Show what to do, step by step."""
    from hardenme.cli.fix.plan import NoStepError, Wanted, fix  # noqa: PLC0415 (start-up)

    console: Console = context.obj
    try:
        wanted = Wanted.of(
            words or (),
            needs=needs,
            form=output_format,
            output=output,
            quiet=quiet or lines,
            lines=lines,
            demo=demo,
            again=again,
        )
    except NoStepError as error:
        console.say(str(error))
        return 2
    root = context.find_root().command
    return fix(console, wanted, sys.stdin, lambda line: invoke(root, line, console))
