"""Reads raw JSON by key presence: an absent key is not False and not None, it is unknown.

The methods are typed by what they return if the key is there. If it is absent, or has another type,
they return an `Unknown`. A fact takes it as a field, and reading that field raises `NotKnownError`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any, TypeVar

from hardenme.model.maybe import first_unknown
from hardenme.model.unknown import NotKnownError, Reason, Unknown
from hardenme.model.values import flag, moment, number, text

T = TypeVar("T")


class Item:
    """One JSON object.

    Attributes:
        data: its keys; none if it is not an object.
        whole: the raw value: an object, or what is in its place.
        endpoint: what answered with it, for messages.
    """

    def __init__(self, data: Any, endpoint: str) -> None:
        self.data: dict[str, Any] = data if isinstance(data, dict) else {}
        self.whole = data
        self.endpoint = endpoint

    def __contains__(self, name: str) -> bool:
        return name in self.data

    def has_value(self, name: str) -> bool:
        """Whether the key is there and not null."""
        return self.data.get(name) is not None

    def text(self, name: str) -> str | Unknown:
        """A string."""
        return self._read(name, text)

    def flag(self, name: str) -> bool | Unknown:
        """A boolean."""
        return self._read(name, flag)

    def number(self, name: str) -> int | Unknown:
        """An integer."""
        return self._read(name, number)

    def moment(self, name: str) -> datetime | Unknown:
        """A time, in UTC."""
        return self._read(name, moment)

    def choice(self, name: str, *allowed: str) -> str | Unknown:
        """A string of a closed set; any other is unknown, whatever it may mean."""

        def pick(value: Any) -> str:
            if value not in allowed:
                raise ValueError(f"{name} has a value that this version does not know")
            return str(value)

        return self._read(name, pick)

    def optional(self, name: str, read: Callable[[str], T]) -> T | None:
        """What `read` gives, or None if the key is there and null."""
        if name in self.data and self.data[name] is None:
            return None
        return read(name)

    def item(self, name: str) -> Item:
        """An object within; an empty one where there is none."""
        return Item(self.data.get(name), self.endpoint)

    def items(self, name: str) -> Iterator[Item]:
        """The objects of a list within."""
        value = self.data.get(name)
        return (Item(part, self.endpoint) for part in (value if isinstance(value, list) else ()))

    def lists(self, name: str) -> bool:
        """Whether the key is there and a list."""
        return isinstance(self.data.get(name), list)

    def identity(self, name: str) -> str:
        """What the object is known by, a number or a name, as text.

        Raises:
            NotKnownError: it has none, so it cannot be referred to.
        """
        value = self.data.get(name)
        if isinstance(value, str | int) and not isinstance(value, bool) and value != "":
            return str(value)
        raise NotKnownError(self.odd(name) if name in self else self.absent(name))

    def absent(self, name: str) -> Unknown:
        """The unknown in place of an absent key."""
        return Unknown(
            Reason.NOT_VISIBLE,
            f"`{name}` in the answer to {self.endpoint}",
            seen=f"`{name}` is absent",
        )

    def odd(self, name: str) -> Unknown:
        """The unknown in place of a value that is not understood."""
        return Unknown(
            Reason.MALFORMED,
            f"{self.endpoint} gave `{name}` a value that this version does not understand;"
            " update hardenme, or report it",
            seen=f"`{name}` is not understood",
        )

    def _read(self, name: str, convert: Callable[[Any], T]) -> T | Unknown:
        if name not in self.data:
            return self.absent(name)
        try:
            return convert(self.data[name])
        except (ValueError, TypeError, OverflowError):
            return self.odd(name)


def all_known(values: Iterable[Any]) -> Unknown | None:
    """The first unknown among values; None if all are known."""
    found: Unknown | None = first_unknown(values)
    return found
