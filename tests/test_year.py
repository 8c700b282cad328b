"""A year of weekly reports: each change is told once, in the first run that can see it.

Keys, members, tokens, rules and releases change, sinks fail, tokens are revoked, limits strike.
Nothing else is told, and a week in which nothing changed sends nothing.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.year.clockwork import Told, year
from tests.year.events import EVENTS

WEEKS = 52
BLIND = {10, 18, 30}
"""The weeks in which much is lost sight of."""
SIGHT = ("lost ", "seen ")


class Book:
    """What is out of sight: told once when it is lost, and once when it is known again."""

    def __init__(self) -> None:
        self.lost: set[str] = set()

    def enter(self, lines: tuple[str, ...]) -> None:
        for line in lines:
            turn, _, what = line.partition(" ")
            if turn == "lost":
                assert what not in self.lost, f"told twice: {line}"
                self.lost.add(what)
            elif turn == "seen":
                assert what in self.lost, f"never lost: {line}"
                self.lost.remove(what)
