"""The moment at which the worlds of the tests stand, and with them the product's clock.

What runs in a process of its own, as the command does, has the machine's clock: there a world is
made for the present.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any
from unittest import mock

from hardenme.ground import clock

MOVER = frozenset({"FAKETIME_SHARED"})
"""What the library that moves the clock of all processes puts into the environment of each."""
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def standing_at(moment: datetime) -> AbstractContextManager[Any]:
    """Have the product's clock stand, for all threads of this process."""

    # A plain function: making a mock takes longer than many a test, and a run of the audit has one.
    def standing() -> datetime:
        return moment

    return mock.patch.object(clock, "now", standing)
