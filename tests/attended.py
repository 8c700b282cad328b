"""Somebody at the keyboard, and a clock that nobody waits for."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from hardenme.collectors.npm.presence import PersonPresent, Presence


@dataclass(slots=True)
class Clock:
    """Seconds that pass by being waited for."""

    now: float = 0.0
    waits: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    def wait(self, stopped: threading.Event, seconds: float) -> bool:
        self.now += seconds
        self.waits.append(seconds)
        return stopped.is_set()


@dataclass(slots=True)
class AtHand:
    """A person who does what is asked, and remembers it.

    Attributes:
        pages: the pages that were to be opened, each with how many packages were left.
        progress: how many packages were read, of how many.
        idled: how often it was waited for.
        given: how often the second factor was given.
    """

    pages: list[tuple[str, int]] = field(default_factory=list)
    progress: list[tuple[int, int]] = field(default_factory=list)
    idled: int = 0
    given: int = 0

    def asked(self, page: str, left: int) -> None:
        self.pages.append((page, left))

    def idle(self) -> None:
        self.idled += 1

    def proven(self) -> None:
        self.given += 1

    def told(self, done: int, of: int) -> None:
        self.progress.append((done, of))


def attended(person: PersonPresent | None, clock: Clock | None = None) -> Presence:
    """A presence of that person that takes no time."""
    clock = clock or Clock()
    return Presence(person, clock=clock, wait=clock.wait)
