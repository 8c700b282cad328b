"""What a run saw, as the plain values of JSON."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hardenme.model.inventory import Item, Place, State
from hardenme.model.plainness import all_plain
from hardenme.model.subject import Subject
from hardenme.model.unknown import Unknown
from hardenme.reports import values
from hardenme.reports.plain import LONGEST_TEXT, plain


def place(one: Place) -> dict[str, Any]:
    """A place, each text in it without secrets and hidden characters."""
    found = _parts(one)
    if not all_plain(found, LONGEST_TEXT):
        one = _shown(one)
        found = _parts(one)
    # That of an item which is read back from here has to be the same.
    for raw, item in zip(found["items"], one.items, strict=True):
        raw["fingerprint"] = item.fingerprint
    return found


def _parts(one: Place) -> dict[str, Any]:
    return {
        "subject": str(one.subject),
        "lists": {kind: _missing(why) for kind, why in one.lists.items()},
        "items": [
            {
                "kind": item.kind,
                "subject": str(item.subject),
                "label": item.label,
                "identity": item.identity,
                "state": dict(item.state),
            }
            for item in one.items
        ],
    }


def _missing(why: Unknown | None) -> dict[str, str] | None:
    return None if why is None else {"reason": why.reason.value, "needed": why.needed}


def _shown(one: Place) -> Place:
    lists = {
        values.text(kind): why and replace(why, needed=values.text(why.needed))
        for kind, why in one.lists.items()
    }
    return Place(_subject(one.subject), lists, tuple(map(_item, one.items)))


def _item(item: Item) -> Item:
    return Item(
        kind=values.text(item.kind),
        subject=_subject(item.subject),
        label=plain(item.label),
        identity=values.text(item.identity),
        state={values.text(name): _value(value) for name, value in item.state.items()},
    )


def _subject(subject: Subject) -> Subject:
    return replace(subject, name=values.text(subject.name))


def _value(value: State) -> State:
    if isinstance(value, str):
        return values.text(value)
    return tuple(map(values.text, value)) if isinstance(value, tuple) else value
