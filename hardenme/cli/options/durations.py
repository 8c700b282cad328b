"""Lengths of time, as options take them and as people say them."""

from __future__ import annotations

import re

from hardenme.ground.errors import UsageError

UNITS = {"m": 60, "h": 3600, "d": 24 * 3600, "w": 7 * 24 * 3600, "y": 365 * 24 * 3600}
WORDS = (("day", 24 * 3600), ("hour", 3600), ("minute", 60))
SLACK = 0.05
"""The part of a unit by which runs may come early."""
LONGEST = 366 * 24 * 3600
AS_OPTION = re.compile(r"(?P<number>[1-9][0-9]{0,4})(?P<unit>[mhdwy])")


def seconds(option: str, text: str, longest: int = LONGEST, most: str = "a year") -> int:
    """The seconds that an option names, like `5m`, `12h`, `7d`, `1w`; 0 if it is empty.

    Args:
        option: for the message.
        longest: the most seconds that it may name.
        most: the same in words.

    Raises:
        UsageError: it names none, or more than that.
    """
    if not text:
        return 0
    match = AS_OPTION.fullmatch(text)
    length = int(match["number"]) * UNITS[match["unit"]] if match else 0
    if not 0 < length <= longest:
        raise UsageError(
            f"{option} takes a time up to {most}, like 5m, 12h, 7d or 1w; not {text!r}"
        )
    return length


def interval_in_words(length: float) -> str:
    """How far runs are apart: `7 days`, although the last one began a second early."""
    unit = next((unit for _, unit in WORDS if length >= unit - unit * SLACK), 60)
    return in_words(max(round(length / unit), 1) * unit)


def in_words(length: float) -> str:
    """A length of time, rounded down: `3 days`."""
    for word, unit in WORDS:
        if length >= unit:
            number = int(length // unit)
            return f"{number} {word}" if number == 1 else f"{number} {word}s"
    return "less than a minute"
