"""What an npm token holds: sessions and listed tokens, at the sandbox and at odd registries."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from hardenme.collectors.npm.client import Npm
from hardenme.facts.npm import token as kinds
from hardenme.facts.npm.account import GRANULAR, SESSION
from hardenme.model.grant import Grant, PermissionStatus, shortfall, surplus
from hardenme.model.permission import npm
from hardenme.model.secret import Secret
from hardenme.model.unknown import Reason, Unknown
from hardenme.rights.grant import npm_grant
from hardenme.sandbox.http import Reply
from hardenme.sandbox.npm import scenarios
from hardenme.sandbox.npm.granular import Mint
from hardenme.sandbox.npm.server import NpmSandbox, npm_sandbox
from hardenme.sandbox.npm.world import ClientToken
from tests.collectors.reader import QUICK
from tests.collectors.scripted import GONE, NPM_TOKEN, registry
from tests.running import NOW

SESSION_TOKEN = npm("session token")
LIST = "/-/npm/v1/tokens"
WHO = {"/-/whoami": {"username": "hazel"}}
SHOWN = f"{NPM_TOKEN[:8]}...{NPM_TOKEN[-4:]}"
ENTRY = {
    "key": "aa",
    "name": "ci",
    "token": SHOWN,
    "permissions": [{"name": "package", "action": "read"}],
    "scopes": [{"type": "package", "name": "@hazel/lamp"}],
    "bypass_2fa": False,
    "created": "2026-01-01T00:00:00.000Z",
    "expiry": "2026-12-01T00:00:00.000Z",
    "accessed": None,
    "cidr": None,
    "revoked": None,
}
OTHER = ENTRY | {"key": "bb", "token": "npm_OTHE...9999"}


def held(grant: Grant) -> set[str]:
    return {i.permission.name for i in grant.permissions if i.standing is PermissionStatus.HELD}


@pytest.fixture
def mallow() -> Iterator[NpmSandbox]:
    world = scenarios.weak_maintainer(NOW)
    world.granular_lists = True
    with npm_sandbox(world) as server:
        yield server


def ask(server: NpmSandbox, value: str) -> Grant:
    before = len(server.requests)
    found = npm_grant(Npm.connect(server.url, Secret(value), bounds=QUICK))
    assert found.requests == len(server.requests) - before
    assert {request.method for request in server.requests} == {"GET"}
    # The value goes nowhere but into the header that presents it.
    for request in server.requests:
        assert value not in f"{request.path}{request.query}"
    assert value not in repr(found)
    return found


def made(server: NpmSandbox, **how: Any) -> str:
    """A listed token of mallow's, with these rights."""
    mint = Mint("mallow", NOW)
    # Numbers that the scenario does not use for its own.
    for _ in range(90):
        mint.token("spare")
    entry = mint.token("given", **how)
    credential: ClientToken = mint.credentials[-1]
    server.world.tokens.append(entry)
    server.world.credentials.append(credential)
    return credential.value


def test_a_session(mallow: NpmSandbox) -> None:
    found = ask(mallow, mallow.world.token("mallow"))
    assert (found.kind, found.identity, found.whole) == (SESSION, "mallow", True)
    assert held(found) == {"session token"}
    assert isinstance(found.expires_at, Unknown)
    assert shortfall(found, [SESSION_TOKEN]) == shortfall(found, [])
    assert surplus(found, [SESSION_TOKEN]).held == ()


@pytest.mark.parametrize(
    ("how", "kind", "rights"),
    [
        ({}, kinds.READ_ONLY, {"package:read"}),
        ({"permissions": (("org", "read"),)}, kinds.READ_ONLY, {"org:read"}),
        (
            {"permissions": (("package", "write"),)},
            kinds.READ_WRITE,
            {"package:read", "package:write"},
        ),
        (
            {"permissions": (("package", "read"), ("org", "write"))},
            kinds.READ_WRITE,
            {"package:read", "org:read", "org:write"},
        ),
        (
            {"permissions": (("package", "write"),), "publish_policy": "stage_only"},
            kinds.STAGE_ONLY,
            {"package:read", "package:write"},
        ),
        (
            {"permissions": (("package", "write"),), "bypass": True},
            kinds.BYPASS,
            {"package:read", "package:write", "bypass_2fa"},
        ),
    ],
)
def test_a_listed_token(
    mallow: NpmSandbox, how: dict[str, Any], kind: str, rights: set[str]
) -> None:
    found = ask(mallow, made(mallow, **how))
    assert (found.kind, found.identity, found.whole) == (kind, "mallow", True)
    assert held(found) == rights
    assert not isinstance(found.expires_at, Unknown)
    assert found.expires_at is not None
    assert shortfall(found, [SESSION_TOKEN]).missing == (SESSION_TOKEN,)
    beyond = {item.name for item in surplus(found, [npm("package:read")]).held}
    # A right to write stands for the right to read that it includes.
    assert beyond == rights - {"package:read"} - ({"org:read"} if "org:write" in rights else set())
    assert kind in kinds.PRESENTED_KINDS


