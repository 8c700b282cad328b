"""This machine's clock: the one place that reads what time it is.

Whatever counts to the present takes it from here, by the module's name, so that a test or a page of
the documentation can stand at a moment of its own. Durations come from `time.monotonic`, which no
one sets.
"""

from __future__ import annotations

from datetime import UTC, date, datetime


def now() -> datetime:
    """The present, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The day of the present, in UTC."""
    return now().date()
