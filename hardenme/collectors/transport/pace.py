"""How fast requests may go: what was sent, and until when none may be."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime

from hardenme.collectors.transport.response import Response

PRIMARY = "primary"
LONGEST_WAIT = 3600.0
"""Seconds; a server that asks for more is not believed."""


@dataclass(frozen=True, slots=True)
class Wait:
    """A rate limit.

    Attributes:
        seconds: how long until a further request may be sent.
        kind: `primary` (the hourly budget of one API), or another: it concerns every request.
    """

    seconds: float
    kind: str


def retry_after(response: Response) -> float | None:
    """Seconds to wait by the `Retry-After` header (RFC 9110 §10.2.3), a number or a date.

    Within one second and `LONGEST_WAIT`; None where there is none, or it is not understood.
    """
    value = response.headers.get("retry-after")
    if value is None:
        return None
    try:
        seconds = float(value)
    except ValueError:
        try:
            seconds = (parsedate_to_datetime(value) - response.observed_at).total_seconds()
        except (ValueError, TypeError):
            return None
    return min(max(seconds, 1.0), LONGEST_WAIT) if seconds == seconds else None  # noqa: PLR0124 (NaN)


@dataclass(slots=True)
class Meter:
    """Counts what was sent, and holds all workers while a limit lasts.

    Attributes:
        sent: requests that left.
        spared: those of them that were answered by "not modified".
    """

    sent: int = 0
    spared: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)
    _held: dict[str, tuple[float, Wait]] = field(default_factory=dict)

    def count(self, *, spared: bool = False) -> None:
        """One more request, or one that was answered by "not modified"."""
        with self.lock:
            self.sent += not spared
            self.spared += spared

    def hold(self, wait: Wait, method: str) -> None:
        """No request before the limit is over.

        A primary limit concerns one API, which is told by the method: GitHub counts REST and
        GraphQL apart.
        """
        until = time.monotonic() + wait.seconds
        with self.lock:
            for lane in (method,) if wait.kind == PRIMARY else ("GET", "POST"):
                if until > self._held.get(lane, (0.0, wait))[0]:
                    self._held[lane] = (until, wait)

    def left(self, method: str) -> Wait:
        """The limit that holds a request now; of no seconds where none does."""
        with self.lock:
            until, wait = self._held.get(method, (0.0, Wait(0.0, PRIMARY)))
        return Wait(max(0.0, until - time.monotonic()), wait.kind)
