"""Values that stand once in a record, and are named by their number everywhere else in it."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Any

from hardenme.codec.shape import Shape
from hardenme.ground.errors import ContentError


class SharedValues:
    """Those of one type, in one record after the other."""

    def __init__(self) -> None:
        self._numbers: dict[Hashable, int] = {}
        self._values: tuple[Any, ...] = ()

    @property
    def shape(self) -> Shape:
        """How one stands where it is named."""
        return Shape(self._number, self._value, frozenset({int}))

    def begin(self, values: Iterable[Any] = ()) -> None:
        """Begin a record: one that is written without any, one that is read with all it holds."""
        self._numbers.clear()
        self._values = tuple(values)

    def all(self) -> tuple[Any, ...]:
        """Those that the written record named, in the order of their numbers."""
        return tuple(self._numbers)

    def _number(self, value: Hashable) -> int:
        return self._numbers.setdefault(value, len(self._numbers))

    def _value(self, raw: Any) -> Any:
        if type(raw) is not int or not 0 <= raw < len(self._values):
            raise ContentError("is the number of nothing in the record")
        return self._values[raw]
