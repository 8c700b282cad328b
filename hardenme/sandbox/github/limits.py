"""The hourly budgets of a token, and the headers that show them."""

from __future__ import annotations

import threading
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Literal

from hardenme.sandbox.github.world import App, Token, World

Resource = Literal["core", "graphql"]
Asker = Token | App | None
"""Whose budget a request takes from: a token's, that of the app which signed it, the address's."""
HOUR = 3600
MINUTE = 60.0
POINTS: dict[Resource, int] = {"core": 900, "graphql": 2000}


@dataclass(slots=True)
class Allowance:
    """What one token has left of one resource; `reset` is in seconds since the epoch."""

    limit: int
    used: int
    reset: int

    @property
    def remaining(self) -> int:
        """Never below zero."""
        return max(0, self.limit - self.used)

    def data(self) -> dict[str, int]:
        """The object that `/rate_limit` shows."""
        return {
            "limit": self.limit,
            "used": self.used,
            "remaining": self.remaining,
            "reset": self.reset,
        }

    def headers(self, resource: Resource) -> dict[str, str]:
        """The `x-ratelimit-` headers."""
        return {f"x-ratelimit-{name}": str(value) for name, value in self.data().items()} | {
            "x-ratelimit-resource": resource
        }


@dataclass(slots=True)
class RateLimits:
    """The use of every token and app since the server started."""

    world: World
    secondary: bool = False
    """Whether a minute has limits, too: GitHub's 900 points for REST and 2,000 for GraphQL."""
    used: dict[tuple[str, Resource], int] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    refused: int = 0
    _minute: dict[tuple[str, Resource], deque[float]] = field(default_factory=dict)

    def budget(self, asker: Asker, resource: Resource = "core") -> Allowance:
        """What the token or app has left; without either the address counts."""
        limit = self.world.graphql_limit if resource == "graphql" else self.world.limit
        if asker is None:
            limit = 0 if resource == "graphql" else self.world.anonymous_limit
        with self.lock:
            used = self.used.get(self._key(asker, resource), 0)
        return Allowance(limit, min(used, limit), int(self.world.now.timestamp()) + HOUR)

    def spend(self, asker: Asker, resource: Resource, points: int) -> None:
        """Count a request."""
        key = self._key(asker, resource)
        with self.lock:
            self.used[key] = self.used.get(key, 0) + points

    def refuses(self, asker: Asker, resource: Resource) -> bool:
        """Count a request in its minute; whether that minute has had its points."""
        if not self.secondary:
            return False
        now = time.monotonic()
        with self.lock:
            minute = self._minute.setdefault(self._key(asker, resource), deque())
            while minute and minute[0] <= now - MINUTE:
                minute.popleft()
            if len(minute) >= POINTS[resource]:
                self.refused += 1
                return True
            minute.append(now)
        return False

    @staticmethod
    def _key(asker: Asker, resource: Resource) -> tuple[str, Resource]:
        if isinstance(asker, App):
            return (f"app {asker.id}", resource)
        return (asker.login or asker.value if asker else "", resource)
