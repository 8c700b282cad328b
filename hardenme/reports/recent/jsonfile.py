"""What appeared or changed, as JSON."""

from __future__ import annotations

import json
from typing import Any

from hardenme.model.recent import Event, Undated, Unseen
from hardenme.reports import values
from hardenme.reports.plain import timestamp
from hardenme.reports.recent.told import RecentShown
from hardenme.reports.style import Style

SCHEMA_VERSION = "1.0"


def render(told: RecentShown, _style: Style) -> str:
    """All of it, ASCII."""
    recent = told.recent
    document = {
        "schema_version": SCHEMA_VERSION,
        "version": values.text(told.version),
        "targets": values.texts(told.targets),
        "since": timestamp(recent.since),
        "until": timestamp(recent.until),
        "partial": values.text(told.partial) or None,
        "verdict": told.verdict,
        "marked": len(recent.marked),
        "to_confirm": len(recent.to_confirm),
        "notes": values.texts(told.notes),
        "requests": told.requests,
        "compared_with": timestamp(recent.compared) if recent.compared else None,
        "compared_with_is_proof": recent.proven,
        "stored_run": timestamp(recent.stored) if recent.stored else None,
        "next": values.text(told.step) or None,
        "events": [_event(event) for event in recent.events],
        "undated": [_undated(one) for one in recent.undated],
        "not_looked_at": [_unseen(one) for one in recent.unseen],
        "lists_read": recent.looked,
        "ordinary": {
            "pushes": recent.ordinary.pushes,
            "runs": recent.ordinary.runs,
            "people": recent.ordinary.people,
            "repositories": recent.ordinary.repositories,
        },
    }
    return json.dumps(document, ensure_ascii=True, allow_nan=False, indent=2) + "\n"


def _event(event: Event) -> dict[str, Any]:
    return {
        "at": timestamp(event.at),
        "kind": values.text(event.kind),
        "place": values.text(str(event.place)),
        "subject": values.text(str(event.subject)),
        "text": values.text(event.text),
        "by": values.text(event.by) or None,
        "allows": values.text(event.allows) or None,
        "undo": values.paragraphs(event.undo) or None,
        "page": values.text(event.page) or None,
        "marks": values.texts(event.marks),
        "confirm": values.texts(event.confirm),
        "from_stored_run": event.stored,
    }


def _undated(one: Undated) -> dict[str, Any]:
    return {
        "kind": values.text(one.kind),
        "place": values.text(str(one.place)),
        "names": values.texts(one.names),
        "weight": str(one.weight),
        "change": one.change or None,
        "page": values.text(one.page) or None,
        "marks": values.texts(one.marks),
        "confirm": values.texts(one.confirm),
    }


def _unseen(one: Unseen) -> dict[str, Any]:
    return {
        "source": values.text(one.source),
        "places": [values.text(str(place)) for place in one.places],
        "of": one.all,
        "reason": one.why.reason.value,
        "needed": values.text(one.why.needed),
        "from_stored_run": one.stored,
        "page": values.text(one.page) or None,
        "unreadable": one.unreadable,
    }
