"""An incident: what its record says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

COMMAND = "hardenme incident"


class EventKind(StrEnum):
    """What a line of the record says."""

    OPENED = "opened"
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
