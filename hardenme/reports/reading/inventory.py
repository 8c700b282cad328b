"""What a run saw, as a stored report holds it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, overload

from hardenme.model.inventory import Item, Place, State
from hardenme.model.subject import Subject
from hardenme.model.text import visible
from hardenme.model.unknown import Reason, Unknown
from hardenme.reports.reading.fields import LARGEST, Fields
from hardenme.reports.reading.packed import BLOCK, Packed


def place_of(raw: object) -> Place:
    """Read a place.

    Raises:
        ReportError: it is none.
    """
    fields = Fields.of(raw, "a place of the inventory")
    lists = fields.part("lists")
    return Place(
        subject=fields.word("subject", Subject.parse),
        lists={kind: _missing(lists.optional(kind)) for kind in lists.raw},
        items=tuple(map(_item, fields.parts("items"))),
    )


def _item(fields: Fields) -> Item:
    state = fields.part("state")
    return Item(
        kind=fields.text("kind"),
        subject=fields.word("subject", Subject.parse),
        label=visible(fields.text("label", "")),
        identity=fields.text("identity"),
        state={name: _value(state, name) for name in state.raw},
    )


def _missing(fields: Fields | None) -> Unknown | None:
    if fields is None:
        return None
    return Unknown(fields.word("reason", Reason), fields.text("needed"))


def _value(state: Fields, name: str) -> State:
    value = state.raw[name]
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, int) and abs(value) <= LARGEST:
        return value
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return tuple(value)
    raise state.fault(name, "a value")


class StoredPlaces(Sequence[Place]):
    """The places of a stored report, made anew each time that they are gone through."""

    def __init__(self) -> None:
        self._packed = Packed()

    def add(self, raw: object, text: str) -> None:
        """Take one more, as JSON and as its text.

        Raises:
            ReportError: it is no place.
        """
        place_of(raw)
        self._packed.add(text)

    def __iter__(self) -> Iterator[Place]:
        for block in self._packed.blocks():
            yield from map(place_of, block)

    def __len__(self) -> int:
        return len(self._packed)

    @overload
    def __getitem__(self, index: int) -> Place: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Place]: ...
    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return tuple(self)[index]
        place = range(len(self))[index]
        block = next(self._packed.blocks(place // BLOCK))
        return place_of(block[place % BLOCK])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(place.subject for place in self))
