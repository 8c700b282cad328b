"""`hardenme incident`."""

from __future__ import annotations

import sys

from hardenme.cli.incident.locate import IncidentLocator
from hardenme.cli.options.given import OptionValues
from hardenme.cli.options.panels import CommandGroup, PanelCommand
from hardenme.config.option import path, switch, text, texts
from hardenme.config.table.access import CA_FILE
from hardenme.config.table.result import FORMAT, OUTPUT

GROUP_HELP = """\
Go through an attack, from the first minute to the last credential that it could use.

\b
hardenme recent              what changed lately, and what to stop first
hardenme exposed --help      did a bad version or action run here?
hardenme incident open NAME  once you know that there was an attack
"""
WHICH = "Which incident"
OPEN_HELP = """\
Open an incident: freeze what the last run saw, and the plan that follows from it.

\b
hardenme incident open NAME                of the last `recent` or `check`
hardenme incident open NAME --from recent  of the last `hardenme recent`
hardenme incident open NAME --from 3       of the kept run with that number
hardenme incident open NAME --from FILE    of a report that was stored as JSON
hardenme incident open NAME --since 6h     the attack began six hours ago
hardenme incident open NAME --from-exposed last  of the last `exposed` as well
hardenme incident open NAME --demo         of the last run of the demo

It makes a folder that only you can read: the report, the runbook to print, and an empty record.
It needs no token and no network. Freeze a run from before the attack if one is kept: what was
there then is what the attacker could use. Where the frozen run is younger than the attack, what it
shows that is newer than the start of the attack is a row as well, and what has no date is one that
you attest. The start is --since, or the first change that looks like an attack. What was added
since then stands first in `hardenme incident status`, and no one who was is named to be called.
"""
NOTE_HELP = """\
Note what you did and saw, with the time in UTC.

\b
hardenme incident note revoked the token ci, and asked hazel about the hooks
git log -5 | hardenme incident note

A note is never changed. Tokens in it are left out.
"""
STATUS_HELP = """\
Show the next thing to do, what is still open in the order of the runbook, and what is done.

\b
hardenme incident status           the next step first
hardenme incident status --full    every row
hardenme incident status -f json   for scripts

A row of the ledger is proven, attested or pending. It is proven if `hardenme check`, run after the
incident was opened, read the whole list and the thing is gone from it. The newest run that read the
list decides: what came back is pending again. Each list is a row as well, which such a run has to
read: it may hold what the attacker made since. A secret that was replaced stays pending until the
old value is ended where it was issued. So run `hardenme check` after each round of clean-up. Steps
of the runbook are ticked off in the same way. It needs no token and no network.
"""
ATTEST_HELP = """\
Say that you saw to what no list shows, or to a step of the runbook.

\b
hardenme incident attest 4.2 --how "revoked on the page"
hardenme incident attest 9 --how "all signed out" --by hazel

A step's number means all of it that is pending. A row that is attested is never shown as proven.
If it comes back in a later run, it is pending again.
"""
PROVE_HELP = """\
Show that a token is dead: it is sent to its own host only, to see that it is refused.

\b
hardenme incident prove                           asks for the token, unseen
pass show old-token | hardenme incident prove
pass show old-token | hardenme incident prove 15.1  and say which row it was

It is sent to the GitHub or npm host of the frozen run, by one request that only reads. It is not
stored: the ledger names it by its last 4 characters. Only a token with a valid checksum counts,
since a mistyped one is refused as well: classic and OAuth tokens of GitHub, and npm's. Any answer
but "refused" or "accepted" proves nothing. A host refuses tokens of other hosts, too.
"""
CLOSE_HELP = """\
Close the incident: nothing is pending, and the review is written.

\b
hardenme incident close
hardenme incident close --by hazel

It refuses while a credential or a list of them is pending. The review, review.md in the incident's
folder, has the timeline in UTC, the ledger, what is attested and what stayed unknown. Answers of
`hardenme attest` for the accounts of the incident are withdrawn, so that each is asked again.
"""
EXITS = "2 usage, or a folder that cannot be used, 130 interrupted, 143 terminated."
NAME = text("name", "What it is called, like worm-2026.", spelled="NAME", required=True)
FROM = text(
    "from",
    "What is frozen: recent, the number of a kept run, or a report's file; the last run if left"
    " out.",
    metavar="RUN",
)
SINCE = text("since", "How long ago the attack began, like 90m, 6h or 3d.", metavar="AGO")
EXPOSED = text(
    "from-exposed",
    "What ran a bad version: last, or a file of `hardenme exposed -f json`. Each row is in the"
    " ledger, and its window is when the attack began.",
    metavar="FILE",
)
FACTS = path("facts", "A file of `hardenme check --save-facts`, to be kept with it.")
WORDS = texts("text", "The note; standard input if left out.", spelled="[TEXT]...")
BY = text("by", "Who says so.", metavar="NAME")
SAYS = BY.but(help="Who says so; the account of the frozen run if left out.")
ROWS = texts("rows", "The numbers of rows or steps, as `status` shows them.", spelled="ID...")
ROW = text("row", "The row that it was, as you say.", spelled="[ID]")
HOW = text("how", "What was done; never a secret.", metavar="TEXT")
FULL = switch("full", "Every row.")
FORM = FORMAT.but(help="table, markdown or json.", default="table", heading="")
FILE = OUTPUT.but(heading="")
CALLED = text("name", "Its name, if more than one is open.", metavar="NAME", heading=WHICH)
IN_FOLDER = text("folder", "Its folder, if that was moved.", metavar="DIR", heading=WHICH)
DEMO = switch("demo", "One of the demo's invented accounts.", heading=WHICH)
OF = (CALLED, IN_FOLDER, DEMO)


