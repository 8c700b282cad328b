"""The window in which a person is there: asked for once, spaced, and never without one."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.npm.client import Npm
from hardenme.collectors.npm.package import inventory
from hardenme.collectors.npm.trust import trust
from hardenme.collectors.npm.web_page import belongs_to
from hardenme.collectors.transport.cache import Cache
from hardenme.collectors.transport.origin import Origin
from hardenme.facts.npm.site import REGISTRY
from hardenme.model.fact import Answer
from hardenme.model.pages import NPM_WEB
from hardenme.model.secret import Secret, redact
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason
from hardenme.sandbox.http import Reply, Request
from hardenme.sandbox.npm.scenarios import scaled_maintainer, weak_maintainer
from hardenme.sandbox.npm.server import NpmSandbox, npm_sandbox
from hardenme.sandbox.npm.world import ClientToken, TokenKind, World, canary
from tests.attended import AtHand, Clock, attended
from tests.running import NOW, QUICK

SEDGE = Subject("npm", "user", "sedge")
STEMS = [Subject("npm", "package", f"@reed-bed/stem-{number}") for number in range(5)]


@contextmanager
def five(world: World | None = None) -> Iterator[NpmSandbox]:
    with npm_sandbox(world or scaled_maintainer(NOW, packages=5, tokens=2)) as server:
        yield server


def client(server: NpmSandbox, person: AtHand | None, clock: Clock | None = None) -> Npm:
    token = Secret(server.world.token(server.world.users[0].name))
    return Npm.connect(server.url, token, bounds=QUICK, presence=attended(person, clock))


def read(npm: Npm, *scopes: Subject) -> list[Answer[Any]]:
    """The answers for these packages, with the account's list known before."""
    store = FactStore()
    for answer in inventory(npm, SEDGE, store):
        store.put(answer)
    return [answer for scope in scopes or STEMS for answer in trust(npm, scope, store)]


def asked(server: NpmSandbox) -> list[Request]:
    return [request for request in server.requests if request.path.endswith("/trust")]


def reasons(answers: list[Answer[Any]]) -> list[Reason | None]:
    return [answer.missing.reason if answer.missing else None for answer in answers]


def test_one_page_opens_a_window_for_all_packages() -> None:
    person, clock = AtHand(), Clock()
    with five() as server:
        answers = read(client(server, person, clock))
    assert reasons(answers) == [None] * 5
    assert person.pages == [(f"{server.url}/auth/cli/00000000-0000-4000-8000-000000000002", 5)]
    assert person.progress == [(done, 5) for done in range(1, 6)]
    assert (person.given, person.idled > 0) == (1, True)
    # One was refused for want of the password, one for showing it a second time.
    assert len(asked(server)) == 7
    assert [bool(r.headers.get("npm-otp")) for r in asked(server)] == [0, 1, 1, 0, 0, 0, 0]
    for request in asked(server):
        assert (request.headers["npm-auth-type"], request.headers["npm-command"]) == (
            "web",
            "trust",
        )
    # Two seconds between any two of them, and what the registry asked for while it was polled.
    assert clock.now >= 2.0 * 6
    assert max(clock.waits) <= 2.0


def test_a_window_that_closes_is_opened_again_for_what_is_left() -> None:
    person = AtHand()
    world = scaled_maintainer(NOW, packages=5, tokens=2)
    world.users[0].otp_window = 2
    with five(world) as server:
        answers = read(client(server, person))
    assert reasons(answers) == [None] * 5
    assert [left for _, left in person.pages] == [5, 2]


def test_where_the_factor_is_not_skipped_each_package_takes_one() -> None:
    person = AtHand()
    world = scaled_maintainer(NOW, packages=5, tokens=2)
    world.users[0].remembers_otp = False
    with five(world) as server:
        answers = read(client(server, person))
    assert reasons(answers) == [None] * 5
    assert [left for _, left in person.pages] == [5, 4, 3, 2, 1]


