"""The queue: one list for all packages, whole or not at all."""

from __future__ import annotations

from typing import Any

import pytest

from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.npm.client import Npm
from hardenme.collectors.npm.stage import staged
from hardenme.facts.npm.package import PackageGrant
from hardenme.model.fact import Answer
from hardenme.model.secret import Secret
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason
from hardenme.sandbox.http import Reply, Request
from hardenme.sandbox.npm.scenarios import weak_maintainer
from hardenme.sandbox.npm.server import npm_sandbox
from hardenme.sandbox.npm.world import StagedVersion, TokenKind
from tests.collectors.scripted import registry
from tests.factories.npm import package_grant
from tests.running import NOW, QUICK

LAMP = Subject("npm", "package", "@hazel/lamp")
ITEM = {
    "id": "7",
    "packageName": "@hazel/lamp",
    "version": "2.1.0",
    "tag": "latest",
    "createdAt": "2026-11-24T09:00:00.000Z",
    "actor": "hazel",
    "actorType": "user",
    "access": "public",
    "shasum": "00",
}
SESSIONS_LIST = {"objects": [], "total": 0, "urls": {}}
"""The list of tokens, as a session sees it that has none."""
COLLABORATORS = "/-/package/@hazel%2Flamp/collaborators"


def page(*items: Any, total: Any = ...) -> dict[str, Any]:
    return {
        "items": list(items),
        "page": 0,
        "perPage": 100,
        "total": len(items) if total is ... else total,
    }


def answer(said: Any, *, writes: bool | None = True, **paths: Any) -> Answer[Any]:
    store = FactStore()
    known = {"/-/whoami": {"username": "hazel"}, "/-/npm/v1/tokens": SESSIONS_LIST}
    with registry({"/-/stage": said, **known} | paths) as (npm, server):
        if writes is not None:
            grant = package_grant(LAMP.name, writes=writes)
            (atom,) = (npm.get("/-/whoami").atom,)
            store.put(Answer(PackageGrant, grant.within, (grant,), (atom,)))
        (found,) = staged(npm, LAMP, store)
    assert server.requests
    return found


def test_a_version_that_waits() -> None:
    found = answer(page(ITEM, ITEM | {"id": "8", "packageName": "other"}))
    (fact,) = found.facts
    assert found.missing is None
    assert not fact.unknown_fields()
    assert str(fact.subject) == "npm:staged/7"
    assert (fact.within, fact.label) == (LAMP, "@hazel/lamp@2.1.0")
    assert (fact.actor, fact.automated, fact.version) == ("hazel", False, "2.1.0")
    (machine,) = answer(page(ITEM | {"actorType": "trusted automation"})).facts
    assert machine.automated


@pytest.mark.parametrize(
    ("change", "lost"),
    [
        ({"actorType": "something"}, {"automated"}),
        ({"actorType": None}, {"automated"}),
        ({"actor": None}, {"actor"}),
        ({"createdAt": "lately"}, {"created_at"}),
        ({"version": 2}, {"version"}),
    ],
)
def test_a_version_that_is_not_read(change: dict[str, Any], lost: set[str]) -> None:
    (fact,) = answer(page(ITEM | change)).facts
    assert fact.unknown_fields().keys() == lost


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({}, Reason.NOT_VISIBLE),
        ([], Reason.MALFORMED),
        ({"items": {}, "total": 0}, Reason.MALFORMED),
        ({"items": []}, Reason.NOT_VISIBLE),
        (page(total="0"), Reason.MALFORMED),
        (page(total=1), Reason.INCOMPLETE),
        (page(ITEM, ITEM), Reason.INCOMPLETE),
        (page(ITEM, total=0), Reason.INCOMPLETE),
        (page({"id": "7"}), Reason.INCOMPLETE),
        (page(7), Reason.INCOMPLETE),
        (Reply(401, {}, {"www-authenticate": "Bearer"}), Reason.REJECTED),
        (Reply(403, {}), Reason.NOT_PERMITTED),
        (Reply(404, {}), Reason.NOT_VISIBLE),
        (Reply(429, {}), Reason.RATE_LIMITED),
        (Reply(200, body=b"<html>"), Reason.MALFORMED),
    ],
)
def test_a_list_that_is_not_whole(said: Any, reason: Reason) -> None:
    missing = answer(said).missing
    assert missing is not None
    assert missing.reason is reason


