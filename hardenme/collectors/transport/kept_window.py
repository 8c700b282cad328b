"""Keeps a `Window` from one run to the next, next to the cached answers."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from hardenme.collectors.transport.cache import Cache
from hardenme.collectors.transport.pace import Meter

NAME = "what was sent in the last minute"
"""Under what it is kept."""
SAVED = 5.0
"""Seconds after which it is kept again: who is killed leaves no more than these uncounted."""


class Minute:
    """Has two runs in a row with one token stay below the limits of a minute together."""

    def __init__(
        self, meter: Meter, cache: Cache | None, whose: Callable[[], tuple[str, str]]
    ) -> None:
        """Nothing is read yet.

        Args:
            meter: counts what is sent.
            cache: where it is kept; None for nowhere.
            whose: the credential's identity, and the address that is asked.
        """
        self._meter = meter
        self._cache = cache if meter.budget is not None else None
        self._whose = whose
        self._at: float | None = None
        self._lock = threading.Lock()

    def remember(self) -> None:
        """Take in what an earlier run sent, before the first request; keep it now and then."""
        if self._cache is None:
            return
        now = time.monotonic()
        with self._lock:
            if self._at is None:
                # The other workers wait: none of them sends before it is known what was sent.
                if kept := self._cache.load(self._name(self._cache)):
                    self._meter.learn(kept.body)
                self._at = now
            if now - self._at < SAVED:
                return
            self._at = now
        self.keep()

    def keep(self) -> None:
        """Keep it for the next run, if anything was sent to a server that has limits."""
        if self._cache is not None and self._at is not None and (kept := self._meter.kept()):
            self._cache.store(self._name(self._cache), {"etag": NAME}, kept)

    def _name(self, cache: Cache) -> str:
        identity, base = self._whose()
        return cache.name(identity, base, "", NAME)
