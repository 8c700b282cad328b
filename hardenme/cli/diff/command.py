"""`hardenme diff`."""

from __future__ import annotations

import sys

from hardenme.cli.options.given import OptionValues
from hardenme.cli.options.panels import PanelCommand
from hardenme.config.option import text
from hardenme.config.table.headings import TARGETS
from hardenme.config.table.result import FAIL_ON, FORMAT, LINES, OUTPUT, QUIET, WITH_MEMBERS

HELP = """\
Compare two reports: what is new, worse, better, fixed, gone, or no longer visible.

\b
hardenme diff last                                  the two newest kept runs
hardenme diff 2                                     the newest run with run 2
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
BEFORE = text(
    "before",
    "A file of `--format json`; - for standard input; `last`, or the number of a kept run.",
    spelled="EARLIER",
    heading=TARGETS,
    required=True,
)
AFTER = text(
    "after",
    "Another of the same targets; - for standard input. Left out, the newest kept run.",
    spelled="[LATER]",
    heading=TARGETS,
)


def diff(given: OptionValues) -> int:
    """Compare two reports."""
    from hardenme.cli.diff import comparison  # noqa: PLC0415 (start-up)
    from hardenme.cli.output.delivery import delivered  # noqa: PLC0415
    from hardenme.reports.drift import FORMS  # noqa: PLC0415

    delivery = delivered(given, formats=FORMS)
    wanted = comparison.Compared(given[BEFORE], given[AFTER], given[FAIL_ON])
    return comparison.diff(given.console, wanted, delivery, sys.stdin)


COMMAND = PanelCommand(
    "diff",
    diff,
    *(BEFORE, AFTER),
    FAIL_ON.but(
        help="Exit with 1 from this severity; what the later report says if left out.", default=""
    ),
    FORMAT.but(help="table, markdown, json, github (annotations) or line.", default="table"),
    OUTPUT,
    QUIET.but(help="The changes alone, two lines each, and nothing where there are none."),
    LINES.but(help="As --quiet, one line each."),
    WITH_MEMBERS.but(help="Include changes about individuals in github, which many can read."),
    help=HELP,
    epilog=EPILOG,
)
