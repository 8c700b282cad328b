"""Keeps libraries quiet during delivery: no address is logged, no password looked up.

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
"""Loggers that log addresses or texts of requests."""
THREAD = "hardenme-sink-"
"""The name prefix of the threads that deliver messages."""
NETRC = "NETRC"
"""The variable that names the file which requests reads in the place of the home's."""
STATUS = re.compile(r"\berror=(\d{3})\b")
"""How apprise logs the status of an answer."""


class Ear(logging.Filter):
    """Drops all records of a thread that delivers; keeps the last status that it logged."""

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
    """The only filter of this process. From then on it drops library records about delivery.

    It stays: a target that hangs keeps its thread, which may log something when all else is done.
    """
    ear = Ear()
    for name in SPEAKING:
        logging.getLogger(name).addFilter(ear)
    # A warning holds the status; lower levels contain texts and addresses.
    logging.getLogger(SPEAKING[0]).setLevel(logging.WARNING)
    return ear


@contextmanager
def no_passwords() -> Iterator[None]:
    """Have no password taken from a `.netrc`.

    requests, which apprise uses, looks for one for the host of each address, and replaces the token
    of the address with it.
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
