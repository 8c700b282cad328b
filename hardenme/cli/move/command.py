"""`hardenme move`."""

from __future__ import annotations

import sys

from hardenme.cli.options.given import OptionValues
from hardenme.cli.options.settled import SettledCommand
from hardenme.config.option import switch, text
from hardenme.config.table.access import ADDRESSES, APP, CACHE, TOKENS
from hardenme.config.table.headings import RESULT, SHOWN, TARGETS, WHAT
from hardenme.config.table.result import OUTPUT
from hardenme.config.table.selection import DEPTH, INTERACTIVE, PACE, TARGET

HELP = """\
Write a script that moves packages to trusted publishing, and a table to read first. It changes
nothing.

\b
hardenme move npm:@SCOPE --to staged    a person approves each release
hardenme move npm:PACKAGE --to trusted  the workflow publishes by itself
hardenme move npm:@SCOPE --to staged -o release.sh  names script and table
hardenme move npm:@SCOPE --to staged --demo  of the invented accounts

The table has a row a package: repository, workflow, environment and batch. What the last run did
not see, or saw named in two ways, is a ? for you to answer. A package that npm does not have yet
gets a row, too.

The script runs your npm client. It reads the list of trusted publishers first, adds what is
missing, and removes an old publisher only after it saw a release through the new one. It continues
where it was stopped, and has `undo`.
"""
EPILOG = (
    "Exit codes: 0 written, 2 usage, 3 written with a ? in the table, 4 no usable credential, 75"
    " already running, 130 interrupted, 143 terminated."
)
TO = text(
    "to",
    "staged or trusted.",
    spelled="--to",
    metavar="GOAL",
    heading=WHAT,
    words=("staged", "trusted"),
)
REPO = text("repo", "The repository that releases all of them.", metavar="OWNER/REPO", heading=WHAT)
WORKFLOW = text("workflow", "Its workflow file, without a path.", metavar="FILE", heading=WHAT)
ENVIRONMENT = text("env", "The environment of its job; - for none.", metavar="NAME", heading=WHAT)
NEW = switch("new", "Ask now, whatever is kept.", heading=WHAT)
DEMO = switch("demo", "Invented accounts: no token.", heading=SHOWN)


def move(given: OptionValues) -> int:
    """Write a script that moves packages to trusted publishing, and a table to read first."""
    from hardenme.cli.move.moving import Moving  # noqa: PLC0415 (start-up)

    moving = Moving.of(
        given,
        goal=given[TO],
        repository=given[REPO],
        workflow=given[WORKFLOW],
        environment=given[ENVIRONMENT],
    )
    if given[DEMO]:
        from hardenme.cli.move.demo import run_demo  # noqa: PLC0415 (start-up)

        return run_demo(moving)
    kept = None if given[NEW] else moving.kept()
    return moving.of_new(sys.stdin) if kept is None else moving.write(kept.report)


COMMAND = SettledCommand(
    "move",
    move,
    TARGET.but(help="npm:@SCOPE or npm:PACKAGE, one or more.", heading=TARGETS),
    *(TO, REPO, WORKFLOW, ENVIRONMENT, NEW, INTERACTIVE, DEPTH, *PACE),
    *(*TOKENS, *APP, *ADDRESSES, CACHE, DEMO),
    OUTPUT.but(
        help="The script; its table has the same name and ends in .txt.",
        default="move.sh",
        heading=RESULT,
        least=None,
    ),
    help=HELP,
    epilog=EPILOG,
)
