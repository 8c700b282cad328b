"""`--debug`: a log on standard error of what is asked and answered, for fault reports.

All loggers' records come here, including those of libraries. A copy of the record is formatted with
its arguments, its traceback and its stack, and that text is redacted before anything else. The
output of `http.client` about each request is never turned on, by any variable or option: it
bypasses every handler, with all headers.
"""

from __future__ import annotations

import copy
import logging
from collections.abc import Callable
from datetime import UTC, datetime

from hardenme.cli.terminal.console import Console
from hardenme.model.secret import redact


class RedactingFormatter(logging.Formatter):
    """Makes a record into text without any secret, and leaves the record as it is."""

    def format(self, record: logging.LogRecord) -> str:
        """The record's time, logger and message, with its traceback."""
        own = copy.copy(record)
        # Another handler may have kept the traceback as text, unredacted.
        own.exc_text = None
        moment = datetime.fromtimestamp(own.created, UTC).strftime("%H:%M:%S.%f")[:-3]
        return redact(f"{moment} {own.name}: {super().format(own)}")


class DebugHandler(logging.Handler):
    """Puts each record on standard error."""

    def __init__(self, console: Console) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(RedactingFormatter())
        self._console = console

    def emit(self, record: logging.LogRecord) -> None:
        """Write it; one that cannot be formatted is reported by its logger's name."""
        try:
            text = self.format(record)
        except Exception as error:  # noqa: BLE001 (a library's mistake ends no run)
            text = f"{record.name}: a record that is not understood ({type(error).__name__})"
        self._console.log(text)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 (its name in logging)
        """Stay silent: the usual way prints the record's arguments as they are."""


def turn_on(console: Console) -> Callable[[], None]:
    """Log everything from now on; returns what ends it."""
    handler = DebugHandler(console)
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)

    def turn_off() -> None:
        root.removeHandler(handler)
        root.setLevel(before)

    return turn_off
