from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from hardenme.collectors.github.client import GitHub
from hardenme.collectors.npm.client import Npm
from hardenme.collectors.transport.bounds import Bounds
from hardenme.collectors.transport.pace import Budget
from hardenme.collectors.transport.response import NoAnswerError
from hardenme.credentials.app import READS, AppCredential
from hardenme.engine.audit import audit
from hardenme.engine.catalogue import catalogue
from hardenme.engine.clients import Clients
from hardenme.engine.plan import plan, sources
from hardenme.engine.progress import Silent
from hardenme.engine.run_config import RunConfig
from hardenme.engine.target import Target
from hardenme.facts.github.token import INSTALLATION
from hardenme.ground.errors import CredentialError
from hardenme.model.depth import Depth
from hardenme.model.permission import Scheme
from hardenme.model.secret import Secret, redact
from hardenme.model.unknown import Reason, Unknown
from hardenme.sandbox.github.server import GitHubServer, github_sandbox
from hardenme.sandbox.github.state.connected import Installation
from hardenme.sandbox.github.world import App
from hardenme.sandbox.http import LoopbackServer, Reply, Request
from hardenme.sandbox.npm.scenarios import hardened_maintainer
from hardenme.sandbox.npm.server import npm_sandbox
from tests.collectors.reader import QUICK
from tests.credentials.app_keys import key_file, pem, public, rsa_key
from tests.running import NOW
from tests.worlds.github import strict_organization

pytestmark = pytest.mark.second_tier("keys and servers of an app", one_of=3)

NUMBER, ORGANIZATION = 5301, "cedar-labs"
HELD = {
    "administration": "write",
    "contents": "write",
    "metadata": "read",
    "organization_hooks": "read",
    "organization_personal_access_tokens": "write",
    "workflows": "write",
}
OF_ACCOUNTS = {"emails", "git_signing_ssh_public_keys", "gpg_keys", "keys"}
"""Permissions on a person's own account, which no installation has."""


@pytest.fixture
def app(tmp_path: Path) -> AppCredential:
    return AppCredential.from_file(NUMBER, key_file(tmp_path, pem(rsa_key())))


@contextmanager
def sandbox(**changed: Any) -> Iterator[tuple[GitHubServer, Installation]]:
    """cedar-labs with the app installed."""
    world = strict_organization(NOW)
    registered = App(NUMBER, "hardenme-audit", "linden", public(rsa_key()))
    installation = Installation(9001, registered, NOW, HELD | {}, "all", **changed)
    world.apps.append(registered)
    world.organizations[0].connected.installations.append(installation)
    with github_sandbox(world) as server:
        yield server, installation


class Clock:
    def __init__(self) -> None:
        self.time = 1000.0

    def __call__(self) -> float:
        return self.time


def refused(app: AppCredential, url: str, owner: str = ORGANIZATION) -> Unknown:
    with pytest.raises(NoAnswerError) as caught:
        app.installed_on(owner, url, bounds=QUICK).current()
    return caught.value.unknown


def test_an_app_asks_as_its_installation(app: AppCredential) -> None:
    with sandbox() as (server, _):
        token = app.installed_on(ORGANIZATION, server.url, bounds=QUICK)
        client = GitHub.connect(server.url, token, bounds=QUICK)
        assert (client.kind, server.requests) == (INSTALLATION, []), "nothing is asked yet"
        assert client.get("/orgs/cedar-labs/hooks").ok
        assert client.get("/orgs/cedar-labs/personal-access-tokens").ok
        assert client.get("/orgs/cedar-labs/actions/secrets").status == 403
    assert [(request.method, request.path) for request in server.requests[:4]] == [
        ("GET", "/orgs/cedar-labs/installation"),
        ("POST", "/app/installations/9001/access_tokens"),
        ("GET", "/installation/repositories"),
        ("GET", "/orgs/cedar-labs/hooks"),
    ]
    assert len(server.requests) == 6, "one token serves all requests"
    value = token.current().reveal()
    for request in server.requests[2:]:
        assert request.headers["authorization"] == f"token {value}"


