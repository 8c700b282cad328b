"""`hardenme person`."""

from __future__ import annotations

import sys

from hardenme.cli.options.given import OptionValues
from hardenme.cli.options.settled import SettledCommand
from hardenme.config.option import switch, text, texts
from hardenme.config.table.access import ADDRESSES, APP, CACHE, TOKENS
from hardenme.config.table.headings import SHOWN, TARGETS, WHAT
from hardenme.config.table.result import FORMAT, OUTPUT
from hardenme.config.table.selection import (
    ARCHIVED,
    DEPTH,
    EXCLUDE,
    INCLUDE,
    LOCAL,
    PACE,
    SAME_PERSON,
    TARGET,
)

HELP = """\
List what to do, in a safe order, when someone leaves, hands over, or has their account stolen.

\b
hardenme person LOGIN github:ORG --leaves             they leave, as friends
hardenme person LOGIN github:ORG --stolen             an attacker has it
hardenme person LOGIN github:ORG --hands-over-to NEW  NEW takes what they held
hardenme person LOGIN github:ORG npm:@SCOPE --npm NAME --leaves   npm, too
hardenme person LOGIN github:ORG --leaves -f markdown -o leaves.md
hardenme person --demo                                of a stolen account, invented
hardenme person oakley --leaves --demo                the same account, if they leave

It checks now, and lists who needs rights first, what only the person can do, what still runs in
their name (reviews, code owners, schedules), memberships, invitations, keys, tokens and packages
that end, with commands and what each breaks, and the secrets that they could read. Nothing is run.

Run it again afterwards: what remains is what no API shows, each as a question with the command
that records a yes. It stands as attested, by whom and until when, and never as done. What was not
checked comes last; --depth deep checks more. The last kept run stands in for what cannot be read.
"""
EPILOG = (
    "Exit codes: 0 shown, 2 usage or internal error, 3 something was not looked at, 4 no usable"
    " credential, 5 no one with that login was seen, 75 already running, 130 interrupted, 143"
    " terminated."
)
UNSHOWN = "What no API shows"
OF = text("login", "Whose access, on GitHub.", spelled="LOGIN", heading=TARGETS)
LEAVES = switch("leaves", "They leave.", heading=WHAT)
STOLEN = switch("stolen", "Their account was taken over: access ends first.", heading=WHAT)
SUCCESSOR = text(
    "hands-over-to",
    "Who takes what they held, on GitHub.",
    metavar="LOGIN",
    heading=WHAT,
)
NPM = text(
    "npm",
    "Their npm account; without it, what --same-person links.",
    metavar="NAME",
    heading=WHAT,
)
NPM_SUCCESSOR = text(
    "npm-successor", "The npm account of who takes over.", metavar="NAME", heading=WHAT
)

ANSWERED = texts(
    "answered",
    "Record a yes to the question of that word, for 90 days (--stolen: 7). May be repeated.",
    metavar="WORD",
    heading=UNSHOWN,
)
NOT_ANSWERED = texts(
    "not-answered", "Take that answer back. May be repeated.", metavar="WORD", heading=UNSHOWN
)
DEMO = switch(
    "demo",
    "Of the demo's accounts: no token. Without LOGIN, of one that an attacker has.",
    heading=SHOWN,
)
BY = text("by", "Who answers; your login if left out.", metavar="NAME", heading=UNSHOWN)


def person(given: OptionValues) -> int:
    """List what to do when someone leaves, hands over, or has their account stolen."""
    from hardenme.cli.audit.run import audited, prepare  # noqa: PLC0415 (start-up)
    from hardenme.cli.output.forms import form_asked  # noqa: PLC0415
    from hardenme.cli.output.place import output_file  # noqa: PLC0415
    from hardenme.cli.person.accounts import AccountLookup  # noqa: PLC0415
    from hardenme.cli.person.answers import PersonAnswers  # noqa: PLC0415
    from hardenme.cli.person.handler import PersonHandler  # noqa: PLC0415
    from hardenme.cli.person.request import asked, wanted  # noqa: PLC0415
    from hardenme.reports.handover import FORMS  # noqa: PLC0415

    delivery = form_asked(given, FORMS)
    login, leaves, successor = given[OF], given[LEAVES], given[SUCCESSOR]
    stolen = given[STOLEN]
    if given[DEMO]:
        from hardenme.cli.person.demo import invented  # noqa: PLC0415 (start-up)

        login, stolen = login or invented(), stolen or not (leaves or successor)
    found = wanted(
        login,
        leaves=leaves,
        stolen=stolen,
        successor=successor,
        npm=given[NPM],
        npm_successor=given[NPM_SUCCESSOR],
        same_person=given[SAME_PERSON],
    )
    said = PersonAnswers(given[ANSWERED], given[NOT_ANSWERED], given[BY])
    said.demand(found.mode)
    config = asked(given.but({LOCAL: False}))
    looked = AccountLookup(found.login, found.successor, found.npm, found.npm_successor)
    telling = PersonHandler(given.console, delivery, found, said, looked)
    if given[DEMO]:
        from hardenme.cli.person.demo import run_demo  # noqa: PLC0415 (start-up)

        return run_demo(telling, config)
    with output_file(delivery) as place:
        run = prepare(given, config, delivery, sys.stdin)
        looked.look_up(run.clients)
        with audited(run) as report:
            return telling.show_run(report, run.hosts, place)


COMMAND = SettledCommand(
    "person",
    person,
    OF,
    TARGET.but(
        help="Where: me (the default), github:NAME, github:OWNER/REPO, npm:@SCOPE, npm:PACKAGE"
    ),
    *(LEAVES, STOLEN, SUCCESSOR, NPM, NPM_SUCCESSOR, SAME_PERSON, ANSWERED, NOT_ANSWERED, BY),
    *(INCLUDE, EXCLUDE, ARCHIVED, DEPTH, *PACE, *TOKENS, *APP, *ADDRESSES, CACHE, DEMO),
    FORMAT.but(help="table, markdown or json.", default="table"),
    OUTPUT,
    help=HELP,
    epilog=EPILOG,
)
