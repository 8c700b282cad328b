"""The state of an incident, as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from hardenme.codec.layout import Layout
from hardenme.codec.shape import TEXT, Shape
from hardenme.model.incident import LedgerRow, RowState
from hardenme.reports.incident.view import IncidentView, event_text
from hardenme.reports.plain import flowing, plain
from hardenme.reports.printed import PrintedDocument, as_json, printed
from hardenme.reports.style import Style

NO_BOUND = 1 << 40
"""Characters of a text: a command that is cut is another one."""


@dataclass(frozen=True, slots=True)
class PrintedEvent:
    """A line of the record.

    Attributes:
        at: when.
        event: its kind.
        by: whose doing it was.
        text: what happened.
    """

    at: datetime
    event: str
    by: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentDocument(PrintedDocument):
    """The state of an incident.

    Attributes:
        name: of the incident.
        folder: where its files are.
        opened: when.
        closed: when; null while it is open.
        demo: whether it is the demo's.
        frozen: whose run it began with.
        warning: what its reader has to know first; empty for nothing.
        next: the number of the row to do next; null if none is open.
        credentials: how many there are, by state.
        rows: what is to be done, and what each comes to.
        record: what happened, the earliest first.
    """

    name: str
    folder: str
    opened: datetime
    closed: datetime | None
    demo: bool
    frozen: str
    warning: str
    next: str | None
    credentials: Mapping[RowState, int]
    rows: tuple[LedgerRow, ...]
    record: tuple[PrintedEvent, ...]


FORM = printed(
    {
        LedgerRow: Layout(
            (
                *("number", "chapter", "step", "text", "credential", "state", "why", "at", "who"),
                *("commands", "page", "lately"),
            ),
            given=("key", "listed", "urgency"),
        )
    },
    text=Shape(lambda one: plain(flowing(one), longest=NO_BOUND), TEXT.read, TEXT.forms),
)


def document(told: IncidentView, _style: Style) -> str:
    """All of it."""
    ledger = told.ledger
    return as_json(
        IncidentDocument(
            name=told.name,
            folder=told.folder,
            opened=told.opened,
            closed=told.closed,
            demo=told.demo,
            frozen=told.run,
            warning=told.warning,
            next=ledger.open[0].number if ledger.open else None,
            credentials={state: ledger.count(state) for state in RowState},
            rows=ledger.rows,
            record=tuple(
                PrintedEvent(one.at, one.kind.value, one.by, event_text(one)) for one in told.events
            ),
        ),
        FORM,
    )
