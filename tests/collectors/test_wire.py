from __future__ import annotations

import ipaddress
import socket
import ssl
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from hardenme.collectors.transport.bounds import Bounds
from hardenme.collectors.transport.origin import Origin
from hardenme.collectors.transport.wire import Wire
from hardenme.model.unknown import Reason
from hardenme.sandbox.http import LoopbackServer, Reply, Request
from tests.collectors.raw_server import RawServer, drips, says
from tests.collectors.reader import TOKEN, session, unanswered

PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
NO_ANSWER = b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n"


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


def echo(request: Request) -> Reply:
    return Reply(data={"path": request.path, "headers": dict(request.headers)})


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "POST", "OPTIONS", "get"])
def test_what_could_change_something_is_not_sent(method: str) -> None:
    with LoopbackServer(echo) as server:
        wire = Wire(Origin.of(server.url), Bounds())
        with pytest.raises(ValueError):
            wire.exchange(method, f"{server.url}/x", "x", {})
    assert server.requests == []


@pytest.mark.parametrize(
    "path", ["/a b", "/a\r\nX: y", "/\u00fc", "@127.0.0.1:1/", ".evil.example/", ":1/", "\\@x/"]
)
def test_an_address_that_is_not_the_origins_is_not_asked(path: str) -> None:
    with LoopbackServer(echo) as server, LoopbackServer(echo) as evil:
        asking = session(server.url)
        aimed = path.replace("127.0.0.1:1", evil.url.removeprefix("http://"))
        assert unanswered(lambda: asking.get(aimed)).reason is Reason.MALFORMED
    assert server.requests == evil.requests == []


def test_netrc_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login mallory password CANARYnetrc\n")
    (tmp_path / ".netrc").chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    with LoopbackServer(echo) as server:
        session(server.url).get("/user")
        Wire(Origin.of(server.url), Bounds()).exchange("GET", f"{server.url}/x", "GET /x", {})
    named, bare = server.requests
    assert named.headers["authorization"] == f"Bearer {TOKEN}"
    assert "authorization" not in bare.headers


