"""A line that tells how far a run is; on a terminal only, and gone when it ends."""

from __future__ import annotations

import time
from typing import TextIO

from hardenme.collectors.transport.session import Wait

CLEAR = "\r\x1b[2K"
EVERY = 0.1
"""Seconds between two pictures of the line."""


class ProgressLine:
    """Overwrites one line of standard error; silent where nobody watches."""

    def __init__(self, stream: TextIO, *, shown: bool, width: int) -> None:
        self._stream = stream
        self._shown = shown
        self._width = width
        self._last = 0.0

    def step(self, done: int, known: int, name: str) -> None:
        """One more answer."""
        now = time.monotonic()
        if self._shown and now - self._last >= EVERY:
            self._last = now
            self._draw(f"{done} of {known} read · {name}")

    def wait(self, limit: Wait) -> None:
        """A rate limit holds the run."""
        if self._shown:
            self._draw(f"waiting {limit.seconds:.0f} s for the {limit.kind} rate limit")

    def close(self) -> None:
        """Take the line away."""
        if self._shown:
            self._stream.write(CLEAR)
            self._stream.flush()

    def _draw(self, text: str) -> None:
        self._stream.write(CLEAR + text[: self._width - 1])
        self._stream.flush()
