"""The canary sweep: no token of a test shows in anything that the product leaves behind.

Every token of the tests holds the word CANARY, so that one search finds all of them, in every form.
Around each test `SWEEP` watches, and at its end looks through

- what was printed and logged (every logger, from DEBUG on), what a test took out of the capture of
  it, and what a `Console` wrote anywhere,
- the files that the product wrote, wherever they lie, and their names; what a test writes itself is
  its own affair,
- the arguments and the environment of each program that the product started,
- the requests that servers on loopback got. A token went astray that reaches a server which does
  not know it although another does, or two servers at once, unless the test made a client for each;
  and any token that reaches a server for which no client was made, where one was made for another.

A test that means to break one of these says so: `@pytest.mark.canaries_may_show("log")`.
"""

from __future__ import annotations

import itertools
import os
import re
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import pytest

import hardenme
from hardenme.cli.terminal.console import Console
from hardenme.collectors.transport.origin import Origin
from hardenme.collectors.transport.wire import Wire
from hardenme.sandbox.http import LoopbackServer
from tests.canary_forms import OTHERS, STEERING, TOKEN, seen, unmasked
from tests.collectors.raw_server import RawServer

PROXY_LOGIN = re.compile(
    rb"(?i)\A(CONNECT [^\r]*\r\n.*?)proxy-authorization: [^\r]*\r\n", re.DOTALL
)
LARGEST = 16 * 1024 * 1024
CHANNELS = ("output", "log", "console", "file", "child", "request")
PRODUCT = str(Path(hardenme.__file__).parent) + os.sep
SANDBOX = str(Path(PRODUCT) / "sandbox") + os.sep
TESTS = str(Path(__file__).parent) + os.sep
PLACED = {"os.rename": 1, "os.link": 1, "os.mkdir": 0}
"""Events by which something comes to be in a place, and where they tell it."""
STARTS = {
    "subprocess.Popen": (0, 1, 3),
    "os.exec": (0, 1, 2),
    "os.posix_spawn": (0, 1, 2),
    "os.spawn": (1, 2, 3),
}
"""Events by which a program is started, and where they tell it, its arguments and environment."""
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


class Heard(Protocol):
    """A server of the tests, and what it was asked."""

    url: str


@dataclass(slots=True)
class Listener:
    """A server, from when until when it ran."""

    server: Any
    begun: int
    ended: float = float("inf")

    def beside(self, other: Listener) -> bool:
        """Whether both ran at one time."""
        return self.begun < other.ended and other.begun < self.ended

    def texts(self) -> set[bytes]:
        """All that it was sent, each once."""
        if isinstance(self.server, RawServer):
            # A login at a proxy is for the proxy.
            return {PROXY_LOGIN.sub(rb"\1", head) for head in self.server.heads}
        found: set[str] = set()
        bodies: set[bytes] = set()
        for request in tuple(self.server.requests):
            found.add(request.path)
            found.update(request.query, request.query.values(), request.headers.values())
            bodies.add(request.body)
        return bodies | {text.encode(errors="surrogatepass") for text in found}

    def tokens(self) -> set[bytes]:
        """The canaries in it, each as it is without its disguise."""
        return {
            match[0]
            for text in self.texts()
            for plain in unmasked(text)
            for match in TOKEN.finditer(plain)
        }

    def pieces(self) -> bytes:
        """The texts that hold a canary, each as what is left without anything between pieces."""
        return b"\n".join(
            STEERING.sub(b"", plain).translate(None, OTHERS)
            for text in self.texts()
            if seen(text)
            for plain in unmasked(text)
        )

    def knows(self, token: bytes) -> bool:
        """Whether it is one of its own."""
        return isinstance(self.server, LoopbackServer) and self.server.knows(token.decode())


def received(listeners: Iterable[Listener]) -> dict[bytes, list[Listener]]:
    """The canaries, each with the servers that it reached, whole or in pieces."""
    got: dict[bytes, list[Listener]] = {}
    every = list(listeners)
    for listener in every:
        for token in listener.tokens():
            got.setdefault(token, []).append(listener)
    for listener in every:
        pieces = listener.pieces()
        for token, receivers in got.items():
            if listener not in receivers and token.translate(None, OTHERS) in pieces:
                receivers.append(listener)
    return got


def astray(listeners: Iterable[Listener], bound: Collection[str] = ()) -> Iterator[str]:
    """Tokens that reached a server that they are not for.

    Args:
        listeners: the servers.
        bound: the origins that clients were made for.
    """
    every = list(listeners)
    for token, receivers in received(every).items():
        told = token[:14].decode()
        for one, other in itertools.combinations(receivers, 2):
            meant = {one.server.url, other.server.url} <= set(bound)
            known = one.knows(token) and other.knows(token)
            if one.beside(other) and not (meant or known):
                yield f"{told}… was sent to {one.server.url} and to {other.server.url}"
        for receiver in receivers:
            if bound and receiver.server.url not in bound:
                yield f"{told}… was sent to {receiver.server.url}, for which no client was made"
            owner = next((o for o in every if o.beside(receiver) and o.knows(token)), receiver)
            if owner is not receiver and not receiver.knows(token):
                yield f"{told}… of {owner.server.url} was sent to {receiver.server.url}"


