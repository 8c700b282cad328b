"""Writes and reads values by their types.

Members of a union are distinguished by their types of JSON alone, so their order does not matter.
Two members that could be mistaken for each other are refused when the form is made. Where several
members are dataclasses, each has its name in JSON.
"""

from __future__ import annotations

import enum
import typing
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import is_dataclass
from functools import partial
from threading import RLock
from typing import Annotated, Any, Literal, TypeVar, get_args, get_origin

from hardenme.codec.layout import LaidOut, Layout
from hardenme.codec.shape import LEAVES, UNIONS, Shape, demand, words
from hardenme.ground.errors import ContentError

T = TypeVar("T")
TAG = "is"
"""The member that says which dataclass of a union an object is; in a row it is the first value."""
LISTS = (tuple, list, set, frozenset, Sequence)
PLAIN = Layout()
LIST, OBJECT = frozenset({list}), frozenset({dict})


class Codec:
    """One form of JSON.

    Args:
        shapes: types that are written in another way than elsewhere.
        records: dataclasses that are not written as an object of all their fields.
        rows: dataclasses that are lists of the values of all of their fields.
        objects: mappings from what is a text are objects; else they are lists of pairs, which keep
            any key.
        closed: a member that is not known is refused; else it is passed over.
    """

    def __init__(
        self,
        *,
        shapes: Mapping[Any, Shape] | None = None,
        records: Mapping[type, Layout] | None = None,
        rows: Iterable[type] = (),
        objects: bool = False,
        closed: bool = True,
    ) -> None:
        self.closed = closed
        self._shapes: dict[Any, Shape] = {**LEAVES, **(shapes or {})}
        self._records = {**dict.fromkeys(rows, Layout(row=True)), **(records or {})}
        self._kinds: dict[type, LaidOut] = {}
        self._lock = RLock()
        self._making: dict[type, Shape] = {}
        self._objects = objects

    def write(self, value: Any, hint: Any = None) -> Any:
        """A value as plain values of JSON.

        Raises:
            TypeError: its type has no form.
        """
        return self.shape(type(value) if hint is None else hint).write(value)

    def read(self, kind: type[T], raw: Any) -> T:
        """The value of a type.

        Raises:
            ContentError: it is none.
        """
        found: T = self.shape(kind).read(raw)
        return found

    def members(self, kind: type, raw: Any) -> dict[str, Any]:
        """The values of the fields of a dataclass, which is not made of them.

        Raises:
            ContentError: one is missing, or is not of its form.
        """
        return self._recorded(kind).members(demand(dict, raw))

    def layout(self, kind: type) -> Layout:
        """How a dataclass is written."""
        return self._records.get(kind, PLAIN)

    def shape(self, hint: Any) -> Shape:
        """How a type is written.

        Raises:
            TypeError: it has no form, or two members of a union could be taken for each other.
        """
        found = self._shapes.get(hint)
        if found is None:
            with self._lock:
                found = self._shapes.get(hint) or self._making.get(hint) or self._made(hint)
        return found

    def lost(self, kind: type, name: str, error: ContentError) -> Any:  # noqa: ARG002 (for others)
        """Refuse a member that is missing, or is not of its form.

        Raises:
            ContentError: always; another form may have a replacement.
        """
        raise error

    def _made(self, hint: Any) -> Shape:
        """How a type is written; no other thread sees it before it is complete."""
        try:
            self._shapes[hint] = found = self._shape(hint)
        finally:
            self._making.pop(hint, None)
        return found

    def _shape(self, hint: Any) -> Shape:
        origin, args = get_origin(hint), get_args(hint)
        if origin is Annotated:
            return self.shape(args[0])
        if origin in UNIONS:
            return self._union(hint, args)
        if origin is Literal:
            return words(args)
        if origin is tuple and args[1:] != (...,):
            return _fixed(tuple(map(self.shape, args)))
        if origin in LISTS:
            return _list(self.shape(args[0]), tuple if origin is Sequence else origin)
        if isinstance(origin, type) and issubclass(origin, Mapping):
            name, item = map(self.shape, args)
            named = self._objects and name.forms == {str}
            return _object(name, item) if named else _pairs(name, item)
        if isinstance(hint, type) and issubclass(hint, enum.Enum):
            return words(hint)
        if isinstance(hint, type) and is_dataclass(hint):
            return self._dataclass(hint)
        raise TypeError(f"{hint} has no form in JSON")

    def _dataclass(self, kind: type) -> Shape:
        record = self.layout(kind)
        # What is in it may be of the same type again.
        forms = LIST if record.row else OBJECT
        self._making[kind] = Shape(partial(self.write, hint=kind), partial(self.read, kind), forms)
        return self._recorded(kind).shape()

    def _recorded(self, kind: type) -> LaidOut:
        if kind not in self._kinds:
            self._kinds[kind] = LaidOut(self, kind, self.layout(kind))
        return self._kinds[kind]

    def _union(self, hint: Any, args: tuple[Any, ...]) -> Shape:
        records = [one for one in args if isinstance(one, type) and is_dataclass(one)]
        tagged = self._tagged(records) if len(records) > 1 else None
        items = [get_args(one)[0] for one in args if get_origin(one) is list]
        # Several lists are one, whose items are of any of their types.
        lists = self.shape(list[typing.Union[tuple(items)]]) if items else None  # type: ignore[misc] # noqa: UP007
        found: dict[Any, Shape] = {}
        for one in args:
            own = tagged if one in records else lists if get_origin(one) is list else None
            found[one] = own or self.shape(one)
        forms: dict[type, Shape] = {}
        for shape in dict.fromkeys(found.values()):
            if not forms.keys().isdisjoint(shape.forms):
                raise TypeError(f"what {hint} holds cannot be distinguished")
            forms |= dict.fromkeys(shape.forms, shape)
        shapes = {kind: shape for one, shape in found.items() for kind in _kinds(one)}

        def read(raw: Any) -> Any:
            if type(raw) not in forms:
                raise ContentError("is of another type")
            return forms[type(raw)].read(raw)

        def write(value: Any) -> Any:
            return (shapes.get(type(value)) or _shape_of(shapes, value)).write(value)

        return Shape(write, read, frozenset(forms))

    def _tagged(self, kinds: Sequence[type]) -> Shape:
        shapes = {kind.__name__: self.shape(kind) for kind in kinds}
        forms = frozenset[type]().union(*(shape.forms for shape in shapes.values()))
        if len(forms) > 1:
            raise TypeError(f"of {kinds} some are rows, and some are objects")
        row = forms == LIST

        def read(raw: Any) -> Any:
            if type(raw) not in forms:
                raise ContentError("is of another type")
            rest = raw[1:] if row else {name: raw[name] for name in raw if name != TAG}
            tag = next(iter(raw), None) if row else raw.get(TAG)
            if not isinstance(tag, str) or tag not in shapes:
                raise ContentError(f"is not known to this version: {tag!r:.60}")
            return shapes[tag].read(rest)

        def write(value: Any) -> Any:
            tag = type(value).__name__
            found = shapes[tag].write(value)
            return [tag, *found] if row else {TAG: tag, **found}

        return Shape(write, read, forms)


