"""The sign of life of a run for a timer: a page that is asked for, or a file that is touched.

A service or the age of a file shows that a run did not start, which the run itself cannot.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from hardenme.collectors.transport.bounds import Bounds
from hardenme.collectors.transport.origin import Origin
from hardenme.collectors.transport.pace import Wait
from hardenme.collectors.transport.response import NoAnswerError, Response
from hardenme.collectors.transport.session import Session
from hardenme.ground import clock
from hardenme.ground.errors import HardenmeError, UsageError
from hardenme.ground.exit_code import Exit
from hardenme.ground.files import PrivateFile
from hardenme.ground.places import home
from hardenme.model.secret import REDACTOR

BOUNDS = Bounds(connect=5, idle=5, deadline=10, retries=2, patience=0)
"""A successful run must not be delayed by the service that is notified of it."""
SECRET_LENGTH = 8
"""Characters from which a part of the address may be what gives access to it."""
GOOD = range(200, 300)
NO_ANSWER = "{} gave no answer: check the network and the address"


class _Nobody:
    """Who asks without a credential."""

    def headers(self) -> Mapping[str, str]:
        """The headers of the request."""
        return {"Accept": "*/*"}

    def limited(self, _response: Response) -> Wait | None:
        """No limit is waited out."""
        return None


@dataclass(frozen=True, slots=True)
class Page:
    """An address that is asked for. Its path is a secret: who knows it can give the sign.

    Attributes:
        url: the address.
        ca_file: certificate authorities in place of the usual ones.
    """

    url: str
    ca_file: str

    def beat(self) -> None:
        """Ask for it once.

        Raises:
            HardenmeError: it did not answer as it should.
        """
        origin, parts = Origin.of(self.url), urlsplit(self.url)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        session = Session(str(origin), _Nobody(), bounds=BOUNDS, ca_file=self.ca_file)
        try:
            answer = session.get(path or "/", store=False)
        except NoAnswerError as error:
            # Any other text names the path, and a short one is not known for a secret.
            why = error.unknown.needed if error.untrusted else NO_ANSWER.format(origin)
            raise HardenmeError(why, Exit.UNDELIVERED) from None
        if answer.status not in GOOD:
            raise HardenmeError(f"{origin} answered with {answer.status}", Exit.UNDELIVERED)


@dataclass(frozen=True, slots=True)
class Touched:
    """A file that holds when the last run went well.

    Attributes:
        path: the file.
    """

    path: Path

    def beat(self) -> None:
        """Write the time into it.

        Raises:
            OutputError: it cannot be written.
        """
        PrivateFile(self.path).write(f"{clock.now().isoformat(timespec='seconds')}\n")


def sign(text: str, ca_file: str) -> Page | Touched | None:
    """What is to be done after a run that went well; None for nothing.

    Args:
        text: an address, or the name of a file.
        ca_file: certificate authorities in place of the usual ones.

    Raises:
        UsageError: it is an address that hardenme does not ask. The text does not repeat it.
    """
    if not text:
        return None
    if "://" not in text:
        own = home()
        return Touched(own / text[2:] if own and text.startswith("~/") else Path(text))
    _learn(text)
    try:
        Origin.of(text)
    except ValueError as error:
        raise UsageError(f"--heartbeat takes an address or a file: {error}") from None
    return Page(text, ca_file)


def _learn(url: str) -> None:
    """Have what gives access removed from every text."""
    rest = url.partition("://")[2].partition("/")[2]
    for part in (rest, *rest.replace("?", "/").replace("&", "/").replace("=", "/").split("/")):
        if len(part) >= SECRET_LENGTH:
            REDACTOR.learn(part)
