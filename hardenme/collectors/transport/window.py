"""What was sent in the last minute, by which a run keeps below GitHub's secondary limits.

Source: GitHub's "Rate limits for the REST API" and "Rate limits and query limits for the GraphQL
API": 900 points a minute for REST and 2,000 for GraphQL, a read counting as one; and 90 seconds of
server time for 60 seconds, of which 60 for GraphQL.
"""

from __future__ import annotations

import json
import math
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

SECONDS = 60.0
POINTS = {"GET": 900, "POST": 2000}
"""What may be sent in that time, by HTTP's method: GraphQL is asked by POST alone."""
SERVER = 90.0
SERVER_OF_GRAPHQL = 60.0
"""Seconds of the servers' time for it."""
GRAPHQL = "POST"
MOST_KEPT = sum(POINTS.values())


@dataclass(slots=True)
class Window:
    """Counts what was sent, and how long the servers worked for it, in the last minute.

    Moments are seconds of any clock that runs evenly, the same one for all calls.

    Attributes:
        share: how much of what is allowed may be used, so that others with the token keep some.
    """

    share: float
    _sent: dict[str, deque[float]] = field(
        default_factory=lambda: {method: deque() for method in POINTS}
    )
    _worked: deque[tuple[float, str, float]] = field(default_factory=deque)
    _quickest: float | None = None

    def turn(self, now: float, method: str) -> float:
        """Take a place for one request now; or the seconds until there may be one, with none."""
        if method not in POINTS:
            return 0.0
        self._forget(now)
        sent = self._sent[method]
        most = max(int(POINTS[method] * self.share), 1)
        waits = [sent[-most] + SECONDS - now] if len(sent) >= most else []
        waits += self._rest(now, SERVER * self.share, POINTS)
        if method == GRAPHQL:
            waits += self._rest(now, SERVER_OF_GRAPHQL * self.share, (GRAPHQL,))
        if waits:
            return max(*waits, 0.001)
        sent.append(now)
        return 0.0

    def answered(self, now: float, method: str, seconds: float) -> None:
        """Count an answer that came after so many seconds.

        The quickest answer counts as the network's time, and what is beyond it as the server's.
        """
        self._quickest = min(seconds, self._quickest if self._quickest is not None else seconds)
        if method in POINTS and seconds > self._quickest:
            self._worked.append((now, method, seconds - self._quickest))

    def _rest(self, now: float, most: float, methods: Iterable[str]) -> list[float]:
        """How long until the servers have worked for less than that, if they have not yet."""
        worked = [(at, spent) for at, method, spent in self._worked if method in methods]
        beyond = sum(spent for _, spent in worked) - most
        for at, spent in worked:
            if beyond < 0:
                break
            beyond -= spent
            if beyond < 0:
                return [at + SECONDS - now]
        return []

    def _forget(self, now: float) -> None:
        for sent in self._sent.values():
            while sent and sent[0] <= now - SECONDS:
                sent.popleft()
        while self._worked and self._worked[0][0] <= now - SECONDS:
            self._worked.popleft()

    def kept(self, now: float, time: float) -> bytes:
        """What the next run has to know.

        Args:
            now: a moment.
            time: the same as seconds since the epoch.
        """
        self._forget(now)
        ahead = time - now
        sent = {
            method: [round(at + ahead, 3) for at in sent] for method, sent in self._sent.items()
        }
        worked = [
            (round(at + ahead, 3), method, round(spent, 3)) for at, method, spent in self._worked
        ]
        return json.dumps({"sent": sent, "worked": worked}).encode()

    def learn(self, kept: bytes, now: float, time: float) -> bool:
        """Take in what an earlier run kept; returns False for what cannot be read.

        If a clock was set back in between, future times count as the present, so they count for a
        minute at most.
        """
        try:
            told = json.loads(kept)
            sent = {
                method: [_moment(one, now, time) for one in told["sent"].get(method, ())]
                for method in POINTS
            }
            worked = [
                (_moment(at, now, time), str(method), _finite(spent))
                for at, method, spent in told["worked"]
            ]
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
            return False
        for method, moments in sent.items():
            both = sorted((*moments[-MOST_KEPT:], *self._sent[method]))
            self._sent[method] = deque(both)
        self._worked = deque(sorted((*worked[-MOST_KEPT:], *self._worked)))
        self._forget(now)
        return True


def _moment(at: object, now: float, time: float) -> float:
    """A time of day as a moment, no later than now."""
    return min(now - (time - _finite(at)), now)


def _finite(value: object) -> float:
    if not isinstance(value, int | float) or not math.isfinite(value):
        raise TypeError(value)
    return value
