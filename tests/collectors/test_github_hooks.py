from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.github import hooks
from hardenme.collectors.github.client import GitHub
from hardenme.collectors.transport.cache import Cache
from hardenme.facts.github.hooks import OrganizationHook, RepositoryHook
from hardenme.model.fact import Answer
from hardenme.model.secret import Secret
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown
from hardenme.sandbox.http import Reply
from tests.collectors.reader import QUICK, TOKEN
from tests.collectors.scripted import GONE, github, of, reads, server

ORGANIZATION = Subject("github", "org", "cedar-labs")
REPOSITORY = Subject("github", "repo", "cedar-labs/cone")
CONFIG = {
    "url": "https://user:CANARYpassword@chat.example.test:8443/CANARYpath?token=CANARYquery",
    "content_type": "json",
    "insecure_ssl": "0",
    "secret": "********",
}


def raw(**config: Any) -> dict[str, Any]:
    """A webhook; `...` leaves the key out."""
    shown = {name: value for name, value in (CONFIG | config).items() if value is not ...}
    own = {
        "name": "web",
        "active": True,
        "events": ["push"],
        "created_at": "2026-05-08T12:00:00Z",
        "updated_at": "2026-05-08T12:00:00Z",
    }
    return {"id": 7, **own, "config": shown, "url": "https://h.test/7"}


def read(*answer: Any) -> Answer[Any]:
    said = answer[0] if isinstance(answer[0], Reply) else list(answer)
    with github({"/orgs/cedar-labs/hooks": said}) as (client, _):
        return of(
            OrganizationHook, list(reads(OrganizationHook)(client, ORGANIZATION, FactStore()))
        )


def one(**config: Any) -> OrganizationHook:
    found = read(raw(**config)).facts[0]
    assert isinstance(found, OrganizationHook)
    return found


def test_a_webhook_of_an_organization() -> None:
    fact = one()
    assert str(fact.subject) == "github:org-hook/cedar-labs/7"
    assert fact.within == ORGANIZATION
    assert (fact.scheme, fact.host) == ("https", "chat.example.test")
    assert (fact.number, fact.verifies, fact.has_secret) == (7, True, True)


def test_nothing_but_the_host_is_kept_of_an_address() -> None:
    answer = read(raw(), raw(url="http://CANARYuser@host.test/CANARYpath") | {"id": 8})
    assert "CANARY" not in repr(answer)
    assert [fact.host for fact in answer.facts] == ["chat.example.test", "host.test"]


@pytest.mark.parametrize(
    ("value", "verifies"), [("0", True), (0, True), ("1", False), (1, False)], ids=repr
)
def test_what_github_writes_of_certificates(value: Any, verifies: Any) -> None:
    assert one(insecure_ssl=value).verifies is verifies


@pytest.mark.parametrize("value", [True, False, None, 2, "no", 0.5, [], ...], ids=repr)
def test_what_it_does_not_write_is_not_known(value: Any) -> None:
    assert "verifies" in one(insecure_ssl=value).unknown_fields()


@pytest.mark.parametrize(
    "url", [None, 7, ..., "", "chat.example.test/in", "ftp://h.test", "https://", "https://[::1"]
)
def test_an_address_that_is_none_is_not_known(url: Any) -> None:
    assert {"scheme", "host"} <= one(url=url).unknown_fields().keys()


def test_a_secret_that_is_left_out_is_none_where_the_configuration_is_shown() -> None:
    assert one(secret=...).has_secret is False
    assert one(secret="").has_secret is False
    unshown = one(secret=..., url=...).unknown_fields()["has_secret"]
    assert unshown.reason is Reason.NOT_VISIBLE


@pytest.mark.parametrize("secret", [None, 7, True, "CANARYsecretinplaintext", {}, []], ids=repr)
def test_a_secret_in_a_form_that_github_does_not_write_is_not_known(secret: Any) -> None:
    fact = one(secret=secret)
    assert "has_secret" in fact.unknown_fields()
    values = [object.__getattribute__(fact, item.name) for item in fields(fact)]
    assert "CANARY" not in repr(values)


