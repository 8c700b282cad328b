"""Whose certificates count, over TLS on loopback, and what is said of one that does not."""

from __future__ import annotations

import os
import socket
import ssl
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import requests
from requests import certs

from hardenme.collectors.transport import authorities
from hardenme.collectors.transport.authorities import NOT_COUNTED, Store
from hardenme.collectors.transport.response import NoAnswerError
from hardenme.model.unknown import Reason, Unknown
from tests.collectors.certificates import DAY, HERE, Authority
from tests.collectors.raw_server import RawServer, says
from tests.collectors.reader import session

OK = says(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")
BY_HAND = "behind a company's proxy, name the proxy's certificate with --ca-file FILE"


@pytest.fixture(autouse=True)
def _plain_surroundings(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    for name in NOT_COUNTED:
        monkeypatch.delenv(name, raising=False)
    authorities._by_files.cache_clear()
    yield
    authorities._by_files.cache_clear()


@pytest.fixture
def root(tmp_path: Path) -> Authority:
    return Authority.of(tmp_path)


def in_the_system(monkeypatch: pytest.MonkeyPatch, authority: Authority | None) -> None:
    """Have the operating system's store hold one authority, or have the system have no store."""
    where = ssl.get_default_verify_paths()._replace(
        openssl_cafile=str(authority.file) if authority else "", openssl_capath=""
    )
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: where)
    monkeypatch.setattr(authorities, "FILES", ())


def refused(url: str, ca_file: Path | None = None) -> Unknown:
    """Why a server is not trusted; it was asked once, since nothing passes of itself."""
    asking = session(url, ca_file=str(ca_file or ""), retries=2, pause=30.0)
    with pytest.raises(NoAnswerError) as caught:
        asking.get("/user")
    assert caught.value.untrusted
    assert asking.meter.sent == 1
    assert caught.value.unknown.reason is Reason.UNREACHABLE
    return caught.value.unknown


def test_the_systems_store_counts(root: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    in_the_system(monkeypatch, root)
    with RawServer(OK, root.serving()) as server:
        assert session(server.url).get("/user").ok


def test_what_is_in_the_system_does_not_count_beside_a_file(
    root: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_the_system(monkeypatch, root)
    other = Authority.of(tmp_path, "other")
    with RawServer(OK, root.serving()) as server:
        why = refused(server.url, other.file)
    assert why.needed == (
        f"the certificate of {HERE} is not trusted by {other.file}: name its issuer's file with"
        " --ca-file FILE"
    )


@pytest.mark.parametrize("name", NOT_COUNTED)
def test_a_variable_adds_no_authority(
    root: Authority, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    file = root.file
    monkeypatch.setenv(name, str(file.parent if name == "SSL_CERT_DIR" else file))
    with RawServer(OK, root.serving()) as server:
        why = refused(server.url)
        assert why.needed == f"the certificate of {HERE} is not trusted by this machine: {BY_HAND}"
        assert server.heads == []
        assert session(server.url, ca_file=str(file)).get("/user").ok


def test_a_variable_takes_no_authority_away(
    root: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_the_system(monkeypatch, root)
    for name in NOT_COUNTED:
        monkeypatch.setenv(name, str(tmp_path / "nothing"))
    with RawServer(OK, root.serving()) as server:
        assert session(server.url).get("/user").ok


@pytest.mark.parametrize(
    ("host", "begins", "ends", "said"),
    [
        (HERE, -2 * DAY, -DAY, "has expired: "),
        (HERE, DAY, 2 * DAY, "is not valid yet: check this machine's clock"),
        ("127.0.0.2", -DAY, DAY, "is for another host: check the address"),
    ],
    ids=["expired", "early", "another host"],
)
def test_what_is_wrong_is_said_apart(
    root: Authority, host: str, begins: timedelta, ends: timedelta, said: str
) -> None:
    with RawServer(OK, root.serving(host, begins, ends)) as server:
        why = refused(server.url, root.file)
    assert why.needed.startswith(f"the certificate of {HERE} {said}")
    assert "proxy" not in why.needed


def test_a_proxys_own_certificate_is_said_to_be_the_proxys(
    root: Authority, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with RawServer(says(b""), root.serving()) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        monkeypatch.setenv("SSL_CERT_FILE", str(root.file))
        monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "keys"))
        why = refused("https://api.github.example")
    assert why.needed.startswith(f"the certificate of the proxy {HERE} is not trusted by")
    assert proxy.heads == []
    assert not (tmp_path / "keys").exists()


def test_a_proxy_in_between_is_trusted_by_the_file(
    root: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    tunnel = b"HTTP/1.1 200 Connection established\r\n\r\n"
    serving = root.serving()

    def intercept(connection: socket.socket) -> None:
        connection.sendall(tunnel)
        serving.wrap_socket(connection, server_side=True)

    with RawServer(intercept) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        why = refused("https://api.github.example")
        assert why.needed == (
            f"the certificate of api.github.example is not trusted by this machine: {BY_HAND}"
        )


def test_an_authority_counts_without_the_one_above_it(root: Authority, tmp_path: Path) -> None:
    between = Authority.of(tmp_path, "between", by=root)
    with RawServer(OK, between.serving()) as server:
        assert session(server.url, ca_file=str(between.file)).get("/user").ok
        assert session(server.url, ca_file=str(root.file)).get("/user").ok


def test_what_the_system_verifies_itself_goes_by_truststore(
    root: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where truststore has no system to ask it takes OpenSSL's variables."""
    monkeypatch.setattr(authorities, "BY_SYSTEM", True)
    monkeypatch.setenv("SSL_CERT_FILE", str(root.file))
    assert authorities.words("") == "the operating system's store"
    with RawServer(OK, root.serving()) as server:
        assert session(server.url).get("/user").ok
    other = Authority.of(tmp_path, "other")
    with RawServer(OK, other.serving()) as server:
        assert refused(server.url).needed.endswith(BY_HAND)


def test_a_system_without_a_store_has_certifis(monkeypatch: pytest.MonkeyPatch) -> None:
    in_the_system(monkeypatch, None)
    assert authorities.store().file == certs.where()
    assert authorities.words("") == "certifi's list: the operating system has no store"
    assert authorities.trusting().cert_store_stats()["x509_ca"] > 50


def test_a_store_is_found_where_the_system_has_it(
    root: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_the_system(monkeypatch, None)
    hashed = tmp_path / "hashed"
    hashed.mkdir()
    where = ssl.get_default_verify_paths()._replace(openssl_capath=str(hashed))
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: where)
    assert authorities.system() is None, "a folder without certificates is no store"
    (hashed / "0a1b2c3d.0").write_bytes(root.file.read_bytes())
    words = "the operating system's store"
    assert authorities.system() == Store(words, "", str(hashed))
    monkeypatch.setattr(authorities, "FILES", (str(tmp_path / "absent"), str(root.file)))
    assert authorities.system() == Store(words, str(root.file), str(hashed))


def test_libraries_trust_the_same_while_they_send(
    root: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_the_system(monkeypatch, root)
    nothing = str(tmp_path / "nothing")
    monkeypatch.setenv("CURL_CA_BUNDLE", nothing)
    monkeypatch.setenv("SSL_CERT_FILE", nothing)
    with RawServer(OK, root.serving()) as server:
        with authorities.trusted_by_libraries():
            assert requests.get(server.url, timeout=60).ok
            assert ssl.create_default_context().cert_store_stats()["x509_ca"] == 1
        assert os.environ["SSL_CERT_FILE"] == os.environ["CURL_CA_BUNDLE"] == nothing
        assert "REQUESTS_CA_BUNDLE" not in os.environ


def test_libraries_trust_the_file_that_a_run_names_alone(
    root: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_the_system(monkeypatch, Authority.of(tmp_path, "other"))
    with authorities.trusted_by_libraries(str(root.file)):
        (only,) = ssl.create_default_context().get_ca_certs(binary_form=True)
    assert only == ssl.PEM_cert_to_DER_cert(root.file.read_text())


def test_a_variable_that_names_the_systems_own_store_needs_no_word(
    root: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_the_system(monkeypatch, root)
    environ = {"SSL_CERT_FILE": str(root.file), "REQUESTS_CA_BUNDLE": "/elsewhere", "X": "y"}
    assert authorities.uncounted(environ) == ["REQUESTS_CA_BUNDLE"]


def test_other_errors_are_about_no_certificate() -> None:
    inner = ssl.SSLError(1, "wrong version number")
    outer = requests.exceptions.SSLError(inner)
    outer.__context__ = outer
    assert authorities.refusal(outer, "host.example") is None
