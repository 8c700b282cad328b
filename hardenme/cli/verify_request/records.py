"""Contacts that were stored, and decisions that were recorded."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import TextIO

from hardenme.cli.terminal.console import Console
from hardenme.cli.terminal.interview import EndedError, Interview
from hardenme.cli.terminal.texts import LONGEST_BY, clean, shown
from hardenme.ground import clock
from hardenme.ground.errors import StoredError, UsageError
from hardenme.ground.exit_code import Exit
from hardenme.ground.places import state_folder
from hardenme.store.requests import (
    CHAIN,
    LASTS,
    Contact,
    Happened,
    RequestRecord,
    contacts,
    new_contact,
    remove,
    store,
)

LONGEST_NUMBER = 200
STORE = "Store two now, for the next request: hardenme verify-request --add-contact NAME"
NO_CONTACT = f"No contact is stored. {STORE}"


def events() -> tuple[RequestRecord, ...]:
    """The record.

    Raises:
        StoredError: it cannot be used.
    """
    lines = CHAIN.read(state_folder())
    if lines.fault:
        raise StoredError(lines.fault)
    return lines.items


def number_from(console: Console, stdin: TextIO | None, question: str) -> str:
    """A number or handle: asked for at a terminal, else one line of standard input.

    Raises:
        EndedError: nothing was typed.
        UsageError: it is longer than any is.
    """
    if stdin is None:
        raise EndedError
    if console.can_ask(stdin):
        typed = Interview(console, stdin).line(question)
    else:
        typed = stdin.readline(LONGEST_NUMBER + 1).strip()
    if not typed:
        raise EndedError
    if len(typed) > LONGEST_NUMBER:
        raise UsageError(f"a number or handle takes {LONGEST_NUMBER} characters at most")
    return typed


def store_contact(console: Console, name: str, stdin: TextIO | None) -> int:
    """Store whom to call back."""
    if not name.strip():
        console.say("--add-contact takes a name")
        return Exit.USAGE
    try:
        name = clean("--add-contact", name, LONGEST_BY)
        question = f"A number or handle of {name}, which they gave you in person:"
        number = number_from(console, stdin, question)
        events()
        contact = new_contact(name, number, clock.now().replace(microsecond=0))
        store(state_folder(), contact)
    except EndedError:
        console.say("no number was given, at a terminal or by standard input; nothing was stored")
        return Exit.NOTHING_MATCHED
    until = contact.at + LASTS
    console.print(
        f"{shown(name)}: stored as a fingerprint, counts until {until:%Y-%m-%d}."
        " Keep the number where you find it without this computer.\n"
    )
    return Exit.CLEAN


def remove_contact(console: Console, name: str) -> int:
    """Remove a contact; the record keeps when it was."""
    standing = [one for one in contacts(events()) if one.removed is None]
    found = next((one for one in standing if one.name.lower() == name.lower()), None)
    if found is None:
        console.say(f"no contact is called {shown(name)!r}")
        return Exit.USAGE
    remove(state_folder(), found.name, clock.now().replace(microsecond=0))
    console.print(f"{shown(found.name)}: removed\n")
    return Exit.CLEAN


def show(console: Console, form: str, *, decisions: bool) -> int:
    """Print the contacts, or what was decided."""
    if form not in {"table", "json"}:
        console.say(f"--format takes table or json; not {form!r}")
        return Exit.USAGE
    try:
        found = events()
    except StoredError as error:
        raise StoredError(str(error), Exit.UNKNOWN) from None
    rows = _decisions(found) if decisions else _contacts(contacts(found))
    if form == "json":
        console.print(json.dumps(rows, indent=2) + "\n")
        return Exit.CLEAN
    if not rows:
        console.say("no request is on record" if decisions else NO_CONTACT)
    for row in rows:
        console.print("  ".join(filter(None, row.values())) + "\n")
    return Exit.CLEAN


def _contacts(found: Sequence[Contact]) -> list[dict[str, str]]:
    now = clock.now()
    standing = [one for one in found if one.removed is None]
    return [
        {
            "name": shown(one.name),
            "state": _state(one, now),
            "stored": f"{one.at:%Y-%m-%d}",
            "until": f"{one.at + LASTS:%Y-%m-%d}",
        }
        for one in standing
    ]


def _state(one: Contact, now: datetime) -> str:
    if now < one.at:
        return "dated ahead"
    return "expired" if one.counts(now, now) else "counts"


def _decisions(found: Sequence[RequestRecord]) -> list[dict[str, str]]:
    names = ("kind", "channel", "arrived", "signs", "called", "verified", "decision", "from")
    return [
        {
            "at": f"{one.at:%Y-%m-%d %H:%M}",
            "who": shown(one.name),
            **{name: shown(one.data.get(name, ""), longest=300) for name in names},
        }
        for one in found
        if one.kind is Happened.DECIDED
    ]
