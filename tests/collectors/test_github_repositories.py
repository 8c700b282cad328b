from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.github import connection as connection_module
from hardenme.collectors.github import repositories
from hardenme.facts.github.repository import (
    DeployKey,
    Repository,
    RepositoryVulnerabilityAlerts,
)
from hardenme.model.depth import is_beyond
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown
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
    "isTemplate": False,
    "isInOrganization": False,
    "pushedAt": None,
    "viewerCanAdminister": True,
    "hasVulnerabilityAlertsEnabled": False,
    "isSecurityPolicyEnabled": False,
    "deployKeys": {"totalCount": 0, "nodes": []},
    "isEmpty": True,
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
        return list(repositories.owned(client, OWNER, FactStore()))


def of_owner(answers: list[Answer[Any]]) -> tuple[list[str], Unknown | None]:
    """The names that a listing gave, and why it is not whole."""
    found = [answer for answer in answers if answer.kind is Repository]
    names = [fact.full_name for answer in found for fact in answer.facts]
    last = [answer for answer in found if answer.scope == OWNER]
    assert len(last) <= 1
    return names, last[0].missing if last else None


def test_all_pages_are_read() -> None:
    answers = owned(pages([node(1), node(2)], [node(3)]))
    assert of_owner(answers) == (["hazel/r1", "hazel/r2", "hazel/r3"], None)
    (atom,) = answers[-1].evidence
    assert atom.endpoint == "POST /graphql Repositories"


def test_a_repository_comes_after_all_that_the_page_tells_of_it() -> None:
    answers = owned(pages([node(1)]))
    assert answers[-1].kind is Repository
    assert {answer.scope.name for answer in answers} == {"hazel/r1"}
    assert len(answers) > 3


def test_an_owner_without_repositories_is_told() -> None:
    (answer,) = owned(pages([]))
    assert (answer.scope, answer.facts, answer.missing) == (OWNER, (), None)
    (atom,) = answer.evidence
    assert (atom.pages_read, atom.pages_expected) == (1, 1)
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
    names, missing = of_owner(owned(said))
    assert missing is not None
    assert missing.reason is reason
    assert len(names) == kept


def test_a_list_that_changes_is_read_on() -> None:
    """One repository went after the first page, so that another one moved to where nobody looks."""
    parts = [[node(1), node(2)], [node(4)], [node(5)]]
    said = [connection(part, number, 5 - min(number, 1)) for number, part in enumerate(parts)]

    def answer(request: Request) -> Reply:
        return said[int(json.loads(request.body)["variables"]["after"] or 0)]

    with github({"graphql": answer}) as (client, server):
        names, missing = of_owner(list(repositories.owned(client, OWNER, FactStore())))
    assert len(names) == 4, "as many as the last page counts"
    assert missing is not None
    assert missing.seen == "the list changed while it was read"
    assert len(server.requests) == 3


def connection(nodes: list[Any], number: int, total: int) -> Reply:
    found = {
        "totalCount": total,
        "pageInfo": {"hasNextPage": number < 2, "endCursor": str(number + 1)},
        "nodes": nodes,
    }
    return Reply(data={"data": {"repositoryOwner": {"repositories": found}}})


def test_pages_that_come_again_are_given_up() -> None:
    """Two cursors that lead to each other."""

    def answer(request: Request) -> Reply:
        after = json.loads(request.body)["variables"]["after"]
        number = int(after == "1")
        return connection([node(number)], number, 9)

    with github({"graphql": answer}) as (client, server):
        _, missing = of_owner(list(repositories.owned(client, OWNER, FactStore())))
    assert missing is not None
    assert missing.reason is Reason.INCOMPLETE
    assert len(server.requests) <= 4


def test_a_cursor_that_stands_still_is_given_up() -> None:
    connection = {
        "totalCount": 99,
        "pageInfo": {"hasNextPage": True, "endCursor": "same"},
        "nodes": [node(1)],
    }
    said = {"data": {"repositoryOwner": {"repositories": connection}}}
    with github({"graphql": said}) as (client, server):
        _, missing = of_owner(list(repositories.owned(client, OWNER, FactStore())))
    assert missing is not None
    assert len(server.requests) == 2


def test_cursors_without_end_are_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection_module, "MOST_PAGES", 15)

    def answer(request: Request) -> Reply:
        after = int(json.loads(request.body)["variables"]["after"] or 0)
        connection = {
            "totalCount": 10**6,
            "pageInfo": {"hasNextPage": True, "endCursor": str(after + 1)},
            "nodes": [node(after)],
        }
        return Reply(data={"data": {"repositoryOwner": {"repositories": connection}}})

    with github({"graphql": answer}) as (client, server):
        _, missing = of_owner(list(repositories.owned(client, OWNER, FactStore())))
    assert missing is not None
    assert missing.reason is Reason.INCOMPLETE
    assert len(server.requests) == 15


def test_keys_are_counted_by_classic_tokens_only() -> None:
    for token, wanted in (({}, True), ({"token": PAT}, False)):
        with github({"graphql": pages([node(1)])}, **token) as (client, server):
            list(repositories.owned(client, OWNER, FactStore()))
        assert ("deployKeys" in json.loads(server.requests[0].body)["query"]) is wanted


def test_a_refusal_of_keys_does_not_hide_the_repositories() -> None:
    def answer(request: Request) -> Reply:
        if "deployKeys" not in json.loads(request.body)["query"]:
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
        first = list(repositories.owned(client, OWNER, FactStore()))
        assert len(server.requests) == 2
        second = list(repositories.owned(client, OWNER, FactStore()))
    assert of_owner(first) == of_owner(second) == (["hazel/r1"], None)
    assert not [answer for answer in first if answer.kind is DeployKey], "they have another reader"
    assert len(server.requests) == 3, "what a whole page was refused is not asked for again"


