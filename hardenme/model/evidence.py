"""Where a fact came from: one atom for each answer that was read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

Scalar = str | int | float | bool | None
Seen = dict[str, Scalar | list[str] | list[int]]
"""The few fields that decided, by the provider's own names; never a secret's value."""


@dataclass(frozen=True, slots=True)
class Atom:
    """One answer that was read.

    Attributes:
        endpoint: method and address below the base, like `GET /user/keys`.
        status: the HTTP status; 0 if none arrived.
        observed_at: by the server's own clock where the answer has a date, in UTC.
        pages_read: how many pages were read.
        pages_expected: how many there are by what the server says; None if it does not say.
        cached: the server confirmed (304) a stored answer, or an earlier run read it with a person
            present, at `observed_at`.
    """

    endpoint: str
    status: int
    observed_at: datetime
    pages_read: int = 1
    pages_expected: int | None = 1
    cached: bool = False

    @property
    def complete(self) -> bool:
        """Whether every page that was expected was read."""
        return self.pages_expected is None or self.pages_read >= self.pages_expected
