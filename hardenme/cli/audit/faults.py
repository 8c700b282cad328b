"""Faults of hardenme that a run survives: kept for a report, and shown in one line."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from hardenme.cli.terminal.console import Console
from hardenme.cli.terminal.crash import record


class FaultLog(logging.Handler):
    """Takes what is logged in place of standard error, and keeps the first exception.

    Attributes:
        first: the first exception that was logged; None if there was none.
        count: how many were logged.
    """

    def __init__(self) -> None:
        super().__init__()
        self.first: BaseException | None = None
        self.count = 0

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the exception that a record carries."""
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            self.count += 1
            self.first = self.first or error


@contextmanager
def faults_kept(console: Console) -> Iterator[None]:
    """Keep logged exceptions inside the context; at its end they are shown and written down."""
    faults = FaultLog()
    root = logging.getLogger()
    root.addHandler(faults)
    try:
        yield
    finally:
        root.removeHandler(faults)
    if faults.first is not None:
        where = record(faults.first, sys.argv)
        hint = f"; the first stands in {where}" if where else ""
        one = faults.count == 1
        what = "1 step broke" if one else f"{faults.count} steps broke"
        told = "it" if one else "they"
        console.say(
            f"{what} by a fault of hardenme: what {told} would have shown is unknown{hint};"
            " please report it"
        )
