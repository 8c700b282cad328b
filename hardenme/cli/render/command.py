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
hardenme render report.json --redact -f html       to share: no name of yours is in it
hardenme check -f json | hardenme render -         from standard input

It asks nobody and needs no token. Reports of every version 1.x are read; what a report of a later
1.x tells beyond that is passed over. A file that is not a whole report is refused.

--redact puts a pseudonym in place of each name: accounts, organizations, repositories, packages,
secrets, keys, addresses, hosts other than github.com and npm's, and paths of this machine. A name
gets the same pseudonym in every report that you redact on this machine, so they can be compared;
it is made with a key that stays in your state folder, so nobody can try names out. What stays:
checks and their texts, severities, counts, times, and words that hardenme itself uses.

In Markdown, a report stands between the lines <!-- hardenme:begin --> and <!-- hardenme:end -->.
Where -o names a file that holds both, what is between them is replaced and the rest is kept. Boxes
that were ticked are open again where the item is still there.
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
