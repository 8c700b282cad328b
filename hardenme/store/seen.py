"""Writes what was seen as JSON and reads it back, one record for all places of a repository."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from hardenme.model.finding import LONGEST
from hardenme.model.inventory import Item, Place
from hardenme.model.plainness import all_plain
from hardenme.model.secret import redacted
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown
from hardenme.store.findings import RecordError


def write(places: Iterable[Place]) -> str:
    """One line of JSON, without secrets."""
    record = [
        [
            _subject(place.subject),
            {
                kind: None if why is None else [why.reason.value, why.needed]
                for kind, why in place.lists.items()
            },
            [
                [item.kind, _subject(item.subject), item.label, item.identity, item.state]
                for item in place.items
            ],
        ]
        for place in places
    ]
    fit = record if all_plain(record, LONGEST) else redacted(record)
    return json.dumps(fit, separators=(",", ":"))


def read(line: str) -> tuple[Place, ...]:
    """The places of a line.

    Raises:
        RecordError: it is not one that this version writes.
    """
    try:
        return tuple(
            Place(
                Subject(*subject),
                {kind: _unknown(why) for kind, why in lists.items()},
                tuple(map(_item, items)),
            )
            for subject, lists, items in json.loads(line)
        )
    except (TypeError, ValueError, AttributeError) as error:
        raise RecordError(f"no record of places: {type(error).__name__}") from None


def _subject(subject: Subject) -> list[str]:
    return [subject.provider, subject.kind, subject.name]


def _unknown(why: list[str] | None) -> Unknown | None:
    if why is None:
        return None
    reason, needed = why
    return Unknown(Reason(reason), needed)


def _item(raw: list[Any]) -> Item:
    kind, subject, label, identity, state = raw
    values = {
        name: tuple(value) if isinstance(value, list) else value for name, value in state.items()
    }
    return Item(kind, Subject(*subject), label, identity, values)