@pytest.mark.parametrize("config", [None, [], "text", 0])
def test_a_webhook_without_a_configuration(config: Any) -> None:
    (fact,) = read(raw() | {"config": config}).facts
    assert {"scheme", "host", "verifies", "has_secret"} <= fact.unknown_fields().keys()


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (GONE, Reason.NOT_VISIBLE),
        (Reply(403, {"message": "Must have admin rights to Repository."}), Reason.NOT_PERMITTED),
        (Reply(401, {"message": "Bad credentials"}), Reason.REJECTED),
        (Reply(200, {"hooks": []}), Reason.INCOMPLETE),
    ],
)
def test_a_refusal_is_not_an_empty_list(reply: Reply, reason: Reason) -> None:
    missing = read(reply).missing
    assert isinstance(missing, Unknown)
    assert missing.reason is reason


def test_an_empty_list_is_whole() -> None:
    with github({"/orgs/cedar-labs/hooks": []}) as (client, _):
        answer = of(
            OrganizationHook, list(reads(OrganizationHook)(client, ORGANIZATION, FactStore()))
        )
    assert (answer.facts, answer.missing) == ((), None)
    assert answer.evidence


def test_of_an_address_the_host_alone_is_written_to_a_file(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "answers")
    page = Reply(data=[raw()], headers={"etag": '"hooks"'})
    user = Reply(data={"login": "linden"}, headers={"etag": '"other"'})
    with server({"/orgs/cedar-labs/hooks": page, "/user": user}) as running:
        client = GitHub.connect(running.url, Secret(TOKEN), bounds=QUICK, cache=cache)
        for _ in range(2):
            (answer,) = reads(OrganizationHook)(client, ORGANIZATION, FactStore())
            assert answer.facts
        client.get("/user")
    kept = b"".join(path.read_bytes() for path in (tmp_path / "answers").iterdir())
    assert b"linden" in kept, "other answers are"
    assert b"chat.example.test" in kept
    assert b"CANARY" not in kept
    asked = [item for item in running.requests if item.path.endswith("/hooks")]
    assert [item.headers.get("if-none-match") for item in asked] == [None, '"hooks"']


@pytest.mark.parametrize(
    ("value", "left"),
    [
        ("https://hook.test/services/CANARY?key=CANARY", "https://hook.test/"),
        ("HTTPS://user:CANARY@hook.test:8443/x#CANARY", "https://hook.test/"),
        ("http://[2001:db8::1]/CANARY", "http://[2001:db8::1]/"),
        ("ftp://hook.test/CANARY", ""),
        ("https://[CANARY", ""),
        ("CANARY", ""),
        (["CANARY"], []),
        ({"CANARY": 1}, []),
        (7, 7),
        (None, None),
    ],
)
def test_what_may_give_access_is_let_go_of_at_once(value: object, left: object) -> None:
    """What is left is judged as the whole would be."""
    hook = raw() | {"config": {"url": value, "secret": "CANARY", "CANARY": 1}, "CANARY": "x"}
    (slimmed,) = json.loads(hooks.trim(json.dumps([hook]).encode()))
    assert slimmed["config"] == {"url": left, "secret": "?"}
    assert set(slimmed) <= {"id", "active", "events", "created_at", "updated_at", "config"}
    assert json.loads(hooks.trim(b'{"message": "CANARY"}')) is None
    assert json.loads(hooks.trim(b"[CANARY")) is None
    assert json.loads(hooks.trim(b'["CANARY", null]')) == [None, None]


def test_a_webhook_of_a_repository() -> None:
    with github({"/repos/cedar-labs/cone/hooks": [raw(url="http://host.test/CANARY")]}) as (to, _):
        answer = of(RepositoryHook, list(reads(RepositoryHook)(to, REPOSITORY, FactStore())))
    (fact,) = answer.facts
    assert str(fact.subject) == "github:repo-hook/cedar-labs/cone/7"
    assert (fact.within, fact.scheme, fact.host) == (REPOSITORY, "http", "host.test")
