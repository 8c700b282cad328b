"""Keeps libraries quiet while a sink is written to: no address is logged, no password looked up.

What failed is heard all the same.
"""

from __future__ import annotations

import logging
import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

SPEAKING = ("apprise", "urllib3.connectionpool", "urllib3.util.retry", "requests_oauthlib")
"""Loggers that tell addresses or texts of requests."""
THREAD = "hardenme-sink-"
"""How the threads are called in which sinks are written to."""
NETRC = "NETRC"
"""The variable that names the file which requests reads in the place of the home's."""
STATUS = re.compile(r"\berror=(\d{3})\b")
"""How apprise logs the status of an answer."""


class Ear(logging.Filter):
    """Lets no record pass of a thread that writes to a sink; keeps the last status that it told."""

    def __init__(self) -> None:
        super().__init__()
        self._heard: dict[str, str] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether others may hear of it."""
        name = threading.current_thread().name
        if not name.startswith(THREAD):
            return record.name.partition(".")[0] != "apprise"
        if record.name.startswith("apprise"):
            try:
                found = STATUS.search(record.getMessage())
            except (TypeError, ValueError):
                found = None
            if found:
                self._heard[name] = found[1]
        return False

    def status(self) -> str:
        """The status that this thread was answered with last, and forget it; empty for none."""
        return self._heard.pop(threading.current_thread().name, "")


@cache
def listening() -> Ear:
    """The one ear of this process. From then on no one else hears what libraries say of sinks.

    It stays: a sink that hangs keeps its thread, which may say something when all else is done.
    """
    ear = Ear()
    for name in SPEAKING:
        logging.getLogger(name).addFilter(ear)
    # A warning holds the status; below that, texts and addresses are told.
    logging.getLogger(SPEAKING[0]).setLevel(logging.WARNING)
    return ear


@contextmanager
def no_passwords() -> Iterator[None]:
    """Have no password taken from a `.netrc`.

    requests, by which apprise sends, looks for one for the host of each address, and puts it in the
    place of the token that the address has.
    """
    before = os.environ.get(NETRC)
    os.environ[NETRC] = os.devnull
    try:
        yield
    finally:
        if before is None:
            del os.environ[NETRC]
        else:
            os.environ[NETRC] = before
