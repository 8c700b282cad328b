"""All that is sent beside what reads: requests for a credential, and to give one back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from hardenme.collectors.transport.cache import Cache
from hardenme.collectors.transport.handshake import HANDSHAKES
from hardenme.collectors.transport.session import Session
from hardenme.sandbox.http import LoopbackServer, Reply, Request
from tests.collectors.reader import QUICK, TOKEN, Bearer, session

PATH = "/app/installations/77/access_tokens"


def given(_: Request) -> Reply:
    return Reply(201, {"token": "ghs_CANARY00000000000000000000"}, {"etag": '"1"'})


def test_a_handshake_asks_for_a_credential() -> None:
    with LoopbackServer(
        lambda _: Reply(201, {"token": "ghs_CANARY00000000000000000000"})
    ) as server:
        response = session(server.url).handshake(PATH, b"{}")
    assert response.status == 201
    (request,) = server.requests
    assert (request.method, request.path) == ("POST", PATH)
    assert (request.body, request.headers["content-type"]) == (b"{}", "application/json")


def test_the_list_of_handshakes_is_closed() -> None:
    assert [(item.method, item.path.pattern) for item in HANDSHAKES] == [
        ("POST", r"/app/installations/[1-9][0-9]{0,18}/access_tokens"),
        ("POST", r"/-/v1/login"),
        ("DELETE", r"/-/user/token/[A-Za-z0-9_.~%-]{8,6000}"),
    ]


@pytest.mark.parametrize(
    "path",
    [
        "/user/repos",
        "/orgs/cedar-labs",
        "/app/installations/77",
        "/app/installations/77/access_tokens/",
        "/app/installations/77/access_tokens?x=1",
        "/app/installations/77/access_tokens\n",
        "/app/installations/0/access_tokens",
        "/app/installations/../access_tokens",
        "/app/installations//access_tokens",
        "/app/installations/7%2f7/access_tokens",
        "//evil.example/app/installations/77/access_tokens",
        "/app/installations/\N{ARABIC-INDIC DIGIT SEVEN}/access_tokens",
        "/-/v1/login/",
        "/-/v1/login?x=1",
        "/-/user/token/",
        "/-/user/token/..",
        f"/-/user/token/{TOKEN}/..",
        f"/-/user/token/{TOKEN}?x=1",
        f"/-/npm/v1/tokens/token/{TOKEN}",
        "/-/user/org.couchdb.user:mallow",
        "",
    ],
)
@pytest.mark.parametrize("method", ["POST", "DELETE", "PUT", "PATCH"])
def test_whatever_is_no_handshake_is_not_sent(method: str, path: str) -> None:
    with LoopbackServer(given) as server:
        asking = session(server.url)
        with pytest.raises(ValueError):
            asking.handshake(path, b"{}", method=method)
    assert server.requests == []


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("DELETE", PATH),
        ("PUT", PATH),
        ("DELETE", "/-/v1/login"),
        ("POST", f"/-/user/token/{TOKEN}"),
        ("GET", f"/-/user/token/{TOKEN}"),
    ],
)
def test_a_handshake_by_another_method_is_none(method: str, path: str) -> None:
    with LoopbackServer(given) as server:
        asking = session(server.url)
        with pytest.raises(ValueError):
            asking.handshake(path, b"{}", method=method)
    assert server.requests == []


def test_a_token_that_ends_itself_shows_in_no_evidence() -> None:
    with LoopbackServer(lambda _: Reply(200, {"ok": True})) as server:
        response = session(server.url).handshake(f"/-/user/token/{TOKEN}", method="DELETE")
    assert response.ok
    assert TOKEN not in str(response.atom)
    assert response.atom.endpoint == "DELETE /-/user/token/{token}"
    (request,) = server.requests
    assert (request.method, request.path) == ("DELETE", f"/-/user/token/{TOKEN}")


def test_a_handshake_s_answer_is_written_to_no_file(tmp_path: Path) -> None:
    with LoopbackServer(given) as server:
        asking = session(server.url, cache=Cache(tmp_path / "answers"))
        asking.handshake(PATH, b"{}")
    assert [*tmp_path.rglob("*")] == []


def test_a_credential_that_changed_during_a_wait_is_the_one_that_is_sent() -> None:
    class Changing(Bearer):
        def headers(self) -> Mapping[str, str]:
            self.token = f"{TOKEN[:-2]}{len(server.requests):02}"
            return super().headers()

    def answer(_: Request) -> Reply:
        return Reply(500 if len(server.requests) == 1 else 200, {})

    with LoopbackServer(answer) as server:
        asking = Session(server.url, Changing(), bounds=replace(QUICK, retries=1))
        assert asking.get("/user").ok
    sent = [request.headers["authorization"][-2:] for request in server.requests]
    assert sent == ["00", "01"]
