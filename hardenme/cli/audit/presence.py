"""A person at the terminal: shown the page on which npm takes 2FA, and waited for."""

from __future__ import annotations

import threading
from typing import TextIO

from hardenme.cli.terminal.console import Console
from hardenme.cli.terminal.page import PageForPerson
from hardenme.collectors.npm.presence import Presence
from hardenme.ground.errors import UsageError

ONLY_HERE = (
    "--interactive asks you for a one-time password, so it needs a terminal on standard input and"
    " standard error. Run it by hand: for 8 days, runs without it use what it read"
)


def at_the_terminal(console: Console, stdin: TextIO | None, stdin_for: str) -> Presence:
    """Asks the person at this terminal.

    Raises:
        UsageError: no one is there, or standard input holds a token.
    """
    if stdin is None or stdin_for or not console.can_ask(stdin):
        raise UsageError(ONLY_HERE)
    return Presence(AtTheTerminal(console, PageForPerson(console, stdin)))


def no_one_needed() -> Presence:
    """For the demo, whose registry takes 2FA by itself: nothing is waited for."""
    person = _Bystander()
    return Presence(person, clock=person.clock, wait=person.wait)


class _Bystander:
    """Someone who has nothing to do, and for whom no time passes but what is waited."""

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
        """Ignored."""


class AtTheTerminal:
    """Shows the page, opens it on request, and shows the progress of the reading.

    Args:
        console: where progress is shown.
    """

    def __init__(self, console: Console, page: PageForPerson) -> None:
        self._console = console
        self._page = page

    def asked(self, page: str, left: int) -> None:
        """Has to open this page and give 2FA there; so many packages are left."""
        what = "1 package" if left == 1 else f"{left} packages"
        self._page.show(
            f"npm shows the trusted publishers of {what} only to you. Open this page and sign in"
            " with 2FA. Tick the box that skips it for five minutes, so that all are read in"
            " one go:",
            page,
        )

    def idle(self) -> None:
        """Is waited for, and may have pressed Enter."""
        self._page.idle()

    def proven(self) -> None:
        """Gave 2FA."""
        self._page.done()
        self._console.say("thank you; this takes two seconds a package")

    def told(self, done: int, of: int) -> None:
        """May know that so many packages of so many are read."""
        over = done >= of
        self._console.draw("" if over else f"trusted publishers: {done} of {of} packages read")
