from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import pytest

from hardenme.collectors.book import Book
from hardenme.collectors.github import protection, repositories, repository, rulesets
from hardenme.facts.github.branch import ActiveRulesets, ClassicProtection, RulesetBypass
from hardenme.facts.github.repository import (
    ActionsSecret,
    DeployKey,
    RepositoryPrivateReporting,
)
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason
from hardenme.sandbox.http import Reply
from tests.collectors.scripted import GONE, github, of

PAT = "github_pat_CANARY00000000000000_" + "0" * 54
HERE = Subject("github", "repo", "hazel/lantern")
REST = "/repos/hazel/lantern/branches/main/protection"
RULE = {
    "isAdminEnforced": True,
    "requiresApprovingReviews": True,
    "requiredApprovingReviewCount": 1,
    "dismissesStaleReviews": True,
    "requiresCodeOwnerReviews": False,
    "requireLastPushApproval": True,
    "requiresStatusChecks": True,
    "requiredStatusCheckContexts": ["test"],
    "requiresCommitSignatures": True,
    "requiresLinearHistory": True,
    "requiresConversationResolution": True,
    "allowsForcePushes": False,
    "allowsDeletions": False,
    "restrictsPushes": False,
}
NODE = {
    "nameWithOwner": "hazel/lantern",
    "visibility": "PUBLIC",
    "isArchived": False,
    "isFork": False,
    "isEmpty": False,
    "pushedAt": "2026-11-01T00:00:00Z",
    "viewerCanAdminister": True,
    "hasVulnerabilityAlertsEnabled": True,
    "isSecurityPolicyEnabled": True,
    "deployKeys": {"totalCount": 0, "nodes": []},
    "defaultBranchRef": {
        "name": "main",
        "branchProtectionRule": None,
        "rules": {"totalCount": 0, "nodes": []},
    },
}


def branch(**change: Any) -> dict[str, Any]:
    return NODE | {"defaultBranchRef": NODE["defaultBranchRef"] | change}  # type: ignore[operator]  # a dict


def seen(
    node: Any, errors: Iterable[Any] = (), *, scopes: str = "repo", **how: Any
) -> list[Answer[Any]]:
    """What the batch tells of one repository."""
    said = {"data": {"repository": node}, "errors": list(errors)}
    headers = {"X-OAuth-Scopes": scopes} if "token" not in how else {}
    with github({"graphql": Reply(data=said, headers=headers)}, **how) as (client, _):
        return list(repositories.one(client, HERE, Book()))


def booked(answers: list[Answer[Any]]) -> Book:
    book = Book()
    for answer in answers:
        book.put(answer)
    return book


def kinds(answers: list[Answer[Any]]) -> set[str]:
    return {answer.kind.__name__ for answer in answers}


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


@pytest.mark.parametrize("name", sorted(RULE))
def test_a_part_of_a_rule_that_is_left_out_is_unknown(name: str) -> None:
    bare = {key: value for key, value in RULE.items() if key != name}
    (fact,) = of(ClassicProtection, seen(branch(branchProtectionRule=bare))).facts
    assert fact.unknown_fields()


def rule(kind: str, **parameters: Any) -> dict[str, Any]:
    return {"type": kind, "parameters": parameters, "repositoryRuleset": {"databaseId": 7}}


PULL = {
    "requiredApprovingReviewCount": 2,
    "requireCodeOwnerReview": False,
    "requireLastPushApproval": True,
    "dismissStaleReviewsOnPush": True,
    "requiredReviewThreadResolution": True,
}


def ruled(*rules: Any, total: int | None = None) -> Answer[Any]:
    nodes = {"totalCount": len(rules) if total is None else total, "nodes": list(rules)}
    return of(ActiveRulesets, seen(branch(rules=nodes)))


def test_active_rules() -> None:
    checks = rule("REQUIRED_STATUS_CHECKS", requiredStatusChecks=[{"context": "test"}])
    (fact,) = ruled(
        rule("PULL_REQUEST", **PULL), checks, rule("DELETION"), rule("NON_FAST_FORWARD")
    ).facts
    assert not fact.unknown_fields()
    assert (fact.rules, fact.approvals, fact.status_checks) == (4, 2, ("test",))
    assert (fact.blocks_force_push, fact.blocks_deletion, fact.signatures) == (True, True, False)
    assert fact.ruleset_ids == (7,)


@pytest.mark.parametrize(
    "answer",
    [
        {"rules": {"totalCount": 2, "nodes": [rule("DELETION")]}},
        {"rules": {"nodes": []}},
        {"rules": None},
        {"rules": {"totalCount": 1, "nodes": [None]}},
        {"rules": {"totalCount": 1, "nodes": [{"parameters": {}}]}},
        {"rules": {"totalCount": 0, "nodes": None}},
    ],
)
def test_rules_that_are_not_all_there(answer: Any) -> None:
    assert of(ActiveRulesets, seen(branch(**answer))).missing is not None


@pytest.mark.parametrize("name", sorted(PULL))
def test_a_part_of_a_ruleset_that_is_left_out_is_unknown(name: str) -> None:
    bare = {key: value for key, value in PULL.items() if key != name}
    (fact,) = ruled(rule("PULL_REQUEST", **bare)).facts
    assert fact.unknown_fields()


# --- classic protection, over REST


def rest(said: Any) -> Answer[Any]:
    book = booked(seen(NODE, token=PAT))
    with github({REST: said}, token=PAT) as (client, _):
        (answer,) = protection.classic(client, HERE, book)
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


