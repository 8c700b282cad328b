"""A question that is answered by what speaks against it, in three values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from hardenme.model.fact import Every
from hardenme.model.unknown import Unknown


@dataclass(slots=True)
class Criterion:
    """One question: no as soon as one thing speaks against it, yes where all of it was read.

    Attributes:
        about: what it is about, for the unknown that names it.
        against: what is known to speak against it, one sentence each.
        unread: what could speak against it and is not known.
    """

    about: str
    against: list[str] = field(default_factory=list)
    unread: list[Unknown] = field(default_factory=list)

    def demand(self, value: Any, why: str) -> None:
        """Hold it against the question where a value is false or empty; it may be unknown."""
        if isinstance(value, Unknown):
            self.unread.append(value)
        elif not value:
            self.against.append(why)

    def each(self, values: Any) -> Iterator[Any]:
        """The items of a field that may be unknown, which is noted."""
        if isinstance(values, Unknown):
            self.unread.append(values)
        else:
            yield from values

    def value(self) -> Any:
        """False, an unknown that names the question, or True."""
        if self.against:
            return False
        return self.unknown() or True

    def unknown(self) -> Unknown | None:
        """The first thing that is not known, with the question that it belongs to."""
        if not self.unread:
            return None
        first, question = self.unread[0], f"to know {self.about}: "
        # What a leg takes over from another one of the same question names it already.
        needed = first.needed.removeprefix(question)
        return replace(first, needed=f"{question}{needed}")


def listed(items: Any) -> Every[Any]:
    """What is known about a list; an unknown list counts as an incomplete one."""
    return Every((), items) if isinstance(items, Unknown) else items
