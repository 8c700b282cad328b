"""A page on which a person does something for the registry, and the address to poll for the result.

The registry's answers name both, for a login (`loginUrl`) and for 2FA (`authUrl`). The other
address (`doneUrl`) answers 202 until it is done, then 200 with the result.

Source: npm's documentation of its web login, and what its client does (`npm-profile`).
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from hardenme.collectors.transport.origin import Origin, followed
from hardenme.collectors.transport.pace import retry_after
from hardenme.collectors.transport.response import NoAnswerError, Response
from hardenme.collectors.transport.session import Session
from hardenme.facts.npm.endpoints import LOGIN, Proof
from hardenme.facts.npm.site import REGISTRY
from hardenme.ground.errors import CredentialError
from hardenme.model.pages import NPM_WEB
from hardenme.model.secret import Secret
from hardenme.model.unknown import Reason

PATIENCE = 300.0
"""Seconds for a person to open the page and do what it asks."""
POLL, LONGEST_POLL = 5.0, 30.0
"""Seconds between two polls of the other address: by default, and at most."""
GLANCE = 0.25
"""Seconds between two looks at whether the person pressed a key."""
GIVEN = re.compile(r"[!-~]+")
"""What may become a header."""
ACCEPTED = 202
SHORTEST_QUERY = 16
"""Characters of a query that no one guesses."""


@dataclass(frozen=True, slots=True)
class WebPage:
    """A page, and the address to ask whether the person is done.

    Attributes:
        page: where the person goes.
        done: what is polled, on the registry's own origin.
    """

    page: str
    done: str

    @classmethod
    def of(cls, session: Session, response: Response, proof: Proof) -> WebPage:
        """The page that an answer names, if it is where it belongs.

        A registry must send no one to a page of another site: who signs in there could be signing
        in for someone else.

        Args:
            session: of the registry.

        Raises:
            CredentialError: there is no page, or one of the addresses is on another site.
        """
        said = object_of(response)
        page, done = said.get(proof.page), said.get(proof.done)
        if not isinstance(page, str) or not isinstance(done, str):
            raise CredentialError("the registry named no page to open")
        if not belongs_to(session.origin, page):
            raise CredentialError("the page that the registry named is on another site")
        target = followed(session.origin, f"{session.base}/", done)
        if target is None:
            raise CredentialError("the registry named an address of another site to ask")
        told = urlsplit(target).query
        if len(told) >= SHORTEST_QUERY and told not in page:
            # Anyone who asks that address gets the result, so it is never logged.
            Secret(told)
        return cls(page, target)


def wait_for(stopped: threading.Event, seconds: float) -> bool:
    """Wait for so many seconds; returns whether the run was stopped meanwhile."""
    return stopped.wait(seconds)


@dataclass(slots=True)
class Vigil:
    """Waits until a person is done.

    Attributes:
        idle: called again and again meanwhile; the person may have pressed a key.
        longest: characters of what the registry may give.
        patience: seconds that are waited.
        clock: returns seconds.
        wait: waits for so many seconds; whether the run was stopped meanwhile.
    """

    idle: Callable[[], None]
    longest: int
    patience: float = PATIENCE
    clock: Callable[[], float] = time.monotonic
    wait: Callable[[threading.Event, float], bool] = wait_for

    def outcome(self, session: Session, page: WebPage) -> Secret:
        """What the registry gives once the person is done: a token, or a one-time password.

        Raises:
            CredentialError: the person was not done in time, or the registry gave nothing.
            NoAnswerError: the registry cannot be asked.
        """
        until = self.clock() + self.patience
        while True:
            answer = _look(session, page.done)
            if answer is not None and answer.ok:
                break
            if answer is not None and answer.status != ACCEPTED:
                raise CredentialError(f"the registry answered {answer.status} after the page")
            pause = retry_after(answer) if answer is not None else None
            self._pass(session, min(pause or POLL, LONGEST_POLL))
            if session.stopped.is_set():
                raise CredentialError("the run was stopped")
            if self.clock() >= until:
                raise CredentialError(
                    f"the page was not completed within {self.patience:.0f} seconds"
                )
        given = object_of(answer).get(LOGIN.given)
        if not isinstance(given, str) or not GIVEN.fullmatch(given) or len(given) > self.longest:
            raise CredentialError("the registry gave nothing that could be used")
        return Secret(given)

    def _pass(self, session: Session, seconds: float) -> None:
        """Wait, and check regularly whether the person pressed a key."""
        end = self.clock() + seconds
        while (left := end - self.clock()) > 0:
            self.idle()
            if self.wait(session.stopped, min(left, GLANCE)):
                return


def object_of(response: Response) -> dict[str, Any]:
    """The JSON object of an answer; an empty one where it holds none."""
    try:
        data = response.json()
    except NoAnswerError:
        return {}
    return data if isinstance(data, dict) else {}


def belongs_to(registry: Origin, page: str) -> bool:
    """Whether a page is the registry's own; of npm's own registry, on npm's site."""
    try:
        found = Origin.of(page)
    except ValueError:
        return False
    return found == registry or (registry == Origin.of(REGISTRY) and found == Origin.of(NPM_WEB))


def _look(session: Session, done: str) -> Response | None:
    """Whether it was done; None if that could not be found out just now."""
    try:
        return session.get_url(done, store=False)
    except NoAnswerError as error:
        if error.unknown.reason is not Reason.UNREACHABLE:
            raise
        return None
