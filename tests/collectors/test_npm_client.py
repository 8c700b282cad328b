from __future__ import annotations

from collections.abc import Callable

import pytest

from hardenme.collectors.npm.asking import fetch, fetch_at, no_token
from hardenme.collectors.npm.client import Npm, refusal
from hardenme.collectors.transport.session import Wait
from hardenme.facts.npm.account import NpmAccount, NpmProfile
from hardenme.facts.npm.endpoints import escaped
from hardenme.model.permission import any_of, npm
from hardenme.model.secret import Secret
from hardenme.model.unknown import Reason, Unknown
from hardenme.sandbox.http import LoopbackServer, Reply, Request
from tests.collectors.reader import QUICK, unanswered
from tests.collectors.scripted import NPM_TOKEN, registry

NEEDED = any_of(npm("session token"))


def test_what_every_request_says() -> None:
    with registry({"/-/whoami": {}, "/a": {}}) as (client, server):
        client.get("/-/whoami", "whoami")
        client.get("/a")
    first, second = server.requests
    assert first.headers["authorization"] == f"Bearer {NPM_TOKEN}"
    assert (first.headers["npm-command"], first.headers["npm-auth-type"]) == ("whoami", "web")
    # Never the abbreviated form, which leaves out who published and when.
    assert second.headers["accept"] == "application/json"
    assert "npm-command" not in second.headers


def test_without_a_token_nothing_is_presented() -> None:
    with registry({"/a": {}}, token="") as (client, server):
        client.get("/a")
    assert "authorization" not in server.requests[0].headers


def test_a_token_that_is_refused_is_not_sent_again() -> None:
    with registry({"/a": {}, "/b": {}}) as (client, server):
        client.get("/a")
        client.drop_token(Unknown(Reason.REJECTED, "an npm token that is accepted"))
        client.get("/b")
        assert no_token(client, NpmAccount).reason is Reason.REJECTED
    assert "authorization" in server.requests[0].headers
    assert "authorization" not in server.requests[1].headers


def test_a_registry_below_a_path() -> None:
    with LoopbackServer(lambda _: Reply(data={})) as server:
        client = Npm.connect(f"{server.url}/npm/", Secret(NPM_TOKEN), bounds=QUICK)
        client.get("/-/whoami")
    assert server.requests[0].path == "/npm/-/whoami"
    assert client.registry == f"{server.url}/npm"


def test_the_address_that_is_shown_may_be_another() -> None:
    client = Npm.connect("http://127.0.0.1:9", None, shown="https://registry.example.test")
    assert client.registry == "https://registry.example.test"
    assert str(client.session.origin) == "http://127.0.0.1:9"


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("left", "left"),
        ("@acme/web", "@acme%2fweb"),
        ("../../x", "..%2f..%2fx"),
        ("a b?c#d\r\n", "a%20b%3Fc%23d%0D%0A"),
        ("@a@b.example/c", "@a@b.example%2fc"),
    ],
)
def test_a_package_is_one_part_of_the_path(name: str, path: str) -> None:
    assert escaped(name) == path
    with registry({}) as (client, server):
        client.get(f"/{path}")
    assert server.requests[0].segments == (name,)


def why(status: int, message: str = "", **headers: str) -> Unknown:
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    with registry({"/x": Reply(status, {"error": message}, told)}) as (client, _):
        return refusal(client.get("/x"), NEEDED)


@pytest.mark.parametrize(
    ("status", "message", "challenge", "reason"),
    [
        (401, "", "", Reason.REJECTED),
        (401, "", "OTP", Reason.NEEDS_PRESENCE),
        (401, "You must provide a one-time pass.", "", Reason.NEEDS_PRESENCE),
        (401, "", "ipaddress", Reason.NOT_PERMITTED),
        (402, "Payment Required", "", Reason.NOT_PERMITTED),
        (403, "", "", Reason.NOT_PERMITTED),
        (404, "Not Found", "", Reason.NOT_VISIBLE),
        (302, "", "", Reason.NOT_VISIBLE),
        (400, "", "", Reason.MALFORMED),
        (405, "", "", Reason.MALFORMED),
        (410, "", "", Reason.MALFORMED),
    ],
)
def test_what_a_refusal_means(status: int, message: str, challenge: str, reason: Reason) -> None:
    if status == 302:
        with registry({"/x": Reply(302, {}, {"Location": "https://evil.example/"})}) as (client, _):
            found = fetch_at(client, NpmProfile, "/x")
        assert isinstance(found, Unknown)
        assert found.reason is reason
        return
    found = why(status, message, www_authenticate=challenge)
    assert found.reason is reason
    assert found.needed
    assert found.evidence[0].status == status


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 30.0),
        ({"retry_after": "7"}, 7.0),
        ({"retry_after": "-7"}, 1.0),
        ({"retry_after": "1e99"}, 3600.0),
        ({"retry_after": "nan"}, 30.0),
        ({"retry_after": "soon"}, 30.0),
        (
            {
                "retry_after": "Tue, 24 Nov 2026 12:00:20 GMT",
                "date": "Tue, 24 Nov 2026 12:00:00 GMT",
            },
            20.0,
        ),
    ],
)
def test_how_long_a_registry_wants_to_be_left_alone(
    headers: dict[str, str], seconds: float
) -> None:
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    waits: list[Wait | None] = []

    def note(answered: Callable[..., Wait | None]) -> Callable[..., Wait | None]:
        def limited(response: object) -> Wait | None:
            waits.append(answered(response))
            return waits[-1]

        return limited

    with registry({"/x": Reply(429, {}, told)}) as (client, server):
        provider = client.identity
        client.session._provider = _Noted(provider.headers, note(provider.limited))  # type: ignore[assignment]  # the same two functions
        assert unanswered(lambda: client.get("/x")).reason is Reason.RATE_LIMITED
    assert waits == [Wait(seconds, "registry's")]
    assert len(server.requests) == 1


class _Noted:
    def __init__(self, headers: object, limited: object) -> None:
        self.headers = headers
        self.limited = limited


@pytest.mark.parametrize(
    "said",
    [
        Reply(200, body=b"<html>Sign in</html>", headers={"content-type": "text/html"}),
        Reply(200, body=b"<html>Sign in</html>"),
        Reply(200, body=b""),
        Reply(200, data=[]),
        Reply(200, data="text"),
        Reply(200, data=None, body=b"null"),
    ],
)
def test_a_registry_that_answers_with_something_else(said: Reply) -> None:
    with registry({"/x": said}) as (client, _):
        found = fetch_at(client, NpmProfile, "/x")
    assert isinstance(found, Unknown)
    assert found.reason is Reason.MALFORMED


def test_an_answer_is_asked_for_once() -> None:
    with registry({"/x": {}}) as (client, server):
        for _ in range(3):
            client.get("/x")
    assert len(server.requests) == 1


def test_a_redirect_to_another_registry_is_not_followed() -> None:
    with LoopbackServer(lambda _: Reply(data={"username": "mallory"})) as evil:

        def answer(_: Request) -> Reply:
            return Reply(307, {}, {"Location": f"{evil.url}/-/whoami"})

        with registry({"/-/whoami": answer}) as (client, server):
            found = fetch(client, NpmAccount)
    assert isinstance(found, Unknown)
    assert evil.requests == []
    assert len(server.requests) == 1
