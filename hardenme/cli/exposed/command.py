"""`hardenme exposed`."""

from __future__ import annotations

import sys

from hardenme.cli.options.given import OptionValues
from hardenme.cli.options.settled import SettledCommand
from hardenme.config.option import text, texts
from hardenme.config.table.access import ADDRESSES, APP, CACHE, TOKENS
from hardenme.config.table.headings import TARGETS, WHAT
from hardenme.config.table.result import FORMAT, FULL, OUTPUT
from hardenme.config.table.selection import LOCAL, PACE, TARGET

HELP = """\
Show whether a bad version or action ran in your workflows, and what its jobs could reach.

\b
hardenme exposed axios@1.14.1 --between 2026-03-31 github:OWNER/REPO

It reads the runs of the window with all attempts, and the lock files, package.json and workflow
files of the commit of each. A run is confirmed, possible, unknown or not seen. What was not read is
unknown, and is never "not seen".

It reads no logs, caches, merge commits, other repositories' actions or this machine.
"""
EPILOG = (
    "Exit codes: 0 nothing was seen and everything was read, 1 a run is confirmed or possible, 3 it"
    " is not known, 2 usage or internal error, 4 no usable credential, 75 already running, 130"
    " interrupted, 143 terminated."
)
THINGS = texts(
    "things",
    "PACKAGE@VERSION or OWNER/ACTION@REF, and github:OWNER/REPO; several of each.",
    spelled="WHAT...",
    heading=TARGETS,
    required=True,
)
BETWEEN = text(
    "between",
    "When it was bad: two times, like 2026-03-31T00:21Z 2026-03-31T03:29Z. The second one is now if"
    " left out.",
    metavar="TIME [TIME]",
    heading=WHAT,
)


def exposed(given: OptionValues) -> int:
    """Show whether a version or an action ran in a window."""
    from hardenme.cli.audit.faults import faults_kept  # noqa: PLC0415 (start-up)
    from hardenme.cli.audit.run import prepare  # noqa: PLC0415
    from hardenme.cli.exposed.question import asked_for  # noqa: PLC0415
    from hardenme.cli.exposed.search import search  # noqa: PLC0415
    from hardenme.cli.options.run_config import run_config  # noqa: PLC0415
    from hardenme.cli.output.forms import form_asked, show_form  # noqa: PLC0415
    from hardenme.cli.output.place import output_file  # noqa: PLC0415
    from hardenme.ground.exit_code import Exit  # noqa: PLC0415
    from hardenme.reports.exposure import FORMS, ExposureShown, render  # noqa: PLC0415

    delivery = form_asked(given, FORMS)
    question = asked_for(given[THINGS], given[BETWEEN])
    config = run_config(given.but({LOCAL: False, TARGET: question.targets}))
    with output_file(delivery) as place:
        run = prepare(given, config, delivery, sys.stdin)
        with faults_kept(given.console):
            try:
                found = search(question, run)
            finally:
                run.line.close()
        full = given[FULL] or delivery.file is not None or delivery.output_format != "table"
        shown = ExposureShown(found, full=full)
        if show_form(given.console, delivery, place, shown, render) is not Exit.CLEAN:
            return Exit.USAGE
    return shown.exit_code


COMMAND = SettledCommand(
    "exposed",
    exposed,
    *(THINGS, BETWEEN, *PACE),
    *(*TOKENS, *APP, *ADDRESSES, CACHE, FULL),
    FORMAT.but(help="table, markdown or json.", default="table"),
    OUTPUT,
    help=HELP,
    epilog=EPILOG,
)
