"""Answers that are made to hurt: too deep, too large, too slow, broken off, or something else."""

from __future__ import annotations

import gzip
import json
import os
import socket
import struct
import subprocess
import sys
import time
import zlib
from pathlib import Path

import pytest

from hardenme.collectors.github.pages import LINK
from hardenme.model.unknown import Reason
from hardenme.sandbox.http import LoopbackServer, Reply, Request
from tests.collectors.raw_server import RawServer, drips, says
from tests.collectors.reader import session, unanswered

JSON = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
ROOT = Path(__file__).parent.parent.parent


def answering(body: bytes, **headers: str) -> LoopbackServer:
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    return LoopbackServer(lambda _: Reply(body=body, headers=told))


def why_not(body: bytes, **headers: str) -> Reason:
    with answering(body, **headers) as server:
        return unanswered(lambda: session(server.url).get("/user").json()).reason


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b"[" * 100_000 + b"]" * 100_000,
        b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b"[-Infinity]",
        b'{"a": 1e999}',
        b'{"a": -1e999}',
        b'{"two_factor": true, "two_factor": false}',
        b'[{"deep": {"a": 1, "a": 1}}]',
        b"[" + b"9" * 100_000 + b"]",
        b'{"a": 1',
        b'{"a": 1}}',
        b"",
        b"null null",
        b'{"a": "\xff\xfe"}',
        b'{"a": "\x00"}',
        b"{'a': 1}",
    ],
    ids=lambda body: body[:12].decode("latin-1"),
)
def test_a_body_that_is_not_strict_json(body: bytes) -> None:
    assert why_not(body) is Reason.MALFORMED


@pytest.mark.parametrize("kind", ["text/html; charset=utf-8", "text/plain", ""])
def test_a_login_page_is_no_answer(kind: str) -> None:
    assert why_not(b"{}", content_type=kind) is Reason.MALFORMED


def test_wide_json_is_read_in_time() -> None:
    body = json.dumps([{"id": number} for number in range(10_000)]).encode()
    begun = time.process_time()
    with answering(body) as server:
        assert len(session(server.url).get("/x").json()) == 10_000
    assert time.process_time() - begun < 2


