"""An incident: what its record says, and the ledger of all that could be used by an attacker."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from hardenme.model.runbook import Chapter

COMMAND = "hardenme incident"
DAY = "incident-%Y-%m-%d"
"""What a printed command calls an incident that has no name yet: by the day."""
REVIEW = "review.md"
"""The file that is written when an incident is closed."""
WHAT_YOU_DID = "WHAT YOU DID"
"""In a printed command, the place of what a person writes; it says nothing itself."""
PEOPLE, FIRST_SIGN = "people", "first_sign"
"""Keys of the data of `EventKind.BEGAN`: the logins of those who joined since, and what the first
sign of an attack was. The latter is there if no time was given, and the time is that of the sign.
"""
UNDATED = "yes"
"""The first sign where it has no words, since no answer shows when it came."""
LAST = 1 << 30
"""The place in the order of what is not urgent: that of the runbook decides."""


class EventKind(StrEnum):
    """What kind of event a line of the record describes."""

    OPENED = "opened"
    BEGAN = "began"
    """The attack began at the time in `data["at"]`, as who opened the incident says, or by then."""
    NOTE = "note"
    SEEN = "seen"
    """A later run saw a thing for the first time, or again."""
    GONE = "gone"
    """A later run read the list, and the thing was not in it, or is as it should be."""
    REFUSED = "refused"
    """The host refused the token itself."""
    ATTESTED = "attested"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class IncidentEvent:
    """A line of the record.

    Attributes:
        kind: what happened.
        at: when it was written down, in UTC.
        by: who says so; empty where hardenme does.
        about: the key of a row of the ledger; empty for none.
        data: the rest, as texts.
    """

    kind: EventKind
    at: datetime
    by: str = ""
    about: str = ""
    data: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AttackStart:
    """When an attack began, as far as it is known.

    Attributes:
        at: when, in UTC.
        sign: what was the first sign of it, in words; names in it are untrusted. Empty if a person
            gave the time, or the sign has no date.
    """

    at: datetime
    sign: str = ""

    @property
    def words(self) -> str:
        """It, as what something is newer than."""
        at = f"{self.at:%Y-%m-%d %H:%M} UTC"
        if not self.sign:
            return f"the start of the attack ({at})"
        return f"the first sign ({at}: {self.sign})"


class RowState(StrEnum):
    """How far a row of the ledger is."""

    PENDING = "pending"
    PROVEN = "proven"
    ATTESTED = "attested"


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """A credential that an attacker could use, a list that may hold more, or a step to take.

    Attributes:
        number: by which the user names it, like `4.2`.
        key: it identifies the row in every run.
        chapter: of the runbook.
        step: the words of the runbook's step.
        text: what it is; names in it are untrusted.
        credential: it is one, or a list of them: while it is pending, nothing is closed.
        state: how far it is.
        why: a sentence on what shows it; for a pending row, what is known about it.
        at: since when; None while it is pending.
        who: who can do it.
        commands: that do it.
        page: where it is done.
        listed: the newest run that read its list found it there, whatever the record says.
        lately: that it was added or changed lately, and how long ago; empty for anything else.
        urgency: its place among those, the first one is stopped first; `LAST` for anything else.
    """

    number: str
    key: str
    chapter: Chapter
    step: str
    text: str
    credential: bool
    state: RowState = RowState.PENDING
    why: str = ""
    at: datetime | None = None
    who: str = ""
    commands: tuple[str, ...] = ()
    page: str = ""
    listed: bool = False
    lately: str = ""
    urgency: int = LAST


@dataclass(frozen=True, slots=True)
class Ledger:
    """All rows.

    Attributes:
        rows: in the order of the runbook.
        news: what later runs showed that the record does not hold yet.
    """

    rows: tuple[LedgerRow, ...]
    news: tuple[IncidentEvent, ...] = ()

    @property
    def open(self) -> tuple[LedgerRow, ...]:
        """What is still to be done: what was added lately, then the rest in order."""
        pending = (one for one in self.rows if one.state is RowState.PENDING)
        return tuple(sorted(pending, key=lambda one: one.urgency))

    @property
    def pending(self) -> tuple[LedgerRow, ...]:
        """Those of them that are credentials."""
        return tuple(one for one in self.open if one.credential)

    @property
    def kept(self) -> tuple[LedgerRow, ...]:
        """Credentials that are attested, and that a later run still saw."""
        return tuple(
            one
            for one in self.rows
            if one.credential and one.listed and one.state is RowState.ATTESTED
        )

    def count(self, state: RowState) -> int:
        """How many credentials are that far."""
        return sum(one.credential and one.state is state for one in self.rows)