@dataclass(slots=True)
class Sweep:
    """Watches what happens in this process, and tells at the end of a test what went wrong."""

    watching: bool = False
    written: dict[str, None] = field(default_factory=dict)
    children: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    read: list[str] = field(default_factory=list)
    listeners: list[Listener] = field(default_factory=list)
    bound: set[str] = field(default_factory=set)
    time: Iterator[int] = field(default_factory=itertools.count)

    def install(self) -> None:
        """Begin to listen: to what Python audits, to consoles, to servers. Once for a process."""
        sys.addaudithook(self._audit)
        write = Console._write

        def spied(stream: Any, text: str) -> None:
            self.said.append(text)
            write(stream, text)

        Console._write = staticmethod(spied)  # type: ignore[method-assign]  # it goes on to the real one
        # What a test takes out of pytest's capture is not among its sections.
        take = pytest.CaptureFixture.readouterr

        def taken(fixture: pytest.CaptureFixture[Any]) -> Any:
            found = take(fixture)
            self.read += [os.fsdecode(text) for text in found]
            return found

        pytest.CaptureFixture.readouterr = taken  # type: ignore[method-assign]  # as above
        for kind in (LoopbackServer, RawServer):
            self._listen_to(kind)
        make = Wire.__init__

        def made(wire: Wire, origin: Origin, *args: Any, **named: Any) -> None:
            self.bound.add(str(origin))
            make(wire, origin, *args, **named)

        Wire.__init__ = made  # type: ignore[method-assign]  # as above

    def begin(self) -> None:
        """A test begins."""
        self.written.clear()
        self.children.clear()
        self.said.clear()
        self.read.clear()
        # Servers, and clients of them, may be a whole module's.
        self.listeners = [one for one in self.listeners if one.ended == float("inf")]
        self.bound &= {one.server.url for one in self.listeners}
        self.watching = True

    def end(
        self, sections: Iterable[tuple[str, str]] = (), allowed: Iterable[str] = ()
    ) -> list[str]:
        """A test is over: what shows that must not.

        Args:
            sections: what pytest captured, by its headings.
            allowed: channels that the test means to break.
        """
        self.watching = False
        found = []
        for channel, name, data in self._texts(sections):
            if channel not in allowed and (form := seen(data)):
                found.append(f"{channel}: a canary ({form}) in {name}")
        if "request" not in allowed:
            found += [f"request: {text}" for text in astray(self.listeners, self.bound)]
        return found

    def _texts(self, sections: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str, bytes]]:
        for heading, text in (*sections, *(("what a test read", text) for text in self.read)):
            channel = "log" if " log " in heading else "output"
            yield channel, heading, text.encode(errors="surrogatepass")
        if self.said:
            yield "console", "a console", "".join(self.said).encode(errors="surrogatepass")
        for child in self.children:
            yield "child", child.partition("\0")[0], child.encode(errors="surrogatepass")
        for path in self.written:
            yield "file", path, content(Path(path))
            yield "file", "the name of a file", os.fsencode(Path(path).name)

    def _audit(self, event: str, args: tuple[Any, ...]) -> None:
        if not self.watching:
            return
        if event == "open":
            path, _, flags = args
            if flags & WRITING and isinstance(path, str | bytes | os.PathLike) and by_product():
                self.written[os.path.abspath(os.fsdecode(path))] = None  # noqa: PTH100 (as it stands)
        elif event in PLACED:
            if by_product():
                self.written[os.path.abspath(os.fsdecode(args[PLACED[event]]))] = None  # noqa: PTH100 (as above)
        elif event in STARTS and by_product():
            program, arguments, environ = (args[number] for number in STARTS[event])
            held = os.environ if environ is None else environ
            self.children.append("\0".join(_words(program, arguments, held)))

    def _listen_to(self, kind: Any) -> None:
        enter, leave = kind.__enter__, kind.__exit__

        def entered(server: Any) -> Any:
            self.listeners.append(Listener(server, next(self.time)))
            return enter(server)

        def left(server: Any, *error: object) -> Any:
            for listener in self.listeners:
                if listener.server is server:
                    listener.ended = next(self.time)
            return leave(server, *error)

        kind.__enter__, kind.__exit__ = entered, left


def by_product() -> bool:
    """Whether it is the product that acts, and not a test, its sandbox or pytest."""
    frame = sys._getframe(2)
    while frame is not None:
        name = frame.f_code.co_filename
        if name.startswith((TESTS, SANDBOX)):
            return False
        if name.startswith(PRODUCT):
            return True
        frame = frame.f_back  # type: ignore[assignment]  # the loop ends with it
    return False


def _words(program: Any, arguments: Any, environ: Mapping[Any, Any]) -> Iterator[str]:
    yield os.fsdecode(program)
    yield from (os.fsdecode(word) for word in arguments)
    yield from (f"{os.fsdecode(name)}={os.fsdecode(value)}" for name, value in environ.items())


def content(path: Path) -> bytes:
    """The bytes of a regular file; none where it is gone, or too large to be of a test."""
    try:
        if path.is_file() and path.stat().st_size <= LARGEST:
            return path.read_bytes()
    except OSError:
        pass
    return b""


State = Mapping[Path, tuple[int, int]]


def state(*roots: Path) -> State:
    """The files below some folders, and which version of them it is."""
    found = {}
    for root in roots:
        for path in root.rglob("*"):
            if path.is_file() and not path.is_symlink():
                status = path.stat()
                found[path] = (status.st_mtime_ns, status.st_size)
    return found


def left_behind(before: State, *roots: Path) -> Iterator[str]:
    """Canaries in files that are new, or were changed, for what another process did."""
    for path, version in state(*roots).items():
        if before.get(path) != version and (form := seen(content(path))):
            yield f"file: a canary ({form}) in {path}"


SWEEP = Sweep()