def test_a_listed_token_without_an_end(mallow: NpmSandbox) -> None:
    assert ask(mallow, made(mallow, left=None)).expires_at is None


def test_a_token_that_is_kept_from_the_list(mallow: NpmSandbox) -> None:
    mallow.world.granular_lists = False
    found = ask(mallow, made(mallow))
    assert isinstance(found.kind, Unknown)
    assert found.kind.reason is Reason.NOT_PERMITTED
    assert (found.identity, found.whole, held(found)) == ("mallow", False, set())
    assert found.standing(SESSION_TOKEN).standing is PermissionStatus.REFUSED
    assert [i.permission.name for i in shortfall(found, [npm("package:read")]).untold] == [
        "package:read"
    ]
    assert isinstance(found.expires_at, Unknown)


def test_a_token_that_does_not_count(mallow: NpmSandbox) -> None:
    found = ask(mallow, "npm_CANARYnobody000000000000000000000000")
    assert found.refused is not None
    assert found.refused.reason is Reason.REJECTED
    assert held(found) == set()
    assert len(shortfall(found, [SESSION_TOKEN]).untold) == 1


def scripted(said: Any, token: str = NPM_TOKEN) -> Grant:
    with registry(WHO | {LIST: said}, token=token) as (client, _):
        return npm_grant(client)


def listing(*entries: Any, **change: Any) -> dict[str, Any]:
    return {"objects": list(entries), "total": len(entries), "urls": {}} | change


def test_a_whole_list_without_the_token_means_a_session() -> None:
    assert scripted(listing(OTHER)).kind == SESSION
    assert scripted(listing()).kind == SESSION


@pytest.mark.parametrize(
    "said",
    [
        listing(OTHER, total=2),
        listing(OTHER, urls=None, total=None),
        listing(OTHER, urls={"next": "http://127.0.0.2:9/x"}),
        # An entry that does not show its ends may be the very token.
        listing(OTHER | {"token": "npm_OTHE"}),
        listing(OTHER | {"token": "..."}),
        listing(OTHER | {"token": None}),
        listing({"key": "cc"}),
        listing(None),
        {},
        [],
        Reply(200, body=b"<html>", headers={"content-type": "text/html"}),
        Reply(404, {}),
        Reply(500, {}),
        Reply(429, {}),
        Reply(302, headers={"location": "http://127.0.0.2:9/"}),
        Reply(403, {}),
        Reply(401, {}),
    ],
    ids=str,
)
def test_a_list_that_is_not_whole_proves_no_session(said: Any) -> None:
    found = scripted(said)
    assert isinstance(found.kind, Unknown)
    assert held(found) == set()
    assert found.whole is False
    assert isinstance(found.expires_at, Unknown)


def test_a_match_counts_although_the_list_is_not_whole() -> None:
    found = scripted(listing(ENTRY, total=9))
    assert (found.kind, held(found)) == (kinds.READ_ONLY, {"package:read"})


def test_two_entries_with_the_same_ends() -> None:
    found = scripted(listing(ENTRY, ENTRY | {"key": "bb", "bypass_2fa": True}))
    assert (found.kind, held(found), found.whole) == (GRANULAR, set(), False)
    assert found.standing(SESSION_TOKEN).standing is PermissionStatus.REFUSED


@pytest.mark.parametrize("lost", ["permissions", "bypass_2fa"])
def test_a_right_that_is_not_listed_is_not_held_and_not_lacked(lost: str) -> None:
    entry = {name: value for name, value in ENTRY.items() if name != lost}
    found = scripted(listing(entry))
    assert (found.kind, found.whole) == (GRANULAR, False)
    name = {"permissions": "package:write"}.get(lost, lost)
    assert found.standing(npm(name)).standing is PermissionStatus.UNTOLD


def test_an_end_that_is_not_read_is_not_never() -> None:
    for end in ("soon", 7, ...):
        entry = {k: v for k, v in (ENTRY | {"expiry": end}).items() if v is not ...}
        assert isinstance(scripted(listing(entry)).expires_at, Unknown)
    assert scripted(listing(ENTRY | {"expiry": None})).expires_at is None


def test_without_a_token_nothing_is_asked_of_it() -> None:
    found = scripted(listing(), token="")
    assert found.refused is not None
    assert found.requests == 0


@pytest.mark.parametrize("said", [Reply(500, {}), GONE, {}, {"username": 7}, Reply(429, {})])
def test_an_account_that_is_not_told(said: Any) -> None:
    with registry({"/-/whoami": said, LIST: listing(ENTRY)}) as (client, _):
        found = npm_grant(client)
    assert isinstance(found.identity, Unknown)