@pytest.mark.sampled(2, among="app")
@pytest.mark.parametrize("times", [0, 1, 2, 3])
@pytest.mark.parametrize("status", [401, 403])
def test_the_first_refusals_of_a_new_token_are_waited_out(
    app: AppCredential, status: int, times: int
) -> None:
    asked, waited = [0], list[float]()

    def early(_request: Request, reply: Reply) -> Reply:
        asked[0] += 1
        return Reply(status, {"message": "no"}) if asked[0] <= times else reply

    with sandbox() as (server, _):
        server.fault("/installation/repositories", edit=early)
        token = app.installed_on(ORGANIZATION, server.url, bounds=QUICK, sleep=waited.append)
        first = token.current()
        assert token.current() == first
    assert waited == [1, 2, 4][:times], "as long as it is refused, and once a token"
    assert asked == [min(times + 1, 3)]


def test_what_is_refused_for_longer_is_believed(app: AppCredential) -> None:
    """Each answer shows by itself that it is refused; the token is used, and nothing is made up."""
    waited = list[float]()
    with sandbox() as (server, _):
        server.fault("/installation/.*", edit=lambda *_: Reply(403, {"message": "no"}))
        server.fault("/orgs/.*/hooks", edit=lambda *_: Reply(403, {"message": "no"}))
        token = app.installed_on(ORGANIZATION, server.url, bounds=QUICK, sleep=waited.append)
        client = GitHub.connect(server.url, token, bounds=QUICK)
        assert client.get("/orgs/cedar-labs/hooks").status == 403
    assert waited == [1, 2, 4]


def test_a_new_token_whose_first_answer_fails_is_used(app: AppCredential) -> None:
    waited = list[float]()
    with sandbox() as (server, _):
        server.fault("/installation/.*", edit=lambda *_: Reply(500, {}))
        token = app.installed_on(ORGANIZATION, server.url, bounds=QUICK, sleep=waited.append)
        assert token.current().reveal().startswith("ghs_")
    assert waited == []


def test_the_token_only_reads_whatever_the_app_may_do(app: AppCredential) -> None:
    with sandbox() as (server, _):
        value = app.installed_on(ORGANIZATION, server.url, bounds=QUICK).current().reveal()
    asked = json.loads(server.requests[1].body)
    expected = dict.fromkeys(sorted(HELD.keys() - {"workflows"}), "read")
    assert asked == {"permissions": expected}
    token = server.world.token(value)
    assert token is not None
    assert token.permissions == expected


def test_what_is_asked_for_is_what_the_checks_read_by() -> None:
    facts = sources(kind for check in catalogue() for kind in check.facts)
    needed = {
        permission.name
        for kind in facts
        for alternative in kind.requirement.alternatives
        for permission in alternative
        if permission.scheme is Scheme.FINE_GRAINED
    }
    assert {name.partition(":")[2] for name in needed} == {"read"}
    names = {name.partition(":")[0] for name in needed}
    # No check reads by these: by the first, `recent` and `watch` do, by the second, `exposed`.
    names |= {"organization_actions_variables", "pull_requests"}
    assert names - OF_ACCOUNTS == READS


def test_a_token_is_made_anew_before_its_hour_is_over(app: AppCredential) -> None:
    clock = Clock()
    with sandbox() as (server, _):
        token = app.installed_on(ORGANIZATION, server.url, bounds=QUICK, clock=clock)
        first = token.current()
        clock.time += 54 * 60
        assert token.current() == first
        clock.time += 2 * 60
        server.world.now += timedelta(minutes=56)
        second = token.current()
    assert second != first
    assert [request.method for request in server.requests] == ["GET", *["POST", "GET"] * 2]


@pytest.mark.sampled(2, among="app")
def test_a_token_that_cannot_be_made_anew_serves_until_its_end(app: AppCredential) -> None:
    clock = Clock()
    with sandbox() as (server, _):
        token = app.installed_on(ORGANIZATION, server.url, bounds=QUICK, clock=clock)
        first = token.current()
        server.fault("/app/.*", edit=lambda _request, _reply: Reply(500, {}))
        clock.time += 56 * 60
        assert token.current() == first
        clock.time += 5 * 60
        with pytest.raises(NoAnswerError) as caught:
            token.current()
    assert caught.value.unknown.reason is Reason.UNREACHABLE


