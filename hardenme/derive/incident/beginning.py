"""When an attack began, as far as it is known: by who opened the incident, or by the frozen run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from hardenme.derive.incident.observed import LedgerRun
from hardenme.derive.recent.found import time_of
from hardenme.model.incident import FIRST_SIGN, UNDATED, AttackStart, EventKind, IncidentEvent


def began(frozen: LedgerRun, events: Sequence[IncidentEvent]) -> AttackStart | None:
    """The start of the attack where the frozen run is younger; None if it is from before.

    Args:
        frozen: the run that was frozen.
        events: the record, which has the time that was given.
    """
    found = (*_given(events), *_suspect_versions(frozen))
    start = min(found, key=lambda one: one.at, default=None)
    return start if start is not None and start.at < frozen.report.started else None


def _given(events: Sequence[IncidentEvent]) -> Iterator[AttackStart]:
    for one in events:
        if one.kind is EventKind.BEGAN:
            sign = one.data.get(FIRST_SIGN, UNDATED)
            at = datetime.fromisoformat(one.data["at"])
            yield AttackStart(at, "" if sign == UNDATED else sign)


def _suspect_versions(run: LedgerRun) -> Iterator[AttackStart]:
    """When the versions were published that the run knows to be suspect."""
    for place, versions in run.suspect.items():
        found = run.places.get(place)
        for one in found.items if found else ():
            if one.kind == "version" and one.label in versions:
                at = time_of(one.state, "published_at")
                if at is not None:
                    yield AttackStart(at, f"{place.name}@{one.label} was published")
