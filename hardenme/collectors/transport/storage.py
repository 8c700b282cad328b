"""The stores in which GitHub keeps files, such as the log of a job.

They are the one exception to the rule that nothing is asked for on another origin. GitHub answers
with an address in a store, which it signs for a minute. It is followed once, to the hosts of a
closed list, without the token.

Sources: https://docs.github.com/en/rest/actions/workflow-jobs ("Download job logs"),
https://docs.github.com/en/actions/reference/runners/self-hosted-runners (hosts of GitHub.com),
https://docs.github.com/en/enterprise-cloud@latest/admin/data-residency (hosts of GHE.com)
"""

from __future__ import annotations

import re
import threading
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from hardenme import __version__
from hardenme.collectors.transport import trace
from hardenme.collectors.transport.bounds import Bounds
from hardenme.collectors.transport.origin import Origin
from hardenme.collectors.transport.response import NoAnswerError, Response
from hardenme.ground.errors import UsageError
from hardenme.model.text import visible
from hardenme.model.unknown import Reason, Unknown

if TYPE_CHECKING:
    from hardenme.collectors.transport.wire import Wire

HOSTS = (
    re.compile(r"productionresultssa[0-9]{1,2}\.blob\.core\.windows\.net"),
    re.compile(r"[a-z0-9-]{1,63}\.actions\.githubusercontent\.com"),
    re.compile(r"prod(?:ae|jpw|sdc|weu)01resultssa[0-3]\.blob\.core\.windows\.net"),
)
"""The hosts that are asked: those of GitHub.com, and those of GHE.com by region."""
HTTPS = 443
FOUND = 302
"""The status that leads to a store."""
REDIRECTS = range(300, 400)
LARGEST, DEADLINE = 32 * 1024 * 1024, 60.0
"""Bytes of a file, and seconds for it as a whole, at most."""


class FileStores:
    """Reads files at the addresses that a server names.

    Attributes:
        own: the origin of the server, which an Enterprise Server keeps files on.
    """

    def __init__(self, own: Origin, bounds: Bounds, ca_file: str = "") -> None:
        self.own = own
        self._bounds = replace(
            bounds,
            largest=min(bounds.largest, LARGEST),
            deadline=min(bounds.deadline, DEADLINE),
        )
        self._ca_file = ca_file
        self._lock = threading.Lock()
        self._wires: dict[Origin, Wire] = {}

    def follow(self, led: Response) -> Response:
        """Read the file that an answer leads to; any other answer is returned as it is.

        Raises:
            NoAnswerError: it leads to a host that is not on the list, on to a third place, or no
                whole file came within the bounds.
        """
        if led.status != FOUND:
            return led
        address = urljoin(led.url, led.headers.get("location", ""))
        wire = self._wire(self._origin(address, led))
        since = trace.begun()
        try:
            found = wire.exchange("GET", address, led.endpoint, _headers())
        except NoAnswerError as error:
            trace.unanswered(led.endpoint, error, since, 0)
            raise
        trace.answered(led.endpoint, found, since, 0)
        if found.status in REDIRECTS:
            raise _refused(led, "the store that GitHub named redirects, which is not followed")
        # The address is signed: who has it can read the file.
        return replace(found, url=led.url)

    def _origin(self, address: str, led: Response) -> Origin:
        """Where an address leads, if that is the server itself or a host of the list.

        Raises:
            NoAnswerError: it leads elsewhere.
        """
        try:
            origin = Origin.of(address)
        except UsageError:
            raise _refused(led, "it redirects to an address that hardenme does not ask") from None
        listed = any(one.fullmatch(origin.host) for one in HOSTS)
        if origin == self.own or (listed and (origin.scheme, origin.port) == ("https", HTTPS)):
            return origin
        where = visible(origin.host)
        raise _refused(
            led, f"it redirects to {where}, which is not known to be a store of GitHub's"
        )

    def _wire(self, origin: Origin) -> Wire:
        from hardenme.collectors.transport.wire import Wire  # noqa: PLC0415 (start-up)

        with self._lock:
            if origin not in self._wires:
                self._wires[origin] = Wire(origin, self._bounds, self._ca_file)
            return self._wires[origin]


def _headers() -> dict[str, str]:
    """All headers of a request to a store: no token, and nothing that identifies the run."""
    return {"User-Agent": f"hardenme/{__version__}", "Accept-Encoding": "gzip"}


def _refused(led: Response, seen: str) -> NoAnswerError:
    needed = f"an answer to {led.endpoint} that leads to a store of GitHub's"
    return NoAnswerError(Unknown(Reason.NOT_VISIBLE, needed, seen, (led.atom,)))
