"""How bad it is when a check fails."""

from __future__ import annotations

from enum import IntEnum


class Severity(IntEnum):
    """Ordered from harmless to worst, so that `>=` reads as it should."""

    INFO = 0
    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4

    def __str__(self) -> str:
        return self.name.lower()

    @classmethod
    def parse(cls, text: str) -> Severity:
        """The severity of that name.

        Raises:
            ValueError: there is none of that name; the message lists them.
        """
        try:
            return cls[text.strip().upper()]
        except KeyError:
            names = ", ".join(str(item) for item in reversed(cls))
            raise ValueError(f"{text!r} is not a severity; one of: {names}") from None