@pytest.mark.parametrize("upper", [True, False])
def test_a_proxy_gets_nothing_of_loopback_http(
    monkeypatch: pytest.MonkeyPatch, *, upper: bool
) -> None:
    with LoopbackServer(echo) as server, RawServer(says(NO_ANSWER)) as proxy:
        for name in PROXIES[:3]:
            monkeypatch.setenv(name if upper else name.lower(), proxy.url)
        assert session(server.url).get("/user").ok
    assert proxy.heads == []
    assert len(server.requests) == 1


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
def test_a_proxy_of_https_sees_the_host_and_not_the_token(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    with RawServer(says(NO_ANSWER)) as proxy:
        monkeypatch.setenv(name, proxy.url.replace("//", "//user:CANARYproxy@"))
        why = unanswered(lambda: session("https://api.github.example").get("/user"))
    assert why.reason is Reason.UNREACHABLE
    (head,) = proxy.heads
    assert head.startswith(b"CONNECT api.github.example:443 HTTP/1.")
    assert TOKEN.encode() not in head
    assert b"\r\nAuthorization:" not in head
    assert "CANARY" not in f"{why.needed} {why.seen}"


def of_pysocks(_proxy: str, **given: object) -> None:
    """urllib3's own with PySocks, which takes no certificates for a proxy."""
    raise TypeError(f"unexpected keyword arguments: {sorted(given)}")


@pytest.mark.parametrize("scheme", ["socks4", "socks5", "SOCKS5h"])
@pytest.mark.parametrize("pysocks", [True, False])
def test_a_socks_proxy_is_said_to_be_none_that_is_used(
    monkeypatch: pytest.MonkeyPatch, scheme: str, *, pysocks: bool
) -> None:
    if pysocks:
        monkeypatch.setattr(requests.adapters, "SOCKSProxyManager", of_pysocks)
    with RawServer(says(NO_ANSWER)) as proxy:
        address = proxy.url.replace("http://", f"{scheme}://user:CANARYproxy@")
        monkeypatch.setenv("HTTPS_PROXY", address)
        asking = session("https://api.github.example", retries=2, pause=0.0)
        why = unanswered(lambda: asking.get("/user"))
    assert asking.meter.sent == 1, "it does not pass of itself"
    assert why.reason is Reason.UNREACHABLE
    assert why.needed.startswith("SOCKS proxies are not supported: name an HTTP proxy")
    assert "CANARY" not in f"{why.needed} {why.seen}"
    assert proxy.heads == []


def test_a_proxy_of_http_is_not_used_for_https(monkeypatch: pytest.MonkeyPatch) -> None:
    with RawServer(says(b"")) as target, RawServer(says(NO_ANSWER)) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        unanswered(lambda: session(target.url.replace("http:", "https:"), connect=0.3).get("/user"))
    assert proxy.heads == []


def test_no_proxy_is_kept_to(monkeypatch: pytest.MonkeyPatch) -> None:
    with RawServer(says(b"")) as target, RawServer(says(NO_ANSWER)) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        asking = session(target.url.replace("http:", "https:"), connect=0.3)
        assert unanswered(lambda: asking.get("/user")).reason is Reason.UNREACHABLE
    assert proxy.heads == []
    # Encrypted from the first byte: the token is not in what a plain server reads.
    assert all(TOKEN.encode() not in head for head in target.heads)


def test_cookies_are_neither_kept_nor_sent() -> None:
    def sets(_: Request) -> Reply:
        return Reply(data={}, headers={"Set-Cookie": "id=1; Path=/"})

    with LoopbackServer(sets) as server:
        asking = session(server.url)
        for _ in range(2):
            asking.get("/user")
    assert all("cookie" not in request.headers for request in server.requests)


def test_a_connection_is_used_again() -> None:
    connections = 0

    def script(connection: socket.socket) -> None:
        nonlocal connections
        connections += 1
        body = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
        connection.sendall(body)
        while connection.recv(65536):
            connection.sendall(body)

    with RawServer(script) as server:
        asking = session(server.url)
        for _ in range(5):
            assert asking.get("/user").json() == {}
    assert connections == 1


@pytest.mark.second_tier("hundreds of requests by many threads")
def test_many_workers_each_get_their_own_answer() -> None:
    threads, each = 50, 12
    switch = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    start = threading.Barrier(threads)
    try:
        with LoopbackServer(echo) as server:
            asking = session(server.url, idle=60.0, deadline=60.0, connect=60.0)

            def work(number: int) -> list[tuple[str, str, str]]:
                start.wait()
                found = []
                for turn in range(each):
                    mine = f"{number}-{turn}"
                    data = asking.get(f"/x/{mine}", headers={"X-Mine": mine}).json()
                    found.append((mine, data["path"], data["headers"]["x-mine"]))
                return found

            with ThreadPoolExecutor(threads) as pool:
                answers = [line for lines in pool.map(work, range(threads)) for line in lines]
    finally:
        sys.setswitchinterval(switch)
    assert len(answers) == len(server.requests) == asking.meter.sent == threads * each
    assert [line for line in answers if line[1:] != (f"/x/{line[0]}", line[0])] == []


@pytest.mark.second_tier("waits for a timeout")
def test_a_deadline_of_one_thread_is_not_anothers() -> None:
    given_up = threading.Event()

    def slow(request: Request) -> Reply:
        if request.path == "/slow":
            given_up.wait(60)
        return Reply(data={})

    with LoopbackServer(slow) as server:
        asking = session(server.url, idle=2)
        with ThreadPoolExecutor(2) as pool:
            late = pool.submit(lambda: unanswered(lambda: asking.get("/slow")))
            for _ in range(10):
                assert asking.get("/quick").ok
            assert late.result().reason is Reason.UNREACHABLE
        given_up.set()


def certificate(folder: Path, address: str) -> Path:
    """A certificate for an address, signed by itself, and its key in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "loopback")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))]),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{address}.pem"
    path.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        + made.public_bytes(Encoding.PEM)
    )
    return path


@pytest.mark.parametrize(
    ("address", "trusted", "answered"),
    [("127.0.0.1", True, True), ("127.0.0.1", False, False), ("127.0.0.2", True, False)],
    ids=["trusted", "signed by itself", "of another host"],
)
def test_certificates_are_verified(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str, *, trusted: bool, answered: bool
) -> None:
    path = certificate(tmp_path, address)
    # Neither adds authorities, and no keys are written down.
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(path))
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "keys"))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(path)
    body = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
    with RawServer(says(body), tls) as server:
        asking = session(server.url, ca_file=str(path) if trusted else "")
        if answered:
            assert asking.get("/user").json() == {}
        else:
            assert unanswered(lambda: asking.get("/user")).reason is Reason.UNREACHABLE
    assert len(server.heads) == answered
    assert not (tmp_path / "keys").exists()


@pytest.mark.second_tier("waits for a timeout, and measures it")
def test_an_encrypted_answer_meets_the_deadline_too(tmp_path: Path) -> None:
    path = certificate(tmp_path, "127.0.0.1")
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(path)
    server = RawServer(lambda connection: drips(lambda: server, b"", b"H")(connection), tls)  # noqa: PLW0108 (the server has to be there first)
    begun = time.monotonic()
    with server:
        asking = session(server.url, ca_file=str(path), deadline=0.5, retries=2)
        assert unanswered(lambda: asking.get("/x")).seen == "deadline passed"
    assert time.monotonic() - begun < 30


def test_a_file_of_authorities_that_is_absent_is_no_answer(tmp_path: Path) -> None:
    asking = session("https://127.0.0.1:9", ca_file=str(tmp_path / "absent.pem"))
    assert unanswered(lambda: asking.get("/user")).reason is Reason.UNREACHABLE
