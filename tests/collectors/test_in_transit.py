"""Where a token could leave on its way: other schemes, proxies, certificates, look-alikes."""

from __future__ import annotations

import ipaddress
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from hardenme.collectors.github.client import GitHub
from hardenme.collectors.transport.response import NoAnswerError
from hardenme.model.secret import Secret
from hardenme.model.unknown import Reason
from hardenme.sandbox.http import LoopbackServer, Reply, Request
from tests.collectors.raw_server import RawServer, says
from tests.collectors.reader import QUICK, TOKEN, session, unanswered

NOW = datetime.now(UTC)


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


def ok(_: Request) -> Reply:
    return Reply(data={})


def certificate(folder: Path, begins: datetime, ends: datetime) -> Path:
    """A certificate for 127.0.0.1, signed by itself, and its key in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "loopback")])
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "server.pem"
    path.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        + made.public_bytes(Encoding.PEM)
    )
    return path


def encrypting(path: Path) -> ssl.SSLContext:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(path)
    return tls


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_from_https_to_http_of_the_same_host_is_not_followed(
    tmp_path: Path, status: int
) -> None:
    path = certificate(tmp_path, NOW - timedelta(days=1), NOW + timedelta(days=1))
    with LoopbackServer(ok) as plain:
        moved = (
            f"HTTP/1.1 {status} Moved\r\nLocation: {plain.url}/user\r\nContent-Length: 0\r\n\r\n"
        )
        with RawServer(says(moved.encode()), encrypting(path)) as server:
            why = unanswered(lambda: session(server.url, ca_file=str(path)).get("/user"))
    assert why.reason is Reason.NOT_VISIBLE
    assert TOKEN.encode() in server.heads[0]
    assert plain.requests == []


def test_a_redirect_to_the_same_port_of_another_loopback_address_is_not_followed() -> None:
    with LoopbackServer(ok) as evil:
        port = evil.url.rpartition(":")[2]
        for there in (f"http://127.0.0.2:{port}/x", f"http://localhost:{port}/x"):
            answer = Reply(302, {}, {"Location": there})
            with LoopbackServer(lambda _, answer=answer: answer) as server:
                why = unanswered(lambda server=server: session(server.url).get("/user"))
            assert why.reason is Reason.NOT_VISIBLE
    assert evil.requests == []


@pytest.mark.parametrize(
    ("begins", "ends"),
    [(-30, -1), (1, 30)],
    ids=["expired", "not valid yet"],
)
def test_a_certificate_counts_in_its_time_only(tmp_path: Path, begins: int, ends: int) -> None:
    path = certificate(tmp_path, NOW + timedelta(days=begins), NOW + timedelta(days=ends))
    with RawServer(says(b""), encrypting(path)) as server:
        why = unanswered(lambda: session(server.url, ca_file=str(path)).get("/user"))
    assert why.reason is Reason.UNREACHABLE
    assert server.heads == []


def test_a_proxy_that_wants_a_login_gets_no_token(monkeypatch: pytest.MonkeyPatch) -> None:
    wants = (
        b"HTTP/1.1 407 Proxy Authentication Required\r\n"
        b'Proxy-Authenticate: Basic realm="token please"\r\nContent-Length: 0\r\n\r\n'
    )
    with RawServer(says(wants)) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url.replace("//", "//user:CANARYproxy@"))
        why = unanswered(lambda: session("https://api.github.example", retries=1).get("/user"))
    assert why.reason is Reason.UNREACHABLE
    assert "CANARY" not in f"{why.needed} {why.seen}"
    assert proxy.heads
    for head in proxy.heads:
        assert head.startswith(b"CONNECT api.github.example:443 ")
        assert TOKEN.encode() not in head
        assert b"\r\nAuthorization:" not in head


def test_a_proxy_of_https_has_to_be_one_of_the_environment() -> None:
    with RawServer(says(b"")) as proxy:
        answer = Reply(305, {}, {"Location": proxy.url, "Proxy": proxy.url})
        with LoopbackServer(lambda _: answer) as server:
            assert session(server.url).get("/user").status == 305
    assert proxy.heads == []


@pytest.mark.parametrize(
    "address",
    [
        "{evil}/user/keys",
        "http://127.0.0.1:{port}@127.0.0.1/x",
        "//127.0.0.1:{port}/x",
        "http://127.0.0.2:{port}/x",
    ],
)
def test_an_address_in_a_body_is_never_asked(address: str) -> None:
    """What GitHub's answers link to, a client builds by itself."""
    with LoopbackServer(ok) as evil:
        there = address.format(evil=evil.url, port=evil.url.rpartition(":")[2])
        body = {
            "login": "mallow",
            **dict.fromkeys(("url", "html_url", "repos_url", "organizations_url"), there),
            **dict.fromkeys(("hooks_url", "keys_url", "next", "events_url"), there),
        }

        def answer(request: Request) -> Reply:
            return Reply(data=[body] if request.path.endswith("s") else body)

        with LoopbackServer(answer) as server:
            client = GitHub.connect(server.url, Secret(TOKEN), bounds=QUICK)
            assert client.get("/user").json()["login"] == "mallow"
            assert client.get("/user/keys").ok
    assert evil.requests == []
    assert {request.path for request in server.requests} == {"/user", "/user/keys"}


def test_no_environment_names_other_authorities_or_hosts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = certificate(tmp_path, NOW - timedelta(days=1), NOW + timedelta(days=1))
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS"):
        monkeypatch.setenv(name, str(path))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    monkeypatch.setenv("PYTHONHTTPSVERIFY", "0")
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "keys"))
    with RawServer(says(b""), encrypting(path)) as server:
        why = unanswered(lambda: session(server.url).get("/user"))
    assert why.reason is Reason.UNREACHABLE
    assert server.heads == []
    assert not (tmp_path / "keys").exists()


def test_a_header_that_would_be_two_is_not_sent() -> None:
    with LoopbackServer(ok) as server:
        for token in (f"{TOKEN}\r\nX-Evil: 1", f"{TOKEN}\nX-Evil: 1", f"{TOKEN}\r\n X"):
            with pytest.raises((NoAnswerError, ValueError)):
                session(server.url, token=token).get("/user")
    assert server.requests == []
