"""`hardenme verify-request`."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from hardenme.cli.options.panels import RESULT
from hardenme.cli.terminal.console import Console

ANSWERS, CONTACTS = "Answers, instead of questions", "Contacts"

HELP = """\
Decide about an unusual request: who asks, which signs show, whom you call back, how long you wait.

\b
hardenme verify-request                       asks, then records what you decided
hardenme verify-request --add-contact Rowan   store a person to call back later
hardenme verify-request --contacts            whom you stored
hardenme verify-request --list                what you decided so far

Use it if someone wants you to join a call, install something, run a repository, add a
maintainer, change an address or authorize an app. A call back counts only to a contact that was
stored before the request. Contacts are names and fingerprints: the number is never written
down.

Without a terminal the answers come by options, and the number of --called by standard input.
Nothing is sent to anyone. An interrupted interview records nothing.
"""
EPILOG = (
    "Exit codes: 0 verified, and you may act after the waiting time; 1 not verified, or refused; 2"
    " usage, or a record that cannot be used; 5 nothing was recorded."
)


def command(  # noqa: PLR0913 (each is an option of the command line)
    context: typer.Context,
    *,
    who: Annotated[
        str, typer.Option("--who", metavar="NAME", help="Who asks.", rich_help_panel=ANSWERS)
    ] = "",
    channel: Annotated[
        str,
        typer.Option(
            "--channel",
            metavar="CHANNEL",
            help="How it came: email, chat, call, issue, social, in person.",
            rich_help_panel=ANSWERS,
        ),
    ] = "",
    kind: Annotated[
        str,
        typer.Option(
            "--kind",
            metavar="KIND",
            help="What they want: join, install, run, maintainer, address, access.",
            rich_help_panel=ANSWERS,
        ),
    ] = "",
    arrived: Annotated[
        str,
        typer.Option(
            "--arrived",
            metavar="AGO",
            help="How long ago it came, like 30m, 2h or 3d; now if left out.",
            rich_help_panel=ANSWERS,
        ),
    ] = "",
    signs: Annotated[
        str,
        typer.Option(
            "--signs",
            metavar="N,N",
            help="Which signs show, by their numbers; none if left out.",
            rich_help_panel=ANSWERS,
        ),
    ] = "",
    called: Annotated[
        str,
        typer.Option(
            "--called",
            metavar="NAME",
            help="The contact you called back.",
            rich_help_panel=ANSWERS,
        ),
    ] = "",
    confirmed: Annotated[
        bool | None,
        typer.Option(
            "--confirmed/--denied",
            help="What the contact said about the request.",
            rich_help_panel=ANSWERS,
        ),
    ] = None,
    decision: Annotated[
        str,
        typer.Option(
            "--decision",
            metavar="WORD",
            help="What you do: act (after the waiting time), wait or refuse.",
            rich_help_panel=ANSWERS,
        ),
    ] = "",
    add_contact: Annotated[
        str,
        typer.Option(
            "--add-contact", metavar="NAME", help="Store a contact.", rich_help_panel=CONTACTS
        ),
    ] = "",
    remove_contact: Annotated[
        str,
        typer.Option(
            "--remove-contact", metavar="NAME", help="Remove a contact.", rich_help_panel=CONTACTS
        ),
    ] = "",
    contacts: Annotated[
        bool, typer.Option("--contacts", help="Show the contacts.", rich_help_panel=CONTACTS)
    ] = False,
    listed: Annotated[
        bool, typer.Option("--list", help="Show what was decided.", rich_help_panel=RESULT)
    ] = False,
    output_format: Annotated[
        str,
        typer.Option(
            "--format",
            "-f",
            metavar="FORMAT",
            help="Of --contacts and --list: table or json.",
            rich_help_panel=RESULT,
        ),
    ] = "table",
) -> int:
    """Decide about an unusual request, and record it."""
    from hardenme.cli.verify_request import records  # noqa: PLC0415 (start-up)
    from hardenme.cli.verify_request.deciding import Given  # noqa: PLC0415
    from hardenme.cli.verify_request.run import verify  # noqa: PLC0415

    console: Console = context.obj
    if sum(map(bool, (add_contact, remove_contact, contacts, listed))) > 1:
        console.say("--add-contact, --remove-contact, --contacts and --list are jobs of their own")
        return 2
    if add_contact:
        return records.store_contact(console, add_contact, sys.stdin)
    if remove_contact:
        return records.remove_contact(console, remove_contact)
    if contacts or listed:
        return records.show(console, output_format, decisions=listed)
    given = Given(who, channel, kind, arrived, signs, called, confirmed, decision)
    return verify(console, given, sys.stdin)