def test_a_token_that_ends_early_is_made_anew_and_its_request_repeated(app: AppCredential) -> None:
    with sandbox() as (server, _):
        token = app.installed_on(ORGANIZATION, server.url, bounds=QUICK)
        client = GitHub.connect(server.url, token, bounds=QUICK)
        assert client.get("/orgs/cedar-labs").ok
        first = token.current()
        known = server.world.token(first.reveal())
        assert known is not None
        known.revoked = True
        begun = len(server.requests)
        assert client.get("/orgs/cedar-labs/hooks").ok
        paths = [request.path for request in server.requests[begun:]]
        assert token.current() != first
    hooks = "/orgs/cedar-labs/hooks"
    made = "/app/installations/9001/access_tokens"
    assert paths == [hooks, made, "/installation/repositories", hooks]


def test_a_rejection_that_stays_is_believed(app: AppCredential) -> None:
    """The key was revoked as well: it is tried once for all requests."""
    with sandbox() as (server, _):
        token = app.installed_on(ORGANIZATION, server.url, bounds=QUICK)
        client = GitHub.connect(server.url, token, bounds=QUICK)
        assert client.get("/orgs/cedar-labs").ok
        server.fault(".*", edit=lambda *_: Reply(401, {"message": "Bad credentials"}))
        begun = len(server.requests)
        for name in ("hooks", "members", "teams"):
            assert client.get(f"/orgs/cedar-labs/{name}").status == 401
        assert len(server.requests) == begun + 4


@pytest.mark.sampled(2, among="app")
def test_the_count_of_a_refused_token_is_the_address_s(app: AppCredential) -> None:
    """Without a credential, an address has 60 requests an hour, which others may have used."""
    with sandbox() as (server, _):
        token = app.installed_on(ORGANIZATION, server.url, bounds=QUICK)
        client = GitHub.connect(server.url, token, bounds=QUICK, budget=Budget())
        left = {"x-ratelimit-limit": "60", "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1"}
        refused = Reply(401, {"message": "Bad credentials"}, left)
        server.fault("/orgs/cedar-labs/hooks", edit=lambda *_: refused, times=1)
        assert client.get("/orgs/cedar-labs/hooks").ok
        assert client.get("/orgs/cedar-labs").ok


@pytest.mark.sampled(2, among="app")
def test_workers_that_are_refused_at_once_make_one_token_anew(app: AppCredential) -> None:
    barrier = threading.Barrier(8)
    with sandbox() as (server, _):
        token = app.installed_on(ORGANIZATION, server.url, bounds=Bounds())
        client = GitHub.connect(server.url, token, bounds=Bounds())
        assert client.get("/orgs/cedar-labs").ok
        known = server.world.token(token.current().reveal())
        assert known is not None
        known.revoked = True
        begun = len(server.requests)

        def ask(number: int) -> bool:
            barrier.wait()
            return client.get(f"/orgs/cedar-labs/hooks?page={number}").ok

        with ThreadPoolExecutor(8) as pool:
            assert all(pool.map(ask, range(1, 9)))
        made = [one for one in server.requests[begun:] if one.method == "POST"]
    assert len(made) == 1


@pytest.mark.sampled(2, among="app")
def test_a_wrong_clock_of_this_machine_does_not_matter_to_a_token_s_end(
    app: AppCredential,
) -> None:
    """The sandbox lives years away from this machine's clock, and says so in its `Date`."""
    clock = Clock()
    with sandbox() as (server, _):
        server.world.now += timedelta(days=4000)
        token = app.installed_on(ORGANIZATION, server.url, bounds=QUICK, clock=clock)
        first = token.current()
        clock.time += 50 * 60
        assert token.current() == first


