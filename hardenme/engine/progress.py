"""Progress reports of a run."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Protocol


class Progress(Protocol):
    """Receives the progress of a run. The calls come from one thread."""

    def step(self, done: int, known: int, name: str) -> None:
        """So many questions are answered, of those that are known of; `name` is the newest."""

    def repositories(self, done: int, known: int) -> None:
        """So many repositories are judged, of those that were listed so far."""

    def found(self, count: int) -> None:
        """So many failures were found so far."""

    def left(self, remaining: int, limit: int, reset: datetime) -> None:
        """So many requests of the hour are left."""


def report_remaining(progress: Progress, clients: Iterable[Any]) -> None:
    """Pass on the servers' last counts of the hour's requests, for the credential with least."""
    found = [
        quota
        for client in clients
        if client is not None and hasattr(client, "session")
        for method, quota in dict(client.session.meter.quotas).items()
        if method == "GET"
    ]
    if not found:
        return
    least = min(found, key=lambda quota: int(quota.remaining))
    try:
        reset = datetime.fromtimestamp(least.reset, UTC)
    except (OverflowError, ValueError, OSError):
        return
    progress.left(least.remaining, least.limit, reset)


class Silent:
    """Ignores the progress."""

    def step(self, done: int, known: int, name: str) -> None:
        """Nothing."""

    def repositories(self, done: int, known: int) -> None:
        """Nothing."""

    def found(self, count: int) -> None:
        """Nothing."""

    def left(self, remaining: int, limit: int, reset: datetime) -> None:
        """Nothing."""
