"""A server that answers oddly makes nobody believe that a token holds something, or lacks it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from hardenme.collectors.github.client import GitHub
from hardenme.model.grant import Grant, PermissionStatus, shortfall
from hardenme.model.permission import fine_grained
from hardenme.model.secret import Secret
from hardenme.model.unknown import Reason, Unknown
from hardenme.rights.grant import MOST_REQUESTS, github_grant
from hardenme.sandbox.http import LoopbackServer, Reply, Request
from tests.collectors.reader import QUICK

PAT = "github_pat_CANARY00000000000000_" + "0" * 54
ACCEPTED = "x-accepted-github-permissions"
ME = {"login": "hazel", "id": 1}
HOME = {
    "full_name": "acorn/oak",
    "private": True,
    "owner": {"login": "acorn", "type": "Organization"},
}
SSO = "https://github.example/orgs/acorn/sso?authorization_request=CANARYrequest"
INACCESSIBLE = {"message": "Resource not accessible by personal access token"}


def slow(_: Request) -> Reply:
    time.sleep(1.3)
    return Reply(data={})


@contextmanager
def serving(odd: Callable[[Request], Reply]) -> Iterator[tuple[GitHub, LoopbackServer]]:
    """The account and one private repository as they are; everything else as `odd` has it."""

    def handle(request: Request) -> Reply:
        if request.path == "/user":
            return Reply(data=ME)
        if request.path == "/user/repos":
            return Reply(data=[HOME])
        if request.path == "/repos/acorn/oak":
            return Reply(data=HOME, headers={ACCEPTED: "allows_permissionless_access=true"})
        return odd(request)

    bounds = replace(QUICK, idle=1, deadline=1) if odd is slow else QUICK
    with LoopbackServer(handle) as server:
        yield GitHub.connect(server.url, Secret(PAT), bounds=bounds), server


def says(status: int, data: Any = None, **headers: str) -> Callable[[Request], Reply]:
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _: Reply(status, {} if data is None else data, dict(told))


ODD: dict[str, Callable[[Request], Reply]] = {
    "403 without the header": says(403, INACCESSIBLE),
    "403 without a message": says(403, {}, x_accepted_github_permissions="keys=read"),
    "403 of a role": says(
        403, {"message": "Must have admin rights."}, x_accepted_github_permissions="keys=read"
    ),
    "403 of a plan": says(
        403, {"message": "Upgrade to GitHub Pro"}, x_accepted_github_permissions="secrets=read"
    ),
    "403 for want of two": says(
        403, INACCESSIBLE, x_accepted_github_permissions="secrets=read,administration=read"
    ),
    "403 for want of write": says(
        403, INACCESSIBLE, x_accepted_github_permissions="administration=write"
    ),
    "403 in an odd form": says(403, INACCESSIBLE, x_accepted_github_permissions="secrets: read"),
    "404": says(404, {"message": "Not Found"}),
    "404 that names it": says(404, INACCESSIBLE, x_accepted_github_permissions="secrets=read"),
    "500": says(500),
    "502 with a page": lambda _: Reply(502, body=b"<html>", headers={"content-type": "text/html"}),
    "200 with a page": lambda _: Reply(200, body=b"<html>", headers={"content-type": "text/html"}),
    "200 with nothing": says(200),
    "200 with a text": says(200, "yes"),
    "200 with another object": says(200, {"message": "hello"}),
    "200 to everybody": says(
        200,
        [{"enforcement": "active", "version_id": 1, "name": "x"}],
        x_accepted_github_permissions="allows_permissionless_access=true",
    ),
    "200 for something else": says(
        200, [{"enforcement": "active"}], x_accepted_github_permissions="issues=read"
    ),
    "200 for either of two": says(
        200, {"total_count": 0, "secrets": []}, x_accepted_github_permissions="a=read; secrets=read"
    ),
    "200 in part": says(200, [], x_github_sso="partial-results; organizations=5"),
    "204": says(204),
    "302": says(302, {}, location="/user"),
    "302 elsewhere": says(302, {}, location="http://127.0.0.2:9/"),
    "401": says(401, {"message": "Bad credentials"}),
    "429": says(429, {"message": "slow down"}, retry_after="60"),
    "403 of a limit": says(403, {"message": "rate limit"}, x_ratelimit_remaining="0"),
    "single sign-on": says(403, {"message": "SAML"}, x_github_sso=f"required; url={SSO}"),
    "no answer in time": slow,
}


@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", ODD)
def test_nothing_is_held_and_nothing_missing_by_an_odd_answer(name: str) -> None:
    with serving(ODD[name]) as (client, server):
        found = github_grant(client)
    assert (found.identity, found.kind) == ("hazel", "fine-grained")
    standings = {item.standing for item in found.permissions}
    assert standings == {PermissionStatus.UNTOLD}, found.permissions
    assert found.held == frozenset()
    assert found.writes == ()
    assert len(server.requests) <= MOST_REQUESTS
    assert all(item.why for item in found.permissions)
    assert "CANARY" not in repr(found)
    needed = [fine_grained("secrets:read")]
    assert shortfall(found, needed).missing == ()
    assert len(shortfall(found, needed).untold) == 1


@pytest.mark.parametrize("name", ["429", "403 of a limit", "no answer in time", "500"])
@pytest.mark.second_tier("waits for answers that do not come")
def test_after_answers_that_do_not_come_no_more_are_asked_for(name: str) -> None:
    with serving(ODD[name]) as (client, server):
        found = github_grant(client)
    assert len(server.requests) <= 6
    assert any("not asked" in item.why for item in found.permissions)


def test_a_right_that_is_named_is_refused_or_held() -> None:
    """The same answers without what makes them odd, so that the tests above can fail."""
    with serving(says(403, INACCESSIBLE, x_accepted_github_permissions="secrets=read")) as (c, _):
        found = github_grant(c)
    refused = [
        i.permission.name for i in found.permissions if i.standing is PermissionStatus.REFUSED
    ]
    assert refused == ["secrets:read"]
    both = "secrets=read; secrets=read,metadata=read"
    fits = says(200, {"total_count": 0}, x_accepted_github_permissions=both)
    with serving(fits) as (client, _):
        found = github_grant(client)
    held = [i.permission.name for i in found.permissions if i.standing is PermissionStatus.HELD]
    assert held == ["secrets:read"]


@pytest.mark.parametrize(
    "reply",
    [
        Reply(500),
        Reply(200, body=b"<html>", headers={"content-type": "text/html"}),
        Reply(302, headers={"location": "http://127.0.0.2:9/user"}),
        Reply(429, headers={"retry-after": "60"}),
        Reply(401, {"message": "Bad credentials"}),
    ],
    ids=["500", "page", "redirect", "limit", "rejected"],
)
def test_an_account_that_is_not_told(reply: Reply) -> None:
    with LoopbackServer(
        lambda _: Reply(reply.status, reply.data, dict(reply.headers), reply.body)
    ) as server:
        client = GitHub.connect(server.url, Secret(PAT), bounds=QUICK)
        found: Grant = github_grant(client)
    assert isinstance(found.identity, Unknown)
    assert isinstance(found.expires_at, Unknown)
    assert found.held == frozenset()


def test_headers_that_speak_against_the_prefix_tell_no_scopes() -> None:
    told = {"X-OAuth-Scopes": "repo, admin:org"}
    with LoopbackServer(lambda _: Reply(data=ME, headers=dict(told))) as server:
        client = GitHub.connect(server.url, Secret(PAT), bounds=QUICK)
        found = github_grant(client)
    assert isinstance(found.kind, Unknown)
    assert (found.scopes, found.held, found.whole) == (None, frozenset(), False)
    assert isinstance(found.expires_at, Unknown)
    assert found.kind.reason is Reason.MALFORMED
