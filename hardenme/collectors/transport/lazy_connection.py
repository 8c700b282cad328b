"""Connections that are opened when the first request is sent: a run may ask nobody."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from hardenme.collectors.transport.bounds import Bounds
from hardenme.collectors.transport.origin import Origin

if TYPE_CHECKING:
    from hardenme.collectors.transport.wire import Wire


class LazyConnection:
    """The connections of one session. What speaks HTTP is loaded with them."""

    def __init__(self, origin: Origin, bounds: Bounds, ca_file: str) -> None:
        self._of = (origin, bounds, ca_file)
        self._lock = threading.Lock()
        self._wire: Wire | None = None

    def wire(self) -> Wire:
        """The same for all threads."""
        from hardenme.collectors.transport.wire import Wire  # noqa: PLC0415 (start-up)

        with self._lock:
            self._wire = self._wire or Wire(*self._of)
            return self._wire
