"""`hardenme watch`."""

from __future__ import annotations

import sys

from hardenme.cli.options.given import OptionValues
from hardenme.cli.options.settled import SettledCommand
from hardenme.cli.watch.pace_options import EVERY, REQUESTS
from hardenme.config.table.access import ADDRESSES, APP, CACHE, STDIN, TOKENS
from hardenme.config.table.result import (
    ALLOW_UNKNOWN,
    EVIDENCE,
    FAIL_ON,
    FORMAT,
    HEARTBEAT,
    INTERVAL,
    KEEP,
    LINES,
    NOTIFY_FILE,
    ONCE,
    OUTPUT,
    QUIET,
)
from hardenme.config.table.selection import (
    ARCHIVED,
    EXCLUDE,
    INCLUDE,
    MAX_WAIT,
    SINCE,
    TARGET,
    WORKERS,
)

HELP = """\
Look for signs of an attack every few minutes: in releases on npm, in settings and code on GitHub.

\b
hardenme watch npm:NAME npm:NAME   these packages; no npm token is needed
hardenme watch npm:@SCOPE          all packages of an organization
hardenme watch                     all packages of your account
hardenme watch npm:@SCOPE --once   each alert once, and again if it changed
hardenme watch github:ORG          an organization and its repositories
hardenme watch github:OWNER/REPO   one repository

npm: one request for each package, answered "not modified" if nothing is new. The REL checks judge
releases: who published, with which proof, what is new in them. It repeats an alert in each run
until the release is too old. With --once it stores what it saw, as `hardenme report` does.

GitHub: each cycle is compared with what the cycles before saw, and shows each change once. It reads
people, apps, webhooks, secrets, rules, tags, workflow files and pushes each time, and the settings
of each repository in turn. The first line says how old the oldest look is. What was changed and put
back between two looks leaves no trace. With --every 5m it stays and looks every five minutes.
"""
EPILOG = (
    "Exit codes: 0 nothing unusual, 1 an alert, 2 usage or internal error,"
    " 3 something is unknown, 4 no usable credential, 5 there is no package, 6 a message or the"
    " heartbeat did not arrive, 75 already running, 130 interrupted, 143 terminated."
    " With --once: as for `hardenme report`."
)


def watch(given: OptionValues) -> int:
    """Look for signs of an attack, once or every few minutes."""
    from hardenme.cli.watch.repeating import repeated, split_targets  # noqa: PLC0415 (start-up)

    github, rest = split_targets(given)
    cycles = []
    if github:
        from hardenme.cli.watch.organization import OrganizationWatch  # noqa: PLC0415

        own = given.but({TARGET: github})
        cycles.append(OrganizationWatch.of(own, brief=bool(given[EVERY])).cycle)
    if rest or not github:
        releases = given.but({TARGET: rest})
        cycles.append(lambda: _releases(releases))
    return repeated(given.console, cycles, given[EVERY], stdin=bool(given[STDIN]))


def _releases(given: OptionValues) -> int:
    """Look at the newest releases of packages for the signs of an attack, once."""
    from hardenme.cli.audit.releases import FORMATS, watched  # noqa: PLC0415 (start-up)
    from hardenme.cli.audit.run import audited, prepare, say_incidents  # noqa: PLC0415
    from hardenme.cli.output.delivery import deliver, delivered  # noqa: PLC0415
    from hardenme.cli.output.place import output_file  # noqa: PLC0415
    from hardenme.cli.timer.options import reporting  # noqa: PLC0415

    console, (asked, config) = given.console, watched(given)
    form = asked[FORMAT]
    timed = reporting(given, config, standing=form) if given[ONCE] else None
    if not given[CACHE]:
        console.say(
            "without the cache every run reads all of each package, and asks again about releases"
            " that it has seen"
        )
    delivery = delivered(asked, formats=FORMATS.values(), alarm=True)
    with output_file(delivery) as place:
        run = prepare(asked, config, delivery, sys.stdin)
        with audited(run) as report:
            if timed is not None:
                return timed.store_and_show(report, run.hosts, place)
            say_incidents(console, report, delivery)
            return deliver(console, report, delivery, place)


COMMAND = SettledCommand(
    "watch",
    watch,
    TARGET.but(
        help="github:ORG, github:OWNER/REPO, npm:PACKAGE, npm:@SCOPE, or me (the default: your npm"
        " account's packages)"
    ),
    SINCE.but(default=3),
    *(INCLUDE, EXCLUDE, ARCHIVED),
    *(EVERY, REQUESTS, WORKERS),
    MAX_WAIT.but(help="Longest wait for a rate limit; after that the run stops.", default=30),
    *(*TOKENS, *APP, *ADDRESSES, CACHE),
    FAIL_ON.but(
        help="Exit with 1 only from this severity: critical, high, medium, low, info; without it,"
        " at any alert.",
        default="info",
        shows_default=False,
    ),
    ALLOW_UNKNOWN,
    FORMAT.but(help="table, markdown or json.", default="table"),
    *(OUTPUT, QUIET, LINES, ONCE, KEEP, INTERVAL, HEARTBEAT, NOTIFY_FILE, EVIDENCE),
    help=HELP,
    epilog=EPILOG,
)