def test_with_nobody_there_one_package_is_asked_about_and_no_other() -> None:
    with five() as server:
        answers = read(client(server, None))
        assert len(asked(server)) == 1
        assert not [request for request in server.requests if "done" in request.path]
    assert reasons(answers) == [Reason.NEEDS_PRESENCE] * 5
    assert all("--interactive" in answer.missing.needed for answer in answers if answer.missing)
    assert all(answer.evidence for answer in answers)


@pytest.mark.parametrize("workers", [8])
def test_many_workers_ask_one_at_a_time(workers: int) -> None:
    person, found = AtHand(), list[Answer[Any]]()
    with five() as server:
        npm = client(server, person)
        threads = [
            threading.Thread(target=lambda scope=scope: found.extend(read(npm, scope)))
            for scope in (STEMS * 2)[:workers]
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert reasons(found) == [None] * workers
    assert len(person.pages) == 1


EVIL = "https://evil.example/auth/cli/1"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("authUrl", EVIL),
        ("authUrl", "https://www.npmjs.com/auth/cli/1"),
        ("authUrl", "javascript:alert(1)"),
        ("authUrl", "http://user:secret@127.0.0.1:{port}/auth"),
        ("authUrl", "http://127.0.0.1:{port}@evil.example/"),
        ("authUrl", "http://127.0.0.1:{port}\\@evil.example/"),
        ("authUrl", "http://127.0.0.1:1/auth"),
        ("authUrl", "http://127.0.0.1:{port}/\x1b[2J"),
        ("authUrl", "/auth/cli/1"),
        ("authUrl", None),
        ("authUrl", 7),
        ("doneUrl", "https://evil.example/-/v1/done?authId=1"),
        ("doneUrl", "//evil.example/-/v1/done"),
        ("doneUrl", "file:///etc/passwd"),
        ("doneUrl", "http://127.0.0.1:1/-/v1/done"),
        ("doneUrl", ["x"]),
    ],
)
def test_a_page_of_another_site_is_shown_to_nobody(name: str, value: Any) -> None:
    person = AtHand()
    with five() as server:
        port = server.url.rpartition(":")[2]
        said = value.replace("{port}", port) if isinstance(value, str) else value

        def lie(_: Request, reply: Reply) -> Reply:
            reply.data[name] = said
            return reply

        server.fault(".*/trust", edit=lie)
        answers = read(client(server, person))
        assert not [request for request in server.requests if "done" in request.path]
        assert len(asked(server)) == 1
    assert person.pages == []
    assert reasons(answers) == [Reason.NEEDS_PRESENCE] * 5
    assert "evil" not in str(answers)


@pytest.mark.parametrize(
    "said",
    [
        Reply(404, {"error": "Not found"}),
        Reply(400, {}),
        Reply(200, {}),
        Reply(200, {"token": ""}),
        Reply(200, {"token": "a\r\nX-Evil: 1"}),
        Reply(200, {"token": "9" * 300}),
        Reply(200, {"token": 7}),
        Reply(200, ["token"]),
        Reply(200, body=b"<html>Sign in</html>"),
        Reply(202, {}, {"retry-after": "3600"}),
        Reply(202, {}),
    ],
)
def test_a_factor_of_which_nothing_comes_ends_the_asking(said: Reply) -> None:
    person, clock = AtHand(), Clock()
    with five() as server:
        server.fault(
            "/-/v1/done", edit=lambda *_: Reply(said.status, said.data, said.headers, said.body)
        )
        answers = read(client(server, person, clock))
        assert len(asked(server)) == 1
    assert len(person.pages) == 1, "it is not asked for again"
    assert person.given == 0
    assert reasons(answers) == [Reason.NEEDS_PRESENCE] * 5
    assert clock.now < 400


def test_a_registry_that_is_away_for_a_moment_is_waited_for() -> None:
    person = AtHand()
    with five() as server:
        server.fault("/-/v1/done", edit=lambda *_: Reply(503), times=2)
        answers = read(client(server, person))
    assert reasons(answers) == [None] * 5


