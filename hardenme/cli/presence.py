"""A person at the terminal: shown the page on which npm takes the second factor, and waited for."""

from __future__ import annotations

import select
import sys
import threading
from collections.abc import Callable
from typing import TextIO

from hardenme.cli.browser import open_page
from hardenme.cli.console import Console
from hardenme.collectors.npm.presence import Presence

ONLY_HERE = (
    "--interactive asks you for npm's second factor, so it needs a terminal on standard input and"
    " standard error. Run it by hand: for 8 days, runs without it use what it read"
)


def missing_terminal(console: Console, stdin: TextIO | None, stdin_for: str) -> str:
    """Why nobody can be asked; empty where somebody can."""
    there = stdin is not None and stdin.isatty() and console.interactive
    return "" if there and not stdin_for else ONLY_HERE


def at_the_terminal(console: Console, stdin: TextIO) -> Presence:
    """Asks the person at this terminal."""
    return Presence(AtTheTerminal(console, stdin))


def nobody_needed() -> Presence:
    """For the demo, whose registry takes the second factor by itself: nothing is waited for."""
    person = _Bystander()
    return Presence(person, clock=person.clock, wait=person.wait)


class _Bystander:
    """Somebody who has nothing to do, and for whom no time passes but what is waited."""

    def __init__(self) -> None:
        self._now = 0.0

    def clock(self) -> float:
        return self._now

    def wait(self, stopped: threading.Event, seconds: float) -> bool:
        self._now += seconds
        return stopped.is_set()

    def asked(self, page: str, left: int) -> None:
        """Is shown no page."""

    def idle(self) -> None:
        """Presses nothing."""

    def proven(self) -> None:
        """Is thanked for nothing."""

    def told(self, done: int, of: int) -> None:
        """Is told nothing."""


class AtTheTerminal:
    """Shows the page, opens it on request, and tells how far the reading is.

    Args:
        console: where it is shown.
        stdin: where Enter is pressed.
        browse: opens a page in a browser.
    """

    def __init__(
        self,
        console: Console,
        stdin: TextIO,
        browse: Callable[[str], object] = open_page,
    ) -> None:
        self._console = console
        self._stdin = stdin
        self._browse = browse
        self._page = ""
        self._offers = self._has_windows()

    def asked(self, page: str, left: int) -> None:
        """Has to open this page and give the second factor there; so many packages are left."""
        self._page = page
        what = "1 package" if left == 1 else f"{left} packages"
        self._console.draw("")
        self._console.say(
            f"npm shows the trusted publishers of {what} to you alone. Open this page and give your"
            " second factor; tick the box that skips it for five minutes, so that all are read in"
            " one go:"
        )
        self._console.say(page)
        how = "press Enter to open it in your browser" if self._offers else "open it on any device"
        self._console.say(f"{how}; Ctrl-C stops")

    def idle(self) -> None:
        """Is waited for, and may have pressed Enter."""
        if self._offers and self._page and self._pressed():
            self._browse(self._page)

    def proven(self) -> None:
        """Gave the second factor."""
        self._page = ""
        self._console.say("thank you; this takes two seconds a package")

    def told(self, done: int, of: int) -> None:
        """May know that so many packages of so many are read."""
        over = done >= of
        self._console.draw("" if over else f"trusted publishers: {done} of {of} packages read")

    def _pressed(self) -> bool:
        """Whether a line came; where that cannot be told without waiting for it, none did."""
        try:
            ready, _, _ = select.select([self._stdin], [], [], 0)
        except (OSError, ValueError):
            self._offers = False
            return False
        if not ready:
            return False
        # At the end of the input it would look pressed for ever.
        self._offers = self._stdin.readline() != ""
        return self._offers

    def _has_windows(self) -> bool:
        """Whether a browser opens beside the terminal, and not in it."""
        environ = self._console.environ
        shown = bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))
        return shown or sys.platform in {"darwin", "win32"}
