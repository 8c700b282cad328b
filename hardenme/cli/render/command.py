"""`hardenme render`."""

from __future__ import annotations

import sys

from hardenme.cli.options.given import Given
from hardenme.cli.options.panels import PanelCommand
from hardenme.cli.terminal.stopping import stoppable
from hardenme.config.option import text
from hardenme.config.table.result import FORMAT, OUTPUT, QUIET, REDACT, WITH_MEMBERS

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
REPORT = text(
    "report", "A file of `--format json`; - for standard input.", "-", spelled="[REPORT|-]"
)


def render(given: Given) -> int:
    """Show a report that was stored as JSON, in any format."""
    from hardenme.cli.output.delivery import delivered  # noqa: PLC0415 (start-up)
    from hardenme.cli.stored import reports  # noqa: PLC0415

    delivery = delivered(given)
    return stoppable(
        given.console,
        lambda: reports.render(given.console, given[REPORT], delivery, sys.stdin),
    )


COMMAND = PanelCommand(
    "render",
    render,
    *(REPORT, REDACT, FORMAT.but(default="table"), OUTPUT, QUIET, WITH_MEMBERS),
    help=HELP,
    epilog=EPILOG,
)
