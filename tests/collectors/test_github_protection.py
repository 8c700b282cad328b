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
from tests.collectors.scripted import GONE, github, of, reads

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
    "bypassPullRequestAllowances": {"totalCount": 0},
    "bypassForcePushAllowances": {"totalCount": 0},
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


def rule(kind: str, **parameters: Any) -> dict[str, Any]:
    return {"type": kind, "parameters": parameters, "repositoryRuleset": RULESET}


RULESET = {
    "databaseId": 7,
    "name": "Main",
    "createdAt": "2025-11-01T00:00:00Z",
    "updatedAt": "2026-11-01T00:00:00Z",
    "source": {"__typename": "Repository"},
}
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
    (found,) = fact.rulesets
    assert not found.unknown_fields()
    assert (found.rules, found.approvals, found.status_checks) == (4, 2, ("test",))
    assert (found.blocks_force_push, found.blocks_deletion, found.signatures) == (True, True, False)
    assert found.number == 7


def test_each_ruleset_has_its_own_rules() -> None:
    other = rule("NON_FAST_FORWARD") | {"repositoryRuleset": RULESET | {"databaseId": 8}}
    (fact,) = ruled(rule("PULL_REQUEST", **PULL), other, rule("DELETION")).facts
    assert [(found.number, found.rules) for found in fact.rulesets] == [(7, 2), (8, 1)]
    assert [found.pull_request for found in fact.rulesets] == [True, False]
    assert [found.blocks_force_push for found in fact.rulesets] == [False, True]


@pytest.mark.parametrize("number", [None, "7", {"some": "thing"}, ...])
def test_a_rule_of_no_known_ruleset_is_unknown(number: Any) -> None:
    ruleset = {name: value for name, value in RULESET.items() if name != "databaseId"}
    ruleset |= {} if number is ... else {"databaseId": number}
    (fact,) = ruled(rule("DELETION") | {"repositoryRuleset": ruleset}).facts
    assert "rulesets" in fact.unknown_fields()


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
    assert fact.rulesets[0].unknown_fields()


# --- classic protection, over REST


def rest(said: Any, node: Any = NODE) -> Answer[Any]:
    book = booked(seen(node, token=PAT))
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


def shown(said: Any, node: Any = None) -> Any:
    """What ruleset 7 shows by itself, or why nothing is known."""
    nodes = {"totalCount": 1, "nodes": [rule("DELETION")]}
    book = booked(seen(node or branch(rules=nodes)))
    with github({"/repos/hazel/lantern/rulesets/7": said}) as (client, _):
        answer = of(RulesetBypass, list(rulesets.bypass(client, HERE, book)))
    return answer.facts[0].details[0] if answer.facts else answer.missing


@pytest.mark.parametrize(
    ("said", "unknown"),
    [
        ({"bypass_actors": [], "current_user_can_bypass": "never", "rules": []}, set()),
        ({"bypass_actors": [], "current_user_can_bypass": "exempt", "rules": []}, set()),
        ({"current_user_can_bypass": "never", "rules": []}, {"actors"}),
        ({"bypass_actors": None, "current_user_can_bypass": "never", "rules": []}, {"actors"}),
        ({"bypass_actors": [], "rules": []}, {"viewer"}),
        ({"bypass_actors": [], "current_user_can_bypass": "new", "rules": []}, {"viewer"}),
        (
            {"bypass_actors": [], "current_user_can_bypass": "never"},
            {"team_approvals", "team_owns_github"},
        ),
        (GONE, {"actors", "viewer", "team_approvals", "team_owns_github"}),
        (
            Reply(403, {"message": "Resource not accessible by personal access token"}),
            {"actors", "viewer", "team_approvals", "team_owns_github"},
        ),
    ],
)
def test_what_is_not_shown_of_a_ruleset_is_unknown(said: Any, unknown: set[str]) -> None:
    assert shown(said).unknown_fields().keys() == unknown


