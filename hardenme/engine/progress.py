"""What a run tells of itself while it goes on."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Progress(Protocol):
    """Told how far a run is. The calls come from one thread."""

    def step(self, done: int, known: int, name: str) -> None:
        """So many questions are answered, of those that are known of; `name` is the newest."""

    def repositories(self, done: int, known: int) -> None:
        """So many repositories are judged, of those that were listed so far."""

    def found(self, count: int) -> None:
        """So many failures were found so far."""

    def left(self, remaining: int, limit: int, reset: datetime) -> None:
        """So many requests of the hour are left."""


class Silent:
    """Tells nobody."""

    def step(self, done: int, known: int, name: str) -> None:
        """Nothing."""

    def repositories(self, done: int, known: int) -> None:
        """Nothing."""

    def found(self, count: int) -> None:
        """Nothing."""

    def left(self, remaining: int, limit: int, reset: datetime) -> None:
        """Nothing."""