def test_workers_that_need_a_token_at_once_share_it(app: AppCredential) -> None:
    barrier = threading.Barrier(8)
    with sandbox() as (server, _):
        token = app.installed_on(ORGANIZATION, server.url, bounds=Bounds())

        def ask(_: int) -> Secret:
            barrier.wait()
            return token.current()

        with ThreadPoolExecutor(8) as pool:
            found = list(pool.map(ask, range(8)))
    assert len(set(found)) == 1
    assert len(server.requests) == 3


@pytest.mark.sampled(2, among="app")
def test_neither_key_nor_token_shows(app: AppCredential) -> None:
    with sandbox() as (server, _):
        token = app.installed_on(ORGANIZATION, server.url, bounds=QUICK)
        value = token.current().reveal()
        key = app.key.reveal()
    signed = server.requests[0].headers["authorization"]
    for text in (repr(app), str(app), repr(token), redact(f"{key} {value}"), redact(signed)):
        assert value not in text
        assert key not in text
        assert signed.partition(" ")[2] not in text
    assert token.identity == "app 5301 on cedar-labs"


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660])
def test_a_key_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    with pytest.raises(CredentialError, match="can be read by others"):
        AppCredential.from_file(NUMBER, key_file(tmp_path, pem(rsa_key()), mode))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"ghp_CANARY0000000000000000000000000000000000",
        b"-----BEGIN RSA PRIVATE KEY-----\nCANARY\n-----END RSA PRIVATE KEY-----\n",
        public(rsa_key()),
        pem(ec.generate_private_key(ec.SECP256R1())),
        pem(rsa_key(), b"CANARYpassphrase"),
        pem(rsa_key(1024)),
        b"\xff\xfe\x00",
    ],
    ids=["empty", "token", "broken", "public", "another kind", "sealed", "short", "binary"],
)
def test_a_file_that_holds_no_app_s_key_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(CredentialError, match="holds no private key") as caught:
        AppCredential.from_file(NUMBER, key_file(tmp_path, content))
    assert "CANARY" not in str(caught.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CredentialError, match="cannot be read"):
        AppCredential.from_file(NUMBER, tmp_path / "gone.pem")
    with pytest.raises(CredentialError, match="not a regular file"):
        AppCredential.from_file(NUMBER, tmp_path)


@pytest.mark.parametrize("number", [0, -1])
def test_a_number_that_no_app_has(tmp_path: Path, number: int) -> None:
    with pytest.raises(CredentialError, match="App ID"):
        AppCredential.from_file(number, key_file(tmp_path, pem(rsa_key())))


def test_another_app_s_key(tmp_path: Path) -> None:
    other = AppCredential.from_file(NUMBER, key_file(tmp_path, pem(rsa_key(name="other"))))
    with sandbox() as (server, _):
        unknown = refused(other, server.url)
    assert unknown.reason is Reason.REJECTED
    assert "GitHub App 5301" in unknown.needed
    assert len(server.requests) == 1


@pytest.mark.sampled(2, among="app")
def test_an_app_that_is_not_installed_there(app: AppCredential) -> None:
    with sandbox() as (server, _):
        for owner in ("bramble-labs", "../user"):
            unknown = refused(app, server.url, owner)
            assert unknown.reason is Reason.NOT_VISIBLE
            assert f"install the GitHub App 5301 on {owner}" in unknown.needed
    paths = [request.path for request in server.requests]
    assert paths[:2] == ["/orgs/bramble-labs/installation", "/users/bramble-labs/installation"]
    assert paths[2] == "/orgs/..%2Fuser/installation"


def test_an_installation_that_is_suspended(app: AppCredential) -> None:
    with sandbox(suspended_at=NOW, suspended_by="linden") as (server, _):
        unknown = refused(app, server.url)
    assert unknown.reason is Reason.NOT_PERMITTED
    assert "is suspended" in unknown.needed


def test_an_installation_without_a_permission_to_read_by(app: AppCredential) -> None:
    with sandbox() as (server, installation):
        installation.permissions = {"workflows": "write"}
        unknown = refused(app, server.url)
    assert unknown.reason is Reason.NOT_PERMITTED
    assert [request.method for request in server.requests] == ["GET"]


def scripted(first: Reply, second: Reply) -> LoopbackServer:
    def answer(request: Request) -> Reply:
        return first if request.method == "GET" else second

    return LoopbackServer(answer)


