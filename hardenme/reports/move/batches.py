"""The batches of a move: packages that are released together, and no more than one window takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby

from hardenme.reports.move.rows import ASKED, MoveRow

MOST = 80
"""Packages that npm takes within the five minutes for which 2FA can be skipped."""
RELEASED_WITHIN = timedelta(days=90)
"""A package whose newest version is older is released too seldom to be in a batch by itself."""
LATER = "later"
"""The batch of packages that no release is expected of."""


def batches(rows: Sequence[MoveRow], now: datetime) -> Iterator[tuple[str, MoveRow]]:
    """Each row with its batch: those of one repository together, then those for later."""
    soon = [row for row in rows if _released_lately(row, now)]
    number = 0
    for _, together in groupby(sorted(soon, key=_together), key=_together):
        for part in _parts(together):
            number += 1
            yield from ((str(number), row) for row in part)
    yield from ((LATER, row) for row in rows if not _released_lately(row, now))


def _released_lately(row: MoveRow, now: datetime) -> bool:
    return row.released is not None and now - row.released <= RELEASED_WITHIN


def _together(row: MoveRow) -> tuple[bool, str, str]:
    """By what packages are released together; what is not known comes last."""
    return row.repository == ASKED, row.repository, row.workflow


def _parts(rows: Iterable[MoveRow]) -> Iterator[list[MoveRow]]:
    whole = list(rows)
    return (whole[start : start + MOST] for start in range(0, len(whole), MOST))
