from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from hardenme.collectors.book import Book
from hardenme.collectors.github import repositories
from hardenme.facts.github.repository import (
    DeployKey,
    Repository,
    RepositoryVulnerabilityAlerts,
)
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason
from hardenme.sandbox.http import Reply, Request
from tests.collectors.scripted import github, of

PAT = "github_pat_CANARY00000000000000_" + "0" * 54
OWNER = Subject("github", "user", "hazel")
ONE = Subject("github", "repo", "hazel/lantern")
NODE = {
    "nameWithOwner": "hazel/lantern",
    "visibility": "PUBLIC",
    "isArchived": False,
    "isFork": False,
    "pushedAt": None,
    "viewerCanAdminister": True,
    "hasVulnerabilityAlertsEnabled": False,
    "isSecurityPolicyEnabled": False,
    "deployKeys": {"totalCount": 0},
    "defaultBranchRef": None,
}


def node(number: int) -> dict[str, Any]:
    return NODE | {"nameWithOwner": f"hazel/r{number}"}


def pages(*parts: list[Any], total: Any = None, **change: Any) -> Callable[[Request], Reply]:
    """A listing in pages; `change` goes into the last page's connection."""

    def answer(request: Request) -> Reply:
        after = json.loads(request.body)["variables"]["after"]
        number = int(after or 0)
        last = number == len(parts) - 1
        connection = {
            "totalCount": sum(map(len, parts)) if total is None else total,
            "pageInfo": {"hasNextPage": not last, "endCursor": None if last else str(number + 1)},
            "nodes": parts[number],
        }
        data = {"repositoryOwner": {"repositories": connection | (change if last else {})}}
        return Reply(data={"data": data}, headers={"X-OAuth-Scopes": "repo"})

    return answer


def owned(said: Any, **how: Any) -> list[Answer[Any]]:
    with github({"graphql": said}, **how) as (client, _):
        return list(repositories.owned(client, OWNER, Book()))


def listing(said: Any, **how: Any) -> Answer[Any]:
    return of(Repository, owned(said, **how))


def test_all_pages_are_read() -> None:
    answer = listing(pages([node(1), node(2)], [node(3)]))
    assert [fact.full_name for fact in answer.facts] == ["hazel/r1", "hazel/r2", "hazel/r3"]
    assert answer.missing is None
    (atom,) = answer.evidence
    assert (atom.pages_read, atom.pages_expected) == (2, 2)
    assert atom.endpoint == "POST /graphql Repositories of hazel"


@pytest.mark.parametrize(
    ("said", "reason", "kept"),
    [
        (pages([node(1)], total=2), Reason.INCOMPLETE, 1),
        (pages([node(1), None]), Reason.INCOMPLETE, 1),
        (pages([node(1), {"nameWithOwner": None}]), Reason.INCOMPLETE, 1),
        (pages([node(1), node(2)], [node(2)]), Reason.INCOMPLETE, 2),
        (pages([node(1)], pageInfo={}), Reason.INCOMPLETE, 1),
        (pages([node(1)], pageInfo={"hasNextPage": True}), Reason.INCOMPLETE, 1),
        (pages([node(1)], [node(2)], nodes=None), Reason.NOT_VISIBLE, 1),
        (pages([node(1)], totalCount=None), Reason.NOT_VISIBLE, 0),
        ({"data": {"repositoryOwner": None}}, Reason.NOT_VISIBLE, 0),
        (
            {"data": {"repositoryOwner": None}, "errors": [{"type": "FORBIDDEN", "path": []}]},
            Reason.NOT_PERMITTED,
            0,
        ),
        ({"data": None, "errors": [{"message": "timeout"}]}, Reason.MALFORMED, 0),
        ({}, Reason.MALFORMED, 0),
        (Reply(401, {"message": "Bad credentials"}), Reason.REJECTED, 0),
        (Reply(403, {"message": "Resource not accessible"}), Reason.NOT_PERMITTED, 0),
        (Reply(502, {}), Reason.UNREACHABLE, 0),
        (Reply(200, body=b"<html>", headers={"content-type": "text/html"}), Reason.MALFORMED, 0),
        (
            Reply(200, {"data": {}}, {"X-GitHub-SSO": "partial-results; organizations=1"}),
            Reason.NEEDS_SSO,
            0,
        ),
    ],
)
def test_a_listing_that_is_not_whole(said: Any, reason: Reason, kept: int) -> None:
    answer = listing(said)
    assert answer.missing is not None
    assert answer.missing.reason is reason
    assert len(answer.facts) == kept