@pytest.mark.parametrize(
    ("writes", "collaborators", "whole"),
    [
        (True, {}, True),
        (False, {"hazel": "write"}, False),
        (None, {"hazel": "write"}, True),
        (None, {"hazel": "read-write"}, True),
        (None, {"hazel": "read"}, False),
        (None, {"rowan": "write"}, False),
        (None, Reply(403, {}), False),
    ],
)
def test_an_empty_list_tells_of_packages_that_the_account_publishes(
    writes: bool | None,  # noqa: FBT001 (a case)
    collaborators: Any,
    *,
    whole: bool,
) -> None:
    found = answer(page(), writes=writes, **{COLLABORATORS: collaborators})
    assert found.facts == ()
    assert (found.missing is None) is whole


OWN = {"key": "1", "name": "own", "token": "npm_CANA...0000", "created": "2026-11-01T00:00:00.000Z"}
OTHER = OWN | {"key": "2", "token": "npm_else...1111"}


@pytest.mark.parametrize(
    ("listed", "whole"),
    [
        ({"objects": [], "total": 0}, True),
        ({"objects": [OTHER], "total": 1}, True),
        ({"objects": [OWN], "total": 1}, False),
        ({"objects": [OTHER, OWN], "total": 2}, False),
        ({"objects": [{"key": "1"}], "total": 1}, False),
        ({"objects": [], "total": 1}, False),
        ({}, False),
        (Reply(403, {}), False),
        (Reply(404, {}), False),
    ],
)
def test_an_empty_list_is_whole_for_a_session_alone(listed: Any, *, whole: bool) -> None:
    """A granular token that only reads is shown an empty queue although versions wait."""
    said = listed | {"urls": {}} if isinstance(listed, dict) and listed else listed
    found = answer(page(), **{"/-/npm/v1/tokens": said})
    assert found.facts == ()
    assert (found.missing is None) is whole
    if found.missing is not None:
        assert found.missing.reason is Reason.NOT_PERMITTED
        assert "a session token" in found.missing.needed


def test_every_page_is_read_once_for_all_packages() -> None:
    world = weak_maintainer(NOW)
    world.staged = [
        StagedVersion(f"{n:03}", "@acorn-labs/ladle", f"9.{n}.0", NOW, "mallow") for n in range(230)
    ]
    with npm_sandbox(world) as server:
        npm = Npm.connect(server.url, Secret(world.token("mallow")), bounds=QUICK)
        answers = [
            answer
            for name in ("ladle", "whisk")
            for answer in staged(npm, Subject("npm", "package", f"@acorn-labs/{name}"), FactStore())
        ]
        pages = [r.query["page"] for r in server.requests if r.path == "/-/stage"]
    assert pages == ["0", "1", "2", "0", "1"], "all but the last are looked at again"
    assert [len(answer.facts) for answer in answers] == [230, 0]
    assert [answer.missing for answer in answers] == [None, None]
    assert (answers[0].evidence[0].pages_read, answers[0].evidence[0].pages_expected) == (3, 3)


def test_a_page_that_is_lost_on_the_way() -> None:
    def answers(request: Request) -> Reply:
        many = [ITEM | {"id": str(n)} for n in range(100)]
        return Reply(200, page(*many, total=150)) if request.query["page"] == "0" else Reply(403)

    found = answer(answers)
    assert len(found.facts) == 100
    assert found.missing is not None


def test_a_granular_token_reads_the_queue_and_a_run_of_ci_does_not() -> None:
    world = weak_maintainer(NOW)
    with npm_sandbox(world) as server:
        for kind, reason in ((TokenKind.WRITE, None), (TokenKind.OIDC, Reason.NOT_PERMITTED)):
            npm = Npm.connect(server.url, Secret(world.token("mallow", kind)), bounds=QUICK)
            (found,) = staged(npm, Subject("npm", "package", "@acorn-labs/ladle"), FactStore())
            assert (found.missing and found.missing.reason) == reason


def test_without_a_token_nothing_is_asked() -> None:
    with registry({}, token="") as (npm, server):
        (found,) = staged(npm, LAMP, FactStore())
        assert server.requests == []
    assert found.missing is not None