INSTALLED = Reply(200, {"id": 7, "permissions": {"metadata": "read"}})
GIVEN = {"token": "ghs_CANARY00000000000000000000", "expires_at": "2036-11-24T13:00:00Z"}


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        (Reply(200, {"permissions": {}}), Reply(), Reason.MALFORMED),
        (Reply(200, {"id": "7", "permissions": {}}), Reply(), Reason.MALFORMED),
        (Reply(200, {"id": 7}), Reply(), Reason.MALFORMED),
        (Reply(200, ["id"]), Reply(), Reason.MALFORMED),
        (Reply(403, {"message": "no"}), Reply(), Reason.NOT_PERMITTED),
        (INSTALLED, Reply(200, GIVEN), Reason.NOT_PERMITTED),
        (INSTALLED, Reply(422, {"message": "no"}), Reason.NOT_PERMITTED),
        (INSTALLED, Reply(401, {"message": "no"}), Reason.REJECTED),
        (INSTALLED, Reply(201, {"expires_at": GIVEN["expires_at"]}), Reason.MALFORMED),
        (INSTALLED, Reply(201, GIVEN | {"token": None}), Reason.MALFORMED),
        (INSTALLED, Reply(201, GIVEN | {"token": ""}), Reason.MALFORMED),
        (INSTALLED, Reply(201, GIVEN | {"token": "ghs_CANARY\r\nX: y"}), Reason.MALFORMED),
        (INSTALLED, Reply(201, {"token": GIVEN["token"]}), Reason.MALFORMED),
        (INSTALLED, Reply(201, GIVEN | {"expires_at": "soon"}), Reason.MALFORMED),
        (INSTALLED, Reply(201, body=b"<html>"), Reason.MALFORMED),
    ],
)
def test_answers_that_give_no_token(
    app: AppCredential, first: Reply, second: Reply, reason: Reason
) -> None:
    with scripted(first, second) as server:
        assert refused(app, server.url).reason is reason


@pytest.mark.sampled(2, among="app")
def test_a_person_s_installation_and_an_enterprise_server(app: AppCredential) -> None:
    def answer(request: Request) -> Reply:
        if request.method == "POST":
            return Reply(201, GIVEN)
        return INSTALLED if request.path.startswith("/api/v3/users/") else Reply(404, {})

    with LoopbackServer(answer) as server:
        token = app.installed_on("linden", f"{server.url}/api/v3", bounds=QUICK)
        assert token.current().reveal() == GIVEN["token"]
    assert [request.path for request in server.requests] == [
        "/api/v3/orgs/linden/installation",
        "/api/v3/users/linden/installation",
        "/api/v3/app/installations/7/access_tokens",
        "/api/v3/installation/repositories",
    ]
    assert all(r.headers["authorization"].startswith("Bearer ") for r in server.requests[:3])


def test_a_run_as_an_app_reads_and_asks_for_one_token(app: AppCredential) -> None:
    order = RunConfig(
        (Target.parse("github:cedar-labs"),), plan(catalogue(), depth=Depth.DEEP), local=False
    )
    with sandbox() as (server, installation), npm_sandbox(hardened_maintainer(NOW)) as registry:
        installation.permissions = dict.fromkeys(READS, "write")
        token = app.installed_on(ORGANIZATION, server.url, bounds=QUICK)
        client = GitHub.connect(server.url, token, bounds=QUICK)
        npm = Npm.connect(registry.url, None, bounds=QUICK)
        report = audit(order, Clients(client, npm), Silent())
    findings = {finding.code: finding.result for finding in report.findings}
    assert findings["GHO115"] == "passed", "what only an app is told"
    assert findings["GHO120"] == "passed"
    assert not report.partial
    sent = [request for request in server.requests if request.method != "GET"]
    assert {request.path for request in sent} == {
        "/graphql",
        "/app/installations/9001/access_tokens",
    }
    assert sum(request.path.startswith("/app") for request in sent) == 1
    text = json.dumps([str(finding) for finding in report.findings])
    assert token.current().reveal() not in text