def test_a_branch_name_is_one_part_of_the_path() -> None:
    book = booked(seen(branch(name="feature/a b?c#d%"), token=PAT))
    with github({}, token=PAT) as (client, server):
        list(protection.classic(client, HERE, book))
    (request,) = server.requests
    assert request.segments == (
        "repos", "hazel", "lantern", "branches", "feature/a b?c#d%", "protection",
    )  # fmt: skip


def test_a_hostile_branch_name_stays_on_the_server() -> None:
    for name in ("../../../user", "@127.0.0.1:1/", "a\r\nHost: evil", "\ud800"):
        book = booked(seen(branch(name=name), token=PAT))
        with github({}, token=PAT) as (client, server):
            (answer,) = protection.classic(client, HERE, book)
        assert answer.missing is not None
        for request in server.requests:
            assert request.segments[4] == name


# --- who may bypass rulesets


def bypassing(said: Any, *, admin: bool | None = True) -> Any:
    nodes = {"totalCount": 1, "nodes": [rule("DELETION")]}
    book = booked(seen(branch(rules=nodes) | {"viewerCanAdminister": admin}))
    with github({"/repos/hazel/lantern/rulesets/7": said}) as (client, _):
        answer = of(RulesetBypass, list(rulesets.bypass(client, HERE, book)))
    fact = answer.facts[0]
    return fact.unknown_fields().get("admins_bypass") or fact.admins_bypass


ADMIN = {"actor_type": "RepositoryRole", "actor_id": 5, "bypass_mode": "always"}


@pytest.mark.parametrize(
    ("actors", "exempt"),
    [
        ([], False),
        ([{"actor_type": "Team", "actor_id": 5}], False),
        ([{"actor_type": "RepositoryRole", "actor_id": 2}], False),
        ([ADMIN], True),
        ([{"actor_type": "OrganizationAdmin", "actor_id": 1}], True),
        ([{"actor_type": "Something new"}, ADMIN], True),
    ],
)
def test_whether_administrators_may_bypass(actors: Any, *, exempt: bool) -> None:
    assert bypassing({"bypass_actors": actors}) is exempt


@pytest.mark.parametrize(
    "said",
    [
        {"id": 7},
        {"bypass_actors": None},
        {"bypass_actors": [{"actor_type": "Something new", "actor_id": 1}]},
        {"bypass_actors": [{"actor_id": 1}]},
        {"bypass_actors": [{"actor_type": "RepositoryRole"}]},
        {"bypass_actors": [None]},
        {"current_user_can_bypass": "something new"},
        GONE,
        Reply(403, {"message": "Resource not accessible by personal access token"}),
    ],
)
def test_a_bypass_that_is_not_shown_is_not_none(said: Any) -> None:
    assert not isinstance(bypassing(said), bool)


@pytest.mark.parametrize(
    ("own", "exempt"),
    [("never", False), ("always", True), ("pull_requests_only", True), ("exempt", True)],
)
def test_an_administrators_own_right_tells_of_the_role(own: str, *, exempt: bool) -> None:
    assert bypassing({"current_user_can_bypass": own}) is exempt
    for admin in (False, None):
        assert not isinstance(bypassing({"current_user_can_bypass": own}, admin=admin), bool)


# --- what has no batched form


def test_private_reporting_is_asked_of_public_repositories() -> None:
    path = "/repos/hazel/lantern/private-vulnerability-reporting"
    for node, said, expected in (
        (NODE, {"enabled": True}, (True, True)),
        (NODE | {"visibility": "PRIVATE"}, GONE, (False, False)),
    ):
        with github({path: said}) as (client, server):
            answer = of(
                RepositoryPrivateReporting,
                list(repository.private_reporting(client, HERE, booked(seen(node)))),
            )
        fact = answer.facts[0]
        assert (fact.applicable, fact.enabled) == expected
        assert len(server.requests) == expected[0]
    for node in (NODE | {"visibility": "NEW"}, {"nameWithOwner": "hazel/lantern"}):
        with github({path: {"enabled": True}}) as (client, _):
            (answer,) = repository.private_reporting(client, HERE, booked(seen(node)))
        assert answer.missing is not None


def test_deploy_keys_that_the_batch_counted_to_zero_are_not_asked_for() -> None:
    with github({"/repos/hazel/lantern/keys": []}) as (client, server):
        assert list(repository.deploy_keys(client, HERE, booked(seen(NODE)))) == []
        assert server.requests == []
        for node in (
            NODE | {"deployKeys": {"totalCount": 1}},
            NODE | {"deployKeys": None},
            NODE | {"viewerCanAdminister": False},
        ):
            assert "DeployKey" not in kinds(seen(node))
        (answer,) = repository.deploy_keys(client, HERE, Book())
    assert (answer.kind, answer.facts, answer.missing) == (DeployKey, (), None)


def test_the_names_of_secrets() -> None:
    path = "/repos/hazel/lantern/actions/secrets"
    secret = {"name": "NPM_TOKEN", "updated_at": "2026-01-01T00:00:00Z"}
    said = {"total_count": 1, "secrets": [secret]}
    with github({path: said}) as (client, _):
        (answer,) = repository.secrets(client, HERE, Book())
    assert answer.kind is ActionsSecret
    assert answer.facts[0].updated_at == datetime(2026, 1, 1, tzinfo=UTC)
    assert str(answer.facts[0].subject) == "github:secret/hazel/lantern/NPM_TOKEN"
    with github({path: said | {"total_count": 2}}) as (client, _):
        (answer,) = repository.secrets(client, HERE, Book())
    assert answer.missing is not None