def test_a_password_that_is_not_taken_ends_the_asking() -> None:
    person = AtHand()
    with five() as server:
        server.fault("/-/v1/done", edit=lambda *_: Reply(200, {"token": "0451045104510451"}))
        answers = read(client(server, person))
        assert len(asked(server)) == 2
    assert len(person.pages) == 1
    assert reasons(answers) == [Reason.NEEDS_PRESENCE] * 5


def test_a_run_that_is_stopped_waits_for_nobody() -> None:
    class Leaves(AtHand):
        def idle(self) -> None:
            npm.session.stopped.set()

    with five() as server:
        npm = client(server, Leaves())
        answers = read(npm)
    assert set(reasons(answers)) <= {Reason.NEEDS_PRESENCE, Reason.INCOMPLETE}


def test_the_password_shows_nowhere(tmp_path: Path) -> None:
    person = AtHand()
    with five() as server:
        npm = client(server, person)
        npm.session._cache = Cache(tmp_path / "answers")
        with_tag = Reply(200, [], {"etag": '"1"'})
        server.fault(
            ".*/trust",
            edit=lambda _, reply: with_tag if reply.status == 200 else reply,
        )
        answers = read(npm)
    (password,) = {r.headers["npm-otp"] for r in asked(server) if "npm-otp" in r.headers}
    assert redact(f"code {password}") == "code [redacted]"
    assert password not in str(answers)
    assert password not in repr(npm.presence)
    assert not [r for r in server.requests if password in f"{r.path}{r.query}"]
    kept = b"".join(path.read_bytes() for path in (tmp_path / "answers").glob("*"))
    assert password.encode() not in kept
    assert not [request for request in asked(server) if "if-none-match" in request.headers]


@pytest.mark.parametrize(
    "kind", [TokenKind.READ, TokenKind.WRITE, TokenKind.BYPASS, TokenKind.STAGE_ONLY]
)
def test_a_granular_token_is_told_to_give_way_to_a_session(kind: TokenKind) -> None:
    """npm's own words blame 2FA, and answer as to a token that is none: neither is so."""
    world = weak_maintainer(NOW)
    credential = ClientToken(canary("mallowASKS"), "mallow", kind)
    world.credentials.append(credential)
    person = AtHand()
    with npm_sandbox(world) as server:
        npm = Npm.connect(
            server.url, Secret(credential.value), bounds=QUICK, presence=attended(person)
        )
        (answer,) = trust(npm, Subject("npm", "package", "@acorn-labs/ladle"), FactStore())
    assert answer.missing is not None
    assert answer.missing.reason is Reason.NOT_PERMITTED
    assert answer.missing.needed.startswith("a session token of npm login")
    assert person.pages == []


def test_a_token_that_bypasses_the_factor_is_not_used() -> None:
    world = weak_maintainer(NOW)
    listed = next(token for token in world.tokens if token.bypass_2fa)
    for credential in world.credentials:
        if credential.key == listed.key:
            # As on a registry that shows the list to every token.
            credential.kind = TokenKind.SESSION
    value = next(item.value for item in world.credentials if item.key == listed.key)
    person = AtHand()
    with npm_sandbox(world) as server:
        npm = Npm.connect(server.url, Secret(value), bounds=QUICK, presence=attended(person))
        (answer,) = trust(npm, Subject("npm", "package", "@acorn-labs/ladle"), FactStore())
        assert asked(server) == []
    assert answer.missing is not None
    assert answer.missing.reason is Reason.NOT_PERMITTED
    assert person.pages == []


def test_npms_own_registry_leads_to_npms_site() -> None:
    npms, other = Origin.of(REGISTRY), Origin.of("https://registry.example")
    assert belongs_to(npms, f"{NPM_WEB}/auth/cli/1")
    assert not belongs_to(npms, f"{NPM_WEB}.evil.example/auth/cli/1")
    assert not belongs_to(npms, f"{NPM_WEB.replace('https', 'http')}/auth/cli/1")
    assert not belongs_to(other, f"{NPM_WEB}/auth/cli/1")
    assert belongs_to(other, "https://registry.example/auth")
