"""A loopback HTTP server that records requests and can be made to misbehave.

Both sandboxes (GitHub's and npm's) are made of this server and a function from `Request` to
`Reply`. It binds to 127.0.0.1 only. `Fault`s are scripted for each request: they are how tests
show that a broken, partial or hostile answer never turns into a pass.
"""

from __future__ import annotations

import contextlib
import json
import re
import socket
import struct
import sys
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qsl, unquote, urlsplit

SO_LINGER_RESET = struct.pack("ii", 1, 0)


@dataclass(frozen=True, slots=True)
class Request:
    """One request as the server read it; header names are lower-case, the path is not decoded."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def segments(self) -> tuple[str, ...]:
        """The path's parts, percent-decoded one by one (`@acme%2fweb` is one part)."""
        return tuple(unquote(part) for part in self.path.strip("/").split("/"))

    def json(self) -> Any:
        """The body as JSON; None if there is no body."""
        return json.loads(self.body) if self.body else None


@dataclass(slots=True)
class Reply:
    """What to answer: a status, headers and a body; `data` is sent as JSON unless it is None."""

    status: int = 200
    data: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None

    def encoded(self) -> bytes:
        """The bytes of the body."""
        if self.body is not None:
            return self.body
        if self.data is None:
            return b""
        return json.dumps(self.data, ensure_ascii=False).encode("utf-8", "surrogatepass")


Edit = Callable[[Request, Reply], Reply]
Handler = Callable[[Request], Reply]


@dataclass(slots=True)
class Fault:
    """One scripted misbehaviour.

    Attributes:
        path: a regular expression that must match the whole path (and query, after `?`).
        edit: changes the true reply; it gets the request and the reply that would be sent.
        stall: seconds to wait before the first byte.
        hang_up: close the connection without an answer (a reset).
        cut: send at most this many bytes of the body, never all of it, then close.
        after: let this many matching requests pass first.
        times: misbehave this often, then be well again; None is always.
        match: a further condition on the request, e.g. a GraphQL query's name in the body.
    """

    path: str
    edit: Edit | None = None
    stall: float = 0.0
    hang_up: bool = False
    cut: int | None = None
    after: int = 0
    times: int | None = None
    match: Callable[[Request], bool] | None = None
    seen: int = 0

    def takes(self, request: Request, target: str) -> bool:
        """Whether this request is to be broken; counts the requests that match."""
        if not (re.fullmatch(self.path, request.path) or re.fullmatch(self.path, target)):
            return False
        if self.match is not None and not self.match(request):
            return False
        self.seen += 1
        return self.seen > self.after and (
            self.times is None or self.seen <= self.after + self.times
        )


class _StoppedError(Exception):
    """A server was stopped."""


