"""The progress of a run: a line on a terminal, and a line now and then elsewhere."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from hardenme.cli.terminal.console import Console
from hardenme.collectors.transport.pace import Wait
from hardenme.ground import clock

PICTURE = 0.1
"""Seconds between two pictures of the line on a terminal."""
NEWS = 30.0
"""Seconds between two lines where no terminal is."""
SAME = 5.0
"""Seconds within which two ends of a wait are the same wait: every worker reports its own."""
SURE = 20
"""Repositories after which the remaining time is shown."""


class ProgressLine:
    """Shows the progress of a run on standard error.

    On a terminal one line is overwritten, and gone at the end. Elsewhere a line is added now and
    then, so that a long run in a log does not look stuck. Answers come from one thread, waits from
    any.
    """

    def __init__(
        self,
        console: Console,
        *,
        quiet: bool,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._console = console
        self._quiet = quiet
        self._drawn = console.interactive and not quiet
        self._seconds = seconds
        self._begun = self._last = seconds()
        self._lock = threading.Lock()
        self._read = self._asked = 0
        self._name = ""
        self._done = self._listed = self._to_fix = 0
        self._first_done = 0.0
        self._remaining: int | None = None
        self._waits_until = datetime.min.replace(tzinfo=UTC)

    def step(self, done: int, known: int, name: str) -> None:
        """One more answer."""
        self._read, self._asked, self._name = done, known, name
        self._tell()

    def repositories(self, done: int, known: int) -> None:
        """One more repository is judged."""
        if not self._done:
            self._first_done = self._seconds()
        self._done, self._listed = done, known
        self._tell()

    def found(self, count: int) -> None:
        """So many failures so far."""
        self._to_fix = count

    def left(self, remaining: int, limit: int, reset: datetime) -> None:
        """So many requests of the hour are left."""
        del limit, reset
        self._remaining = remaining

    def wait(self, limit: Wait) -> None:
        """A rate limit holds the run."""
        now = clock.now()
        until = now + timedelta(seconds=limit.seconds)
        with self._lock:
            told = abs((until - self._waits_until).total_seconds()) < SAME
            self._waits_until = until
        if self._quiet or told:
            return
        end = f"{until:%H:%M} UTC" if until.date() == now.date() else f"{until:%Y-%m-%d %H:%M} UTC"
        text = f"waiting {limit.seconds:.0f} s for the {limit.kind} rate limit, until {end}"
        if self._drawn:
            self._console.draw(text)
        else:
            self._console.say(text)

    def close(self) -> None:
        """Take the line away."""
        if self._drawn:
            self._console.draw("")

    def _tell(self) -> None:
        if self._quiet:
            return
        now = self._seconds()
        with self._lock:
            if now - self._last < (PICTURE if self._drawn else NEWS):
                return
            self._last = now
        if self._drawn:
            self._console.draw(self._text(now))
        else:
            self._console.say(self._text(now))

    def _text(self, now: float) -> str:
        if not self._listed:
            return self._joined(f"{self._read} of {self._asked} read", self._name)
        parts = [f"{self._done} of {self._listed} repositories", f"{self._to_fix} to fix"]
        if self._remaining is not None:
            parts.append(f"{self._remaining} requests left")
        parts.append(self._time_left(now))
        return self._joined(*parts)

    def _joined(self, *parts: str) -> str:
        return (" · " if self._drawn else ", ").join(filter(None, parts))

    def _time_left(self, now: float) -> str:
        """How long it takes at the pace so far; empty while that says little."""
        if self._done < SURE or now <= self._first_done:
            return ""
        seconds = (self._listed - self._done) * (now - self._first_done) / self._done
        return f"about {seconds:.0f} s" if seconds < 100 else f"about {seconds / 60:.0f} min"  # noqa: PLR2004 (readable)
