"""`hardenme fix`."""

from __future__ import annotations

import sys

from hardenme.cli.invoke import invoke
from hardenme.cli.options.given import OptionValues
from hardenme.cli.options.panels import PanelCommand
from hardenme.config.option import switch, texts
from hardenme.config.table.headings import TARGETS, WHAT
from hardenme.config.table.result import FORMAT, LINES, NEEDS, OUTPUT, QUIET

HELP = """\
Show what to do, step by step. It changes nothing, and contacts a host only with --again.

\b
hardenme fix                              the steps of the last run
hardenme fix 3                            step 3, in full
hardenme fix tje6dl                       a step by its id
hardenme fix 3 --again                    read it again: is it closed?
hardenme fix report.json                  the steps of a stored report
hardenme fix --needs owner                steps that need such a right
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
WORDS = texts(
    "words",
    "A step's number or id; a report in JSON, - for standard input. Without a report, the last"
    " run.",
    spelled="[STEP] [REPORT|-]",
    heading=TARGETS,
)
AGAIN = switch(
    "again",
    "Read the step's settings again, show whether it is closed, and update the last run.",
    heading=WHAT,
)
DEMO = switch("demo", "The last run of the demo.", heading=TARGETS)


def fix(given: OptionValues) -> int:
    """Show what to do, step by step."""
    from hardenme.cli.fix import plan  # noqa: PLC0415 (start-up)
    from hardenme.reports.fixplan import FORMS  # noqa: PLC0415

    console, root = given.console, given.context.find_root().command
    wanted = plan.FixOptions.of(
        given[WORDS],
        needs=given[NEEDS],
        form=given.one_of(FORMAT, FORMS),
        output=given[OUTPUT],
        quiet=given[QUIET] or given[LINES],
        lines=given[LINES],
        demo=given[DEMO],
        again=given[AGAIN],
    )
    return plan.fix(console, wanted, sys.stdin, lambda line: invoke(root, line, console))


COMMAND = PanelCommand(
    "fix",
    fix,
    *(WORDS, NEEDS),
    FORMAT.but(help="table, markdown, json or sh.", default="table"),
    OUTPUT,
    QUIET.but(help="The steps alone, two lines each."),
    LINES.but(help="The steps alone, one line each."),
    *(AGAIN, DEMO),
    help=HELP,
    epilog=EPILOG,
)
