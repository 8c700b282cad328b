"""`hardenme render`."""

from __future__ import annotations

import sys

from hardenme.cli.options.given import OptionValues
from hardenme.cli.options.panels import PanelCommand
from hardenme.cli.stored.help import STORED
from hardenme.cli.terminal.stopping import stoppable
from hardenme.config.option import text
from hardenme.config.table.result import FORMAT, OUTPUT, QUIET, REDACT, WITH_MEMBERS

HELP = f"""\
Show a report that was stored as JSON, in any format.

\b
hardenme check github:ORG -f json -o report.json   store one
hardenme render report.json                        the checklist in the terminal
hardenme render report.json -f markdown -o todo.md the same as a task list
hardenme render report.json --redact -f html       to share: without your names
hardenme check -f json | hardenme render -         from standard input

It sends no request and needs no token.
{STORED}"""
EPILOG = (
    "Exit codes: 0 rendered, whatever the report says; 2 usage, a report that cannot be read, or"
    " a place that cannot be written."
)
REPORT = text(
    "report", "A file of `--format json`; - for standard input.", "-", spelled="[REPORT|-]"
)


def render(given: OptionValues) -> int:
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