def _kinds(hint: Any) -> set[Any]:
    """The classes that values of a type have."""
    if get_origin(hint) is Literal:
        return set(map(type, get_args(hint)))
    return {get_origin(hint) or hint}


def _shape_of(shapes: Mapping[Any, Shape], value: Any) -> Shape:
    """That of a value whose class is derived from one that is named; a tuple does for a list."""
    kinds = (tuple if one is list else one for one in shapes)
    found = next((one for one in kinds if isinstance(value, one)), None)
    if found is None:
        raise TypeError(f"{type(value).__name__} has no form in JSON here")
    return shapes[list if found is tuple and list in shapes else found]


def _list(inner: Shape, made: Any) -> Shape:
    def read(raw: Any) -> Any:
        return made(list(map(inner.read, demand(list, raw))))

    def write(value: Any) -> list[Any]:
        found = list(map(inner.write, value))
        return sorted(found) if made in {set, frozenset} else found

    return Shape(write, read, LIST)


def _fixed(parts: tuple[Shape, ...]) -> Shape:
    def read(raw: Any) -> Any:
        if len(demand(list, raw)) != len(parts):
            raise ContentError(f"is not a list of {len(parts)} values")
        return tuple([read(item) for read, item in zip(reads, raw, strict=True)])

    def write(value: Any) -> list[Any]:
        return [write(item) for write, item in zip(writes, value, strict=True)]

    reads, writes = [part.read for part in parts], [part.write for part in parts]
    return Shape(write, read, LIST)


def _pairs(name: Shape, item: Shape) -> Shape:
    pair = _fixed((name, item))
    return Shape(
        lambda value: list(map(pair.write, value.items())),
        lambda raw: dict(map(pair.read, demand(list, raw))),
        LIST,
    )


def _object(name: Shape, item: Shape) -> Shape:
    def read(raw: Any) -> Any:
        found = {}
        for key, value in demand(dict, raw).items():
            try:
                found[name.read(key)] = item.read(value)
            except ContentError as error:
                raise error.within(key) from None
        return found

    return Shape(
        lambda value: {name.write(key): item.write(one) for key, one in value.items()},
        read,
        OBJECT,
    )
