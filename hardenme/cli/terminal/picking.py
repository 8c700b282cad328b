"""Several of a numbered list, by the numbers that a person types."""

from __future__ import annotations

import re
from collections.abc import Sequence

from hardenme.cli.terminal.interview import Interview

ALL = "all"
PART = re.compile(r"(?P<first>\d{1,6})(?:-(?P<last>\d{1,6}))?")


def numbers_in(text: str, most: int) -> frozenset[int] | None:
    """The numbers of a list such as `1-3,7`; None if one of them is not there.

    Args:
        text: as it was typed.
        most: the highest number that there is.
    """
    found = set[int]()
    for part in re.split(r"[ ,]+", text.strip(" ,")):
        one = PART.fullmatch(part)
        if one is None:
            return None
        first, last = int(one["first"]), int(one["last"] or one["first"])
        if not 1 <= first <= last <= most:
            return None
        found |= set(range(first, last + 1))
    return frozenset(found)


def pick(interview: Interview, question: str, rows: Sequence[str]) -> list[int]:
    """The places of those of a list that the person picks, from 0, in their order.

    Args:
        interview: the person.
        question: what the numbers are for.
        rows: the list, a line each.

    Raises:
        EndedError: it ends before.
    """
    for number, row in enumerate(rows, 1):
        interview.console.put(f"  {number:>3}  {row}")

    def parse(text: str) -> frozenset[int]:
        every = frozenset(range(1, len(rows) + 1))
        found = every if text.lower() == ALL else numbers_in(text, len(rows))
        if not found:
            raise ValueError(f"Type numbers from 1 to {len(rows)}, like 1-3,7, or all, or quit.")
        return found

    return sorted(number - 1 for number in interview.until(question, parse))
