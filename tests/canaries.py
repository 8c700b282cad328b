"""The canary sweep: no token of a test shows in anything that the product leaves behind.

Every token of the tests holds the word CANARY, so that one search finds all of them, in every form.
Around each test `SWEEP` watches, and at its end looks through

- what was printed and logged (every logger, from DEBUG on), and what a `Console` wrote anywhere,
- the files that the product wrote, wherever they lie; what a test writes itself is its own affair,
- the arguments and the environment of each program that the product started,
- the requests that servers on loopback got. A token went astray that reaches a server which does
  not know it although another does, or two servers at once, unless the test made a client for each;
  and any token that reaches a server for which no client was made, where one was made for another.

A test that means to break one of these says so: `@pytest.mark.canaries_may_show("log")`.
"""

from __future__ import annotations

import base64
import html
import itertools
import os
import re
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import unquote_to_bytes

import hardenme
from hardenme.cli.console import Console
from hardenme.collectors.transport.origin import Origin
from hardenme.collectors.transport.wire import Wire
from hardenme.sandbox.http import LoopbackServer
from tests.collectors.raw_server import RawServer

WORD = b"CANARY"
TOKEN = re.compile(rb"[A-Za-z0-9_.+/~=-]*CANARY[A-Za-z0-9_.+/~=-]*")
BASIC = re.compile(rb"(?i:basic) ([A-Za-z0-9+/_-]+={0,2})")
PROXY_LOGIN = re.compile(
    rb"(?i)\A(CONNECT [^\r]*\r\n.*?)proxy-authorization: [^\r]*\r\n", re.DOTALL
)
LARGEST = 16 * 1024 * 1024
CHANNELS = ("output", "log", "console", "file", "child", "request")
PRODUCT = str(Path(hardenme.__file__).parent) + os.sep
SANDBOX = str(Path(PRODUCT) / "sandbox") + os.sep
TESTS = str(Path(__file__).parent) + os.sep
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT

ANSI = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\))")
UNSEEN = bytes(byte for byte in range(256) if not 0x20 < byte < 0x7F)
"""White space, controls, and the bytes of every other character, zero-width ones among them."""
ESCAPE = re.compile(rb"\\(?:u00|x)([0-9a-fA-F]{2})")
LONG_ESCAPE = re.compile(rb"\\(?:u[0-9a-fA-F]{4}|x[89a-fA-F][0-9a-fA-F]|[nrt])")


def forms() -> dict[str, bytes]:
    """The word in each form that stands for itself."""
    found = {
        "plain": WORD,
        "hex": WORD.hex().encode(),
        "upper hex": WORD.hex().upper().encode(),
        "reversed": WORD[::-1],
    }
    for lead, once in enumerate(coded(WORD)):
        found[f"base64 at {lead}"] = once
        found |= {f"base64 of that at {at}, {lead}": twice for at, twice in enumerate(coded(once))}
    return found


def coded(data: bytes) -> Iterator[bytes]:
    """The data in base64, by where it starts in a group of three bytes.

    The characters that neighbours share in are cut off.
    """
    for lead in range(3):
        whole = base64.b64encode(b"\0" * lead + data).rstrip(b"=")
        yield whole[(lead * 8 + 5) // 6 : (lead + len(data)) * 8 // 6]


FORMS = forms()


def seen(data: bytes) -> str:
    """The form in which a canary stands in the data; empty where none does."""
    direct = _form(data)
    if direct or data.isspace():
        return direct
    flat = ANSI.sub(b"", LONG_ESCAPE.sub(_kept, data)).translate(None, UNSEEN)
    for text, how in ((flat, "split"), *((text, "escaped") for text in _read(flat))):
        if form := _form(text):
            return f"{how}, {form}"
    return ""


def _form(data: bytes) -> str:
    return next((name for name, form in FORMS.items() if form in data), "")


def _kept(escape: re.Match[bytes]) -> bytes:
    """An escape that stands for a visible ASCII character stays, to be read."""
    return escape[0] if ESCAPE.fullmatch(escape[0]) else b""


def _read(flat: bytes) -> Iterator[bytes]:
    """The text with its escapes read."""
    if b"%" in flat:
        yield unquote_to_bytes(flat)
    if b"\\" in flat:
        yield ESCAPE.sub(lambda match: bytes([int(match[1], 16)]), flat)
    if b"&" in flat:
        yield html.unescape(flat.decode()).encode()


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
            found.update(request.query.values())
            found.update(request.headers.values())
            bodies.add(request.body)
        return bodies | {text.encode(errors="surrogatepass") for text in found}

    def tokens(self) -> set[bytes]:
        """The canaries in it."""
        found: set[bytes] = set()
        for text in self.texts():
            found.update(match[0] for match in TOKEN.finditer(text))
            for coded in BASIC.findall(text):
                found.update(TOKEN.findall(base64.urlsafe_b64decode(coded + b"==")))
        return {token.partition(b":")[2] or token for token in found}

    def knows(self, token: bytes) -> bool:
        """Whether it is one of its own."""
        return isinstance(self.server, LoopbackServer) and self.server.knows(token.decode())


def astray(listeners: Iterable[Listener], bound: Collection[str] = ()) -> Iterator[str]:
    """Tokens that reached a server that they are not for.

    Args:
        listeners: the servers.
        bound: the origins that clients were made for.
    """
    got: dict[bytes, list[Listener]] = {}
    every = list(listeners)
    for listener in every:
        for token in listener.tokens():
            got.setdefault(token, []).append(listener)
    for token, receivers in got.items():
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
        for heading, text in sections:
            channel = "log" if " log " in heading else "output"
            yield channel, heading, text.encode(errors="surrogatepass")
        if self.said:
            yield "console", "a console", "".join(self.said).encode(errors="surrogatepass")
        for child in self.children:
            yield "child", child.partition("\0")[0], child.encode(errors="surrogatepass")
        for path in self.written:
            yield "file", path, content(Path(path))

    def _audit(self, event: str, args: tuple[Any, ...]) -> None:
        if not self.watching:
            return
        if event == "open":
            path, _, flags = args
            if flags & WRITING and isinstance(path, str | bytes | os.PathLike) and by_product():
                self.written[os.path.abspath(os.fsdecode(path))] = None  # noqa: PTH100 (as it stands)
        elif event in {"os.rename", "os.link"}:
            if by_product():
                self.written[os.path.abspath(os.fsdecode(args[1]))] = None  # noqa: PTH100 (as above)
        elif event == "subprocess.Popen" and by_product():
            program, arguments, _, environ = args
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
