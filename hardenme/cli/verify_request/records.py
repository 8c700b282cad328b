"""Contacts that were stored, and decisions that were recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import date, datetime
from typing import TextIO

from hardenme.cli.terminal.console import Console
from hardenme.cli.terminal.interview import Interview
from hardenme.cli.terminal.texts import LONGEST_BY, clean, shown
from hardenme.ground import clock
from hardenme.ground.errors import EndedError, StoredError, UsageError
from hardenme.ground.exit_code import Exit
from hardenme.ground.places import state_folder
from hardenme.reports.printed import PrintedDocument, as_json
from hardenme.store.requests import (
    CHAIN,
    LASTS,
    NEW,
    Contact,
    Happened,
    RequestRecord,
    contacts,
    new_contact,
    remove,
    store,
)

LONGEST_NUMBER, LONGEST_CELL = 200, 300
STORE = "Store two now, for the next request: hardenme verify-request --help shows how"
NO_CONTACT = f"No contact is stored. {STORE}"


@dataclass(frozen=True, slots=True)
class PrintedContact:
    """Someone to call back.

    Attributes:
        name: who.
        state: whether the contact counts at this moment.
        stored: on which day.
        until: the day on which it stops counting.
    """

    name: str
    state: str
    stored: date
    until: date


@dataclass(frozen=True, slots=True)
class PrintedDecision:
    """What was decided about a request.

    Attributes:
        at: when.
        who: asked.
        kind: what for.
        channel: how it came.
        arrived: when it came, in UTC.
        signs: what was suspicious about it.
        called: who was called back.
        verified: what that came to.
        decision: what was decided.
        when: from when on it is acted on; empty if it is not.
    """

    at: datetime
    who: str
    kind: str
    channel: str
    arrived: str
    signs: str
    called: str
    verified: str
    decision: str
    when: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactsDocument(PrintedDocument):
    """Whom to call back.

    Attributes:
        contacts: those that were stored and not removed.
    """

    contacts: tuple[PrintedContact, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionsDocument(PrintedDocument):
    """What was decided about requests.

    Attributes:
        decisions: the earliest first.
    """

    decisions: tuple[PrintedDecision, ...]


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
    begin, until = contact.at + NEW, contact.at + LASTS
    console.tell(
        f"{shown(name)}: stored as a fingerprint. It counts for requests from"
        f" {begin:%Y-%m-%d %H:%M} UTC on, until {until:%Y-%m-%d}."
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
    console.tell(f"{shown(found.name)}: removed\n")
    return Exit.CLEAN


def show(console: Console, form: str, *, decisions: bool) -> int:
    """Print the contacts, or what was decided."""
    try:
        found = events()
    except StoredError as error:
        raise StoredError(str(error), Exit.UNKNOWN) from None
    if decisions:
        shown_decisions = _decisions(found)
        document: PrintedDocument = DecisionsDocument(decisions=shown_decisions)
        lines = [_line(f"{one.at:%Y-%m-%d %H:%M}", *astuple(one)[1:]) for one in shown_decisions]
    else:
        standing = _contacts(contacts(found))
        document = ContactsDocument(contacts=standing)
        lines = [_line(*map(str, astuple(one))) for one in standing]
    if form == "json":
        console.print(as_json(document))
        return Exit.CLEAN
    if not lines:
        console.say("no request is on record" if decisions else NO_CONTACT)
    for line in lines:
        console.tell(line)
    return Exit.CLEAN


def _line(*cells: str) -> str:
    return "  ".join(shown(cell, longest=LONGEST_CELL) for cell in cells if cell) + "\n"


def _contacts(found: Sequence[Contact]) -> tuple[PrintedContact, ...]:
    now = clock.now()
    return tuple(
        PrintedContact(one.name, _state(one, now), one.at.date(), (one.at + LASTS).date())
        for one in found
        if one.removed is None
    )


def _state(one: Contact, now: datetime) -> str:
    if now < one.at:
        return "dated ahead"
    if now < one.at + NEW:
        return "new"
    return "expired" if one.counts(now, now) else "counts"


def _decisions(found: Sequence[RequestRecord]) -> tuple[PrintedDecision, ...]:
    names = ("kind", "channel", "arrived", "signs", "called", "verified", "decision", "from")
    return tuple(
        PrintedDecision(one.at, one.name, *(one.data.get(name, "") for name in names))
        for one in found
        if one.kind is Happened.DECIDED
    )
