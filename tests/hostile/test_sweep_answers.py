"""Answers to a sweep that are broken, partial, moved, or of a kind that nobody has seen yet."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from hardenme.model.depth import Depth
from hardenme.model.unknown import Reason
from hardenme.sandbox.http import Fault, Reply, Request
from tests.hostile.sweeping import (
    BOTH,
    STRICT,
    WEAK,
    Edit,
    answering,
    nothing_worse,
    operation,
    peopled,
    sweep,
    swept,
    told,
    unknown,
    whole,
    wooded,
)
from tests.mutations import absent, replaced
from tests.running import QUICK

pytestmark = [
    pytest.mark.second_tier("whole runs of an organization", one_of=15),
    pytest.mark.sampled(5),
]

BROKEN: dict[str, dict[str, Any]] = {
    "500": {"edit": answering(500, "Server Error")},
    "502": {"edit": lambda _q, _r: Reply(502, None, {"content-type": "text/html"}, b"<html>")},
    "503": {"edit": answering(503, "Unavailable")},
    "504": {"edit": answering(504, "We couldn't respond to your request in time.")},
    "reset": {"hang_up": True},
    "short": {"cut": 9},
    "stall": {"stall": 20.0},
}
HASTY = replace(QUICK, idle=5.0)
AGAIN = replace(QUICK, retries=1, pause=0.01)
HOOKS = {"GHR110", "GHR111"}
PLACES = [
    ("/orgs/[^/]+/hooks", {"GHO119", "GHO120"}),
    ("/repos/[^/]+/[^/]+/hooks", HOOKS),
    ("/orgs/[^/]+/installations", {"GHO117", "GHO118"}),
    ("/orgs/[^/]+/actions/permissions/workflow", {"GHW103", "GHW104"}),
]


@pytest.mark.second_tier("takes over half a second")
@pytest.mark.sampled(10)
@pytest.mark.parametrize("name", BOTH)
@pytest.mark.parametrize("how", ["500", "reset", "short"])
@pytest.mark.parametrize(("path", "codes"), PLACES)
def test_a_failure_takes_along_only_what_rests_on_it(
    name: str, how: str, path: str, codes: set[str]
) -> None:
    report = swept(name, Fault(path, **BROKEN[how]))
    lost = nothing_worse(whole(name), report)
    assert codes <= unknown(report, Reason.UNREACHABLE)
    # Where the workflow token's rights are not settled, what runs with them is not known either.
    assert lost - codes <= {"GHW202", "GHW203", "GHW207"}
    assert report.partial == ""


@pytest.mark.second_tier("takes long")
@pytest.mark.sampled(10)
@pytest.mark.parametrize("how", BROKEN)
def test_every_failure_is_one(how: str) -> None:
    report = swept(
        STRICT,
        Fault("/orgs/cedar-labs/hooks", **BROKEN[how]),
        bounds=HASTY if how == "stall" else QUICK,
    )
    assert nothing_worse(whole(STRICT), report) == {"GHO119", "GHO120"}
    assert {"GHO119", "GHO120"} <= unknown(report, Reason.UNREACHABLE)


@pytest.mark.sampled(3)
@pytest.mark.parametrize("how", ["500", "502", "503", "504", "reset", "short"])
def test_a_failure_that_passes_costs_nothing(how: str) -> None:
    faults = [Fault(path, times=1, **BROKEN[how]) for path in (".*/hooks", ".*", "/graphql")]
    report = swept(STRICT, *faults, bounds=replace(AGAIN, retries=3))
    assert nothing_worse(whole(STRICT), report) == set()


def page_two(path: str) -> Callable[[Request], bool]:
    """Whether a request asks for a later page of a list."""
    return lambda request: request.path.endswith(path) and "page" in request.query


def later(name: str) -> Callable[[Request], bool]:
    """Whether a query asks for a later page."""
    asks = operation(name)
    return lambda request: (
        asks(request) and json.loads(request.body)["variables"]["after"] is not None
    )


@pytest.mark.parametrize("how", ["502", "reset"])
def test_pages_that_fail_leave_the_pages_before(how: str) -> None:
    codes = {"GHO102", "GHO103", "GHO121", "GHO122", *HOOKS}
    ways = (later("OrganizationMembers"), page_two("/cone/hooks"), page_two("/invitations"))
    faults = [Fault(".*", match=match, **BROKEN[how]) for match in ways]
    report = swept(STRICT, *faults, change=peopled)
    lost = nothing_worse(whole(STRICT, change=peopled), report)
    assert codes <= lost <= codes | {"GHO123"}
    assert codes <= unknown(report, Reason.UNREACHABLE)
    kept = {item.code for item in report.findings if item.result == "passed"}
    assert codes <= kept, "what came is judged"


@pytest.mark.sampled(2)
@pytest.mark.parametrize("how", ["500", "reset"])
def test_repositories_of_the_pages_that_came_are_judged(how: str) -> None:
    fault = Fault(".*", match=later("Repositories"), **BROKEN[how])
    report = swept(STRICT, fault, change=wooded, depth=Depth.STANDARD)
    nothing_worse(whole(STRICT, Depth.STANDARD, wooded), report)
    homes = {item.subject.name for item in report.findings if item.subject.kind == "repo"}
    assert 20 < len(homes) < 62
    gaps = {item.code for item in report.findings if str(item.subject) == f"github:org/{STRICT}"}
    assert {"GHB101", "GHR101", "GHR110"} <= gaps & unknown(report, Reason.UNREACHABLE)


@pytest.mark.sampled(5)
@pytest.mark.parametrize("name", BOTH)
@pytest.mark.parametrize("how", ["500", "reset", "short"])
def test_an_owner_of_whom_it_is_not_told_what_it_is(name: str, how: str) -> None:
    with sweep(name) as (running, server):
        server.fault(f"/users/{name}", **BROKEN[how])
        report = running.audit(f"github:{name}")
        listings = [item for item in server.requests if operation("Repositories")(item)]
    assert nothing_worse(whole(name), report) == set()
    assert len(listings) == 1, "its repositories are listed once"
    about = {item.result for item in report.findings if item.subject.kind == "user"}
    assert about == {"unknown"}


COUNTED = [
    ("/orgs/cedar-labs/actions/secrets", {"GHO128", "GHO129"}),
    ("/orgs/cedar-labs/installations", {"GHO117", "GHO118"}),
    ("/orgs/cedar-labs/actions/runner-groups", {"GHO130"}),
    ("/repos/cedar-labs/cone/actions/secrets", {"GHR116", "GHR117", "GHR127"}),
    ("/repos/cedar-labs/cone/environments/release/secrets", {"GHR116", "GHR117"}),
]
EMPTY: dict[str, Edit] = {
    "[]": lambda _q, reply: Reply(200, [], reply.headers),
    "{}": lambda _q, reply: Reply(200, {}, reply.headers),
    "null": lambda _q, reply: Reply(200, None, reply.headers, b"null"),
    "nothing": lambda _q, reply: Reply(200, None, reply.headers),
    "no content": lambda _q, _r: Reply(204),
    "empty after a total": lambda _q, reply: Reply(200, emptied(reply.data, 40), reply.headers),
}


def emptied(data: Any, total: int) -> dict[str, Any]:
    """A wrapped list without its items."""
    return {name: [] if isinstance(data[name], list) else total for name in data}


@pytest.mark.sampled(3)
@pytest.mark.parametrize("empty", EMPTY)
def test_an_empty_answer_is_no_empty_list_where_a_count_is_due(empty: str) -> None:
    report = swept(STRICT, *(Fault(path, edit=EMPTY[empty]) for path, _codes in COUNTED))
    lost = nothing_worse(whole(STRICT), report)
    codes = set().union(*(codes for _path, codes in COUNTED))
    assert codes <= unknown(report)
    assert lost <= codes | {"GHR118", "GHR128", "GHW107"}


@pytest.mark.sampled(2)
@pytest.mark.parametrize("empty", ["{}", "null", "nothing", "no content"])
def test_an_empty_answer_is_no_answer(empty: str) -> None:
    faults = [Fault(path, edit=EMPTY[empty]) for path, _codes in PLACES]
    lost = nothing_worse(whole(WEAK), swept(WEAK, *faults))
    assert set().union(*(codes for _path, codes in PLACES)) <= lost


HOLLOW: dict[str, Edit] = {
    **{name: EMPTY[name] for name in ("[]", "{}", "null", "no content")},
    "no data": lambda _q, reply: Reply(200, {"data": {}}, reply.headers),
    "data that is null": lambda _q, reply: Reply(200, {"data": None}, reply.headers),
}


@pytest.mark.sampled(5)
@pytest.mark.parametrize("name", BOTH)
@pytest.mark.parametrize("how", HOLLOW)
def test_a_query_that_is_answered_by_nothing_is_not_answered(name: str, how: str) -> None:
    report = swept(name, Fault("/graphql", edit=HOLLOW[how]))
    nothing_worse(whole(name), report)
    assert {"GHB101", "GHR101", "GHO102"} <= unknown(report)


BELIEVED = {
    "/orgs/{org}/code-security/configurations/defaults",
    "/orgs/{org}/credential-authorizations",
    "/orgs/{org}/hooks",
    "/orgs/{org}/invitations",
    "/orgs/{org}/members",
    "/orgs/{org}/outside_collaborators",
    "/repos/{repo}/hooks",
    "/repos/{repo}/invitations",
    "/repos/{repo}/rulesets/rule-suites",
    "/orgs/{org}/dependabot/alerts",
    "/orgs/{org}/secret-scanning/alerts",
}
"""Lists of which GitHub tells no count, and that nothing else shows: an empty one is taken for one.
"""


def is_list(data: object) -> bool:
    return isinstance(data, list) or (isinstance(data, dict) and "total_count" in data)


@pytest.mark.parametrize("name", BOTH)
def test_an_empty_list_is_believed_only_where_nothing_else_tells(name: str) -> None:
    def emptied_too(request: Request, reply: Reply) -> Reply:
        path = re.sub(rf"^/orgs/{name}", "/orgs/{org}", request.path)
        path = re.sub(rf"^/repos/{name}/[^/]+", "/repos/{repo}", path)
        listed = reply.status == 200 and is_list(reply.data) and path not in BELIEVED
        return Reply(200, [], reply.headers) if listed else reply

    report = swept(name, Fault(".*", edit=emptied_too))
    lost = nothing_worse(whole(name), report)
    assert {"GHO117", "GHO128", "GHO130", "GHR116", "GHR127"} <= lost & unknown(report)


def test_keys_that_the_batch_counted_and_the_list_lost() -> None:
    report = swept(WEAK, Fault("/repos/bramble-labs/graft/keys", edit=EMPTY["[]"]))
    assert nothing_worse(whole(WEAK), report) == {"GHR108", "GHR109"}
    assert {"GHR108", "GHR109"} <= unknown(report, Reason.INCOMPLETE)


@pytest.mark.sampled(10)
@pytest.mark.parametrize(
    ("edit", "path", "codes"),
    [
        (absent("two_factor_requirement_enabled"), "/orgs/[^/]+", {"GHO101"}),
        (replaced("two_factor_requirement_enabled", None), "/orgs/[^/]+", {"GHO101"}),
        (replaced("default_repository_permission", "maintain"), "/orgs/[^/]+", {"GHO106"}),
        (absent("members_can_delete_repositories"), "/orgs/[^/]+", {"GHO108"}),
        (replaced("allowed_actions", "curated"), ".*/actions/permissions", {"GHW101"}),
        (replaced("default_workflow_permissions", "none"), ".*/workflow", {"GHW103"}),
        (replaced("enforcement", "DRY_RUN"), "/graphql", set[str]()),
        (replaced("role", "MODERATOR"), "/graphql", set[str]()),
        (replaced("hasTwoFactorEnabled", "maybe"), "/graphql", set[str]()),
        (replaced("repository_selection", "most"), ".*/installations", {"GHO117"}),
        (replaced("insecure_ssl", "2"), ".*/hooks", {"GHO119"}),
        (replaced("visibility", "orbital"), ".*/secrets", {"GHO128"}),
        (replaced("approval_policy", "sometimes"), ".*approval", {"GHW105"}),
    ],
)
@pytest.mark.parametrize("name", BOTH)
def test_what_nobody_has_seen_yet_is_unknown(
    name: str, edit: Edit, path: str, codes: set[str]
) -> None:
    report = swept(name, Fault(path, edit=edit))
    nothing_worse(whole(name), report)
    assert codes <= unknown(report)


def test_a_member_without_a_role_keeps_the_factor() -> None:
    report = swept(WEAK, Fault("/graphql", edit=replaced("role", "MODERATOR")))
    found = told(report)["GHO102", "github:member/bramble-labs/nettle"]
    assert found.result == "failed"
