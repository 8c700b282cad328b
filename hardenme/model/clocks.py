"""Reports the difference between a server's clock and this machine's."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

SET_IT = "set this machine's clock if it is wrong, and run again"
FORM = "%Y-%m-%d %H:%M UTC"
APART = re.compile(
    r" says it is (?P<server>\d{4}-\d\d-\d\d \d\d:\d\d UTC);"
    r" this machine says (?P<own>\d{4}-\d\d-\d\d \d\d:\d\d UTC)"
)


def apart(origin: str, server: datetime, own: datetime) -> str:
    """The two times in words, as `differences` reads them back.

    Args:
        server: what that server takes the time to be.
        own: what this machine does.
    """
    return f"{origin} says it is {server:{FORM}}; this machine says {own:{FORM}}"


def differences(warnings: Iterable[str]) -> tuple[timedelta, ...]:
    """By how much each server's clock was behind this machine's, by a report's warnings."""
    found = (APART.search(text) for text in warnings)
    return tuple(_time(one["own"]) - _time(one["server"]) for one in found if one is not None)


def _time(text: str) -> datetime:
    return datetime.strptime(f"{text} +0000", f"{FORM} %z")
