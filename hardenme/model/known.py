"""Values that may be unknown: reading an unknown one raises, so that no code can ignore it."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import fields
from typing import Any, Self, cast

from hardenme.model.unknown import NotKnownError, Unknown

READS: ContextVar[set[tuple[str, str]] | None] = ContextVar("READS", default=None)
"""While a check runs: the fields that it reads, as (fact, field)."""


class Known:
    """The base of dataclasses whose fields may be `Unknown`.

    Reading such a field raises `NotKnownError`: an absent key of an answer is not `None` and not
    `False`.
    """

    __slots__ = ()

    def __getattribute__(self, name: str) -> Any:
        value = object.__getattribute__(self, name)
        reads = READS.get()
        if reads is not None:
            reads.add((type(self).__name__, name))
        if isinstance(value, Unknown):
            raise NotKnownError(value)
        return value

    def unknown_fields(self) -> dict[str, Unknown]:
        """The fields that are not known, with why."""
        named = fields(cast("Any", self))
        values = {item.name: object.__getattribute__(self, item.name) for item in named}
        return {name: value for name, value in values.items() if isinstance(value, Unknown)}

    def changed(self, **values: Any) -> Self:
        """The same with other values; what is not known stays so.

        `dataclasses.replace` reads every field, and would raise.
        """
        named = fields(cast("Any", self))
        kept = {item.name: object.__getattribute__(self, item.name) for item in named}
        return type(self)(**kept | values)


def field(fact: Known, name: str) -> Any:
    """The field's value; where it is not known the `Unknown` itself, without raising."""
    return object.__getattribute__(fact, name)
