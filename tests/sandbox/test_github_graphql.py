"""GraphQL of the GitHub sandbox: the batched query, its cost, its pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from hardenme.sandbox.github.server import github_sandbox
from tests.moment import NOW
from tests.sandbox.github_batch import BATCH, by_name
from tests.sandbox.github_reader import Reader, every_kind
from tests.worlds.github import (
    HARDENED_ORGANIZATION,
    HARDENED_TOKEN,
    SCALED_TOKEN,
    WEAK_NARROW,
    WEAK_TOKEN,
    hardened_maintainer,
    scaled_maintainer,
    weak_maintainer,
)


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


def test_the_batched_query_of_the_weak_maintainer(weak: Reader) -> None:
    data = weak.graphql(BATCH, WEAK_TOKEN, n=100)
    assert "errors" not in data
    found = by_name(data)
    assert list(found)[:3] == ["mallow/blank-slate", "mallow/cellar", "mallow/grater"]
    assert found["mallow/blank-slate"]["defaultBranchRef"] is None
    assert found["mallow/blank-slate"]["pushedAt"] is None
    whisk = found["mallow/whisk"]["defaultBranchRef"]
    assert whisk["branchProtectionRule"] == {
        "pattern": "main",
        "isAdminEnforced": False,
        "allowsForcePushes": True,
        "requiresApprovingReviews": False,
        "requiredApprovingReviewCount": None,
        "requiredStatusCheckContexts": ["build"],
    }
    # Classic protection of a private repository that the plan does not offer protects nothing.
    assert found["mallow/cellar"]["defaultBranchRef"]["branchProtectionRule"] is None
    # A ruleset that is only evaluated is no rule of the branch.
    assert found["mallow/sieve"]["defaultBranchRef"]["rules"]["nodes"] == []
    rules = {
        rule["type"]: rule["parameters"]
        for rule in found["mallow/trivet"]["defaultBranchRef"]["rules"]["nodes"]
    }
    assert rules["PULL_REQUEST"]["requiredApprovingReviewCount"] == 1
    assert rules["REQUIRED_STATUS_CHECKS"]["requiredStatusChecks"] == [
        {"context": "test", "integrationId": 15368}
    ]
    assert rules["DELETION"] is None
    ladle = found["mallow/ladle"]
    assert [key["readOnly"] for key in ladle["deployKeys"]["nodes"]] == [False, True]
    assert ladle["workflows"] == {"entries": [{"name": "release.yml"}]}
    assert ladle["codeowners"] is None
    assert {e["node"]["login"]: e["permission"] for e in ladle["collaborators"]["edges"]} == {
        "mallow": "ADMIN",
        "oakley": "ADMIN",
    }


def test_graphql_and_rest_tell_the_same(weak: Reader) -> None:
    for name, node in by_name(weak.graphql(BATCH, WEAK_TOKEN, n=100)).items():
        rest = weak(f"/repos/{name}", WEAK_TOKEN).data
        assert node["databaseId"] == rest["id"]
        assert node["id"] == rest["node_id"]
        assert node["visibility"].lower() == rest["visibility"]
        assert node["isArchived"] == rest["archived"]
        on = weak(f"/repos/{name}/vulnerability-alerts", WEAK_TOKEN).status == 204
        assert node["hasVulnerabilityAlertsEnabled"] == on
        keys = weak(f"/repos/{name}/keys", WEAK_TOKEN).data
        assert node["deployKeys"]["totalCount"] == len(keys)
        branch = node["defaultBranchRef"]
        if branch is None or node["visibility"] == "PRIVATE":
            continue
        rules = weak(f"/repos/{name}/rules/branches/{branch['name']}", WEAK_TOKEN).data
        assert [r["type"] for r in rules] == [r["type"].lower() for r in branch["rules"]["nodes"]]


@pytest.mark.parametrize(
    ("size", "nodes", "points"), [(10, 1_830, 2), (25, 4_575, 4), (50, 9_150, 9), (100, 18_300, 17)]
)
def test_the_cost_is_the_documented_formula(
    weak: Reader, size: int, nodes: int, points: int
) -> None:
    left = weak.world.graphql_limit
    limit = weak.graphql(BATCH, WEAK_TOKEN, n=size)["data"]["rateLimit"]
    assert (limit["cost"], limit["nodeCount"]) == (points, nodes)
    assert limit["remaining"] == left - points
    assert limit["resetAt"] == "2026-11-24T13:00:00Z"


def test_pages_by_cursor() -> None:
    world = scaled_maintainer(NOW, repositories=45)
    with github_sandbox(world) as server, Reader(server) as read:
        names: list[str] = []
        after: str | None = None
        for _ in range(3):
            data = read.graphql(BATCH, SCALED_TOKEN, n=20, after=after)
            names += by_name(data)
            page = data["data"]["viewer"]["repositories"]["pageInfo"]
            after = page["endCursor"]
        assert not page["hasNextPage"]
        assert len(names) == len(set(names)) == 45
        backwards = read.graphql(
            "{ viewer { repositories(last: 2) { nodes { name } "
            "pageInfo { hasNextPage hasPreviousPage startCursor } } } }",
            SCALED_TOKEN,
        )["data"]["viewer"]["repositories"]
        assert (len(backwards["nodes"]), backwards["pageInfo"]["hasPreviousPage"]) == (2, True)
        wrong = read.graphql(BATCH, SCALED_TOKEN, n=20, after="no cursor")
        assert "valid cursor" in wrong["errors"][0]["message"]


def test_owners_and_former_names(weak: Reader) -> None:
    query = "query($l: String!) { repositoryOwner(login: $l) { __typename login } }"
    kinds = {
        login: weak.graphql(query, WEAK_TOKEN, l=login)["data"]["repositoryOwner"]["__typename"]
        for login in ("mallow", "acorn-labs")
    }
    assert kinds == {"mallow": "User", "acorn-labs": "Organization"}
    former = (
        'query($f: Boolean) { repository(owner: "mallow", name: "soup-spoon", '
        "followRenames: $f) { name } }"
    )
    assert weak.graphql(former, WEAK_TOKEN)["data"]["repository"] == {"name": "ladle"}
    assert weak.graphql(former, WEAK_TOKEN, f=False)["data"]["repository"] is None


def test_an_organization_for_its_owner_and_for_others(weak: Reader, hardened: Reader) -> None:
    query = (
        "query($l: String!) { organization(login: $l) { viewerCanAdminister "
        "requiresTwoFactorAuthentication membersWithRole(first: 10) { totalCount "
        "edges { role hasTwoFactorEnabled node { login } } } } }"
    )
    owned = weak.graphql(query, WEAK_TOKEN, l="acorn-labs")["data"]["organization"]
    assert owned["viewerCanAdminister"] is True
    assert owned["requiresTwoFactorAuthentication"] is False
    factors = {
        e["node"]["login"]: e["hasTwoFactorEnabled"] for e in owned["membersWithRole"]["edges"]
    }
    assert factors == {"fern": False, "mallow": False, "oakley": True}
    narrow = weak.graphql(query, WEAK_NARROW, l="acorn-labs")
    assert narrow["data"]["organization"]["requiresTwoFactorAuthentication"] is None
    edges = narrow["data"]["organization"]["membersWithRole"]["edges"]
    assert {edge["hasTwoFactorEnabled"] for edge in edges} == {None}
    willow = hardened.graphql(query, HARDENED_ORGANIZATION, l="willow-works")["data"][
        "organization"
    ]
    assert willow["requiresTwoFactorAuthentication"] is True
    elsewhere = hardened.graphql(query, HARDENED_TOKEN, l="willow-works")
    assert elsewhere["data"]["organization"] is None
    assert elsewhere["errors"][0]["type"] == "FORBIDDEN"


def test_contributions_of_one_organization_and_one_span(weak: Reader, hardened: Reader) -> None:
    query = (
        "query($id: ID, $from: DateTime, $to: DateTime) { viewer { contributionsCollection("
        "organizationID: $id, from: $from, to: $to) { hasAnyContributions startedAt endedAt "
        "totalCommitContributions } } }"
    )

    def seen(read: Reader, token: str, **variables: str) -> Any:
        return read.graphql(query, token, **variables)["data"]["viewer"]["contributionsCollection"]

    acorn = weak.world.organizations[0].node_id
    assert seen(weak, WEAK_TOKEN, id=acorn)["hasAnyContributions"] is False
    before = {"from": "2025-06-01T00:00:00Z", "to": "2026-05-01T00:00:00Z"}
    assert seen(weak, WEAK_TOKEN, id=acorn, **before)["hasAnyContributions"] is True
    other = weak.world.organizations[1].node_id
    assert seen(weak, WEAK_TOKEN, id=other, **before)["hasAnyContributions"] is False
    willow = hardened.world.organizations[0].node_id
    assert seen(hardened, HARDENED_TOKEN, id=willow)["startedAt"] == "2025-11-24T12:00:00Z"
    too_long = weak.graphql(query, WEAK_TOKEN, **{"from": "2020-01-01T00:00:00Z"})
    assert "must not exceed 1 year" in too_long["errors"][0]["message"]


def test_a_total_needs_no_page(weak: Reader) -> None:
    data = weak.graphql("{ viewer { repositories { totalCount } } }", WEAK_TOKEN)
    assert data["data"]["viewer"]["repositories"]["totalCount"] == 10


def test_trees_blobs_and_commits(weak: Reader) -> None:
    query = (
        'query($e: String!) { repository(owner: "mallow", name: "ladle") { object('
        "expression: $e) { __typename oid ... on Blob { text byteSize } ... on Tree { entries { "
        "name type } } } } }"
    )

    def ask(expression: str) -> Any:
        return weak.graphql(query, WEAK_TOKEN, e=expression)["data"]["repository"]["object"]

    assert ask("HEAD:README.md")["text"] == "# ladle\n"
    assert {"name": ".github", "type": "tree"} in ask("main:")["entries"]
    assert ask("HEAD")["__typename"] == "Commit"
    assert ask("HEAD:gone") is None
    assert ask("gone:README.md") is None
    rest = weak("/repos/mallow/ladle/contents/README.md", WEAK_TOKEN).data
    assert ask("HEAD:README.md")["oid"] == rest["sha"]
