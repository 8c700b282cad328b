"""`hardenme report`."""

from __future__ import annotations

import sys

from hardenme.cli.options.given import OptionValues
from hardenme.cli.options.settled import SettledCommand
from hardenme.config.option import switch
from hardenme.config.table.access import ADDRESSES, APP, CACHE, TOKENS, TRUST_ROOT
from hardenme.config.table.headings import SHOWN
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
from hardenme.config.table.selection import (
    DEPTH,
    IGNORE,
    PACE,
    PROFILE,
    SELECT,
    SELECTED,
    SINCE,
    TARGET,
)

HELP = """\
Check, compare with the last run, store the report, and show what changed: for a timer.

\b
hardenme report                       your accounts and this machine
hardenme report github:ORG --quiet    only what changed, two lines each
hardenme report github:ORG --digest   every failed check, changed or not
hardenme report --heartbeat URL       request a page after a complete run
hardenme report me --interval 1d      warn after three days without a run
hardenme report --demo                what changed in the demo's accounts
hardenme schedule print --cron me     the line for your crontab
hardenme trend github:ORG             how the stored reports changed over time

It takes the targets, tokens and options of `hardenme check`. The first run is an unverified
baseline, so read it. Each further run shows what is new, worse, better, fixed, or no longer
visible. It also shows which keys, people, hooks, rules and releases were added, removed or
changed, and then the screen of `hardenme check`. What could not be read is never called fixed: it
is remembered, and compared when it is visible again.

Reports are in your state folder, and only you can read them. Each set of targets, hosts and
selecting options has its own folder; reports of different accounts are never compared. They are
JSON: `hardenme show`, `fix` and `diff` read them.

No mail can mean no changes, or a timer that stopped. So give --heartbeat the address of a service
that warns if no request arrives, or a file whose age is watched. Keep the address secret: better in
your own file or HARDENME_HEARTBEAT than on the command line. It is requested only after a run that
was complete, stored and delivered. `hardenme doctor` and the next run also warn after three missed
runs.
"""
EPILOG = (
    "Exit codes: 0 nothing is new or worse, 1 something at or above --fail-on is, 2 usage or"
    " internal error, or the report could not be stored or written, 3 something is no longer"
    " visible, or the run ended early, 4 no usable credential, 5 nothing matched or no"
    " target was found, 6 a message or the heartbeat did not arrive, 75 already running, 130"
    " interrupted, 143 terminated. Earlier findings change no code."
)

DEMO = switch("demo", "Of the demo's accounts, compared with a week ago: no token.", heading=SHOWN)


def report(given: OptionValues) -> int:
    """Check, compare with the last time, store, and print what changed: for a timer."""
    from hardenme.cli.audit.run import audited, prepare  # noqa: PLC0415 (start-up)
    from hardenme.cli.options.run_config import run_config  # noqa: PLC0415
    from hardenme.cli.output.place import output_file  # noqa: PLC0415
    from hardenme.cli.timer.options import reporting  # noqa: PLC0415

    if given[DEMO]:
        from hardenme.cli.report.demo import run_demo  # noqa: PLC0415 (start-up)

        return run_demo(given)
    config = run_config(given)
    timed = reporting(given, config)
    delivery = timed.options.delivery
    with output_file(delivery) as place:
        run = prepare(given, config, delivery, sys.stdin)
        with audited(run) as found:
            return timed.store_and_show(found, run.hosts, place)


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
    *(DIGEST, KEEP, INTERVAL, HEARTBEAT, NOTIFY_FILE, EVIDENCE, ISSUE, DEMO),
    often=(
        *(SELECT, IGNORE, PROFILE, DEPTH, FAIL_ON, ALLOW_UNKNOWN, FORMAT, OUTPUT, QUIET),
        *(NOTIFY_FILE, DIGEST, INTERVAL, HEARTBEAT, KEEP, ISSUE, DEMO),
    ),
    help=HELP,
    epilog=EPILOG,
)
