"""`hardenme recent`."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from dataclasses import replace

from hardenme.cli.options.given import OptionValues
from hardenme.cli.options.settled import SettledCommand
from hardenme.cli.recent.window import WINDOW
from hardenme.config.option import switch
from hardenme.config.table.access import ADDRESSES, APP, CACHE, TOKENS
from hardenme.config.table.headings import SHOWN, TIMER
from hardenme.config.table.result import (
    FORMAT,
    FULL,
    HEARTBEAT,
    NOTIFY_FILE,
    ONCE,
    OUTPUT,
    QUIET,
)
from hardenme.config.table.selection import ARCHIVED, DEPTH, EXCLUDE, INCLUDE, PACE, PLAN, TARGET
from hardenme.ground.errors import UsageError

HELP = """\
Show what appeared or changed recently, without an earlier report: did an attacker get in?

\b
hardenme recent                        your accounts, the last 48 hours
hardenme recent github:ORG             an organization and its repositories
hardenme recent github:ORG --since 7d  the last week
hardenme recent --full                 everything, with commands and pages
hardenme recent --depth standard       webhooks, secrets and environments, too
hardenme recent -f markdown -o day.md  to record what you did about it
hardenme recent --once                 by a timer: each change once
hardenme recent --demo                 the demo's accounts after an attack

It lists what has a date: keys, webhooks, apps, secrets, rulesets, invitations, repositories,
releases, tokens, versions, pushes and changed workflow files. What looks like an attack is marked,
with the command that undoes it where that can do no harm. Whatever else gives access is to be
confirmed, one line a person, each with the command that confirms it. What has no date, and what was
removed, is compared with a kept run of `hardenme check` from before the window.

What could not be read never counts as "nothing recent": it is under NOT LOOKED AT, with what it
takes. If the token was revoked, the newest kept run is used instead, and the report says so.

`hardenme permissions --command recent` shows the smallest token for it. Whether a bad version of a
dependency or a bad action ran is another question: `hardenme exposed`.
"""
EPILOG = (
    "Exit codes: 1 something looks like an attack, 3 nothing does, and something was not looked at"
    " or is to be confirmed, 0 neither, 2 usage or internal error, 5 no target was found, 6 a"
    " message or the heartbeat did not arrive, 75 already running, 130 interrupted, 143 terminated."
    " With --once, 1 and 3 are about what is new."
)
DEMO = switch(
    "demo",
    "Of the demo's accounts, after an attack: no token.",
    heading=SHOWN,
)


def recent(given: OptionValues) -> int:
    """Show what appeared or changed lately, without any earlier report."""
    from hardenme.cli.audit.run import audited, prepare, print_forecast  # noqa: PLC0415 (start-up)
    from hardenme.cli.output.delivery import whole  # noqa: PLC0415
    from hardenme.cli.output.forms import form_asked  # noqa: PLC0415
    from hardenme.cli.output.place import output_file  # noqa: PLC0415
    from hardenme.cli.recent.handler import RecentHandler  # noqa: PLC0415
    from hardenme.cli.recent.once import RecentOnce  # noqa: PLC0415
    from hardenme.cli.recent.request import asked  # noqa: PLC0415
    from hardenme.reports.recent import FORMS  # noqa: PLC0415

    console = given.console
    wanted = form_asked(given, FORMS)
    config, window = asked(given)
    # What goes to a file is read later, and is all there is.
    later = wanted.file is not None and not wanted.named
    form = whole(wanted.output_format, full=given[FULL] or later)
    delivery = replace(wanted, output_format=form, quiet=given[DEMO])
    telling = RecentHandler(console, config, delivery, window, given[WINDOW])
    if given[DEMO] and given[ONCE]:
        raise UsageError("--once is for your own accounts, not for those of --demo")
    if given[DEMO]:
        from hardenme.cli.recent.demo import run_demo  # noqa: PLC0415 (start-up)

        return run_demo(telling)
    once = RecentOnce.of(given, config) if given[ONCE] and not given[PLAN] else None
    held = nullcontext() if once is None else once.held()
    with output_file(delivery) as place, held:
        run = prepare(given, config, delivery, sys.stdin)
        if given[PLAN]:
            return print_forecast(run, delivery, place)
        with audited(run) as report:
            return replace(telling, once=once).show_run(report, run.hosts, place)


COMMAND = SettledCommand(
    "recent",
    recent,
    TARGET.but(
        help="me (the default: your accounts), github:NAME, github:OWNER/REPO, npm:@SCOPE,"
        " npm:PACKAGE"
    ),
    *(WINDOW, INCLUDE, EXCLUDE, ARCHIVED, DEPTH.but(default="fast"), PLAN, *PACE),
    *(*TOKENS, *APP, *ADDRESSES, CACHE, DEMO, FULL),
    FORMAT.but(help="screen, table, markdown or json."),
    OUTPUT,
    ONCE.but(
        help="Show each change once, and again only if it looks worse. What was shown is kept. The"
        " options below count with it."
    ),
    QUIET.but(help="With --once, print nothing if nothing is new.", heading=TIMER),
    NOTIFY_FILE.but(
        help="With --once, send what is new to the addresses in FILE (mode 0600).", heading=TIMER
    ),
    HEARTBEAT,
    help=HELP,
    epilog=EPILOG,
)
