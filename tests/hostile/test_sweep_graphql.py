"""Answers of GraphQL that hold data beside errors."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from hardenme.sandbox.http import Fault, Reply, Request
from tests.hostile.sweeping import BOTH, STRICT, nothing_worse, operation, swept, unknown, whole

pytestmark = [
    pytest.mark.second_tier("whole runs over hostile answers", one_of=12),
    pytest.mark.sampled(3),
]


def refused_at(*path: str | int, **error: object) -> Callable[[Request, Reply], Reply]:
    """GraphQL's answer with null at a path, and the error that says why."""

    def edit(_request: Request, reply: Reply) -> Reply:
        data = json.loads(reply.encoded())
        node = data["data"]
        for step in path[:-1]:
            node = node[step]
        node[path[-1]] = None
        said = {"message": "Resource protected", "path": list(path), **error}
        return Reply(200, {**data, "errors": [*data.get("errors", []), said]}, reply.headers)

    return edit


FORBIDDEN = {"type": "FORBIDDEN"}
SAML = {"type": "FORBIDDEN", "extensions": {"saml_failure": True}}
LIMITED = {
    "type": "RESOURCE_LIMITS_EXCEEDED",
    "message": "Resource limits for this query exceeded.",
}
NODES = ("repositoryOwner", "repositories", "nodes")


@pytest.mark.sampled(10)
@pytest.mark.parametrize("name", BOTH)
@pytest.mark.parametrize("error", [FORBIDDEN, SAML, LIMITED], ids=["forbidden", "saml", "limits"])
@pytest.mark.parametrize(
    "path",
    [
        ("repositoryOwner",),
        (*NODES, 1),
        (*NODES, 1, "defaultBranchRef"),
        (*NODES, 1, "deployKeys"),
        (*NODES, 1, "collaborators"),
    ],
    ids=lambda path: str(path[-1]),
)
def test_data_beside_errors_is_believed_where_no_error_is(
    name: str, error: dict[str, object], path: tuple[str | int, ...]
) -> None:
    edit = refused_at(*path, **error)

    def holds(request: Request) -> bool:
        asks = operation("Repositories")(request)
        return asks and (len(path) < 5 or str(path[-1]).encode() in request.body)

    report = swept(name, Fault("/graphql", match=holds, edit=edit, times=2))
    nothing_worse(whole(name), report)


@pytest.mark.sampled(5)
@pytest.mark.parametrize("error", [FORBIDDEN, SAML], ids=["forbidden", "saml"])
@pytest.mark.parametrize(
    ("query", "path", "codes"),
    [
        ("OrganizationMembers", ("organization",), {"GHO102", "GHO103"}),
        ("OrganizationMembers", ("organization", "membersWithRole"), {"GHO102", "GHO103"}),
        ("RulesetReach", ("organization",), {"GHO127"}),
        ("MemberActivity", ("organization",), {"GHO122"}),
    ],
)
def test_an_organization_that_graphql_does_not_give(
    query: str, path: tuple[str, ...], codes: set[str], error: dict[str, object]
) -> None:
    fault = Fault("/graphql", match=operation(query), edit=refused_at(*path, **error))
    report = swept(STRICT, fault)
    nothing_worse(whole(STRICT), report)
    assert codes - {"GHO122"} <= unknown(report)
