"""Contacts to call back, and decisions about unusual requests: one record, in the order of events.

A contact's number is never stored. Only its fingerprint is, by scrypt with a salt of its own, since
a telephone number can be guessed. One guess takes about a tenth of a second and 32 MB. Someone who
has the file can still try the few numbers that they suspect.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from hardenme.codec.text import parsed, spaced
from hardenme.codec.typed import Codec
from hardenme.ground.errors import UsageError
from hardenme.store.attestations import moment
from hardenme.store.chain import Chain

COST, BLOCK, MEMORY = 2**15, 8, 64 * 1024 * 1024
"""What one fingerprint costs: scrypt's N and r, and the memory that it may take."""
NEW = timedelta(hours=24)
"""How long before a request a contact, or its new number, has to be stored to count."""
LASTS = timedelta(days=365)
"""How long a contact counts after it was stored."""
BETWEEN = re.compile(r"[().\-/\u2010-\u2015]")
"""What people write between the digits of a telephone number, in addition to white space."""
NUMBER = re.compile(r"\+?\d+")
SHORTEST = 5
"""Characters of a number or handle at least."""


class Happened(StrEnum):
    """What a line records."""

    STORED = "contact stored"
    REMOVED = "contact removed"
    DECIDED = "request decided"


@dataclass(frozen=True, slots=True)
class RequestRecord:
    """A line of the record.

    Attributes:
        name: the contact's, or who asked.
        data: the rest, as texts.
    """

    kind: Happened
    at: datetime
    name: str
    data: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to call back.

    Attributes:
        name: as the user calls them.
        salt: of the fingerprint.
        fingerprint: of the number or handle.
        at: when it was stored.
        removed: when it was removed; None if it is still there.
    """

    name: str
    salt: str
    fingerprint: str
    at: datetime
    removed: datetime | None = None

    def counts(self, arrived: datetime, now: datetime) -> str:
        """Why a call to this contact verifies nothing; empty if it does.

        Args:
            arrived: when the request came.
            now: the present.
        """
        if self.at >= arrived:
            return "it was stored after the request came"
        if self.removed is not None:
            after = self.removed >= arrived
            return f"it was removed on {self.removed:%Y-%m-%d}{', after the request came' * after}"
        if arrived < self.at + NEW:
            return "it, or its number, was stored less than 24 hours before the request came"
        if now >= self.at + LASTS:
            return f"it was stored more than {LASTS.days} days ago: verify and store it again"
        return ""

    def is_of(self, number: str) -> bool:
        """Whether it was made of this number or handle."""
        made = fingerprint(number, bytes.fromhex(self.salt))
        return hmac.compare_digest(made, self.fingerprint)


def fingerprint(number: str, salt: bytes) -> str:
    """The stored fingerprint of a number or handle, in hexadecimal digits."""
    data = plain(number).encode()
    made = hashlib.scrypt(data, salt=salt, n=COST, r=BLOCK, p=1, maxmem=MEMORY, dklen=32)
    return made.hex()


def plain(number: str) -> str:
    """A number without what people write between its digits; a handle as it is, in lower case.

    In a handle a dot or a hyphen distinguishes people.
    """
    kept = re.sub(r"\s", "", number).lower()
    digits = BETWEEN.sub("", kept)
    if not NUMBER.fullmatch(digits):
        return kept
    return f"+{digits[2:]}" if digits.startswith("00") else digits


def new_contact(name: str, number: str, now: datetime) -> Contact:
    """A contact that is to be stored.

    Raises:
        UsageError: the number is too short to be one.
    """
    if len(BETWEEN.sub("", plain(number))) < SHORTEST:
        raise UsageError(f"a number or handle has at least {SHORTEST} characters")
    salt = secrets.token_bytes(16)
    return Contact(name, salt.hex(), fingerprint(number, salt), now)


def store(folder: Path, contact: Contact) -> None:
    """Write a contact down.

    Raises:
        StoredError: it cannot be written, or the record is incomplete.
    """
    data = {"salt": contact.salt, "fingerprint": contact.fingerprint}
    _add(folder, RequestRecord(Happened.STORED, contact.at, contact.name, data))


def remove(folder: Path, name: str, now: datetime) -> None:
    """Write down that a contact counts no more; what was stored stays on record.

    Raises:
        StoredError: it cannot be written, or the record is incomplete.
    """
    _add(folder, RequestRecord(Happened.REMOVED, now, name, {}))


def decide(folder: Path, who: str, now: datetime, data: Mapping[str, str]) -> None:
    """Write down what was decided about a request.

    Raises:
        StoredError: it cannot be written, or the record is incomplete.
    """
    _add(folder, RequestRecord(Happened.DECIDED, now, who, data))


def _add(folder: Path, event: RequestRecord) -> None:
    data = spaced(DATA.write(event.data))
    CHAIN.add(folder, (event.kind.value, event.at.isoformat(), event.name, data))


def contacts(events: Iterable[RequestRecord]) -> tuple[Contact, ...]:
    """Every contact that was ever stored, the newest of a name last."""
    found: list[Contact] = []
    for event in events:
        if event.kind is Happened.STORED:
            data = event.data
            found = [_ended(one, event.name, event.at) for one in found]
            found.append(Contact(event.name, data["salt"], data["fingerprint"], event.at))
        elif event.kind is Happened.REMOVED:
            found = [_ended(one, event.name, event.at) for one in found]
    return tuple(found)


def _ended(one: Contact, name: str, at: datetime) -> Contact:
    """A contact after another of its name was stored, or it was removed."""
    if one.name.lower() != name.lower() or one.removed is not None:
        return one
    return Contact(one.name, one.salt, one.fingerprint, one.at, at)


DATA = Codec(objects=True).shape(Mapping[str, str])


def _event(raw: Mapping[str, str]) -> RequestRecord:
    data: dict[str, str] = DATA.read(parsed(raw["data"]))
    kind = Happened(raw["kind"])
    if kind is Happened.STORED:
        bytes.fromhex(data["salt"] + data["fingerprint"])
    return RequestRecord(kind, moment(raw["at"]), raw["name"], data)


CHAIN = Chain(
    name="requests",
    noun="record of contacts and requests",
    again="store your contacts again",
    fields=("kind", "at", "name", "data"),
    parse=_event,
)
