"""One exchange on the wire: a request out, a whole answer in, within bounds of time and size."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import requests
import requests.adapters
import urllib3
from requests.utils import get_environ_proxies

from hardenme.collectors.transport.origin import Origin
from hardenme.collectors.transport.response import NoAnswerError, Response
from hardenme.model.secret import redact
from hardenme.model.unknown import Reason, Unknown

CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True)
class Bounds:
    """How long and how much.

    Attributes:
        connect: seconds to connect.
        idle: seconds without a byte.
        deadline: seconds for one answer as a whole.
        largest: bytes of a decoded body.
        retries: further tries after a failure that may pass.
        pause: seconds before the first of them; doubled each time, with jitter.
        patience: seconds of a rate limit that are waited out.
    """

    connect: float = 10.0
    idle: float = 15.0
    deadline: float = 60.0
    largest: int = 32 * 1024 * 1024
    retries: int = 2
    pause: float = 0.5
    patience: float = 60.0


class Wire:
    """Connections to one origin.

    Each thread has a connection pool of its own, so that no two requests share mutable state. The
    environment's `.netrc` and certificate settings are not used; a proxy that it names is used for
    https. Certificates are always verified; `ca_file` names other authorities than the usual.
    """

    def __init__(self, origin: Origin, bounds: Bounds, ca_file: str = "") -> None:
        self.origin = origin
        self.bounds = bounds
        self._verify: bool | str = ca_file or True
        self._local = threading.local()

    def exchange(
        self,
        method: str,
        url: str,
        endpoint: str,
        headers: Mapping[str, str],
        body: bytes | None = None,
    ) -> Response:
        """Send one request and read the whole answer; nothing is followed or repeated.

        Raises:
            NoAnswerError: none came, or not whole, or not within the bounds.
            ValueError: the method could change something.
        """
        if method not in {"GET", "HEAD", "POST"} or (method == "POST" and body is None):
            raise ValueError(f"hardenme never sends {method}")
        started = time.monotonic()
        try:
            with self._pool().request(
                method,
                url,
                data=body,
                headers=headers,
                stream=True,
                allow_redirects=False,
                timeout=(self.bounds.connect, self.bounds.idle),
                proxies=self._proxies(url),
                verify=self._verify,
            ) as raw:
                return Response(
                    endpoint=endpoint,
                    url=url,
                    status=raw.status_code,
                    headers={key.lower(): value for key, value in raw.headers.items()},
                    body=self._body(raw, started, endpoint),
                    received_at=datetime.now(UTC),
                )
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            raise NoAnswerError(
                Unknown(
                    Reason.UNREACHABLE,
                    f"{self.origin} did not answer {endpoint}; check the network and the address",
                    seen=redact(type(error).__name__),
                )
            ) from None

    def _body(self, raw: requests.Response, started: float, endpoint: str) -> bytes:
        parts: list[bytes] = []
        size = 0
        while True:
            # `read1` returns what has come, so that a dripping server meets the deadline.
            part = raw.raw.read1(CHUNK, decode_content=True)
            if not part:
                break
            parts.append(part)
            size += len(part)
            if size > self.bounds.largest:
                raise NoAnswerError(
                    Unknown(
                        Reason.MALFORMED,
                        f"{endpoint} answers more than {self.bounds.largest // 2**20} MiB,"
                        " which is not read",
                        seen="too large",
                    )
                )
            if time.monotonic() - started > self.bounds.deadline:
                raise NoAnswerError(
                    Unknown(
                        Reason.UNREACHABLE,
                        f"{endpoint} took longer than {self.bounds.deadline:.0f} s; run again",
                        seen="deadline passed",
                    )
                )
        expected = raw.headers.get("content-length")
        encoded = raw.headers.get("content-encoding")
        if expected and not encoded and raw.request.method != "HEAD" and size != int(expected):
            raise NoAnswerError(
                Unknown(
                    Reason.UNREACHABLE,
                    f"{endpoint} broke off; run again",
                    seen=f"{size} of {expected} bytes",
                )
            )
        return b"".join(parts)

    def _pool(self) -> requests.Session:
        pool: requests.Session | None = getattr(self._local, "pool", None)
        if pool is None:
            pool = requests.Session()
            pool.trust_env = False
            pool.auth = _no_netrc
            adapter = requests.adapters.HTTPAdapter(max_retries=0)
            pool.mount("https://", adapter)
            pool.mount("http://", adapter)
            self._local.pool = pool
        return pool

    def _proxies(self, url: str) -> dict[str, str]:
        if self.origin.scheme != "https":
            return {}
        return {
            scheme: proxy
            for scheme, proxy in get_environ_proxies(url, no_proxy=None).items()
            if scheme in {"https", "all"}
        }


def _no_netrc(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Stands where requests would look for credentials of its own."""
    return request
