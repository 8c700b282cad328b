"""Classic protection of a branch, as GraphQL and REST tell it."""

from __future__ import annotations

from typing import Any

import pytest

from hardenme.collectors.github import protection, repositories
from hardenme.facts.github.branch import ActiveRulesets, ClassicProtection
from hardenme.model.fact import Answer
from hardenme.model.unknown import Reason
from hardenme.sandbox.http import Reply
from tests.collectors.default_branch import HERE, NODE, PAT, REST, RULE, booked, branch, kinds, seen
from tests.collectors.scripted import github, of


def test_a_null_is_no_rule_for_an_administrator_with_the_scope() -> None:
    (fact,) = of(ClassicProtection, seen(NODE)).facts
    assert (fact.rules, fact.offered, fact.branch) == (0, True, "main")


@pytest.mark.parametrize(
    ("node", "errors", "how"),
    [
        (NODE, (), {"token": PAT}),
        (NODE, (), {"scopes": "public_repo"}),
        (NODE, (), {"scopes": ""}),
        (NODE | {"viewerCanAdminister": False}, (), {}),
        (NODE | {"viewerCanAdminister": None}, (), {}),
        (
            NODE,
            [
                {
                    "type": "FORBIDDEN",
                    "path": ["repository", "defaultBranchRef", "branchProtectionRule"],
                }
            ],
            {},
        ),
        (NODE, [{"type": "FORBIDDEN", "path": ["repository"]}], {}),
        (NODE, [{"message": "Something went wrong"}], {}),
        (NODE, ["?"], {}),
    ],
    ids=[
        "fine-grained",
        "public only",
        "no scope",
        "no administrator",
        "unsaid",
        "denied",
        "denied above",
        "an error without a place",
        "a strange error",
    ],
)
def test_a_null_that_may_hide_a_rule_is_asked_for_again(node: Any, errors: Any, how: Any) -> None:
    assert "ClassicProtection" not in kinds(seen(node, errors, **how))


def test_a_branch_that_was_refused_is_not_a_repository_without_one() -> None:
    node = NODE | {"defaultBranchRef": None}
    without = seen(node)
    assert of(ActiveRulesets, without).missing is None
    error = {"type": "FORBIDDEN", "path": ["repository", "defaultBranchRef"]}
    deeper = {"type": "FORBIDDEN", "path": ["repository", "defaultBranchRef", "name"]}
    for errors in ([error], [deeper], [{"message": "Something went wrong"}]):
        refused = seen(node, errors)
        assert of(ActiveRulesets, refused).missing is not None
        assert "ClassicProtection" not in kinds(refused)
        assert "default_branch" in of(repositories.Repository, refused).facts[0].unknown_fields()


def test_a_rule_as_graphql_tells_it() -> None:
    (fact,) = of(ClassicProtection, seen(branch(branchProtectionRule=RULE), token=PAT)).facts
    assert not fact.unknown_fields()
    assert (fact.pull_request, fact.approvals, fact.status_checks) == (True, 1, ("test",))
    assert (fact.blocks_force_push, fact.blocks_deletion, fact.binds_admins) == (True, True, True)
    assert (fact.pull_request_bypass, fact.force_push_bypass) == (False, False)


@pytest.mark.parametrize(
    ("said", "bypass"),
    [({"totalCount": 1}, True), ({"totalCount": 0}, False), ({}, None), (None, None), ("?", None)],
)
@pytest.mark.parametrize("kind", ["PullRequest", "ForcePush"])
def test_who_is_allowed_past_a_rule(kind: str, said: Any, *, bypass: bool | None) -> None:
    rule = RULE | {f"bypass{kind}Allowances": said}
    (fact,) = of(ClassicProtection, seen(branch(branchProtectionRule=rule))).facts
    name = "pull_request_bypass" if kind == "PullRequest" else "force_push_bypass"
    assert (None if name in fact.unknown_fields() else getattr(fact, name)) is bypass


@pytest.mark.parametrize("name", sorted(RULE))
def test_a_part_of_a_rule_that_is_left_out_is_unknown(name: str) -> None:
    bare = {key: value for key, value in RULE.items() if key != name}
    (fact,) = of(ClassicProtection, seen(branch(branchProtectionRule=bare))).facts
    assert fact.unknown_fields()


# --- classic protection, over REST


def rest(said: Any, node: Any = NODE) -> Answer[Any]:
    store = booked(seen(node, token=PAT))
    with github({REST: said}, token=PAT) as (client, _):
        (answer,) = protection.classic(client, HERE, store)
    return answer


@pytest.mark.parametrize(
    ("status", "message", "offered"),
    [
        (404, "Branch not protected", True),
        (
            403,
            "Upgrade to GitHub Pro or make this repository public to enable this feature.",
            False,
        ),
    ],
)
def test_the_absence_of_a_rule_that_github_states(
    status: int, message: str, *, offered: bool
) -> None:
    (fact,) = rest(Reply(status, {"message": message})).facts
    assert (fact.rules, fact.offered) == (0, offered)


