"""npm's web login and logout, against the registry's sandbox."""

from __future__ import annotations

from typing import Any

import pytest

from hardenme.collectors.npm.client import Npm
from hardenme.collectors.npm.session_token import LONGEST_TOKEN, log_in, log_out
from hardenme.collectors.npm.web_page import Vigil
from hardenme.collectors.transport.response import NoAnswerError
from hardenme.ground.errors import CredentialError
from hardenme.model.secret import Secret, redact
from hardenme.sandbox.http import Reply, Request
from hardenme.sandbox.npm.scenarios import weak_maintainer
from hardenme.sandbox.npm.server import NpmSandbox, npm_sandbox
from hardenme.sandbox.npm.world import World
from tests.attended import Clock
from tests.running import NOW, QUICK


def world(polls: int = 2) -> World:
    made = weak_maintainer(NOW)
    made.web_login_as, made.web_polls = "mallow", polls
    return made


def vigil(clock: Clock | None = None) -> Vigil:
    clock = clock or Clock()
    return Vigil(lambda: None, LONGEST_TOKEN, clock=clock, wait=clock.wait)


def nobody(server: NpmSandbox) -> Npm:
    return Npm.connect(server.url, None, bounds=QUICK)


def test_a_person_who_signs_in_gives_a_session() -> None:
    pages: list[str] = []
    with npm_sandbox(world()) as server:
        token = log_in(nobody(server), pages.append, vigil())
        seen = Npm.connect(server.url, token, bounds=QUICK).get("/-/whoami").json()
    assert seen == {"username": "mallow"}
    assert [page.partition("/login")[0] for page in pages] == [server.url]
    sent = [(request.method, request.path) for request in server.requests]
    assert sent[0] == ("POST", "/-/v1/login")
    assert [path for _, path in sent].count("/-/v1/done") == 3
    assert "authorization" not in server.requests[0].headers
    assert redact(f"token {token.reveal()}") == "token [redacted]"


def test_no_log_repeats_the_address_that_gives_the_session(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("DEBUG")
    pages: list[str] = []
    with npm_sandbox(world()) as server:
        log_in(nobody(server), pages.append, vigil())
        asked = next(request for request in server.requests if request.path == "/-/v1/done")
    told = [record.getMessage() for record in caplog.records]
    assert [text for text in told if "/-/v1/done" in text]
    (query,) = asked.query.values()
    assert not [text for text in told if query in text]
    assert redact(pages[0]) == pages[0], "the person has to see the page"


@pytest.mark.parametrize(("status", "text"), [(404, "no web login"), (403, "403"), (302, "302")])
def test_a_registry_without_such_a_page(status: int, text: str) -> None:
    with npm_sandbox(world()) as server:
        server.fault("/-/v1/login", edit=lambda *_: Reply(status, {"error": "no"}))
        with pytest.raises(CredentialError, match=text):
            log_in(nobody(server), pytest.fail, vigil())


def test_a_registry_that_fails() -> None:
    with npm_sandbox(world()) as server:
        server.fault("/-/v1/login", edit=lambda *_: Reply(500, {"error": "no"}))
        with pytest.raises(NoAnswerError):
            log_in(nobody(server), pytest.fail, vigil())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("loginUrl", "https://evil.example/login"),
        ("loginUrl", "javascript:alert(1)"),
        ("loginUrl", None),
        ("doneUrl", "https://evil.example/-/v1/done"),
        ("doneUrl", "//evil.example/done"),
        ("doneUrl", 7),
    ],
)
def test_a_page_of_another_site_is_shown_to_nobody(name: str, value: Any) -> None:
    def lie(_: Request, reply: Reply) -> Reply:
        reply.data[name] = value
        return reply

    with npm_sandbox(world()) as server:
        server.fault("/-/v1/login", edit=lie)
        with pytest.raises(CredentialError):
            log_in(nobody(server), pytest.fail, vigil())
        assert not [request for request in server.requests if "done" in request.path]


@pytest.mark.parametrize(
    "said",
    [
        Reply(404, {}),
        Reply(200, {}),
        Reply(200, {"token": "a\r\nX-Evil: 1"}),
        Reply(200, {"token": "n" * (LONGEST_TOKEN + 1)}),
        Reply(202, {}),
    ],
)
def test_a_page_of_which_nothing_comes(said: Reply) -> None:
    clock = Clock()
    with npm_sandbox(world()) as server:
        server.fault("/-/v1/done", edit=lambda *_: said)
        with pytest.raises(CredentialError):
            log_in(nobody(server), lambda _: None, vigil(clock))
    assert clock.now < 400


def test_a_token_ends_itself() -> None:
    made = world()
    with npm_sandbox(made) as server:
        token = Secret(made.token("mallow"))
        npm = Npm.connect(server.url, token, bounds=QUICK)
        assert npm.get("/-/whoami").ok
        assert log_out(npm) == ""
        assert Npm.connect(server.url, token, bounds=QUICK).get("/-/whoami").status == 401
    assert server.requests[1].method == "DELETE"


def test_a_token_that_cannot_be_ended_is_told() -> None:
    made = world()
    with npm_sandbox(made) as server:
        server.fault("/-/user/token/.*", edit=lambda *_: Reply(404, {"error": "Not found"}))
        npm = Npm.connect(server.url, Secret(made.token("mallow")), bounds=QUICK)
        assert "404" in log_out(npm)
        assert log_out(nobody(server)) == "there is no token"
