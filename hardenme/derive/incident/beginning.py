"""When an attack began, as far as it is known: by who opened the incident, or by the frozen run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from hardenme.derive.incident.observed import LedgerRun
from hardenme.derive.recent.found import time_of
from hardenme.model.incident import EventKind, IncidentEvent


def began(frozen: LedgerRun, events: Sequence[IncidentEvent]) -> datetime | None:
    """The start of the attack where the frozen run is younger; None if it is from before.

    Args:
        frozen: the run that was frozen.
        events: the record, which has the time that was given.
    """
    given = (
        datetime.fromisoformat(one.data["at"]) for one in events if one.kind is EventKind.BEGAN
    )
    start = min((*given, *_suspect_times(frozen)), default=None)
    return start if start is not None and start < frozen.report.started else None


def _suspect_times(run: LedgerRun) -> Iterator[datetime]:
    """When the versions were published that the run knows to be suspect."""
    for place, versions in run.suspect.items():
        found = run.places.get(place)
        for one in found.items if found else ():
            if one.kind == "version" and one.label in versions:
                at = time_of(one.state, "published_at")
                if at is not None:
                    yield at
