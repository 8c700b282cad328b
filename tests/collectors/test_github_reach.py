from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.github import reach
from hardenme.collectors.reading import Item
from hardenme.facts.github.organization import OrganizationRulesetReach
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown
from hardenme.sandbox.http import Reply, Request
from tests.collectors.scripted import Say, github

HERE = Subject("github", "org", "cedar-labs")


def rules(*sources: Any, total: Any = None) -> dict[str, Any]:
    nodes = [{"repositoryRuleset": {"source": {"__typename": source}}} for source in sources]
    return {
        "name": "main",
        "rules": {"totalCount": len(nodes) if total is None else total, "nodes": nodes},
    }


def node(name: str, branch: Any) -> dict[str, Any]:
    empty = branch is None
    return {"nameWithOwner": f"cedar-labs/{name}", "isEmpty": empty, "defaultBranchRef": branch}


def page(*nodes: Any, total: int | None = None, after: str | None = None) -> dict[str, Any]:
    return {
        "totalCount": len(nodes) if total is None else total,
        "pageInfo": {"hasNextPage": after is not None, "endCursor": after},
        "nodes": list(nodes),
    }


def answering(*pages: Any) -> Callable[[Request], Reply]:
    """Each page once, in order; a reply is given as it is."""
    waiting = list(pages)

    def say(_request: Request) -> Reply:
        found = waiting.pop(0)
        if isinstance(found, Reply):
            return found
        return Reply(data={"data": {"organization": {"repositories": found}}})

    return say


def ask(said: Say) -> tuple[Answer[Any], list[dict[str, Any]]]:
    """The answer, and the variables of each query."""
    with github({"graphql": said}) as (client, server):
        (answer,) = reach.reach(client, HERE, FactStore())
        asked = [json.loads(request.body)["variables"] for request in server.requests]
    assert answer.kind is OrganizationRulesetReach
    return answer, asked


BOUND, FREE = rules("Organization"), rules("Repository")


def test_every_default_branch_is_bound() -> None:
    nodes = (node("a", BOUND), node("b", rules("Repository", "Enterprise")), node("seed", None))
    answer, _ = ask(answering(page(*nodes)))
    fact = answer.facts[0]
    assert (fact.branches, fact.unbound) == (2, ())
    assert answer.missing is None
    assert answer.evidence[0].endpoint.endswith("rules of cedar-labs")


@pytest.mark.parametrize("branch", [FREE, rules()])
def test_a_default_branch_that_is_not_bound(branch: Any) -> None:
    answer, _ = ask(answering(page(node("a", BOUND), node("b", branch))))
    assert answer.facts[0].unbound == ("cedar-labs/b",)


def test_all_pages_are_asked_for() -> None:
    first, last = page(node("a", BOUND), total=2, after="x"), page(node("b", BOUND), total=2)
    answer, asked = ask(answering(first, last, first))
    assert answer.facts[0].branches == 2
    assert [item["after"] for item in asked] == [None, "x", None], "the first is looked at again"
    assert (answer.evidence[0].pages_read, answer.evidence[0].pages_expected) == (2, 2)


def test_one_that_is_not_bound_is_enough() -> None:
    answer, asked = ask(answering(page(node("a", FREE), total=900, after="x")))
    assert answer.facts[0].unbound == ("cedar-labs/a",)
    assert len(asked) == 1


@pytest.mark.parametrize(
    "pages",
    [
        (page(node("a", BOUND), total=2),),
        (page(node("a", BOUND), node("a", BOUND)),),
        (page(node("a", BOUND), {"defaultBranchRef": BOUND}),),
        (page(node("a", BOUND), None),),
        (page(node("a", BOUND), node("b", None) | {"isEmpty": False}),),
        (page(node("a", BOUND), node("b", None) | {"isEmpty": None}),),
        (page(node("a", BOUND), {"nameWithOwner": "cedar-labs/b"}),),
        (page(node("a", BOUND), total=2, after="x"), page(node("a", BOUND), total=2)),
        (page(node("a", BOUND), total=2, after="x"), page(node("b", BOUND), total=2, after="x")),
        (page(node("a", BOUND)) | {"pageInfo": {}},),
        (page(node("a", BOUND)) | {"pageInfo": {"hasNextPage": True}},),
        (page(node("a", BOUND)) | {"totalCount": None},),
        (page(node("a", BOUND)) | {"nodes": None},),
        (Reply(200, {"data": {"organization": None}}),),
        (Reply(200, {"data": None, "errors": [{"type": "FORBIDDEN", "message": "no"}]}),),
        (Reply(403, {"message": "Resource not accessible by personal access token"}),),
        (page(node("a", BOUND), total=2, after="x"), Reply(401, {"message": "Bad credentials"})),
    ],
)
def test_what_is_not_whole_tells_nothing(pages: tuple[Any, ...]) -> None:
    answer, _ = ask(answering(*pages))
    assert answer.facts == ()
    assert answer.missing is not None


def test_a_refused_organization_takes_a_permission() -> None:
    error = {"type": "FORBIDDEN", "message": "no", "path": ["organization"]}
    answer, _ = ask(answering(Reply(200, {"data": {"organization": None}, "errors": [error]})))
    assert answer.missing is not None
    assert answer.missing.reason is Reason.NOT_PERMITTED
    assert "the scope repo" in answer.missing.needed


def test_a_query_that_is_too_much_is_halved() -> None:
    tired = Reply(200, {"data": None, "errors": [{"type": "RESOURCE_LIMITS_EXCEEDED"}]})
    slow = Reply(502, {"message": "Server Error"})
    answer, asked = ask(answering(tired, slow, page(node("a", BOUND))))
    assert answer.facts[0].branches == 1
    assert [item["first"] for item in asked] == [50, 25, 12]


def test_a_server_that_is_always_too_slow_is_not_asked_for_ever() -> None:
    answer, asked = ask(Reply(502, {"message": "Server Error"}))
    assert [item["first"] for item in asked] == [50, 25, 12, 6, 5]
    assert answer.missing is not None
    assert answer.missing.reason is Reason.UNREACHABLE


@pytest.mark.parametrize(
    "branch",
    [
        {},
        {"rules": None},
        {"rules": {"nodes": []}},
        rules("Repository", total=2),
        rules("Repository", "Something"),
        rules("Repository", None),
        {"rules": {"totalCount": 1, "nodes": [None]}},
        {"rules": {"totalCount": 1, "nodes": [{"repositoryRuleset": None}]}},
    ],
)
def test_rules_that_are_not_all_understood_do_not_say_no(branch: dict[str, Any]) -> None:
    assert isinstance(reach.bound(Item(branch, "POST /graphql")), Unknown)


def test_one_rule_from_above_is_enough() -> None:
    for branch in (rules("Something", "Organization"), rules("Organization", total=300)):
        assert reach.bound(Item(branch, "POST /graphql")) is True