@pytest.mark.parametrize(
    ("said", "unknown"),
    [
        ({"actor_type": "Team", "actor_id": 7, "bypass_mode": "always"}, set()),
        ({"actor_type": "DeployKey", "actor_id": None, "bypass_mode": "always"}, set()),
        ({"actor_type": "DeployKey", "bypass_mode": "always"}, {"number"}),
        ({"actor_type": "Team", "actor_id": 7}, {"mode"}),
        ({"actor_id": 7, "bypass_mode": "always"}, {"kind"}),
        ({"actor_type": "Team", "actor_id": "7", "bypass_mode": "always"}, {"number"}),
        (None, {"kind", "number", "mode"}),
    ],
)
def test_an_entry_of_a_bypass_list(said: Any, unknown: set[str]) -> None:
    (actor,) = shown({"bypass_actors": [said]}).actors
    assert actor.unknown_fields().keys() == unknown


def asks(*patterns: Any, number: Any = 1, **change: Any) -> dict[str, Any]:
    """An entry of `required_reviewers`."""
    reviewer = {"id": 12, "type": "Team"}
    given = {"file_patterns": list(patterns), "minimum_approvals": number, "reviewer": reviewer}
    return given | change


@pytest.mark.parametrize(
    ("entries", "approvals", "github_owned"),
    [
        ([], 0, False),
        ([asks("*")], 1, True),
        ([asks("**")], 1, True),
        ([asks("**/*", number=2)], 2, True),
        ([asks("*", number=0)], 0, False),
        ([asks(".github/**")], 0, True),
        ([asks("/.github/")], 0, True),
        ([asks(".github/")], 0, True),
        ([asks(".github/workflows/**")], 0, False),
        ([asks(".github/*")], 0, False),
        ([asks("*.md", "src/")], 0, False),
        ([asks("*", number=1), asks("*", number=3)], 3, True),
        ([asks("src/**", number=4), asks("*")], 1, True),
        # Two teams that share the files: each change needs one of them, whichever it is.
        ([asks("src/**", "packages/**"), asks("*.md", ".*/**")], 0, True),
        # What is not understood proves nothing, and refutes nothing.
        ([asks("*", "!docs/**")], None, None),
        ([asks("[a-z]*")], None, None),
        ([asks("*", reviewer={"id": 1, "type": "User"})], None, None),
        ([asks("*", reviewer=None)], None, None),
        ([asks("*", number="1")], None, None),
        ([asks("*", file_patterns=None)], None, None),
        ([asks("*", file_patterns=[None])], None, None),
        ([asks("*", "!docs/**"), asks(".github/")], None, True),
    ],
)
def test_which_teams_a_ruleset_asks(
    entries: Any,
    approvals: int | None,
    github_owned: bool | None,  # noqa: FBT001 (a case's answer)
) -> None:
    pull = {"type": "pull_request", "parameters": {"required_reviewers": entries}}
    found = shown({"rules": [{"type": "deletion"}, pull]})
    unknown = found.unknown_fields()
    assert (None if "team_approvals" in unknown else found.team_approvals) == approvals
    owned = None if "team_owns_github" in unknown else found.team_owns_github
    assert owned is github_owned


def test_rulesets_that_are_not_known_let_nobody_know_who_bypasses_them() -> None:
    lost = branch(rules={"totalCount": 2, "nodes": [rule("DELETION")]})
    assert shown({"bypass_actors": []}, lost).reason is Reason.INCOMPLETE
    nameless = rule("DELETION") | {"repositoryRuleset": {}}
    unread = branch(rules={"totalCount": 1, "nodes": [nameless]})
    assert shown({"bypass_actors": []}, unread).reason is Reason.NOT_VISIBLE


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
        (answer,) = reads(ActionsSecret)(client, HERE, Book())
    assert answer.kind is ActionsSecret
    assert answer.facts[0].updated_at == datetime(2026, 1, 1, tzinfo=UTC)
    assert str(answer.facts[0].subject) == "github:secret/hazel/lantern/NPM_TOKEN"
    with github({path: said | {"total_count": 2}}) as (client, _):
        (answer,) = reads(ActionsSecret)(client, HERE, Book())
    assert answer.missing is not None
