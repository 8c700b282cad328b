"""How much one batched query asks for: less, once GitHub could not answer more in its time."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

LARGEST = 25
"""Repositories a query: with everything selected a page of this size is cheapest in points."""
SMALLEST = 5
"""Below this the heavy parts are left out instead."""


@dataclass(slots=True)
class Pace:
    """How much one client asks for at once; shared by all that ask through it.

    Attributes:
        size: repositories a query.
        light: the heavy parts are left out.
        denied: names of parts that a whole page was refused.
    """

    size: int = LARGEST
    light: bool = False
    denied: set[str] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def shrink(self, size: int) -> bool:
        """Ask for less after a query of that size was too much; False if that is not possible.

        First a page gets smaller, then the heavy parts go, then one repository is asked at a time.
        """
        with self.lock:
            if self.size < size:
                return True
            if size > SMALLEST:
                self.size = max(SMALLEST, size // 2)
            elif not self.light:
                self.light = True
            elif size > 1:
                self.size = 1
            else:
                return False
            return True
