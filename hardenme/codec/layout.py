"""How a dataclass is written in JSON: as an object of its fields, or a row of their values."""

from __future__ import annotations

import typing
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from functools import cache, lru_cache
from typing import Any, Protocol

from hardenme.codec.shape import UNIONS, Shape
from hardenme.ground.errors import ContentError
from hardenme.model.known import Known
from hardenme.model.unknown import Unknown

MANY = 4096
"""Rows that are remembered."""
MARK = "unknown"
"""The only member of the object that represents an unknown field."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How a dataclass is written in JSON, if not as an object of its fields in their order.

    Attributes:
        names: the members in their order; all fields where none is named. A field that is not
            named has to have a default, and is not kept.
        given: fields that are not kept either: who reads knows them from elsewhere.
        row: a list of the values, in place of an object.
        repeated: a row of simple values of JSON that comes again and again; the same value is
            given for the same row.
        absent: members that an earlier form may lack; the field's default replaces them.
        sparse: members that are left out where the value is None, and then are not there.
        shapes: members that are written in another way than their type elsewhere.
        flat: a field whose own members are merged into this object.
        told: computed members, which are written and not read.
    """

    names: tuple[str, ...] = ()
    given: tuple[str, ...] = ()
    row: bool = False
    repeated: bool = False
    absent: tuple[str, ...] = ()
    sparse: tuple[str, ...] = ()
    shapes: Mapping[str, Shape] = field(default_factory=dict)
    flat: str = ""
    told: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)


REPEATED = Layout(row=True, repeated=True)
"""That of subjects and of answers, which many facts and findings name."""


class Types(Protocol):
    """What a record has to know of the form that it is part of."""

    closed: bool

    def shape(self, hint: Any) -> Shape:
        """How a type is written."""

    def lost(self, kind: type, name: str, error: ContentError) -> Any:
        """The value in place of a member that is missing or malformed.

        Raises:
            ContentError: nothing does.
        """


