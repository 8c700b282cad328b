"""`hardenme render`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from hardenme.cli.options import choices
from hardenme.cli.terminal.console import Console
from hardenme.cli.terminal.stopping import stoppable

HELP = """\
Show a report that was stored as JSON, in any format.

\b
hardenme check github:ORG -f json -o report.json   store one
hardenme render report.json                        the checklist in the terminal
hardenme render report.json -f markdown -o todo.md the same as a task list
hardenme render report.json --redact -f html       to share: without your names
hardenme check -f json | hardenme render -         from standard input

It sends no request and needs no token. It reads reports of every version 1.x, and ignores what a
later 1.x adds. It refuses an incomplete report.

--redact replaces each name with a pseudonym: accounts, organizations, repositories, packages,
secrets, keys, addresses, hosts other than github.com and npm's, and paths of this machine. A name
gets the same pseudonym in every report that you redact on this machine, so you can compare them.
The key for it stays in your state folder, so no one can test guesses. Checks and their texts,
severities, counts, times and hardenme's own words stay.

In Markdown, a report is between the lines <!-- hardenme:begin --> and <!-- hardenme:end -->. If the
file of -o has both, only the part between them is replaced. A ticked box is cleared if its item is
still there.
"""
EPILOG = (
    "Exit codes: 0 rendered, whatever the report says; 2 usage, a report that cannot be read, or"
    " a place that cannot be written."
)


def command(  # noqa: PLR0913 (each is an option of the command line)
    context: typer.Context,
    report: Annotated[
        str,
        typer.Argument(
            metavar="[REPORT|-]", help="A file of `--format json`; - for standard input."
        ),
    ] = "-",
    *,
    redact: choices.Redact = False,
    output_format: choices.Format = "table",
    output: choices.Output = "",
    quiet: choices.Quiet = False,
    with_members: choices.WithMembers = False,
) -> int:
    """Show a report that was stored as JSON, in any format."""
    from hardenme.cli.output.delivery import Delivery  # noqa: PLC0415 (start-up)
    from hardenme.cli.output.pseudonyms import pseudonyms  # noqa: PLC0415
    from hardenme.cli.stored.reports import render  # noqa: PLC0415
    from hardenme.store.pseudonym_key import KeyFileError  # noqa: PLC0415

    console: Console = context.obj
    try:
        names = pseudonyms(wanted=redact)
    except KeyFileError as error:
        console.say(str(error))
        return 2
    file = None if output in {"", "-"} else Path(output)
    delivery = Delivery(output_format, file, quiet, names=names, with_members=with_members)
    return stoppable(console, lambda: render(console, report, delivery, sys.stdin))
