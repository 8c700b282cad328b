"""One exchange on the wire: a request out, a whole answer in, within bounds of time and size."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from urllib.parse import urlsplit

import requests
import urllib3
from requests.utils import default_headers, get_environ_proxies, select_proxy

from hardenme.collectors.transport.authorities import refusal, trusting
from hardenme.collectors.transport.body import ENCODING, TOO_LARGE, read_body
from hardenme.collectors.transport.bounds import Bounds
from hardenme.collectors.transport.handshake import ends_with_handshake
from hardenme.collectors.transport.origin import Origin, followed
from hardenme.collectors.transport.response import NoAnswerError, Response
from hardenme.collectors.transport.timed import TimedAdapter, Timer
from hardenme.ground import clock
from hardenme.ground.errors import ContentError
from hardenme.model.secret import redact
from hardenme.model.text import visible
from hardenme.model.unknown import Reason, Unknown

SOCKS = (
    "SOCKS proxies are not supported: name an HTTP proxy in HTTPS_PROXY, or the host in NO_PROXY"
)


class Wire:
    """Connections to one origin.

    Each thread has a connection pool of its own, so that no two requests share mutable state, and
    cookies are not kept. The environment's `.netrc` and certificate settings are not used; a proxy
    that it names is used for https. Certificates are always verified; `ca_file` names other
    authorities than the operating system's.
    """

    def __init__(self, origin: Origin, bounds: Bounds, ca_file: str = "") -> None:
        self.origin = origin
        self.bounds = bounds
        self._ca_file = ca_file
        self._local = threading.local()
        self._timer = Timer()

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
        sendable = method in {"GET", "HEAD"} or (method == "POST" and body is not None)
        if not sendable and not ends_with_handshake(method, url):
            raise ValueError(f"hardenme never sends {method}")
        if followed(self.origin, url, url) is None:
            raise NoAnswerError(
                Unknown(
                    Reason.MALFORMED,
                    f"an address on {self.origin}, of plain visible characters; it was not asked",
                    seen=redact(repr(url))[:80],
                )
            )
        self._timer.start(self.bounds.deadline, self.bounds.idle)
        try:
            with self._pool().send(
                _prepared(method, url, headers, body),
                stream=True,
                timeout=(min(self.bounds.connect, self.bounds.deadline), self.bounds.idle),
                proxies=proxies(url),
            ) as raw:
                return Response(
                    endpoint=endpoint,
                    url=url,
                    status=raw.status_code,
                    headers={key.lower(): value for key, value in raw.headers.items()},
                    body=read_body(raw, self.bounds.largest),
                    received_at=clock.now(),
                )
        except ContentError as error:
            raise self._without_body(endpoint, error.why) from None
        except requests.exceptions.InvalidSchema:
            raise self._none(SOCKS, "a SOCKS proxy", may_pass=False) from None
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            if self._timer.passed:
                # Trying again would take as long once more.
                why = f"{endpoint} took longer than {self.bounds.deadline:.0f} s; run again"
                raise self._none(why, "deadline passed", may_pass=False) from None
            if refused := refusal(error, _presenter(url, error), self._ca_file):
                why, seen = map(redact, refused)
                raise NoAnswerError(
                    Unknown(Reason.UNREACHABLE, why, seen), untrusted=True
                ) from None
            raise self._none(
                f"{self.origin} did not answer {endpoint}; check the network and the address",
                redact(type(error).__name__),
            ) from None

    @staticmethod
    def _none(needed: str, seen: str, *, may_pass: bool = True) -> NoAnswerError:
        return NoAnswerError(Unknown(Reason.UNREACHABLE, needed, seen), may_pass=may_pass)

    def _without_body(self, endpoint: str, why: str) -> NoAnswerError:
        """Why the answer's body is not read."""
        if why == TOO_LARGE:
            most = self.bounds.largest // 2**20
            text = f"{endpoint} answers more than {most} MiB, which is not read"
            return self._strange(text, "too large")
        if why == ENCODING:
            text = f"{endpoint} must answer in gzip or plainly"
            return self._strange(text, "an encoding that was not asked for")
        return self._none(f"{endpoint} broke off; run again", "no whole answer")

    @staticmethod
    def _strange(needed: str, seen: str) -> NoAnswerError:
        return NoAnswerError(Unknown(Reason.MALFORMED, needed, seen))

    def _pool(self) -> TimedAdapter:
        pool: TimedAdapter | None = getattr(self._local, "pool", None)
        if pool is None:
            pool = self._local.pool = TimedAdapter(self._timer, trusting(self._ca_file))
        return pool


def proxies(url: str) -> dict[str, str]:
    """The proxies that the environment names for an address: none for plain http."""
    if not url.startswith("https:"):
        return {}
    return {
        scheme: proxy
        for scheme, proxy in get_environ_proxies(url, no_proxy=None).items()
        if scheme in {"https", "all"}
    }


def _presenter(url: str, error: Exception) -> str:
    """Whose certificate was looked at: the host's, or the proxy's before it."""
    proxy = (
        select_proxy(url, proxies(url)) if isinstance(error, requests.exceptions.ProxyError) else ""
    )
    name = visible(urlsplit(proxy or url).hostname or "")
    return f"the proxy {name}" if proxy else name


def _prepared(
    method: str, url: str, headers: Mapping[str, str], body: bytes | None
) -> requests.PreparedRequest:
    """A request as it is sent. No session of requests has a part in it.

    That would keep cookies and look for a login in `.netrc`. It would read the body of a redirect
    without a limit, even if it is not followed.
    """
    request = requests.PreparedRequest()
    everything = default_headers()
    everything.update(headers)
    request.prepare(method, url, everything, data=body, auth=_no_login)
    return request


def _no_login(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Replaces the login that requests would take from the address."""
    return request