def test_one_refused_repository_does_not_take_its_neighbours_along() -> None:
    def answer(request: Request) -> Reply:
        if "deployKeys" not in json.loads(request.body)["query"]:
            bare = {key: value for key, value in NODE.items() if key != "deployKeys"}
            return pages([bare | {"nameWithOwner": f"hazel/r{n}"} for n in (1, 2)])(request)
        reply = pages([None, node(2)])(request)
        path = ["repositoryOwner", "repositories", "nodes", 0, "deployKeys"]
        reply.data["errors"] = [{"type": "FORBIDDEN", "path": path}]
        return reply

    with github({"graphql": answer}) as (client, _):
        answers = list(repositories.owned(client, OWNER, FactStore()))
    assert of_owner(answers) == (["hazel/r1", "hazel/r2"], None)
    assert [a.scope.name for a in answers if a.kind is DeployKey] == ["hazel/r2"]


def test_refusals_that_come_one_after_the_other() -> None:
    refused = ("hasVulnerabilityAlertsEnabled", "deployKeys")

    def answer(request: Request) -> Reply:
        sent = json.loads(request.body)
        one = "repositoryOwner" not in sent["query"]
        path = ["repository"] if one else ["repositoryOwner", "repositories", "nodes", 0]
        for name in refused:
            if name in sent["query"]:
                errors = [{"type": "FORBIDDEN", "path": [*path, name]}]
                reply = Reply(data={"data": {"repository": None}})
                reply = reply if one else pages([None])(request)
                reply.data["errors"] = errors
                return reply
        bare = {key: value for key, value in NODE.items() if key not in refused}
        return Reply(data={"data": {"repository": bare}}) if one else pages([bare])(request)

    with github({"graphql": answer}) as (client, _):
        answers = list(repositories.owned(client, OWNER, FactStore()))
        alone = list(repositories.one(client, ONE, FactStore()))
    assert of_owner(answers) == (["hazel/lantern"], None)
    for found in (answers, alone):
        assert of(Repository, found).facts
        assert of(RepositoryVulnerabilityAlerts, found).missing is not None
        assert not [item for item in found if item.kind is DeployKey]


@pytest.mark.parametrize(
    "failure",
    [
        Reply(502, {}),
        Reply(504, {}),
        Reply(data={"data": None, "errors": [{"type": "RESOURCE_LIMITS_EXCEEDED"}]}),
        Reply(data={"errors": [{"message": "Something went wrong, it may be a timeout"}]}),
    ],
    ids=["502", "504", "limits", "timeout"],
)
@pytest.mark.parametrize("most", [25, 12, 6, 1])
def test_a_page_that_is_too_much_gets_smaller(failure: Reply, most: int) -> None:
    everything = [node(number) for number in range(30)]

    def answer(request: Request) -> Reply:
        variables = json.loads(request.body)["variables"]
        first, start = variables["first"], int(variables["after"] or 0)
        if first > most:
            return failure
        connection = {
            "totalCount": 30,
            "pageInfo": {"hasNextPage": start + first < 30, "endCursor": str(start + first)},
            "nodes": everything[start : start + first],
        }
        return Reply(data={"data": {"repositoryOwner": {"repositories": connection}}})

    with github({"graphql": answer}) as (client, server):
        names, missing = of_owner(list(repositories.owned(client, OWNER, FactStore())))
        sizes = [json.loads(request.body)["variables"]["first"] for request in server.requests]
    assert (len(names), missing) == (30, None)
    assert sizes == sorted(sizes, reverse=True), "it does not grow again"
    assert sizes[-1] <= most


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
    "keys",
    [
        {"totalCount": 1, "nodes": []},
        {"totalCount": None, "nodes": []},
        {"totalCount": 0},
        {},
        None,
        {"totalCount": False, "nodes": []},
    ],
)
def test_only_a_count_of_nothing_is_no_keys(keys: Any) -> None:
    answers = owned(pages([NODE | {"deployKeys": keys}]))
    assert all(answer.kind is not DeployKey for answer in answers)
    (none,) = [a for a in owned(pages([NODE])) if a.kind is DeployKey]
    assert (none.facts, none.missing) == ((), None)


def test_the_batch_shows_keys_but_not_their_use() -> None:
    key = {"id": "K1", "title": "ci", "readOnly": False, "createdAt": "2026-01-01T00:00:00Z"}
    answers = owned(pages([NODE | {"deployKeys": {"totalCount": 1, "nodes": [key]}}]))
    (fact,) = of(DeployKey, answers).facts
    assert (fact.label, fact.read_only, fact.key_id) == ("ci", False, None)
    assert set(fact.unknown_fields()) == {"last_used", "added_by"}
    assert all(is_beyond(why) for why in fact.unknown_fields().values())


def test_a_single_repository_that_is_not_there() -> None:
    error = {"type": "NOT_FOUND", "path": ["repository"], "message": "Could not resolve"}
    with github({"graphql": {"data": {"repository": None}, "errors": [error]}}) as (client, _):
        (answer,) = repositories.one(client, ONE, FactStore())
    assert answer.missing is not None
    assert answer.missing.reason is Reason.NOT_VISIBLE


def test_a_single_repository_is_asked_for_under_its_own_name() -> None:
    with github({"graphql": {"data": {"repository": NODE}}}) as (client, server):
        answers = list(repositories.one(client, ONE, FactStore()))
    assert of(Repository, answers).facts[0].subject == ONE
    sent = json.loads(server.requests[0].body)
    assert "followRenames: false" in sent["query"]
    assert (sent["variables"]["owner"], sent["variables"]["name"]) == ("hazel", "lantern")
