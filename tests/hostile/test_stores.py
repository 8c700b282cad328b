"""Redirects to the stores of files: one is followed, to a host of the list, without the token."""

from __future__ import annotations

import gzip
import logging
import socket
from pathlib import Path

import pytest

from hardenme.collectors.transport.response import NoAnswerError, Response
from hardenme.collectors.transport.storage import HOSTS, LARGEST
from hardenme.model.unknown import Reason, Unknown
from hardenme.sandbox.http import LoopbackServer, Reply, Request
from tests.collectors.certificates import Authority
from tests.collectors.raw_server import RawServer, Script, drips
from tests.collectors.reader import TOKEN, session
from tests.hostile.test_transport import zeros

PATH = "/repos/mallow/sieve/actions/jobs/7/logs"
HOST = "productionresultssa7.blob.core.windows.net"
ADDRESS = f"https://{HOST}/logs/7.txt?se=2026-12-01&sig=CANARYsignature"
MOVES = frozenset({301, 307, 308})
TUNNEL = b"HTTP/1.1 200 Connection established\r\n\r\n"
PLAIN = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


def leading(address: str, status: int = 302) -> LoopbackServer:
    """A server that keeps its files at an address."""

    def answer(request: Request) -> Reply:
        if request.path == PATH:
            return Reply(status, None, {"Location": address})
        return Reply(200, None, {"content-type": "text/plain"}, b"the log\n")

    return LoopbackServer(answer)


class Stores:
    """A proxy that is every host, with a certificate for one of them.

    Attributes:
        heads: what was asked within the encryption.
        asked: what the proxy was asked.
    """

    def __init__(self, folder: Path, script: Script, host: str = HOST) -> None:
        authority = Authority.of(folder)
        self.ca_file = str(authority.file)
        self.heads: list[bytes] = []
        self._tls = authority.serving(host)
        self._script = script
        self.proxy = RawServer(self._tunnel)
        self.asked = self.proxy.heads

    def _tunnel(self, connection: socket.socket) -> None:
        connection.sendall(TUNNEL)
        with self._tls.wrap_socket(connection, server_side=True) as inner:
            head = b""
            while b"\r\n\r\n" not in head and (part := inner.recv(65536)):
                head += part
            self.heads.append(head)
            self._script(inner)


def saying(*parts: bytes) -> Script:
    def script(connection: socket.socket) -> None:
        for part in parts:
            connection.sendall(part)

    return script


def asked_of(
    stores: Stores, monkeypatch: pytest.MonkeyPatch, address: str = ADDRESS, **bounds: object
) -> Response | Unknown:
    """What a file comes to that a server says is in a store."""
    with stores.proxy, leading(address) as server:
        monkeypatch.setenv("HTTPS_PROXY", stores.proxy.url)
        asking = session(server.url, moved=MOVES, ca_file=stores.ca_file, **bounds)
        try:
            return asking.stored(PATH)
        except NoAnswerError as error:
            return error.unknown


