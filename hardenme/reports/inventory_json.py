"""What a run saw, as the plain values of JSON."""

from __future__ import annotations

from typing import Any

from hardenme.model.inventory import Item, Place
from hardenme.model.plainness import all_plain
from hardenme.model.unknown import Unknown
from hardenme.reports import values
from hardenme.reports.plain import LONGEST_TEXT


def place(one: Place) -> dict[str, Any]:
    """A place, each text in it without secrets and hidden characters."""
    found = {
        "subject": str(one.subject),
        "lists": {kind: _missing(why) for kind, why in one.lists.items()},
        "items": list(map(_item, one.items)),
    }
    return found if all_plain(found, LONGEST_TEXT) else _shown(found)


def _item(one: Item) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "subject": str(one.subject),
        "label": one.label,
        "identity": one.identity,
        "state": dict(one.state),
        "fingerprint": one.fingerprint,
    }


def _missing(why: Unknown | None) -> dict[str, str] | None:
    return None if why is None else {"reason": why.reason.value, "needed": why.needed}


def _shown(value: Any) -> Any:
    if isinstance(value, str):
        return values.text(value)
    if isinstance(value, dict):
        return {values.text(name): _shown(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_shown(part) for part in value]
    return value