class LaidOut:
    """A dataclass in a form.

    Raises:
        TypeError: a field would be lost, or has no form.
    """

    def __init__(self, form: Types, kind: type, record: Layout) -> None:
        self._form, self._kind, self._record = form, kind, record
        self._names = record.names or tuple(item.name for item in fields(kind))
        self._lasting = {*record.absent, *record.sparse}
        self._flat: Shape | None = None
        self._steps: dict[str, Shape] = {}
        hints = hints_of(kind)
        for name in self._names:
            if name == record.flat:
                self._flat = form.shape(hints[name])
            elif name not in record.told:
                shape = record.shapes.get(name) or form.shape(hints[name])
                if issubclass(kind, Known):
                    shape = _markable(form, hints[name], shape)
                self._steps[name] = shape
        self._known = frozenset(self._names)
        self._reads = tuple((name, shape.read) for name, shape in self._steps.items())
        self._writes = tuple((name, shape.write) for name, shape in self._steps.items())
        self._in_order = [*self._steps] == [item.name for item in fields(kind) if item.init]
        self._demand_all()

    def _demand_all(self) -> None:
        record = self._record
        always = self._steps.keys() - self._lasting
        # What is given is made by anyone who reads, and so is what may be absent then.
        always = always | {record.flat, *record.given, *(record.absent if record.given else ())}
        for item in fields(self._kind):
            lasting = item.default is not MISSING or item.default_factory is not MISSING
            if item.name not in always and not lasting:
                raise TypeError(f"{self._kind.__name__}.{item.name} is not kept and has no default")

    def shape(self) -> Shape:
        """How it is written."""
        if self._record.repeated:
            return Shape(self._row, self._repeated(), frozenset({list}))
        if self._record.row:
            return Shape(self._row, self._of_row, frozenset({list}))
        return Shape(self._object, self._of_object, frozenset({dict}))

    def _row(self, value: Any) -> list[Any]:
        get = object.__getattribute__
        return [write(get(value, name)) for name, write in self._writes]

    def _of_row(self, raw: Any) -> Any:
        if type(raw) is not list or len(raw) != len(self._reads):
            raise ContentError(f"is not a list of {len(self._reads)} values")
        try:
            values = [read(one) for (_, read), one in zip(self._reads, raw, strict=True)]
        except ContentError:
            # Which member it is, and what replaces it, is found out by reading them by their names.
            return self._made(self.members(dict(zip(self._steps, raw, strict=True))))
        if self._in_order:
            return self._made(values)
        return self._made(dict(zip(self._steps, values, strict=True)))

    def _repeated(self) -> Callable[[Any], Any]:
        # By types too: True is 1 for Python.
        remembered = lru_cache(MANY, typed=True)(lambda *values: self._of_row(list(values)))

        def read(raw: Any) -> Any:
            try:
                return remembered(*raw) if type(raw) is list else self._of_row(raw)
            except TypeError:
                # A value that is not simple cannot be remembered, and is refused by its name.
                return self._of_row(raw)

        return read

    def _object(self, value: Any) -> dict[str, Any]:
        # A field that is not known would raise where it is read as others are.
        get = object.__getattribute__
        found: dict[str, Any] = {}
        for name in self._names:
            if name in self._steps:
                one = get(value, name)
                if not (one is None and name in self._record.sparse):
                    found[name] = self._steps[name].write(one)
            elif self._flat is not None and name == self._record.flat:
                found |= self._flat.write(get(value, name))
            else:
                found[name] = self._record.told[name](value)
        return found

    def _of_object(self, raw: Any) -> Any:
        if type(raw) is not dict:
            raise ContentError("is not an object")
        if self._form.closed and not raw.keys() <= self._known:
            raise ContentError(f"has an unknown member {min(raw.keys() - self._known)!r:.60}")
        return self._made(self.members(raw))

    def members(self, raw: Mapping[str, Any]) -> dict[str, Any]:
        """The values of the fields.

        Raises:
            ContentError: one is missing, or is not of its form.
        """
        given: dict[str, Any] = {}
        for name, read in self._reads:
            if name not in raw:
                if name not in self._lasting:
                    error = ContentError("is missing", (name,), missing=True)
                    given[name] = self._form.lost(self._kind, name, error)
                continue
            try:
                given[name] = read(raw[name])
            except ContentError as error:
                given[name] = self._form.lost(self._kind, name, error.within(name))
        if self._flat is not None:
            given[self._record.flat] = self._flat.read(raw)
        return given

    def _made(self, given: dict[str, Any] | list[Any]) -> Any:
        """One of the type, of its fields by their names, or of all in their order."""
        try:
            return self._kind(*given) if isinstance(given, list) else self._kind(**given)
        except ContentError:
            raise
        except ValueError as error:
            # The model refuses what cannot be, like a verdict without evidence.
            raise ContentError(f"cannot be: {error!s:.200}") from None


def _markable(form: Types, hint: Any, shape: Shape) -> Shape:
    """The same, where a value may be unknown whatever its type."""
    unknown = form.shape(Unknown)
    parts = typing.get_args(hint) if typing.get_origin(hint) in UNIONS else (hint,)
    if any(dict in form.shape(one).forms and not is_dataclass(one) for one in parts):
        raise TypeError(f"an object of {hint} could be taken for an unknown")

    def write(value: Any) -> Any:
        return {MARK: unknown.write(value)} if type(value) is Unknown else shape.write(value)

    def read(raw: Any) -> Any:
        marked = type(raw) is dict and raw.keys() == {MARK}
        return unknown.read(raw[MARK]) if marked else shape.read(raw)

    return Shape(write, read, shape.forms | {dict})


@cache
def hints_of(kind: Any) -> dict[str, Any]:
    """The types of a dataclass's fields."""
    return typing.get_type_hints(kind, include_extras=True)
