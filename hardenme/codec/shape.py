"""How the values of one type are written in JSON."""

from __future__ import annotations

import enum
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from types import NoneType, UnionType
from typing import Annotated, Any, TypeVar, Union

from hardenme.ground.errors import ContentError

T = TypeVar("T")
UNIONS = (UnionType, Union)
"""What several types are, by `|` or as hints that are made."""
JSON = {NoneType: "null", bool: "a yes or no", int: "a whole number", str: "a text"}
"""What the simple types of JSON are called in a message."""

OrNull = Annotated[str, "null where it is empty"]
Paragraphs = Annotated[str, "several lines"]
ParagraphsOrNull = Annotated[str, "several lines; null where it is empty"]
"""Texts that a form may write otherwise than a text of one line."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How the values of one type are written in JSON.

    Attributes:
        write: a value, as plain values of JSON.
        read: the value of such; it raises `ContentError` for any other.
        forms: the types of JSON that it may have, which identify it in a union.
    """

    write: Callable[[Any], Any]
    read: Callable[[Any], Any]
    forms: frozenset[type]


def demand(kind: type[T], raw: Any) -> T:
    """See to it that a value is a list, or an object.

    Raises:
        ContentError: it is none.
    """
    if type(raw) is not kind:
        raise ContentError("is not a list" if kind is list else "is not an object")
    return raw


def simple(kind: type) -> Shape:
    """A type that JSON has itself. True is a whole number for Python, and none here."""

    def read(raw: Any) -> Any:
        if type(raw) is not kind:
            raise ContentError(f"is not {JSON[kind]}")
        return raw

    return Shape(_same, read, frozenset({kind}))


def text(parse: Callable[[str], Any], write: Callable[[Any], str] = str, what: str = "") -> Shape:
    """A value that is written as a text.

    Args:
        parse: returns the value; raises ValueError for a text that means nothing.
        write: the other way.
        what: it is, in words.
    """

    def read(raw: Any) -> Any:
        try:
            return parse(TEXT.read(raw))
        except ContentError:
            raise
        except (ValueError, OverflowError):
            raise ContentError(f"is not {what or 'known to this version'}: {raw!r:.60}") from None

    return Shape(write, read, TEXT.forms)


def words(values: Iterable[Any]) -> Shape:
    """One of a closed set: the words of a `Literal`, or the members of an enum by their values."""
    known = {(one.value if isinstance(one, enum.Enum) else one): one for one in values}
    forms = frozenset(map(type, known))

    def read(raw: Any) -> Any:
        if type(raw) not in forms or raw not in known:
            raise ContentError(f"is not known to this version: {raw!r:.60}")
        return known[raw]

    if all(isinstance(one, enum.Enum) for one in known.values()):
        return Shape({one: word for word, one in known.items()}.__getitem__, read, forms)
    return Shape(lambda one: one.value if isinstance(one, enum.Enum) else one, read, forms)


def _same(value: Any) -> Any:
    return value


def _number(raw: Any) -> float:
    if type(raw) not in {int, float} or abs(raw) > LARGEST:
        raise ContentError("is not a number")
    return float(raw)


def _fraction(value: float) -> float | str:
    # JSON has no other number than these.
    return value if math.isfinite(value) else str(value)


def _moment(raw: str) -> datetime:
    found = datetime.fromisoformat(raw)
    if found.tzinfo is None:
        raise ValueError("a moment without its zone")
    return found.astimezone(UTC)


LARGEST = 2**53
"""The largest number that is read; what is beyond it is not exact in JSON."""
TEXT = simple(str)
LEAVES: Mapping[Any, Shape] = {
    str: TEXT,
    bool: simple(bool),
    int: simple(int),
    float: Shape(_fraction, _number, frozenset({float})),
    None: simple(NoneType),
    NoneType: simple(NoneType),
    datetime: text(_moment, lambda one: one.astimezone(UTC).isoformat(), "a moment with its zone"),
    date: text(date.fromisoformat, date.isoformat, "a day"),
}
"""The types that other ones are made of."""
