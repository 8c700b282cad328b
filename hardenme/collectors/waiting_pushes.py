"""Which repositories of a cycle of a watch wait to be asked for what was done in them."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from hardenme.model.subject import Subject

MOST = 500
"""Repositories that are held in memory until they can be asked."""


class WaitingPushes:
    """The repositories that were pushed to, which are asked once all else of a cycle was read.

    Args:
        first: the names of those that have waited since an earlier cycle, in lower case.
    """

    def __init__(self, first: Sequence[str] = ()) -> None:
        self._places = {name: place for place, name in enumerate(first)}
        self._waiting: set[str] = set()
        self._asked = False
        self._lock = threading.Lock()

    def takes(self, repository: Subject) -> bool:
        """Whether a repository can be asked now; else it waits, as far as there is room."""
        with self._lock:
            name = repository.name.lower()
            if not self._asked and (name in self._places or len(self._waiting) < MOST):
                self._waiting.add(name)
            return self._asked

    def waits(self, repository: Subject) -> bool:
        """Whether a repository waits."""
        return repository.name.lower() in self._waiting

    def ask(self) -> None:
        """Let all be asked from here on."""
        self._asked = True

    def place(self, repository: Subject) -> tuple[int, str]:
        """What orders the repositories: those that have waited longest come first."""
        name = repository.name.lower()
        return self._places.get(name, len(self._places)), name
