"""`hardenme verify-request`."""

from __future__ import annotations

import sys

from hardenme.cli.options.given import OptionValues
from hardenme.cli.options.panels import PanelCommand
from hardenme.config.kinds import Kind
from hardenme.config.option import Option, switch, text
from hardenme.config.table.headings import RESULT
from hardenme.config.table.result import FORMAT

ANSWERS, CONTACTS = "Answers, instead of questions", "Contacts"

HELP = """\
Decide about an unusual request: who asks, which signs show, whom you call back, how long you wait.

\b
hardenme verify-request                      asks, then records the decision
hardenme verify-request --add-contact Rowan  store someone to call back later
hardenme verify-request --contacts           whom you stored
hardenme verify-request --list               what you decided so far

Use it when someone wants you to join a call, install something, run a repository, add a
maintainer, change an address or authorize an app. A call back counts only to a contact whose number
was stored at least 24 hours before the request. Contacts are names and fingerprints: the number is
never written down.

Without a terminal the answers come by options, and the number of --called by standard input.
Nothing is sent to anyone. An interrupted interview records nothing.
"""
EPILOG = (
    "Exit codes: 0 verified, and you may act after the waiting time; 1 not verified, or refused; 2"
    " usage, or a record that cannot be used; 5 nothing was recorded."
)
WHO = text("who", "Who asks.", metavar="NAME", heading=ANSWERS)
CHANNEL = text(
    "channel",
    "How it came: email, chat, call, issue, social, in person.",
    metavar="CHANNEL",
    heading=ANSWERS,
)
KIND = text(
    "kind",
    "What they want: join, install, run, maintainer, address, access.",
    metavar="KIND",
    heading=ANSWERS,
)
ARRIVED = text(
    "arrived",
    "How long ago it came, like 30m, 2h or 3d. --called needs it.",
    metavar="AGO",
    heading=ANSWERS,
)
SIGNS = text(
    "signs",
    "Which signs show, by their numbers; none if left out.",
    metavar="N,N",
    heading=ANSWERS,
)
CALLED = text("called", "The contact you called back.", metavar="NAME", heading=ANSWERS)
CONFIRMED: Option[bool | None] = Option(
    "confirmed",
    Kind.SWITCH,
    "What the contact said about the request.",
    spelled="--confirmed/--denied",
    heading=ANSWERS,
)
DECISION = text(
    "decision",
    "What you do: act (after the waiting time), wait or refuse.",
    metavar="WORD",
    heading=ANSWERS,
)
ADD_CONTACT = text("add-contact", "Store a contact.", metavar="NAME", heading=CONTACTS)
REMOVE_CONTACT = text("remove-contact", "Remove a contact.", metavar="NAME", heading=CONTACTS)
SHOW_CONTACTS = switch("contacts", "Show the contacts.", heading=CONTACTS)
LIST = switch("list", "Show what was decided.", heading=RESULT)


def verify_request(given: OptionValues) -> int:
    """Decide about an unusual request, and record it."""
    from hardenme.cli.verify_request import deciding, records  # noqa: PLC0415 (start-up)
    from hardenme.cli.verify_request.run import verify  # noqa: PLC0415

    console = given.console
    jobs = [bool(given[job]) for job in (ADD_CONTACT, REMOVE_CONTACT, SHOW_CONTACTS, LIST)]
    if sum(jobs) > 1:
        console.say("--add-contact, --remove-contact, --contacts and --list are jobs of their own")
        return 2
    if given[ADD_CONTACT]:
        return records.store_contact(console, given[ADD_CONTACT], sys.stdin)
    if given[REMOVE_CONTACT]:
        return records.remove_contact(console, given[REMOVE_CONTACT])
    if given[SHOW_CONTACTS] or given[LIST]:
        return records.show(console, given.one_of(FORMAT, ("table", "json")), decisions=given[LIST])
    answers = deciding.InterviewOptions(
        given[WHO],
        given[CHANNEL],
        given[KIND],
        given[ARRIVED],
        given[SIGNS],
        given[CALLED],
        given[CONFIRMED],
        given[DECISION],
    )
    return verify(console, answers, sys.stdin)


COMMAND = PanelCommand(
    "verify-request",
    verify_request,
    *(WHO, CHANNEL, KIND, ARRIVED, SIGNS, CALLED, CONFIRMED, DECISION),
    *(ADD_CONTACT, REMOVE_CONTACT, SHOW_CONTACTS, LIST),
    FORMAT.but(help="Of --contacts and --list: table or json.", default="table"),
    help=HELP,
    epilog=EPILOG,
)
