"""This machine's clock: the one place that reads what time it is.

All code that needs the current time takes it from this module, by the module's name. So a test or a
page of the documentation can set a fixed time. Durations come from `time.monotonic`, which cannot
be set.
"""

from __future__ import annotations

from datetime import UTC, date, datetime


def now() -> datetime:
    """The present, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The day of the present, in UTC."""
    return now().date()