def test_a_file_is_read_from_a_host_of_the_list_without_the_token(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = gzip.compress(b"the log\n")
    stores = Stores(tmp_path, saying(PLAIN + b"Content-Encoding: gzip\r\n\r\n", body))
    found = asked_of(stores, monkeypatch)
    assert isinstance(found, Response)
    assert (found.body, found.status) == (b"the log\n", 200)
    assert "CANARY" not in f"{found.url} {found.endpoint}"
    (head,) = stores.heads
    lines = head.decode().lower().splitlines()
    names = {line.partition(":")[0] for line in lines[1:] if line}
    assert names == {"host", "user-agent", "accept", "accept-encoding", "connection"}
    assert TOKEN.lower() not in head.decode().lower()
    (tunnel,) = stores.asked
    assert TOKEN.encode() not in tunnel
    assert b"authorization" not in tunnel.lower()


def test_a_file_on_the_server_s_own_origin_is_read_without_the_token() -> None:
    with leading("/_store/7.txt") as server:
        found = session(server.url, moved=MOVES).stored(PATH)
    assert found.body == b"the log\n"
    assert [("authorization" in one.headers, one.path) for one in server.requests] == [
        (True, PATH),
        (False, "/_store/7.txt"),
    ]


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/x",
        f"https://{HOST}.evil.example/x",
        f"https://evil.example/{HOST}",
        f"https://evil.example#{HOST}",
        f"https://{HOST}@evil.example/x",
        f"https://user:word@{HOST}/x",
        f"https://{HOST}:8443/x",
        f"http://{HOST}/x",
        f"ftp://{HOST}/x",
        f"https://x.{HOST}/x",
        f"https://x{HOST}/x",
        "https://productionresultssa1000.blob.core.windows.net/x",
        "https://productionresultssa.blob.core.windows.net/x",
        "https://productionresultssa7.blob.core.windows.net.:443:8/x",
        "https://anyone.blob.core.windows.net/x",
        "https://prodzz01resultssa0.blob.core.windows.net/x",
        "https://actions.githubusercontent.com/x",
        "https://a.b.actions.githubusercontent.com/x",
        "https://objects.githubusercontent.com/x",
        f"https://{HOST}\\@evil.example/x",
        "https://productionresultssa7.blob.core.windows.net\xe9.evil.example/x",
        "https://169.254.169.254/latest",
        "https://127.0.0.1/x",
        "http://127.0.0.1:9/x",
        "http://[::1]/x",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "//evil.example/x",
        "https://",
    ],
)
def test_an_address_that_is_not_a_store_s_is_not_asked(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stores = Stores(tmp_path, saying(PLAIN + b"\r\nthe log\n"))
    found = asked_of(stores, monkeypatch, address)
    assert isinstance(found, Unknown)
    assert found.reason is Reason.NOT_VISIBLE
    assert "CANARY" not in repr(found)
    assert stores.asked == []


@pytest.mark.parametrize("status", [200, 204, 303, 401, 403, 404, 410])
def test_another_answer_leads_nowhere(status: int) -> None:
    with leading("https://evil.example/x", status) as server:
        assert session(server.url, moved=MOVES).stored(PATH).status == status
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_second_redirect_is_not_followed(
    status: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = f"HTTP/1.1 {status} Moved\r\nLocation: {ADDRESS}\r\nContent-Length: 0\r\n\r\n"
    stores = Stores(tmp_path, saying(head.encode()))
    found = asked_of(stores, monkeypatch)
    assert isinstance(found, Unknown)
    assert "redirects, which is not followed" in found.seen
    assert len(stores.heads) == 1


def test_a_bomb_stops_at_the_cap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    head = PLAIN + b"Content-Encoding: gzip\r\n\r\n"
    stores = Stores(tmp_path, saying(head, zeros(64 * 2**20)))
    found = asked_of(stores, monkeypatch)
    assert isinstance(found, Unknown)
    assert (found.reason, found.seen) == (Reason.MALFORMED, "too large")
    assert LARGEST == 32 * 2**20


def test_a_file_without_end_stops_at_the_cap(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def endless(connection: socket.socket) -> None:
        connection.sendall(PLAIN + b"\r\n")
        while True:
            connection.sendall(b"line\n" * 4096)

    stores = Stores(tmp_path, endless)
    found = asked_of(stores, monkeypatch, largest=2**20)
    assert isinstance(found, Unknown)
    assert found.seen == "too large"


@pytest.mark.second_tier("waits for a deadline")
def test_a_slow_file_meets_the_deadline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stores = Stores(tmp_path, drips(lambda: stores.proxy, PLAIN + b"\r\n", b"x"))
    found = asked_of(stores, monkeypatch, deadline=1.0)
    assert isinstance(found, Unknown)
    assert found.seen == "deadline passed"


def test_a_file_that_breaks_off_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stores = Stores(tmp_path, saying(PLAIN + b"Content-Length: 100\r\n\r\nthe log\n"))
    found = asked_of(stores, monkeypatch)
    assert isinstance(found, Unknown)
    assert found.reason is Reason.UNREACHABLE


def test_a_store_with_another_host_s_certificate_gets_no_request(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stores = Stores(tmp_path, saying(PLAIN + b"\r\n"), "evil.example")
    found = asked_of(stores, monkeypatch)
    assert isinstance(found, Unknown)
    assert found.reason is Reason.UNREACHABLE
    assert stores.heads == []


def test_a_signed_address_is_not_logged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    stores = Stores(tmp_path, saying(PLAIN + b"\r\nthe log\n"))
    with caplog.at_level(logging.DEBUG):
        assert isinstance(asked_of(stores, monkeypatch), Response)
    assert f"GET {PATH}" in caplog.text
    assert "/logs/7.txt" in caplog.text
    assert "CANARY" not in caplog.text


def test_the_list_has_no_host_that_ends_elsewhere() -> None:
    for pattern in HOSTS:
        assert pattern.pattern.endswith(
            (r"\.blob\.core\.windows\.net", r"\.githubusercontent\.com")
        )
        assert not pattern.fullmatch(f"{HOST}\n")