def test_a_cursor_that_stands_still_is_given_up() -> None:
    connection = {
        "totalCount": 99,
        "pageInfo": {"hasNextPage": True, "endCursor": "same"},
        "nodes": [node(1)],
    }
    said = {"data": {"repositoryOwner": {"repositories": connection}}}
    with github({"graphql": said}) as (client, server):
        answer = of(Repository, list(repositories.owned(client, OWNER, Book())))
    assert answer.missing is not None
    assert len(server.requests) == 2


def test_cursors_without_end_are_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repositories, "MOST_PAGES", 15)

    def answer(request: Request) -> Reply:
        after = int(json.loads(request.body)["variables"]["after"] or 0)
        connection = {
            "totalCount": 10**6,
            "pageInfo": {"hasNextPage": True, "endCursor": str(after + 1)},
            "nodes": [node(after)],
        }
        return Reply(data={"data": {"repositoryOwner": {"repositories": connection}}})

    with github({"graphql": answer}) as (client, server):
        found = of(Repository, list(repositories.owned(client, OWNER, Book())))
    assert found.missing is not None
    assert found.missing.reason is Reason.INCOMPLETE
    assert len(server.requests) == 15


def test_keys_are_counted_by_classic_tokens_only() -> None:
    for token, wanted in (({}, True), ({"token": PAT}, False)):
        with github({"graphql": pages([node(1)])}, **token) as (client, server):
            list(repositories.owned(client, OWNER, Book()))
        assert json.loads(server.requests[0].body)["variables"]["keys"] is wanted


def test_a_refusal_of_keys_does_not_hide_the_repositories() -> None:
    def answer(request: Request) -> Reply:
        if not json.loads(request.body)["variables"]["keys"]:
            return pages([node(1)])(request)
        path = ["repositoryOwner", "repositories", "nodes", 0, "deployKeys"]
        data = {
            "totalCount": 1,
            "pageInfo": {"hasNextPage": False, "endCursor": None},
            "nodes": [None],
        }
        errors = [{"type": "FORBIDDEN", "path": path}]
        return Reply(
            data={"data": {"repositoryOwner": {"repositories": data}}, "errors": errors},
        )

    with github({"graphql": answer}) as (client, server):
        found = of(Repository, list(repositories.owned(client, OWNER, Book())))
    assert len(found.facts) == 1
    assert found.missing is None
    assert len(server.requests) == 2


@pytest.mark.parametrize("name", sorted(set(NODE) - {"nameWithOwner", "deployKeys"}))
@pytest.mark.parametrize("value", [..., "strange", 7, {"a": 1}])
def test_a_strange_or_absent_value_is_unknown(name: str, value: Any) -> None:
    changed = {key: text for key, text in NODE.items() if key != name}
    if value is not ...:
        changed[name] = value
    answers = owned(pages([changed]))
    unknown = [
        field for answer in answers for fact in answer.facts for field in fact.unknown_fields()
    ]
    assert unknown or any(answer.missing for answer in answers)


def test_alerts_that_are_off_are_believed_of_administrators_only() -> None:
    for admin in (False, None):
        answers = owned(pages([NODE | {"viewerCanAdminister": admin}]))
        (fact,) = of(RepositoryVulnerabilityAlerts, answers).facts
        assert fact.unknown_fields()["enabled"].reason is Reason.NOT_PERMITTED
    (fact,) = of(RepositoryVulnerabilityAlerts, owned(pages([NODE]))).facts
    assert fact.enabled is False


@pytest.mark.parametrize(
    "keys", [{"totalCount": 1}, {"totalCount": None}, {}, None, {"totalCount": False}]
)
def test_only_a_count_of_nothing_is_no_keys(keys: Any) -> None:
    answers = owned(pages([NODE | {"deployKeys": keys}]))
    assert all(answer.kind is not DeployKey for answer in answers)
    (none,) = [a for a in owned(pages([NODE])) if a.kind is DeployKey]
    assert (none.facts, none.missing) == ((), None)


def test_a_single_repository_that_is_not_there() -> None:
    error = {"type": "NOT_FOUND", "path": ["repository"], "message": "Could not resolve"}
    with github({"graphql": {"data": {"repository": None}, "errors": [error]}}) as (client, _):
        (answer,) = repositories.one(client, ONE, Book())
    assert answer.missing is not None
    assert answer.missing.reason is Reason.NOT_VISIBLE


def test_a_single_repository_is_asked_for_under_its_own_name() -> None:
    with github({"graphql": {"data": {"repository": NODE}}}) as (client, server):
        answers = list(repositories.one(client, ONE, Book()))
    assert of(Repository, answers).facts[0].subject == ONE
    sent = json.loads(server.requests[0].body)
    assert "followRenames: false" in sent["query"]
    assert (sent["variables"]["owner"], sent["variables"]["name"]) == ("hazel", "lantern")
