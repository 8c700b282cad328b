"""How many requests a cycle of a watch sends: what each cycle reads first, then a bounded rest."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from hardenme.model.watch import TurnQuestion

Spender = tuple[str, TurnQuestion]
"""What has its turn, and what is asked about it."""
_SPENDER: ContextVar[Spender | None] = ContextVar("spender", default=None)


class RequestLimit:
    """Counts the requests of a cycle, and refuses those above its limit.

    Each request is counted before it is sent, those of all sessions together. Nothing is refused
    until `close`: what each cycle reads comes before that.

    Attributes:
        sent: how many requests were sent.
        most: the limit; None until it is closed.
        refused: for whom a request was refused.
    """

    def __init__(self) -> None:
        self.sent = 0
        self.most: int | None = None
        self.refused: set[Spender | None] = set()
        self._base: int | None = None
        self._spent = Counter[Spender]()
        self._lock = threading.Lock()

    @property
    def base(self) -> int:
        """How many were sent before it was closed; all of them, if it was not."""
        return self.sent if self._base is None else self._base

    @property
    def left(self) -> int | None:
        """How many more can be sent; None for any number."""
        return None if self.most is None else max(0, self.most - self.sent)

    def close(self, most: int | None) -> None:
        """Refuse from here on what is above a number of requests; None for no limit."""
        with self._lock:
            self._base, self.most = self.sent, most

    def take(self) -> bool:
        """Whether one more request can be sent, which counts as sent then."""
        with self._lock:
            spender = _SPENDER.get()
            if self.most is not None and self.sent >= self.most:
                self.refused.add(spender)
                return False
            self.sent += 1
            if spender is not None:
                self._spent[spender] += 1
            return True

    def spent(self, turn: str) -> int:
        """How many were sent for what has its turn."""
        return sum(number for (name, _), number in self._spent.items() if name == turn)

    def refused_of(self, turn: str) -> frozenset[TurnQuestion]:
        """What of a turn was refused a request."""
        return frozenset(one[1] for one in self.refused if one is not None and one[0] == turn)

    def began(self, turn: str, question: TurnQuestion) -> bool:
        """Whether a request was sent for a question of a turn."""
        return self._spent[turn, question] > 0


@contextmanager
def spending(spender: Spender) -> Iterator[None]:
    """Count the requests of this thread for what has its turn."""
    token = _SPENDER.set(spender)
    try:
        yield
    finally:
        _SPENDER.reset(token)
