"""The GitHub sandbox and the signed word of an app."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import jwt
import pytest
from jsonschema import Draft202012Validator

from hardenme.sandbox.github.permits import UNDECODED
from hardenme.sandbox.github.rest import POSTED
from hardenme.sandbox.github.rest.handshakes import NOT_GRANTED, SUSPENDED
from hardenme.sandbox.github.server import github_sandbox
from hardenme.sandbox.github.state.connected import Installation
from hardenme.sandbox.github.world import App
from tests.credentials.app_keys import pem, public, rsa_key
from tests.moment import NOW
from tests.sandbox.github_reader import Reader
from tests.sandbox.test_github_contract import FORMATS, contract, needs_contract, resolved
from tests.worlds.github import STRICT_ORG_APP, STRICT_ORG_TOKEN, strict_organization

PATH = "/app/installations/9001/access_tokens"
HERE = "/orgs/cedar-labs/installation"


@pytest.fixture
def read() -> Iterator[Reader]:
    world = strict_organization(NOW)
    app = App(5301, "hardenme-audit", "linden", public(rsa_key()))
    other = App(5302, "other", "linden", public(rsa_key(name="other")))
    world.apps += [app, other]
    held = {"metadata": "read", "contents": "write", "organization_hooks": "read"}
    installation = Installation(9001, app, NOW, held, "selected", frozenset({"cone"}))
    world.organizations[0].connected.installations.append(installation)
    with github_sandbox(world) as server, Reader(server) as reader:
        yield reader


def word(key: str = "own", alg: str = "RS256", **changed: Any) -> str:
    """A signed word that counts; a claim of None is left out."""
    now = int(time.time())
    claims = {"iss": "5301", "iat": now - 60, "exp": now + 300} | changed
    told = {name: value for name, value in claims.items() if value is not None}
    secret: Any = "CANARYsharedsecretthatislongenough" if alg == "HS256" else pem(rsa_key(name=key))
    return jwt.encode(told, "" if alg == "none" else secret, algorithm=alg)


def post(read: Reader, token: str, path: str = PATH, **body: Any) -> Any:
    return read(path, token, "POST", body=json.dumps(body))


def test_an_app_finds_its_installation(read: Reader) -> None:
    answer = read(HERE, word())
    assert answer.status == 200
    assert answer.data["id"] == 9001
    assert answer.data["permissions"]["contents"] == "write"


def test_an_app_gets_a_token_for_an_hour(read: Reader) -> None:
    answer = post(read, word(), permissions={"contents": "read", "metadata": "read"})
    assert answer.status == 201
    assert answer.data["permissions"] == {"contents": "read", "metadata": "read"}
    value = answer.data["token"]
    assert read("/repos/cedar-labs/cone", value).status == 200
    assert read("/repos/cedar-labs/resin", value).status == 404, "it was not selected"
    assert read("/orgs/cedar-labs/hooks", value).status == 403, "it was not asked for"
    read.world.now += timedelta(hours=1)
    assert read("/repos/cedar-labs/cone", value).status == 401


def test_an_app_that_asks_for_nothing_gets_all_that_it_holds(read: Reader) -> None:
    value = read(PATH, word(), "POST").data["token"]
    assert read("/orgs/cedar-labs/hooks", value).status == 200


def test_an_app_gets_no_more_than_it_holds(read: Reader) -> None:
    for asked in ({"members": "read"}, {"organization_hooks": "write"}, {"contents": "own"}):
        refused = post(read, word(), permissions=asked)
        assert (refused.status, refused.message) == (422, NOT_GRANTED)
    assert len(read.world.tokens) == 3


UNKNOWN_WORDS: dict[str, Callable[[], str]] = {
    "another app's key": lambda: word(key="other"),
    "no signature": lambda: word(alg="none"),
    "a shared secret": lambda: word(alg="HS256"),
    "another digest": lambda: word(alg="RS512"),
    "another issuer": lambda: word(iss="5309"),
    "no issuer": lambda: word(iss=None),
    "no end": lambda: word(exp=None),
    "ended": lambda: word(exp=int(time.time()) - 1),
    "an hour": lambda: word(exp=int(time.time()) + 3600),
    "issued later": lambda: word(iat=int(time.time()) + 600),
    "a changed signature": lambda: word()[:-8] + "CANARY00",
    "three parts": lambda: "a.b.c",
    "three empty parts": lambda: "..",
    "a user's token": lambda: STRICT_ORG_TOKEN,
    "an installation's token": lambda: STRICT_ORG_APP,
    "nothing": lambda: "",
}


@pytest.mark.parametrize("kind", UNKNOWN_WORDS)
def test_a_word_that_does_not_count(read: Reader, kind: str) -> None:
    token = UNKNOWN_WORDS[kind]()
    for answer in (read(HERE, token), read(PATH, token, "POST")):
        assert answer.status == 401
    assert len(read.world.tokens) == 3


def test_another_app_has_no_installation_there(read: Reader) -> None:
    token = word(key="other", iss="5302")
    assert read(HERE, token).status == 404
    assert read(PATH, token, "POST").status == 404
    assert read("/orgs/bramble-labs/installation", token).status == 404


def test_a_suspended_installation_gives_no_token(read: Reader) -> None:
    read.world.organizations[0].connected.installations[-1].suspended_at = NOW
    refused = read(PATH, word(), "POST")
    assert (refused.status, refused.message) == (403, SUSPENDED)


def test_a_signed_word_reads_nothing_else(read: Reader) -> None:
    for path in ("/user", "/orgs/cedar-labs/hooks", "/repos/cedar-labs/resin"):
        assert read(path, word()).status in {401, 404}
    assert read("/orgs/cedar-labs/hooks", "a.b.c").message == UNDECODED


def test_an_app_has_a_budget_of_its_own(read: Reader) -> None:
    read.world.limit, read.world.anonymous_limit = 2, 1
    assert read("/users/linden").status == 200
    assert read("/users/linden").status == 403, "the budget of the address"
    assert [read(HERE, word()).status for _ in range(3)] == [200, 200, 403]
    other = word(key="other", iss="5302")
    assert read(HERE, other).status == 404, "another app has not asked yet"


@pytest.mark.parametrize("path", ["/orgs/cedar-labs/hooks", HERE, "/user/repos", "/"])
def test_nothing_else_is_posted(read: Reader, path: str) -> None:
    for token in (word(), STRICT_ORG_TOKEN):
        assert read(path, token, "POST").status == 404


@needs_contract
def test_the_token_s_answer_has_github_s_shape(read: Reader) -> None:
    (route,) = POSTED
    responses = contract()["paths"][route.pattern]["post"]["responses"]
    schema = resolved(responses["201"])["content"]["application/json"]["schema"]
    described = {**schema, "components": contract()["components"]}
    check = Draft202012Validator(described, format_checker=FORMATS)
    answer = post(read, word(), permissions={"metadata": "read"})
    assert not [error.message for error in check.iter_errors(answer.data)]
    assert not check.is_valid({"token": 7})
