"""`hardenme report`."""

from __future__ import annotations

import sys

from hardenme.cli.options.given import Given
from hardenme.cli.options.settled import SettledCommand
from hardenme.cli.terminal.stopping import stoppable
from hardenme.config.table.access import ADDRESSES, APP, CACHE, TOKENS, TRUST_ROOT
from hardenme.config.table.result import (
    ALLOW_UNKNOWN,
    DIGEST,
    EVIDENCE,
    FAIL_ON,
    FORMAT,
    FULL,
    HEARTBEAT,
    INTERVAL,
    ISSUE,
    KEEP,
    LINES,
    NOTIFY_FILE,
    OUTPUT,
    QUIET,
)
from hardenme.config.table.selection import DEPTH, PACE, SELECTED, SINCE, TARGET

HELP = """\
Check, compare with the last time, store the report, and tell what changed: for a timer.

\b
hardenme report                       your accounts and this machine
hardenme report github:ORG --quiet    only what changed, two lines each
hardenme report github:ORG --digest   every failed check, even where nothing changed
hardenme report --heartbeat URL       ask for a page when all went well
hardenme report me --interval 1d      warn after three days without a run
hardenme schedule print --cron me     the line for your crontab
hardenme trend github:ORG             how the stored reports developed

It takes the targets, tokens and options of `hardenme check`. The first run has nothing to compare
with: what it finds is a baseline, which nobody has verified, so read it. Each further run tells
what is new, worse, better, fixed, or no longer visible, and which keys, people, hooks, rules and
releases came, went or changed; then what stands, on one screen, as `hardenme check` shows it. What
could not be read is never called fixed: it is remembered, and compared when it can be read again.

Reports lie in your state folder, readable by you alone, in one folder for each set of targets,
hosts and options that select; reports of different accounts are never compared. They are JSON:
`hardenme show`, `fix` and `diff` read them.

No mail can mean no changes, or a timer that stopped. So give --heartbeat the address of a service
that warns when it is not asked for (an address that nobody else knows; better in your own file or
HARDENME_HEARTBEAT than on the command line), or a file whose age is watched. It gets its sign only
after a run that went to its end, was stored, and was delivered. `hardenme doctor` and the next run
warn, too, when three runs stayed out.
"""
EPILOG = (
    "Exit codes: 0 nothing is new or worse, 1 something at or above --fail-on is, 2 usage or"
    " internal error, or the report could not be stored or written, 3 something that was known"
    " cannot be read, or the run ended early, 4 no usable credential, 5 nothing matched or no"
    " target was found, 6 a message or the heartbeat did not arrive, 75 already running, 130"
    " interrupted, 143 terminated. What stands since before changes no code."
)


def report(given: Given) -> int:
    """Check, compare with the last time, store, and tell what changed: for a timer."""
    from hardenme.cli.audit.run import run_check  # noqa: PLC0415 (start-up)
    from hardenme.cli.options.audit import CheckOptions  # noqa: PLC0415
    from hardenme.cli.timer.options import reporting  # noqa: PLC0415

    options = CheckOptions.of(given.but({FORMAT: "table"}))
    hand = reporting(given, options)
    return stoppable(
        given.console,
        lambda: run_check(given, options, hand.wishes.delivery, sys.stdin, hand=hand),
    )


COMMAND = SettledCommand(
    "report",
    report,
    TARGET.but(help="As `hardenme check` takes them; me if left out."),
    *(*SELECTED, SINCE, DEPTH, *PACE),
    *(*TOKENS, *APP, *ADDRESSES, TRUST_ROOT, CACHE),
    *(FAIL_ON, ALLOW_UNKNOWN),
    FORMAT.but(
        help="screen, table or markdown (what changed, then what stands); json or github (what"
        " changed, for programs)."
    ),
    FULL.but(help="What stands in full, in place of the screen. Use it without --quiet."),
    OUTPUT,
    QUIET.but(help="Only what changed, two lines each; nothing where nothing changed."),
    LINES.but(help="As --quiet, one line each."),
    *(DIGEST, KEEP, INTERVAL, HEARTBEAT, NOTIFY_FILE, EVIDENCE, ISSUE),
    help=HELP,
    epilog=EPILOG,
)
