"""What GraphQL of the GitHub sandbox refuses, and how it says so."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from hardenme.sandbox.github.server import github_sandbox
from tests.moment import NOW
from tests.sandbox.github_batch import BATCH, by_name
from tests.sandbox.github_reader import INSTALLATION, Reader, every_kind
from tests.worlds.github import (
    HARDENED_CLASSIC,
    HARDENED_TOKEN,
    WEAK_FINE_GRAINED,
    WEAK_NARROW,
    WEAK_TOKEN,
    hardened_maintainer,
    weak_maintainer,
)

NESTED = """{ viewer { repositories(first: 100) { nodes { collaborators(first: 100) { nodes {
  repositories(first: 100) { nodes { id } } } } } } } }"""


@pytest.fixture
def weak() -> Iterator[Reader]:
    world = weak_maintainer(NOW)
    every_kind(world, "mallow", "acorn-labs")
    with github_sandbox(world) as server, Reader(server) as read:
        yield read


@pytest.fixture
def hardened() -> Iterator[Reader]:
    with github_sandbox(hardened_maintainer(NOW)) as server, Reader(server) as read:
        yield read


def test_a_refused_field_is_null_and_named(hardened: Reader) -> None:
    query = (
        '{ repository(owner: "hazel", name: "lantern") { rulesets(first: 5) { nodes { name '
        "bypassActors(first: 5) { totalCount } } } } }"
    )
    data = hardened.graphql(query, HARDENED_TOKEN)
    nodes = data["data"]["repository"]["rulesets"]["nodes"]
    assert [node["bypassActors"] for node in nodes] == [None, None]
    assert data["errors"][0] == {
        "type": "FORBIDDEN",
        "message": "Resource not accessible by personal access token",
        "path": ["repository", "rulesets", "nodes", 0, "bypassActors"],
        "locations": [{"line": 1, "column": 83}],
    }
    assert hardened.graphql(query, HARDENED_CLASSIC)["data"]["repository"]["rulesets"]["nodes"][1][
        "bypassActors"
    ] == {"totalCount": 1}


def test_a_refused_field_that_cannot_be_null_takes_its_repository_along(weak: Reader) -> None:
    data = weak.graphql(BATCH, WEAK_NARROW, n=100)
    assert by_name(data) == {}
    assert {error["type"] for error in data["errors"]} == {"INSUFFICIENT_SCOPES"}
    # Everybody reads the environments of a public repository; those of a private one need a
    # permission that this token lacks, and its alerts are null without taking anything along.
    partial = weak.graphql(BATCH, WEAK_FINE_GRAINED, n=100)
    assert partial["data"]["viewer"]["repositories"]["totalCount"] == 2
    assert list(by_name(partial)) == ["mallow/ladle"]
    assert by_name(partial)["mallow/ladle"]["vulnerabilityAlerts"] is None
    assert {error["type"] for error in partial["errors"]} == {"FORBIDDEN"}
    refused = {tuple(error["path"][3:]) for error in partial["errors"]}
    assert refused == {(0, "environments"), (1, "vulnerabilityAlerts")}


def test_what_is_not_there_or_hidden_is_not_found(weak: Reader) -> None:
    for query, name in (
        ('{ repository(owner: "mallow", name: "gone") { id } }', "repository"),
        ('{ user(login: "gone") { id } }', "user"),
        ('{ organization(login: "gone") { id } }', "organization"),
    ):
        data = weak.graphql(query, WEAK_TOKEN)
        assert data["data"] == {name: None}
        assert data["errors"][0]["type"] == "NOT_FOUND"
        assert data["errors"][0]["path"] == [name]
    hidden = weak.graphql('{ repository(owner: "mallow", name: "cellar") { id } }', WEAK_NARROW)
    assert hidden["errors"][0]["type"] == "NOT_FOUND"
    assert weak.graphql('{ repositoryOwner(login: "gone") { login } }', WEAK_TOKEN)["data"] == {
        "repositoryOwner": None
    }


def test_single_sign_on_leaves_holes(weak: Reader) -> None:
    token = weak.world.token(WEAK_TOKEN)
    assert token is not None
    token.sso_blocked = frozenset({"acorn-labs"})
    data = weak.graphql(
        "{ viewer { repositories(first: 50, ownerAffiliations: [OWNER, ORGANIZATION_MEMBER]) "
        "{ totalCount nodes { nameWithOwner } } } }",
        WEAK_TOKEN,
    )
    found = data["data"]["viewer"]["repositories"]
    assert found["totalCount"] == 12
    assert found["nodes"].count(None) == 2
    assert data["errors"][0]["extensions"] == {"saml_failure": True}
    assert data["errors"][0]["type"] == "FORBIDDEN"


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ("{ viewer { repositories { nodes { id } } } }", "MISSING_PAGINATION_BOUNDARIES"),
        ("{ viewer { repositories(first: 101) { nodes { id } } } }", "EXCESSIVE_PAGINATION"),
        (NESTED, "MAX_NODE_LIMIT_EXCEEDED"),
        ('mutation { addStar(input: {starrableId: "x"}) { clientMutationId } }', None),
        ("{ viewer { password } }", None),
        ("{ viewer {", None),
    ],
)
def test_queries_that_are_not_run(weak: Reader, query: str, kind: str | None) -> None:
    data = weak.graphql(query, WEAK_TOKEN)
    assert "data" not in data
    assert data["errors"][0].get("type") == kind


def test_the_budget_runs_out_with_status_200(weak: Reader) -> None:
    weak.world.graphql_limit = 1
    query = "{ viewer { login } }"
    assert weak.graphql(query, WEAK_TOKEN)["data"] == {"viewer": {"login": "mallow"}}
    body = '{"query": "{ viewer { login } }"}'
    refused = weak("/graphql", WEAK_TOKEN, "POST", body=body)
    assert refused.status == 200
    assert refused.data["errors"][0]["type"] == "RATE_LIMITED"
    assert refused.headers["x-ratelimit-remaining"] == "0"
    assert refused.headers["x-ratelimit-resource"] == "graphql"
    assert weak("/user", WEAK_TOKEN).status == 200


def test_bodies_and_callers_that_cannot_be_answered(weak: Reader) -> None:
    for body in ("{", "[]", "{}", '{"query": 1}', '{"query": "{viewer{id}}", "variables": []}'):
        answer = weak("/graphql", WEAK_TOKEN, "POST", body=body)
        expected = 200 if body.endswith("[]}") else 400
        assert answer.status == expected, body
    assert weak("/graphql", "", "POST", body='{"query": "{viewer{id}}"}').status == 401
    assert weak("/graphql", WEAK_TOKEN).status == 404
    answer = weak("/api/graphql", WEAK_TOKEN, "POST", body='{"query": "{viewer{login}}"}')
    assert answer.data["data"]["viewer"]["login"] == "mallow"
    robot = weak.graphql("{ viewer { login } }", INSTALLATION)
    assert robot["data"] is None
    assert robot["errors"][0]["type"] == "FORBIDDEN"
