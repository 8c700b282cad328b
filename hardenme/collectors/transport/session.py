"""The guarded session: it only reads, only from one origin, within bounds of time and size."""

from __future__ import annotations

import random
import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING, Protocol

from hardenme import __version__
from hardenme.collectors.transport import trace
from hardenme.collectors.transport.bounds import Bounds
from hardenme.collectors.transport.cache import Cache, KeptAnswer
from hardenme.collectors.transport.handshake import handshake_of
from hardenme.collectors.transport.kept_window import Minute
from hardenme.collectors.transport.origin import Origin, base_url, followed
from hardenme.collectors.transport.pace import MINUTE, SECONDARY, Budget, Meter, Wait, limited
from hardenme.collectors.transport.request_limit import RequestLimit
from hardenme.collectors.transport.response import FAR, NoAnswerError, Response, failed
from hardenme.collectors.transport.shared_pause import SharedPause
from hardenme.collectors.transport.storage import FileStores
from hardenme.ground import clock
from hardenme.model.unknown import Reason, Unknown
from hardenme.model.watch import LATER

if TYPE_CHECKING:
    from hardenme.collectors.transport.wire import Wire


class LazyConnection:
    """The connections of one session. What speaks HTTP is loaded with them."""

    def __init__(self, origin: Origin, bounds: Bounds, ca_file: str) -> None:
        self._of = (origin, bounds, ca_file)
        self._lock = threading.Lock()
        self._wire: Wire | None = None

    def wire(self) -> Wire:
        """The same for all threads."""
        from hardenme.collectors.transport.wire import Wire  # noqa: PLC0415 (start-up)

        with self._lock:
            self._wire = self._wire or Wire(*self._of)
            return self._wire


__all__ = ["Provider", "Session", "Wait"]

REDIRECTS = 3
WORD = re.compile(r"[_A-Za-z][_0-9A-Za-z]*")
"""A name or a keyword of GraphQL."""
TRANSIENT = frozenset({500, 502, 503, 504})
MOVED = frozenset({301, 302, 303, 307, 308})
NOT_MODIFIED = 304
UNAUTHORIZED = 401
SHOWN_WAIT = 1.0
"""Seconds from which a wait is shown."""
ENCODINGS = "gzip"
"""What is asked for, and all that is decoded."""


class Provider(Protocol):
    """What differs between GitHub and npm."""

    def headers(self) -> Mapping[str, str]:
        """The headers of every request, the credential's among them."""

    def limited(self, response: Response) -> Wait | None:
        """The rate limit that an answer speaks of, if it does."""


