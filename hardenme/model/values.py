"""Conversions from raw values to plain types. A value of another type is refused, never coerced."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

from hardenme.ground.errors import ContentError

T = TypeVar("T")


def at(name: str, read: Callable[[Any], T], value: Any) -> T:
    """A value that is at another key than the declared one.

    Raises:
        ContentError: it is not understood.
    """
    try:
        return read(value)
    except (ValueError, TypeError):
        raise ContentError(name) from None


def text(value: Any) -> str:
    """A string that is complete characters.

    Raises:
        TypeError: it is none.
        ValueError: it holds half a character.
    """
    if not isinstance(value, str):
        raise TypeError("no string")
    # Half a surrogate pair is not a character: neither an address nor a terminal accepts it.
    value.encode()
    return value


def flag(value: Any) -> bool:
    """A boolean.

    Raises:
        TypeError: it is none.
    """
    if not isinstance(value, bool):
        raise TypeError("no boolean")
    return value


def number(value: Any) -> int:
    """An integer.

    Raises:
        TypeError: it is none.
    """
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError("no integer")
    return value


def moment(value: Any) -> datetime:
    """A time in one of the forms that GitHub and npm write, in UTC.

    In addition to ISO 8601 it reads `2026-05-16 11:52:29 +0200` and `2026-05-16 09:52:29 UTC`.

    Raises:
        ValueError: it is none of them, or has no time zone.
        TypeError: it is not a string.
    """
    if not isinstance(value, str):
        raise TypeError("no string")
    said = value.strip().removesuffix(" UTC")
    said = said + "Z" if said != value.strip() else said
    head, _, zone = said.rpartition(" ")
    parsed = datetime.fromisoformat(head + zone if zone[:1] in {"+", "-"} else said)
    if parsed.tzinfo is None:
        raise ValueError("no time zone")
    try:
        return parsed.astimezone(UTC)
    except OverflowError:
        raise ValueError("beyond the calendar") from None


def listed(value: Any) -> list[Any]:
    """A list.

    Raises:
        TypeError: it is none.
    """
    if not isinstance(value, list):
        raise TypeError("no list")
    return value


def objects(value: Any) -> list[Mapping[str, Any]]:
    """The objects of a list; anything else in it is ignored.

    Raises:
        TypeError: it is not a list.
    """
    return [one if isinstance(one, Mapping) else {} for one in listed(value)]


def whole(connection: Mapping[str, Any]) -> bool:
    """Whether GraphQL shows all of a list.

    Raises:
        KeyError: it is not there.
        TypeError: it has another type.
    """
    return number(connection["totalCount"]) == len(objects(connection["nodes"]))


def some(*names: str) -> Callable[[Mapping[str, Any]], bool]:
    """From an object to whether one of these flags is set; it raises where that does not show."""
    return lambda told: (
        any(told.get(name) is True for name in names) or any(flag(told[name]) for name in names)
    )


def every(*names: str) -> Callable[[Mapping[str, Any]], bool]:
    """From an object to whether each of these flags is set; it raises where that does not show."""
    return lambda told: (
        all(told.get(name) is not False for name in names)
        and all(flag(told[name]) for name in names)
    )
