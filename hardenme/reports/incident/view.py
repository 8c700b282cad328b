"""What every view of an incident shows: its counts, what is settled, and its record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from hardenme.model.incident import (
    FIRST_SIGN,
    UNDATED,
    EventKind,
    IncidentEvent,
    Ledger,
    LedgerRow,
    RowState,
)
from hardenme.reports.header import Header, minute
from hardenme.reports.outline.parts import EVERY, Entry, Group, Most, ours, sentence
from hardenme.reports.plain import counted, timestamp

FEW = Most(5, 1_000_000)
"""Rows of a step that a terminal shows."""
STATES = {
    RowState.PROVEN: "Proven: hardenme saw it",
    RowState.ATTESTED: "Attested: a person says so",
    RowState.PENDING: "Pending",
}


@dataclass(frozen=True, slots=True)
class IncidentView:
    """What is shown.

    Attributes:
        name: of the incident.
        folder: the folder that holds it.
        opened: when.
        closed: when; None while it is open.
        run: whose run was frozen, and of when.
        ledger: its rows.
        events: its record.
        demo: it is one of the demo.
        option: what a command takes to be about this one, with a space before it; empty for
            nothing.
        full: every row is shown.
        warning: what could not be read; empty for nothing.
    """

    name: str
    folder: str
    opened: datetime
    closed: datetime | None
    run: str
    ledger: Ledger
    events: Sequence[IncidentEvent]
    demo: bool = False
    option: str = ""
    full: bool = False
    warning: str = ""

    @property
    def header(self) -> Header:
        """Which incident, whether it is open, and since when."""
        scope = f"closed {minute(self.closed)}" if self.closed else "open"
        return Header(f"incident {self.name}", (scope,), f"opened {minute(self.opened)}")


def counts(ledger: Ledger) -> str:
    """How many credentials are how far, and how many other rows are open."""
    credentials = [one for one in ledger.rows if one.credential]
    steps = [one for one in ledger.rows if not one.credential]
    parts = ", ".join(f"{ledger.count(state):,} {state.value}" for state in RowState)
    left = sum(one.state is RowState.PENDING for one in steps)
    return (
        f"{counted(len(credentials), 'credential')} and lists of them: {parts}."
        f" {counted(len(steps), 'other row')}: {left:,} open"
    )


def settled(rows: Sequence[LedgerRow], told: IncidentView) -> Iterator[Group]:
    """What is proven, and what is attested."""
    for state in (RowState.PROVEN, RowState.ATTESTED):
        found = [one for one in rows if one.state is state]
        if found:
            yield Group(
                heading=(ours(STATES[state]),),
                entries=tuple(_settled(one) for one in found),
                thing="row",
                most=EVERY if told.full else FEW,
                all_by=in_full(told),
            )


def _settled(one: LedgerRow) -> Entry:
    when = f" at {timestamp(one.at)}" if one.at else ""
    text = f"{one.text}: {one.why}{when}"
    return Entry((sentence(text),), mark=one.number)


def timeline(events: Iterable[IncidentEvent]) -> Group:
    """The record, line by line, with its times in UTC."""
    entries = tuple(
        Entry((sentence(event_text(one)),), mark=f"{one.at:%Y-%m-%d %H:%M}") for one in events
    )
    return Group(entries=entries, most=EVERY)


def event_text(one: IncidentEvent) -> str:
    """A line of the record, in words."""
    data, by = one.data, f"{one.by}: " if one.by else ""
    text, told = data.get("text", ""), data.get("told", "")
    match one.kind:
        case EventKind.OPENED:
            return "The incident was opened"
        case EventKind.BEGAN:
            at = timestamp(datetime.fromisoformat(data["at"]))
            sign = data.get(FIRST_SIGN, "")
            if not sign:
                return f"The attack began at {at}"
            return f"The first sign is of {at}" + (f": {sign}" if sign != UNDATED else "")
        case EventKind.NOTE:
            return f"Note. {by}{text}"
        case EventKind.SEEN:
            return f"Seen: {text}, {told}"
        case EventKind.GONE | EventKind.REFUSED:
            return f"Proven: {text}, {told}"
        case EventKind.ATTESTED:
            end = "" if text.endswith("?") else "."
            return f"Attested: {text}{end} {by}{data.get('how', '')}"
    return f"The incident was closed by {one.by}"


def in_full(told: IncidentView) -> str:
    """The command that shows every row."""
    return f"hardenme incident status --full{told.option}"
