"""What a registry shows only to a person who is there: asked for in one go, and never without one.

npm shows a package's trusted publishers with a one-time password alone. Who opens the page that it
names for that, and gives 2FA there, can have it skipped for the next five minutes. In this window
as many packages are read as fit in, one after the other, two seconds apart.

Source: npm's documentation of `npm trust`, which asks for these two seconds, and its client.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from hardenme.collectors.npm.web_page import PATIENCE, Vigil, WebPage, object_of, wait_for
from hardenme.collectors.transport.response import NoAnswerError, Response
from hardenme.collectors.transport.session import Session
from hardenme.facts.npm.endpoints import CHALLENGE
from hardenme.ground.errors import CredentialError
from hardenme.model.secret import Secret
from hardenme.model.unknown import Reason, Unknown

SPACING = 2.0
"""Seconds between two requests."""
LONGEST_PASSWORD = 256
"""Characters."""
WANTED = "a one-time password of the account: run again with --interactive, on a terminal"


class PersonPresent(Protocol):
    """Who is at the keyboard."""

    def asked(self, page: str, left: int) -> None:
        """Has to open this page and give 2FA there; so many packages are left."""

    def idle(self) -> None:
        """Is waited for, and may have pressed a key."""

    def proven(self) -> None:
        """Gave 2FA."""

    def told(self, done: int, of: int) -> None:
        """May know that so many packages of so many are read."""


def challenged(response: Response) -> bool:
    """Whether a registry asks for a one-time password."""
    if response.status != 401:  # noqa: PLR2004 (HTTP's number)
        return False
    if "otp" in response.headers.get("www-authenticate", "").lower():
        return True
    said = response.body[:4096].decode(errors="replace")
    return "one-time pass" in said or all(
        name in object_of(response) for name in (CHALLENGE.page, CHALLENGE.done)
    )


@dataclass(slots=True)
class Presence:
    """Asks for what takes a one-time password, one thing at a time.

    Attributes:
        person: who is at the keyboard; None for no one. Then nothing is asked for after the first
            answer that wants a password.
        spacing: seconds between two requests, where someone is there.
        patience: seconds that are waited for the person.
        clock: returns seconds.
        wait: waits for so many seconds; whether the run was stopped meanwhile.
    """

    person: PersonPresent | None = None
    spacing: float = SPACING
    patience: float = PATIENCE
    clock: Callable[[], float] = time.monotonic
    wait: Callable[[threading.Event, float], bool] = wait_for
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _password: Secret | None = None
    _last: float | None = None
    _over: Unknown | None = None
    _done: int = 0

    def get(self, session: Session, path: str, command: str, of: int) -> Response:
        """Read a path.

        Args:
            session: of the registry.
            path: encoded, below the registry's address.
            command: the npm command that asks for it.
            of: how many such things there are to read in this run, as far as is known.

        Raises:
            NoAnswerError: no usable answer came, or it takes a person and none is there (any more).
        """
        with self._lock:
            if self._over is not None:
                raise NoAnswerError(self._over)
            response = self._ask(session, path, command)
            if challenged(response) and self._password is not None:
                # It was good for once, or a while; as long as npm skips the factor it wants none.
                self._password = None
                response = self._ask(session, path, command)
            if challenged(response):
                self._prove(session, response, of)
                response = self._ask(session, path, command)
            if challenged(response):
                raise self._end(response, "the registry did not take the one-time password")
            self._done += 1
            if self.person is not None:
                self.person.told(self._done, max(of, self._done))
            return response

    def _ask(self, session: Session, path: str, command: str) -> Response:
        if self.person is not None and self._last is not None:
            left = self._last + self.spacing - self.clock()
            if left > 0:
                self.wait(session.stopped, left)
        headers = {"npm-command": command, "npm-auth-type": "web"}
        if self._password is not None:
            headers["npm-otp"] = self._password.reveal()
        try:
            # What was read with a password is not kept with what is read without.
            return session.get(path, headers=headers, store=False)
        finally:
            self._last = self.clock()

    def _prove(self, session: Session, response: Response, of: int) -> None:
        """Let the person give 2FA, and take the password that comes of it.

        Raises:
            NoAnswerError: no one is there, or nothing came of it.
        """
        if self.person is None:
            raise self._end(response, f"{response.endpoint} asked for one")
        vigil = Vigil(self.person.idle, LONGEST_PASSWORD, self.patience, self.clock, self.wait)
        try:
            page = WebPage.of(session, response, CHALLENGE)
            self.person.asked(page.page, max(of - self._done, 1))
            self._password = vigil.outcome(session, page)
        except CredentialError as error:
            raise self._end(response, str(error)) from None
        self.person.proven()

    def _end(self, response: Response, seen: str) -> NoAnswerError:
        """From here on nothing more is asked for."""
        self._password = None
        self._over = Unknown(Reason.NEEDS_PRESENCE, WANTED, seen, (response.atom,))
        return NoAnswerError(self._over)
