"""How fast requests may go: what was sent, and until when none may be."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from hardenme.collectors.transport.response import NoAnswerError, Response
from hardenme.collectors.transport.window import Window
from hardenme.ground import clock
from hardenme.model.evidence import Atom
from hardenme.model.unknown import Reason, Unknown

PRIMARY = "primary"
SECONDARY = "secondary"
MINUTE = "per-minute"
LONGEST_WAIT = 3600.0
"""Seconds; a server that asks for more is not believed."""


@dataclass(frozen=True, slots=True)
class Wait:
    """A rate limit.

    Attributes:
        seconds: how long until a further request may be sent.
        kind: `primary` (the hourly budget of one API), `per-minute` (what a run keeps below by
            itself), or another: it concerns every request.
    """

    seconds: float
    kind: str


def retry_after(response: Response) -> float | None:
    """Seconds to wait by the `Retry-After` header (RFC 9110 §10.2.3), a number or a date.

    Within one second and `LONGEST_WAIT`; None if there is none, or it is not understood.
    """
    value = response.headers.get("retry-after")
    if value is None:
        return None
    try:
        seconds = float(value)
    except ValueError:
        try:
            seconds = (parsedate_to_datetime(value) - response.server_time).total_seconds()
        except (ValueError, TypeError):
            return None
    return min(max(seconds, 1.0), LONGEST_WAIT) if seconds == seconds else None  # noqa: PLR0124 (NaN)


@dataclass(frozen=True, slots=True)
class Budget:
    """How much a run may use of what a server allows, so that others with the token keep some.

    Attributes:
        share: of the hour's requests, as far as the server shows how many are left, and of what may
            be sent in a minute.
        most: requests an hour; None for no bound but the share.
    """

    share: float = 0.9
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Quota:
    """What the server says of an hour's requests.

    Attributes:
        limit: how many it allows.
        remaining: how many are left.
        reset: when they are all there again, in seconds since the epoch.
    """

    limit: int
    remaining: int
    reset: int

    @classmethod
    def of(cls, response: Response) -> Quota | None:
        """Read the `x-ratelimit-` headers; None if they are not all there."""
        names = ("limit", "remaining", "reset")
        try:
            return cls(*(int(response.headers[f"x-ratelimit-{name}"]) for name in names))
        except (KeyError, ValueError):
            return None


def until_reset(response: Response) -> float | None:
    """Seconds from an answer to the reset that it names, within one second and `LONGEST_WAIT`."""
    try:
        reset = datetime.fromtimestamp(int(response.headers["x-ratelimit-reset"]), UTC)
    except (KeyError, ValueError, OverflowError, OSError):
        return None
    left = (reset - response.server_time).total_seconds()
    return min(max(left + 1.0, 1.0), LONGEST_WAIT)


@dataclass(slots=True)
class Meter:
    """Counts what was sent, keeps to the budget, and holds all workers while a limit lasts.

    Attributes:
        budget: how much may be used; None for as much as the server gives.
        sent: requests that left.
        spared: those of them that were answered by "not modified".
        quotas: the server's last count of an hour's requests, by method.
    """

    budget: Budget | None = None
    sent: int = 0
    spared: int = 0
    quotas: dict[str, Quota] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)
    _held: dict[str, tuple[float, Wait]] = field(default_factory=dict)
    _used: dict[str, int] = field(default_factory=dict)
    _window: Window | None = None
    _was_limited: bool = False
    """An earlier run within the minute met a server that has limits."""

    def __post_init__(self) -> None:
        if self.budget is not None:
            self._window = Window(self.budget.share)

    def turn(self, method: str) -> float:
        """Take a place for one request; or the seconds until there may be one, with none.

        Nothing waits where the server reports no limit, as an Enterprise Server may.
        """
        if self._window is None:
            return 0.0
        with self.lock:
            wait = self._window.turn(time.monotonic(), method)
        return wait if self._is_limited else 0.0

    @property
    def _is_limited(self) -> bool:
        return bool(self.quotas) or self._was_limited

    def answered(self, method: str, seconds: float) -> None:
        """Count how long an answer took."""
        if self._window is not None:
            with self.lock:
                self._window.answered(time.monotonic(), method, seconds)

    def kept(self) -> bytes:
        """What was sent in the last minute, for the next run; empty if no limit is known."""
        if self._window is None or not self._is_limited:
            return b""
        with self.lock:
            return self._window.kept(time.monotonic(), clock.now().timestamp())

    def learn(self, kept: bytes) -> None:
        """Take in what an earlier run sent in the last minute."""
        if self._window is not None:
            with self.lock:
                now = clock.now().timestamp()
                self._was_limited |= self._window.learn(kept, time.monotonic(), now)

    def observe(self, response: Response, method: str, *, spared: bool) -> Wait | None:
        """Update from the rate-limit headers of an answer.

        Returns:
            The wait that begins because the budget is used up; None if it is not.
        """
        quota = Quota.of(response)
        budget = self.budget
        with self.lock:
            if quota is not None:
                self.quotas[method] = quota
            used = self._used[method] = self._used.get(method, 0) + (not spared)
        if budget is None:
            return None
        left = quota is None or quota.remaining > round(quota.limit * (1 - budget.share))
        if left and (budget.most is None or used < budget.most):
            return None
        wait = Wait(until_reset(response) or LONGEST_WAIT, PRIMARY)
        with self.lock:
            self._used[method] = 0
        self.hold(wait, method)
        return wait

    def count(self, *, spared: bool = False) -> None:
        """One more request, or one that was answered by "not modified"."""
        with self.lock:
            self.sent += not spared
            self.spared += spared

    def hold(self, wait: Wait, method: str) -> None:
        """No request before the limit is over.

        A primary limit concerns one API, which the method identifies: GitHub counts REST and
        GraphQL separately.
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


def limited(limit: Wait, seen: str, evidence: tuple[Atom, ...]) -> NoAnswerError:
    """Why no answer came: a limit, and when it is over."""
    until = clock.now() + timedelta(seconds=limit.seconds)
    text = until.strftime("%Y-%m-%d %H:%M UTC")
    return NoAnswerError(
        Unknown(
            Reason.RATE_LIMITED,
            f"the {limit.kind} rate limit to reset, about {text}; run again then",
            seen=seen,
            evidence=evidence,
        )
    )