class Session:
    """Reads from one base address with one credential. Workers may share it.

    Redirects and links are followed on the same origin only. Answers are kept where there is a
    cache; failures that may pass are tried again; a rate limit holds all workers.

    Attributes:
        base: the base address, without a trailing slash.
        origin: the only origin that is asked.
        meter: what was sent.
        limit: refuses requests above a number; None for none.
        clock_confirmed: whether the server's clock confirmed this machine's.
        clock_skew: what the server took the time to be, and this machine, when they last were far
            apart; None if they never were.
    """

    def __init__(  # noqa: PLR0913 (what a session is made of, all but two by name)
        self,
        base: str,
        provider: Provider,
        *,
        identity: Callable[[], str] = str,
        cache: Cache | None = None,
        bounds: Bounds | None = None,
        ca_file: str = "",
        moved: frozenset[int] = MOVED,
        on_wait: Callable[[Wait], None] | None = None,
        budget: Budget | None = None,
        renew: Callable[[str], bool] | None = None,
        pause: SharedPause | None = None,
    ) -> None:
        self.base = base_url(base)
        self.origin = Origin.of(base)
        self.bounds = bounds or Bounds()
        self.meter = Meter(budget)
        self.limit: RequestLimit | None = None
        self._provider = provider
        self._identity = identity
        self._moved = moved
        self._cache = cache
        self._on_wait = on_wait or (lambda _: None)
        self._opening = LazyConnection(self.origin, self.bounds, ca_file)
        self._stores = FileStores(self.origin, self.bounds, ca_file)
        self.stopped = threading.Event()
        self._renew = renew or (lambda _: False)
        self._shared = pause
        self._minute = Minute(self.meter, cache, lambda: (self._identity(), self.base))
        self.clock_confirmed = False
        self.clock_skew: tuple[datetime, datetime] | None = None

    def get(
        self,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        store: bool = True,
        slim: Callable[[bytes], bytes] | None = None,
        renew: bool = False,
    ) -> Response:
        """Read a path below the base.

        Args:
            path: encoded; it may hold a query.
            headers: in addition to the usual ones.
            store: whether the answer may be kept for the next run.
            slim: reduces a body before it is returned and stored; always the same for a path.
            renew: where a kept answer is confirmed, keep with it that it was true now.

        Raises:
            NoAnswerError: no usable answer came.
        """
        url, own = f"{self.base}{path}", dict(headers or {})
        response = self._ask("GET", url, path, own, None, store=store, slim=slim)
        if renew and response.cached:
            accept = self._headers(own).get("Accept", "")
            name, _ = self._kept("GET", accept, path)
            self._keep(name, response)
        return response

    def kept(self, path: str) -> Response | None:
        """The answer that is kept from an earlier run, as it was then; nothing is asked.

        It is for what never changes. The answer keeps its time, so that its age is known.

        Returns:
            None if there is none, or if its time is missing or in the future.
        """
        _, entry = self._kept("GET", self._headers({}).get("Accept", ""), path)
        if entry is None or "date" not in entry.headers:
            return None
        url, now = f"{self.base}{path}", clock.now()
        found = Response(f"GET {path}", url, 200, entry.headers, entry.body, now, cached=True)
        if found.server_time > now + FAR:
            return None
        trace.kept(found.endpoint, found)
        return replace(found, received_at=found.server_time)

    def get_url(
        self, url: str, *, store: bool = True, slim: Callable[[bytes], bytes] | None = None
    ) -> Response:
        """Read an address that a server named, such as the next page.

        Args:
            store: whether the answer may be kept for the next run.
            slim: reduces a body before it is returned and stored.

        Raises:
            NoAnswerError: it is on another origin, or no usable answer came.
        """
        target = followed(self.origin, f"{self.base}/", url)
        if target is None:
            raise NoAnswerError(
                Unknown(
                    Reason.INCOMPLETE,
                    f"a link to the next page leaves {self.origin}; it was not followed",
                )
            )
        path = target.removeprefix(self.base)
        return self._ask("GET", target, path, {}, None, store=store, slim=slim)

    def stored(self, path: str) -> Response:
        """Read a file that the server keeps in a store, at the address that it names.

        Neither the address nor the file is kept.

        Raises:
            NoAnswerError: the address is not that of a store, or no usable answer came.
        """
        return self._stores.follow(self.get(path, store=False))

    def query(self, url: str, document: str, body: bytes, *, again: bool = True) -> Response:
        """Send a GraphQL query; anything that is not one is refused.

        Args:
            url: where queries go.
            body: the query with its variables.
            again: whether a failure that may pass is tried again; a query that is too much for the
                server only costs more points each time.

        Raises:
            NoAnswerError: no usable answer came.
            ValueError: the document is not a query, or the address is on another origin.
        """
        words = WORD.findall(document) if document.startswith("query ") else []
        if words[:1] != ["query"] or {"mutation", "subscription"} & set(words):
            raise ValueError("hardenme sends GraphQL queries only")
        if Origin.of(url) != self.origin:
            raise ValueError("GraphQL is on the origin of the API")
        headers = {"Content-Type": "application/json"}
        return self._ask("POST", url, f"/graphql {words[1]}", headers, body, again=again)

    def handshake(self, path: str, body: bytes | None = None, *, method: str = "POST") -> Response:
        """Ask for a credential, or give one back; whatever is not one of `HANDSHAKES` is refused.

        Args:
            path: below the base.
            body: JSON; None for none.
            method: HTTP's.

        Raises:
            NoAnswerError: no usable answer came.
            ValueError: the request is not a handshake.
        """
        known = handshake_of(method, path)
        if known is None:
            raise ValueError("hardenme only reads")
        headers = {} if body is None else {"Content-Type": "application/json"}
        return self._ask(method, f"{self.base}{path}", known.shown, headers, body)

    def _ask(  # noqa: PLR0913 (a request is this much)
        self,
        method: str,
        url: str,
        path: str,
        headers: dict[str, str],
        body: bytes | None,
        *,
        again: bool = True,
        store: bool = True,
        slim: Callable[[bytes], bytes] | None = None,
    ) -> Response:
        endpoint = f"{method} {path}"
        accept = self._headers(headers).get("Accept", "")
        name, kept = self._kept(method, accept, path) if store else ("", None)
        if kept is not None:
            headers = {**headers, "If-None-Match": kept.etag}
        tries, most = 0, self.bounds.retries if again else 0
        anew = False
        while True:
            self._wait_for_turn(method, endpoint)
            # A wait may outlast the credential of before.
            everything = self._headers(headers)
            since = trace.begun()
            started = time.monotonic()
            try:
                response = self._follow(method, url, endpoint, everything, body)
            except NoAnswerError as error:
                trace.unanswered(endpoint, error, since, tries)
                if tries >= most or not error.may_pass:
                    raise
                self._pause(tries)
                tries += 1
                continue
            trace.answered(endpoint, response, since, tries)
            self.meter.answered(method, time.monotonic() - started)
            limit = self._provider.limited(response)
            self._observe(response, method, limit)
            if limit is not None:
                self._hold(limit, endpoint, response, tries)
            elif response.status == UNAUTHORIZED and not anew and self._renewed(everything):
                anew = True
                continue
            elif response.status in TRANSIENT and tries < most:
                self._pause(tries)
            elif response.status in TRANSIENT:
                raise failed(response)
            else:
                if slim is not None and response.ok:
                    response = replace(response, body=slim(response.body))
                return self._settle(response, name, kept)
            tries += 1

    def _renewed(self, sent: Mapping[str, str]) -> bool:
        """Whether another credential has taken the place of the one that was refused."""
        return self._renew(sent.get("Authorization", ""))

    def _headers(self, own: Mapping[str, str]) -> dict[str, str]:
        """The headers of a request that is sent now."""
        return {
            "User-Agent": f"hardenme/{__version__}",
            "Accept-Encoding": ENCODINGS,
            **self._provider.headers(),
            **own,
        }

    def _kept(self, method: str, accept: str, path: str) -> tuple[str, KeptAnswer | None]:
        if self._cache is None or method != "GET":
            return "", None
        name = self._cache.name(self._identity(), self.base, accept, path)
        return name, self._cache.load(name)

    def _settle(self, response: Response, name: str, kept: KeptAnswer | None) -> Response:
        if response.status == NOT_MODIFIED:
            if kept is None:
                raise NoAnswerError(
                    Unknown(Reason.MALFORMED, "run again with --no-cache", seen="status 304")
                )
            self.meter.count(spared=True)
            return response.from_cache(kept.body, kept.headers)
        if name and response.ok:
            self._keep(name, response)
        return response

    def _keep(self, name: str, response: Response) -> None:
        """Store an answer for later runs, with when it was true in place of what a clock showed."""
        headers = dict(response.headers)
        if "date" in headers:
            headers["date"] = format_datetime(response.observed_at, usegmt=True)
        if self._cache is not None:
            self._cache.store(name, headers, response.body)

    def _hold(self, limit: Wait, endpoint: str, response: Response, tries: int) -> None:
        if limit.seconds > self.bounds.patience or tries >= self.bounds.retries:
            if limit.seconds > self.bounds.patience:
                # The other workers need not find out one by one.
                self.meter.hold(limit, endpoint.partition(" ")[0])
            raise limited(limit, f"{endpoint} answered {response.status}", (response.atom,))
        self._on_wait(limit)
        if self._shared is not None and limit.kind == SECONDARY:
            self._shared.extend(limit.seconds)
        self.meter.hold(limit, endpoint.partition(" ")[0])

    def _observe(self, response: Response, method: str, limit: Wait | None) -> None:
        if not response.believed:
            self.clock_skew = (response.server_time, response.received_at)
        elif "date" in response.headers:
            self.clock_confirmed = True
        if response.status == UNAUTHORIZED:
            # Such an answer counts what is left for the address, not for the credential.
            return
        spared = response.status == NOT_MODIFIED
        wait = self.meter.observe(response, method, spared=spared)
        if wait is not None and limit is None and wait.seconds <= self.bounds.patience:
            self._on_wait(wait)

    def _pause(self, tries: int) -> None:
        # Jitter keeps several workers from coming back at the same moment.
        self.stopped.wait(self.bounds.pause * 2**tries * random.uniform(0.5, 1.0))  # noqa: S311 (no secret)

    def _wait_for_turn(self, method: str, endpoint: str) -> None:
        """Wait while a limit lasts, and until the minute has a place, which is taken.

        The pace within a minute is hardenme's own, so `--max-wait` does not limit this wait.

        Raises:
            NoAnswerError: no further request can be sent.
        """
        self._minute.remember()
        while not self.stopped.is_set():
            left = self._left(method)
            if left.seconds > self.bounds.patience:
                raise limited(left, f"{endpoint} was not sent", ())
            seconds = left.seconds or self.meter.turn(method)
            if not seconds:
                if self.limit is not None and not self.limit.take():
                    raise NoAnswerError(LATER)
                return
            if not left.seconds and seconds >= SHOWN_WAIT:
                self._on_wait(Wait(seconds, MINUTE))
            self.stopped.wait(seconds)
        raise NoAnswerError(
            Unknown(Reason.INCOMPLETE, f"the run was stopped before {endpoint}; run again")
        )

    def _left(self, method: str) -> Wait:
        """The wait that this session keeps, and what another process was asked for since."""
        if self._shared is not None and (seconds := self._shared.news()):
            self.meter.hold(Wait(seconds, SECONDARY), method)
        return self.meter.left(method)

    def rest(self) -> None:
        """Keep for the next run what was sent, since nothing more is."""
        self._minute.keep()

    def _follow(
        self, method: str, url: str, endpoint: str, headers: dict[str, str], body: bytes | None
    ) -> Response:
        seen = {url}
        for hop in range(REDIRECTS + 1):
            if hop:
                self._wait_for_turn(method, endpoint)
            self.meter.count()
            response = self._opening.wire().exchange(method, url, endpoint, headers, body)
            if response.status not in self._moved or method != "GET":
                return response
            target = followed(self.origin, url, response.headers.get("location", ""))
            if target is None or target in seen:
                raise NoAnswerError(
                    Unknown(
                        Reason.NOT_VISIBLE,
                        f"{endpoint} redirects to another place; check the address",
                        seen=f"status {response.status}",
                        evidence=(response.atom,),
                    )
                )
            seen.add(target)
            url = target
        raise NoAnswerError(
            Unknown(Reason.NOT_VISIBLE, f"{endpoint} redirects without end; check the address")
        )
