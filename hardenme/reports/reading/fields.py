"""The members of a JSON object by the form that they have to have."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, Self, TypeVar

from hardenme.reports.reading.error import ReportError

T = TypeVar("T")
CODE = re.compile(r"[A-Z]{3}[0-9]{3}")
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
"""What checks are called. Formats take both for words of ours, and print them as they are."""
LARGEST = 2**53
"""The largest count; what is beyond it is none, and is not exact in JSON."""
KEPT = 1 << 12
"""Texts of one kind whose meaning is kept: ids and moments stand in many findings in a row."""


@dataclass(slots=True)
class Fields:
    """An object. A member that is not there, or null, is left out.

    Attributes:
        what: what it is, for a message.
        raw: its members.
    """

    what: str
    raw: dict[str, Any]

    @classmethod
    def of(cls, value: object, what: str) -> Self:
        """The object.

        Raises:
            ReportError: it is none. So do all methods where a member is not of its form.
        """
        if not isinstance(value, dict):
            raise ReportError(f"{what} is not an object")
        return cls(what, value)

    def fault(self, name: str, what: str) -> ReportError:
        """What to say of a member that is not of its form."""
        missing = self.raw.get(name) is None
        return ReportError(
            f"{self.what} lacks {what} `{name}`"
            if missing
            else f"{self.what} has in place of {what} `{name}` something else"
        )

    def text(self, name: str, default: str | None = None) -> str:
        """A text; it has to be there unless there is a default."""
        value = self.raw.get(name)
        if isinstance(value, str):
            return value
        if value is None and default is not None:
            return default
        raise self.fault(name, "the text")

    def texts(self, name: str) -> tuple[str, ...]:
        """Several texts; none where the member is not there."""
        value = self.raw.get(name)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.fault(name, "the texts")
        return tuple(value)

    def number(self, name: str, default: int | None = None) -> int:
        """A whole number of at least 0."""
        value = self.number_or_none(name)
        if value is not None:
            return value
        if default is None:
            raise self.fault(name, "the number")
        return default

    def number_or_none(self, name: str) -> int | None:
        """The same, or None where it is not there."""
        value = self.raw.get(name)
        if value is None:
            return None
        if type(value) is not int or not 0 <= value <= LARGEST:
            raise self.fault(name, "the number")
        return value

    def numbers(self, name: str) -> dict[str, int]:
        """Counts by name."""
        part = self.optional(name)
        return {} if part is None else {key: part.number(key) for key in part.raw}

    def flag(self, name: str, *, default: bool | None = None) -> bool:
        """Yes or no."""
        value = self.raw.get(name)
        value = default if value is None else value
        if not isinstance(value, bool):
            raise self.fault(name, "the yes or no")
        return value

    def moment(self, name: str) -> datetime:
        """A moment in UTC."""
        return self.word(name, _in_utc)

    def day(self, name: str) -> date:
        """A day."""
        return self.word(name, date.fromisoformat)

    def word(self, name: str, parse: Callable[[str], T]) -> T:
        """What a text stands for; the parser raises ValueError where it stands for nothing."""
        value = self.text(name)
        try:
            return parse(value)
        except ValueError:
            raise ReportError(
                f"{self.what} has a `{name}` that this version does not know: {value!r:.60}"
            ) from None

    def named(self, name: str, form: re.Pattern[str]) -> str:
        """A code or a slug of a check."""
        value = self.text(name)
        if not form.fullmatch(value):
            raise self.fault(name, "the name of a check as")
        return value

    def part(self, name: str) -> Fields:
        """An object in it."""
        found = self.optional(name)
        if found is None:
            raise self.fault(name, "the part")
        return found

    def optional(self, name: str) -> Fields | None:
        """The same, or None where it is not there."""
        value = self.raw.get(name)
        return None if value is None else Fields.of(value, f"`{name}` of {self.what}")

    def parts(self, name: str) -> Iterator[Fields]:
        """The objects of a list in it; none where the member is not there."""
        value = self.raw.get(name)
        if value is None:
            return
        if not isinstance(value, list):
            raise self.fault(name, "the list")
        for item in value:
            yield Fields.of(item, f"one of `{name}` of {self.what}")


@lru_cache(KEPT)
def _in_utc(text: str) -> datetime:
    """A moment.

    Raises:
        ValueError: it is none, or there is none like it in UTC.
    """
    moment = datetime.fromisoformat(text)
    try:
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(str(error)) from None
