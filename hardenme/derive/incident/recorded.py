"""How the record of an incident holds what a run showed, and how that is read again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from hardenme.derive.incident.observed import Observation
from hardenme.derive.runbook import kinds
from hardenme.model.incident import EventKind, IncidentEvent
from hardenme.model.inventory import InventoryItem
from hardenme.model.runbook import RunbookStep, RunbookThing
from hardenme.model.subject import Subject

OVER = frozenset({EventKind.GONE, EventKind.REFUSED})
OBSERVED = OVER | {EventKind.SEEN}


def observation(one: IncidentEvent) -> Observation:
    """What a line says of a thing."""
    at = datetime.fromisoformat(one.data["run"]) if "run" in one.data else one.at
    return Observation(at, one.kind in OVER, one.data.get("told", ""), recorded=True)


def line(one: Observation, now: datetime, about: str, text: str) -> IncidentEvent:
    """The line about what a run showed.

    Args:
        one: what it showed.
        now: when it is written down.
        about: the key of the row.
        text: the row's text.
    """
    data = {"run": one.at.isoformat(), "told": one.told, "text": text}
    return IncidentEvent(
        EventKind.GONE if one.over else EventKind.SEEN, now, about=about, data=data
    )


def placed(step: RunbookStep, thing: RunbookThing | None) -> dict[str, str]:
    """By what a line is found again that is about something that was not frozen."""
    found = {"step": step.text, "chapter": step.chapter.value}
    if thing is None:
        return found
    item = thing.item
    return found | {
        "kind": thing.kind.kind,
        "place": str(thing.place),
        "subject": str(item.subject),
        "identity": item.identity,
        "label": item.label,
        "created_at": str(item.state.get("created_at") or ""),
    }


def thing_of(one: IncidentEvent) -> RunbookThing | None:
    """The thing that a line is about; None if it does not name one."""
    data: Mapping[str, str] = one.data
    try:
        place, subject = Subject.parse(data["place"]), Subject.parse(data["subject"])
        where = f"{place.provider}:{place.kind}"
        kind = next(one for one in kinds.EVERY if (one.kind, one.place) == (data["kind"], where))
        state = {"created_at": data["created_at"]} if data["created_at"] else {}
        item = InventoryItem(kind.kind, subject, data["label"], data["identity"], state)
    except (KeyError, ValueError, StopIteration):
        return None
    return RunbookThing(kind, place, item, data.get("text", ""))
