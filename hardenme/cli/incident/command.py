"""`hardenme incident`."""

from __future__ import annotations

import sys

from hardenme.cli.incident.which import WhichIncident
from hardenme.cli.options.given import OptionValues
from hardenme.cli.options.panels import CommandGroup, PanelCommand
from hardenme.cli.terminal.stopping import stoppable
from hardenme.config.option import switch, text, texts

WHICH = "Which incident"
OPEN_HELP = """\
Open an incident: freeze what the last run saw, and the plan that follows from it.

\b
hardenme incident open NAME             of the last run of `hardenme check`
hardenme incident open NAME --from 3    of the kept run with that number
hardenme incident open NAME --from FILE of a report that was stored as JSON
hardenme incident open NAME --demo      of the last run of `hardenme demo`

It makes a folder that only you can read: the report, the runbook to print, and an empty record.
It needs no token and no network. Freeze a run from before the attack if one is kept: what was
there then is what the attacker could use.
"""
NOTE_HELP = """\
Note what you did and saw, with the time in UTC.

\b
hardenme incident note revoked the token ci, and asked hazel to look at the webhooks
git log -5 | hardenme incident note

A note is never changed. Tokens in it are left out.
"""
EXITS = "2 usage, or a folder that cannot be used, 130 interrupted, 143 terminated."
NAME = text("name", "What it is called, like worm-2026.", spelled="NAME", required=True)
FROM = text(
    "from",
    "What is frozen: the number of a kept run, or a report's file; the last run if left out.",
    metavar="RUN",
)
WORDS = texts("text", "The note; standard input if left out.", spelled="[TEXT]...")
BY = text("by", "Who says so.", metavar="NAME")
CALLED = text("name", "Its name, if more than one is open.", metavar="NAME", heading=WHICH)
IN_FOLDER = text("folder", "Its folder, if that was moved.", metavar="DIR", heading=WHICH)
DEMO = switch("demo", "One of the demo's invented accounts.", heading=WHICH)
OF = (CALLED, IN_FOLDER, DEMO)


def open_(given: OptionValues) -> int:
    """Open an incident."""
    from hardenme.cli.incident.opening import open_incident  # noqa: PLC0415 (start-up)

    console, name, run = given.console, given[NAME], given[FROM]
    return stoppable(console, lambda: open_incident(console, name, run, demo=given[DEMO]))


def note(given: OptionValues) -> int:
    """Note what was done and seen."""
    from hardenme.cli.incident.noting import note as written  # noqa: PLC0415 (start-up)

    console, which = given.console, _which(given)
    return stoppable(console, lambda: written(console, which, given[WORDS], given[BY], sys.stdin))


def _which(given: OptionValues) -> WhichIncident:
    return WhichIncident(given[CALLED], given[IN_FOLDER], given[DEMO])


COMMAND = CommandGroup(
    "incident",
    PanelCommand(
        "open",
        open_,
        *(NAME, FROM, DEMO.but(help="Of the last run of `hardenme demo`.", heading="")),
        help=OPEN_HELP,
        epilog=f"Exit codes: 0 opened, {EXITS}",
        short_help="Freeze what the last run saw, with its runbook.",
    ),
    PanelCommand(
        "note",
        note,
        *(WORDS, BY, *OF),
        help=NOTE_HELP,
        epilog=f"Exit codes: 0 noted, {EXITS}",
        short_help="Note what you did and saw, with the time.",
    ),
    told="Go through an attack, from the first minute to the last credential that it could use.",
)