@pytest.mark.parametrize(
    ("status", "message", "reason"),
    [
        (404, "Not Found", Reason.NOT_VISIBLE),
        (404, "Branch not found", Reason.NOT_VISIBLE),
        (404, "", Reason.NOT_VISIBLE),
        (403, "Branch not protected", Reason.NOT_PERMITTED),
        (403, "Resource not accessible by personal access token", Reason.NOT_PERMITTED),
        (401, "Branch not protected", Reason.REJECTED),
        (500, "Branch not protected", Reason.UNREACHABLE),
        (410, "Upgrade to GitHub Pro", Reason.MALFORMED),
        (200, "Branch not protected", None),
    ],
)
def test_a_refusal_is_no_absence(status: int, message: str, reason: Reason | None) -> None:
    answer = rest(Reply(status, {"message": message}))
    if reason is None:
        assert answer.facts[0].unknown_fields()
        return
    assert answer.facts == ()
    assert answer.missing is not None
    assert answer.missing.reason is reason


UPGRADE = "Upgrade to GitHub Pro or make this repository public to enable this feature."


@pytest.mark.parametrize(
    ("said", "offered"),
    [
        (Reply(404, {"message": "Branch not protected"}), True),
        (Reply(403, {"message": UPGRADE}), False),
        (Reply(403, {"message": "Resource not accessible"}), None),
        (Reply(500, {}), None),
    ],
)
def test_a_private_repository_without_a_rule_is_asked_whether_its_plan_has_any(
    said: Reply,
    offered: bool | None,  # noqa: FBT001 (a case's value)
) -> None:
    """GraphQL shows no rule, whether GitHub Free has none to offer or nobody made one."""
    store = booked(seen(NODE | {"visibility": "PRIVATE"}))
    with github({REST: said}) as (client, _):
        for answer in protection.classic(client, HERE, store):
            store.put(answer)
    fact = store.fact(ClassicProtection, HERE)
    assert fact is not None
    assert fact.rules == 0
    assert fact.unknown_fields().keys() == (set() if offered is not None else {"offered"})
    if offered is not None:
        assert fact.offered is offered


def test_a_public_repository_is_not_asked_about_its_plan() -> None:
    store = booked(seen(NODE))
    with github({}) as (client, server):
        assert list(protection.classic(client, HERE, store)) == []
        assert server.requests == []


NAMED = {"users": [{"login": "rowan"}], "teams": [], "apps": []}
NOBODY: dict[str, Any] = {"users": [], "teams": [], "apps": []}


@pytest.mark.parametrize(
    ("said", "in_organization", "bypass"),
    [
        (NAMED, True, True),
        (NAMED, False, True),
        (NOBODY, True, False),
        (..., True, None),
        (..., False, False),
        (..., None, None),
        ({"users": []}, True, None),
        (None, True, None),
        ("?", False, None),
    ],
)
def test_who_is_allowed_past_a_pull_request_over_rest(
    said: Any,
    in_organization: bool | None,  # noqa: FBT001 (a case's values)
    bypass: bool | None,  # noqa: FBT001 (a case's values)
) -> None:
    reviews = {} if said is ... else {"bypass_pull_request_allowances": said}
    node = NODE | ({} if in_organization is None else {"isInOrganization": in_organization})
    (fact,) = rest({"required_pull_request_reviews": reviews}, node).facts
    unknown = fact.unknown_fields()
    assert (None if "pull_request_bypass" in unknown else fact.pull_request_bypass) is bypass
    # Who may force push is shown in GraphQL alone; only an organization can name anybody.
    assert ("force_push_bypass" in unknown) is (in_organization is not False)


def test_a_check_without_a_name_is_none() -> None:
    (fact,) = rest({"required_status_checks": {"checks": [{"app_id": 1}]}}).facts
    assert "status_checks" in fact.unknown_fields()


def test_a_branch_name_is_one_part_of_the_path() -> None:
    store = booked(seen(branch(name="feature/a b?c#d%"), token=PAT))
    with github({}, token=PAT) as (client, server):
        list(protection.classic(client, HERE, store))
    (request,) = server.requests
    assert request.segments == (
        "repos", "hazel", "lantern", "branches", "feature/a b?c#d%", "protection",
    )  # fmt: skip


def test_a_hostile_branch_name_stays_on_the_server() -> None:
    for name in ("../../../user", "@127.0.0.1:1/", "a\r\nHost: evil", "\ud800"):
        store = booked(seen(branch(name=name), token=PAT))
        with github({}, token=PAT) as (client, server):
            (answer,) = protection.classic(client, HERE, store)
        assert answer.missing is not None
        for request in server.requests:
            assert request.segments[4] == name