def open_(given: OptionValues) -> int:
    """Open an incident."""
    from hardenme.cli.incident.open import OpenOptions, open_incident  # noqa: PLC0415 (start-up)

    freezes = given[NAME], given[FROM], given[FACTS]
    wanted = OpenOptions(*freezes, given[DEMO], given[SINCE], given[EXPOSED])
    return open_incident(given.console, wanted)


def note(given: OptionValues) -> int:
    """Note what was done and seen."""
    from hardenme.cli.incident.note import note as written  # noqa: PLC0415 (start-up)

    console, which = given.console, _which(given)
    return written(console, which, given[WORDS], given[BY], sys.stdin)


def status(given: OptionValues) -> int:
    """Show the next thing to do, and what is open."""
    from hardenme.cli.incident.status import show_status  # noqa: PLC0415 (start-up)
    from hardenme.cli.output.forms import form_asked  # noqa: PLC0415
    from hardenme.reports.incident.status import FORMS  # noqa: PLC0415

    delivery = form_asked(given, FORMS)
    return show_status(given.console, _which(given), delivery, full=given[FULL])


def attest(given: OptionValues) -> int:
    """Say that you saw to what no list shows."""
    from hardenme.cli.incident.attest import attest as say  # noqa: PLC0415 (start-up)

    console, which, rows = given.console, _which(given), given[ROWS]
    return say(console, which, rows, given[HOW], given[SAYS])


def prove(given: OptionValues) -> int:
    """Show that a token is dead."""
    from hardenme.cli.incident.prove import TokenProof  # noqa: PLC0415 (start-up)
    from hardenme.cli.incident.prove import prove as show  # noqa: PLC0415

    console, which = given.console, _which(given)
    wanted = TokenProof(given[ROW], given[SAYS], given[CA_FILE])
    return show(console, which, wanted, sys.stdin)


def close(given: OptionValues) -> int:
    """Close the incident."""
    from hardenme.cli.incident.close import close as end  # noqa: PLC0415 (start-up)

    console, which, by = given.console, _which(given), given[SAYS]
    return end(console, which, by)


def _which(given: OptionValues) -> IncidentLocator:
    return IncidentLocator(given[CALLED], given[IN_FOLDER], given[DEMO])


COMMAND = CommandGroup(
    "incident",
    PanelCommand(
        "open",
        open_,
        *(
            NAME,
            FROM,
            EXPOSED,
            SINCE,
            FACTS,
            DEMO.but(help="Of the last run of the demo.", heading=""),
        ),
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
    PanelCommand(
        "status",
        status,
        *(FULL, FORM, FILE, *OF),
        help=STATUS_HELP,
        epilog=f"Exit codes: 0 nothing is open, 1 something is, 3 a kept run could not be"
        f" read, {EXITS}",
        short_help="Show the next thing to do, and what is open.",
    ),
    PanelCommand(
        "attest",
        attest,
        *(ROWS, HOW, SAYS, *OF),
        help=ATTEST_HELP,
        epilog=f"Exit codes: 0 attested, {EXITS}",
        short_help="Say that you saw to what no list shows.",
    ),
    PanelCommand(
        "prove",
        prove,
        *(ROW, SAYS, CA_FILE.but(heading=""), *OF),
        help=PROVE_HELP,
        epilog=f"Exit codes: 0 refused, 1 still accepted, 3 not known, 4 no token that can be"
        f" judged, {EXITS}",
        short_help="Show that a token is dead.",
    ),
    PanelCommand(
        "close",
        close,
        *(SAYS, *OF),
        help=CLOSE_HELP,
        epilog=f"Exit codes: 0 closed, 1 rows are pending, 3 a kept run could not be read, {EXITS}",
        short_help="Close it, and write the review.",
    ),
    told=GROUP_HELP,
)