class LoopbackServer:
    """Serves a handler on 127.0.0.1 from a thread of its own; use it as a context manager.

    Attributes:
        url: the base address, without a trailing slash.
        requests: every request so far, in the order in which they came.
        faults: scripted misbehaviours; the first that takes a request is applied.
        latency: seconds added to each answer.
        crashes: exceptions of the handler: to a client they look like a lost connection.
    """

    def __init__(self, handler: Handler, *, latency: float = 0.0) -> None:
        self.handler = handler
        self.latency = latency
        self.requests: list[Request] = []
        self.faults: list[Fault] = []
        self.crashes: list[BaseException] = []
        self.lock = threading.Lock()
        server = self

        class _Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            # An answer leaves as a whole. What is larger than the buffer leaves in several writes,
            # to which Nagle would add 40 ms.
            wbufsize = -1
            disable_nagle_algorithm = True

            def log_message(self, *_: object) -> None:
                """Stay silent: the recorded requests are the log."""

            def _serve(self) -> None:
                server.serve(self)

            do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = _serve

        class _Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 128
            stopping = False

            def verify_request(self, *_: object) -> bool:
                """Take no more requests once the server is to stop."""
                return not self.stopping

            def service_actions(self) -> None:
                """Stop, where that is wanted; asked after each connection that came."""
                if self.stopping:
                    raise _StoppedError

            def handle_error(self, *_: object) -> None:
                """Note an error of the server's own; a client that hangs up is none."""
                error = sys.exception()
                if error is not None and not isinstance(error, OSError):
                    server.crashes.append(error)
                    traceback.print_exception(error)

        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._address = ("127.0.0.1", self._server.server_address[1])
        self.url = "http://{}:{}".format(*self._address)
        self._thread = threading.Thread(target=self._accept, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        # It looks up where a connection comes: who looks every few milliseconds takes a part of
        # the processor, and lets who waits for its end wait.
        self._server.stopping = True
        with contextlib.suppress(OSError), socket.create_connection(self._address, timeout=1):
            self._thread.join(timeout=5)
        self._server.server_close()

    def _accept(self) -> None:
        """Take connections until the server is to stop."""
        with contextlib.suppress(_StoppedError):
            self._server.serve_forever(poll_interval=60)

    def knows(self, token: str) -> bool:
        """Whether a token is one of this server's own; one that only answers knows none."""
        del token
        return False

    def fault(self, path: str, **how: Any) -> Fault:
        """Script a misbehaviour for the requests whose path matches; returns it."""
        fault = Fault(path, **how)
        self.faults.append(fault)
        return fault

    def serve(self, http: BaseHTTPRequestHandler) -> None:
        """Answer one request: read, record, handle, break if so scripted, send."""
        parts = urlsplit(http.path)
        request = Request(
            method=http.command,
            path=parts.path,
            query=dict(parse_qsl(parts.query, keep_blank_values=True)),
            headers={name.lower(): value for name, value in http.headers.items()},
            body=_body(http),
        )
        with self.lock:
            self.requests.append(request)
            fault = next((f for f in self.faults if f.takes(request, http.path)), None)
        delay = self.latency + (fault.stall if fault else 0.0)
        if delay:
            time.sleep(delay)
        if fault and fault.hang_up:
            http.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, SO_LINGER_RESET)
            http.connection.close()
            http.close_connection = True
            return
        reply = self.handler(request)
        if fault and fault.edit:
            # A fault does not change what time the server has.
            clock = {name: time for name, time in reply.headers.items() if name == "date"}
            edited = fault.edit(request, reply)
            reply = replace(edited, headers=clock | edited.headers)
        self._send(http, reply, fault.cut if fault else None)

    @staticmethod
    def _send(http: BaseHTTPRequestHandler, reply: Reply, cut: int | None) -> None:
        body = reply.encoded()
        headers = {
            "server": http.version_string(),
            "date": http.date_time_string(),
            "content-type": "application/json; charset=utf-8",
        } | {name.lower(): value for name, value in reply.headers.items()}
        http.send_response_only(reply.status)
        for name, value in headers.items():
            http.send_header(name, value)
        http.send_header("content-length", str(len(body)))
        http.end_headers()
        if http.command != "HEAD" and reply.status not in {204, 304}:
            # A whole body would be an answer, and its connection one that may be used again.
            http.wfile.write(body if cut is None else body[: min(cut, len(body) - 1)])
        if cut is not None:
            http.wfile.flush()
            http.connection.shutdown(socket.SHUT_RDWR)
            http.close_connection = True


def _body(http: BaseHTTPRequestHandler) -> bytes:
    """The body of a request, whole or in chunks: gh sends what it reads from a pipe in these."""
    if http.headers.get("Transfer-Encoding", "").lower() != "chunked":
        length = int(http.headers.get("Content-Length") or 0)
        return http.rfile.read(length) if length else b""
    chunks = []
    while size := int(http.rfile.readline().partition(b";")[0], 16):
        chunks.append(http.rfile.read(size))
        http.rfile.readline()
    http.rfile.readline()
    return b"".join(chunks)