def zeros(size: int) -> bytes:
    """A gzip of so many zeros that is made without holding them."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = bytes(2**20)
    return b"".join([*(packer.compress(block) for _ in range(size // 2**20)), packer.flush()])


def test_a_bomb_stops_at_the_cap() -> None:
    bomb = zeros(64 * 2**20)
    assert len(bomb) < 100_000
    with answering(bomb, content_encoding="gzip") as server:
        why = unanswered(lambda: session(server.url, largest=2**20).get("/x"))
    assert (why.reason, why.seen) == (Reason.MALFORMED, "too large")
    assert len(server.requests) == 1


BOMB = """
import resource, sys
from hardenme.collectors.transport.response import NoAnswerError
from tests.collectors.reader import session
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    session(sys.argv[1], largest=32 * 2**20, deadline=20.0).get("/x")
except NoAnswerError as error:
    print(error.unknown.seen, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


@pytest.mark.second_tier("unpacks two gigabytes")
def test_two_gigabytes_in_small_take_no_more_memory_than_the_cap() -> None:
    # Members of a gzip may follow each other: 256 MiB of zeros, eight times.
    bomb = zeros(256 * 2**20) * 8
    assert len(bomb) < 2.2 * 2**20
    with answering(bomb, content_encoding="gzip") as server:
        done = subprocess.run(  # noqa: S603 (our own interpreter)
            [sys.executable, "-c", BOMB, server.url],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
    seen, _, grown = done.stdout.strip().rpartition(" ")
    assert seen == "too large"
    assert int(grown) < 120, "MiB"


def test_a_bomb_on_a_redirect_stops_at_the_cap() -> None:
    told = {"Location": "/y", "Content-Encoding": "gzip"}
    with LoopbackServer(lambda _: Reply(302, body=zeros(64 * 2**20), headers=told)) as server:
        why = unanswered(lambda: session(server.url, largest=2**20).get("/x"))
    assert why.seen == "too large"


def test_empty_members_without_end_stop_at_the_cap() -> None:
    empty = gzip.compress(b"")
    with answering(empty * 60_000, content_encoding="gzip") as server:
        why = unanswered(lambda: session(server.url, largest=2**20).get("/x"))
    assert why.seen == "too large"


@pytest.mark.parametrize("encoding", ["br", "zstd", "deflate", "gzip, gzip", "gzip,br", "x-odd"])
def test_an_encoding_that_was_not_asked_for(encoding: str) -> None:
    assert why_not(b"{}", content_encoding=encoding) is Reason.MALFORMED


@pytest.mark.parametrize("encoding", ["gzip", "x-gzip", "GZIP"])
def test_gzip_is_read(encoding: str) -> None:
    whole = gzip.compress(b'{"a": ') + gzip.compress(b"1}")
    with answering(whole, content_encoding=encoding) as server:
        assert session(server.url).get("/x").json() == {"a": 1}


@pytest.mark.parametrize("cut", [1, 9, 12, -1, -8])
def test_gzip_that_breaks_off(cut: int) -> None:
    body = gzip.compress(json.dumps(list(range(5000))).encode())[:cut]
    assert why_not(body, content_encoding="gzip") is Reason.UNREACHABLE


def test_gzip_that_is_damaged() -> None:
    assert why_not(b"no gzip at all", content_encoding="gzip") is Reason.UNREACHABLE


@pytest.mark.parametrize(
    "parts",
    [
        (JSON + b"Content-Length: 100\r\n\r\n{}",),
        (JSON + b"Content-Length: 2\r\n\r\n",),
        (JSON + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n",),
        (JSON + b"Transfer-Encoding: chunked\r\n\r\n20\r\n{}",),
        (JSON + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}",),
        (JSON + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"{}")[:-3],),
        (JSON + b"Content-Encoding: gzip\r\n\r\nno gzip",),
    ],
    ids=["length", "nothing", "last chunk", "short chunk", "odd chunk", "gzip", "no gzip"],
)
def test_an_answer_that_breaks_off_says_so(parts: tuple[bytes, ...]) -> None:
    with RawServer(says(*parts)) as server:
        why = unanswered(lambda: session(server.url).get("/x"))
    assert (why.reason, why.seen) == (Reason.UNREACHABLE, "no whole answer")
    assert why.needed == "GET /x broke off; run again"


@pytest.mark.second_tier("a reset has to arrive after the first bytes were read")
def test_an_answer_that_is_reset_on_the_way_says_so() -> None:
    def script(connection: socket.socket) -> None:
        connection.sendall(JSON + b"Content-Length: 100000\r\n\r\n" + b" " * 100)
        time.sleep(1)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()

    with RawServer(script) as server:
        why = unanswered(lambda: session(server.url).get("/x"))
    assert why.needed == "GET /x broke off; run again"


def test_what_never_came_is_the_networks_fault() -> None:
    with RawServer(says(b"")) as server:
        why = unanswered(lambda: session(server.url).get("/x"))
    assert why.needed.endswith("did not answer GET /x; check the network and the address")


@pytest.mark.parametrize("cut", [0, 1, 10])
def test_a_short_read_is_no_answer(cut: int) -> None:
    with LoopbackServer(lambda _: Reply(data={"id": 1234567})) as server:
        server.fault("/x", cut=cut)
        why = unanswered(lambda: session(server.url).get("/x"))
        assert session(server.url).get("/y").ok
    assert why.reason is Reason.UNREACHABLE


@pytest.mark.parametrize(
    "parts",
    [
        (JSON + b"Content-Length: 100\r\n\r\n{}",),
        (JSON + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n",),
        (JSON + b"Transfer-Encoding: chunked\r\n\r\n20\r\n{}",),
        (JSON + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}",),
        (JSON + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",),
        (b"",),
        (b"HTTP/1.1",),
        (b"SSH-2.0-OpenSSH_9.9\r\n",),
        (JSON + b"Broken",),
        (JSON + b"X: " + b"a" * 100_000 + b"\r\n\r\n{}",),
        (JSON + b"X: a\r\n" * 1000 + b"\r\n{}",),
    ],
    ids=lambda parts: parts[0][-24:].decode("latin-1"),
)
def test_what_is_not_a_whole_answer(parts: tuple[bytes, ...]) -> None:
    with RawServer(says(*parts)) as server:
        why = unanswered(lambda: session(server.url).get("/x").json())
    assert why.reason in {Reason.UNREACHABLE, Reason.MALFORMED}


@pytest.mark.parametrize(
    "head",
    [
        JSON + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        JSON + b"Content-Length: 2\r\n\r\n{}",
        JSON + b"Content-Length: two\r\n\r\n{}",
        JSON + b"\r\n{}",
    ],
    ids=["chunked", "length", "odd length", "until closed"],
)
def test_what_is_a_whole_answer(head: bytes) -> None:
    with RawServer(says(head)) as server:
        assert session(server.url).get("/x").json() == {}


@pytest.mark.second_tier("waits for a timeout, and measures it")
@pytest.mark.parametrize(
    "parts",
    [
        (JSON + b"Content-Length: 100000\r\n\r\n", b" "),
        (JSON + b"\r\n", b" "),
        (JSON + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
        (b"", b"H"),
        (b"HTTP/1.1 200 OK\r\n", b"X"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (JSON + b"Content-Encoding: gzip\r\n\r\n", gzip.compress(b"")),
        (
            JSON + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"a")[:10],
            b"\x00\x00\x00\xff\xff",
        ),
    ],
    ids=[
        "length",
        "until closed",
        "chunks",
        "status line",
        "header",
        "interim",
        "empty members",
        "empty blocks",
    ],
)
def test_a_dripping_server_meets_the_deadline(parts: tuple[bytes, ...]) -> None:
    server = RawServer(lambda connection: drips(lambda: server, *parts)(connection))  # noqa: PLW0108 (the server has to be there first)
    begun = time.monotonic()
    with server:
        asking = session(server.url, deadline=0.4, retries=2)
        why = unanswered(lambda: asking.get("/x"))
    assert (why.reason, why.seen) == (Reason.UNREACHABLE, "deadline passed")
    assert time.monotonic() - begun < 30
    assert len(server.heads) == 1, "no second try after a deadline"


@pytest.mark.second_tier("waits for a timeout, and measures it")
def test_a_silent_server_meets_the_idle_bound() -> None:
    server = RawServer(lambda _: server.over.wait(60) and None)
    begun = time.monotonic()
    with server:
        why = unanswered(lambda: session(server.url, idle=0.2).get("/x"))
    assert why.reason is Reason.UNREACHABLE
    assert time.monotonic() - begun < 30


def test_a_huge_header_of_links_is_read_in_time() -> None:
    begun = time.thread_time()
    assert LINK.findall("<" * 65_000) == []
    assert LINK.findall("<a>;" + " " * 65_000) == []
    assert time.thread_time() - begun < 0.2


def test_the_refusal_does_not_repeat_what_the_server_said() -> None:
    def echoes(request: Request) -> Reply:
        told = request.headers["authorization"]
        return Reply(500, {"message": told}, {"X-Echo": told})

    with LoopbackServer(echoes) as server:
        why = unanswered(lambda: session(server.url).get("/x"))
    assert "CANARY" not in repr(why)
