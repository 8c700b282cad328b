"""What a run saw, as the plain values of JSON."""

from __future__ import annotations

from typing import Any

from hardenme.model.inventory import Item, Place, State
from hardenme.model.unknown import Unknown
from hardenme.reports import values
from hardenme.reports.plain import plain


def place(one: Place) -> dict[str, Any]:
    """A place."""
    return {
        "subject": values.text(str(one.subject)),
        "lists": {values.text(kind): _missing(why) for kind, why in one.lists.items()},
        "items": [item(found) for found in one.items],
    }


def item(one: Item) -> dict[str, Any]:
    """An item."""
    return {
        "kind": values.text(one.kind),
        "subject": values.text(str(one.subject)),
        "label": plain(one.label),
        "identity": values.text(one.identity),
        "state": {values.text(name): _value(value) for name, value in one.state.items()},
        "fingerprint": one.fingerprint,
    }


def _missing(why: Unknown | None) -> dict[str, str] | None:
    if why is None:
        return None
    return {"reason": why.reason.value, "needed": values.text(why.needed)}


def _value(value: State) -> Any:
    if isinstance(value, str):
        return values.text(value)
    return values.texts(value) if isinstance(value, tuple) else value
