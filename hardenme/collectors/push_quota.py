"""How many repositories a cycle of a watch asks for what was done in them."""

from __future__ import annotations

import threading
from collections.abc import Collection

from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown

LATER = Unknown(Reason.NOT_ASKED, "its turn in a later cycle of the watch")
"""The reason for what a cycle does not read because it is not its turn."""


class PushQuota:
    """A number of repositories that may be asked, some of which come first.

    Args:
        most: how many may be asked.
        first: the names of those for which a place is kept, in lower case.
    """

    def __init__(self, most: int, first: Collection[str] = ()) -> None:
        self._kept = frozenset(first)
        self._free = max(0, most - len(self._kept))
        self._taken = 0
        self._lock = threading.Lock()

    @property
    def taken(self) -> int:
        """How many were asked."""
        return self._taken

    def takes(self, repository: Subject) -> bool:
        """Whether one more repository may be asked, which counts as asked then."""
        with self._lock:
            kept = repository.name.lower() in self._kept
            if not kept and not self._free:
                return False
            self._free -= not kept
            self._taken += 1
            return True
