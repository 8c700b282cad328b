"""Within a run, the same thing is asked once: workers that need it wait for the one that asks."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Any


class Memo:
    """Remembers results, and failures, by key."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._futures: dict[Hashable, Future[Any]] = {}

    def get(self, name: Hashable, ask: Callable[[], Any]) -> Any:
        """The result for a name: asked once, by anyone who comes first.

        Raises:
            Exception: whatever `ask` raised, each time.
        """
        with self._lock:
            future = self._futures.get(name)
            first = future is None
            if future is None:
                future = self._futures[name] = Future()
        if first:
            try:
                future.set_result(ask())
            except BaseException as error:  # noqa: BLE001 (raised again for every caller that waits)
                future.set_exception(error)
        return future.result()
