"""Environments, what guards them, and the secrets in them: in batches and one at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.github import environments, repositories
from hardenme.facts.github.environments import (
    EVERY_BRANCH,
    NAMED,
    PROTECTED,
    Environment,
    EnvironmentGuards,
    EnvironmentSecret,
)
from hardenme.model.depth import BEYOND, Depth
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason
from hardenme.sandbox.http import Reply, Request
from tests.collectors.reader import TOKEN
from tests.collectors.scripted import GONE, github, of

PAT = "github_pat_CANARY00000000000000_" + "0" * 54
HERE = Subject("github", "repo", "cedar-labs/cone")
BASE = "/repos/cedar-labs/cone"
LIST = f"{BASE}/environments"
DEEPER = BEYOND[Depth.DEEP]
REVIEW = {"type": "REQUIRED_REVIEWERS", "preventSelfReview": True}
POLICY = {"type": "BRANCH_POLICY", "preventSelfReview": None}


def rules(*nodes: Any, total: Any = ...) -> dict[str, Any]:
    return {"totalCount": len(nodes) if total is ... else total, "nodes": list(nodes)}


def environment(name: Any = "release", said: Any = None) -> dict[str, Any]:
    return {"name": name, "protectionRules": rules(REVIEW, POLICY) if said is None else said}


NODE: dict[str, Any] = {
    "nameWithOwner": "cedar-labs/cone",
    "visibility": "PUBLIC",
    "isArchived": False,
    "isInOrganization": True,
    "viewerCanAdminister": True,
    "defaultBranchRef": None,
    "environments": rules(environment()),
}


def batch(node: Any, token: str = TOKEN) -> list[Answer[Any]]:
    with github({"graphql": {"data": {"repository": node}}}, token=token) as (client, _):
        return list(repositories.one(client, HERE, FactStore()))


def listed(*items: Any, total: Any = ..., token: str = TOKEN, **change: Any) -> Answer[Any]:
    return of(
        Environment, batch(NODE | {"environments": rules(*items, total=total)} | change, token)
    )


def booked(answers: Iterable[Answer[Any]]) -> FactStore:
    store = FactStore()
    for answer in answers:
        store.put(answer)
    return store


def test_environments_in_a_batch() -> None:
    answer = listed(environment(), environment("eu/pre view", rules({"type": "WAIT_TIMER"})))
    assert answer.missing is None
    guarded, open_to_all = answer.facts
    assert (guarded.reviewed, guarded.prevents_self_review, guarded.limited) == (True, True, True)
    assert (open_to_all.reviewed, open_to_all.limited) == (False, False)
    assert str(open_to_all.subject) == "github:environment/cedar-labs/cone/eu/pre view"


@pytest.mark.parametrize(
    ("said", "unknown"),
    [
        (rules(REVIEW, total=2), {"limited"}),
        (rules(REVIEW, {"type": "SOMETHING_NEW"}), {"limited"}),
        (rules(REVIEW, None), {"limited"}),
        (rules(POLICY, total=3), {"reviewed", "prevents_self_review"}),
        (rules({"type": "REQUIRED_REVIEWERS"}, POLICY), {"prevents_self_review"}),
        (rules(REVIEW | {"preventSelfReview": None}, POLICY), {"prevents_self_review"}),
        ({}, {"reviewed", "prevents_self_review", "limited"}),
        ({"totalCount": 0}, {"reviewed", "prevents_self_review", "limited"}),
        ({"nodes": []}, {"reviewed", "prevents_self_review", "limited"}),
    ],
)
def test_rules_that_are_not_all_there(said: Any, unknown: set[str]) -> None:
    (fact,) = listed(environment(said=said)).facts
    assert set(fact.unknown_fields()) == unknown


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"environments": None}, Reason.NOT_VISIBLE),
        ({"environments": {"totalCount": 0}}, Reason.NOT_VISIBLE),
        ({"environments": rules(environment(None))}, Reason.MALFORMED),
        ({"environments": rules(environment(), total=None)}, Reason.MALFORMED),
        ({"environments": rules(environment(), total=12)}, Reason.NOT_ASKED),
    ],
)
def test_environments_that_are_not_all_there(change: dict[str, Any], reason: Reason) -> None:
    missing = of(Environment, batch(NODE | change)).missing
    assert missing is not None
    assert missing.reason is reason


def test_no_environment_is_believed_of_whom_the_right_is_known() -> None:
    assert listed().missing is None
    assert listed(token=PAT).missing is None, "everybody sees those of a public repository"
    assert listed(token=PAT, visibility="PRIVATE").missing is DEEPER
    assert listed(visibility="PRIVATE").missing is None
    assert listed(environment(), token=PAT, visibility="PRIVATE").missing is None


# --- one repository at a time

REVIEWERS = {
    "type": "required_reviewers",
    "prevent_self_review": True,
    "reviewers": [
        {"type": "User", "reviewer": {"id": 4, "login": "alder", "type": "User"}},
        {"type": "Team", "reviewer": {"id": 5, "slug": "keepers"}},
    ],
}
ROW: dict[str, Any] = {
    "id": 1,
    "name": "re/lease 1",
    "protection_rules": [REVIEWERS, {"type": "branch_policy"}],
    "deployment_branch_policy": {"protected_branches": False, "custom_branch_policies": True},
    "can_admins_bypass": False,
}
TAGS = {"id": 7, "name": "v*", "type": "tag"}
INNER = f"{LIST}/re%2Flease%201"


def rest(*rows: Any, total: Any = ...) -> dict[str, Any]:
    return {"total_count": len(rows) if total is ... else total, "environments": list(rows)}


def policies(*rows: Any) -> dict[str, Any]:
    return {"total_count": len(rows), "branch_policies": list(rows)}


def asked(
    read: Callable[..., Iterable[Answer[Any]]], said: dict[str, Any], store: FactStore | None = None
) -> tuple[list[Answer[Any]], list[Request]]:
    with github(said) as (client, server):
        answers = list(read(client, HERE, booked(batch(NODE)) if store is None else store))
        return answers, list(server.requests)


def test_what_the_batch_settled_is_not_asked_again() -> None:
    empty = booked(batch(NODE | {"environments": rules()}))
    assert asked(environments.environments, {LIST: rest(ROW)}) == ([], [])
    for read, kind in (
        (environments.guards, EnvironmentGuards),
        (environments.environment_secrets, EnvironmentSecret),
    ):
        (answer,), requests = asked(read, {LIST: rest(ROW)}, empty)
        assert (answer.kind, answer.facts, answer.missing, requests) == (kind, (), None, [])
        assert answer.evidence


def test_environments_that_a_batch_cut() -> None:
    cut = booked(batch(NODE | {"environments": rules(environment(), total=12)}))
    (answer,), _ = asked(environments.environments, {LIST: rest(ROW)}, cut)
    (fact,) = answer.facts
    assert answer.missing is None
    assert (fact.reviewed, fact.prevents_self_review, fact.limited) == (True, True, True)
    (answer,), _ = asked(environments.environments, {LIST: GONE}, cut)
    assert answer.missing is not None
    bare = ROW | {"protection_rules": []}
    (answer,), _ = asked(environments.environments, {LIST: rest(bare)}, cut)
    assert (answer.facts[0].reviewed, answer.facts[0].limited) == (False, False)
    for odd in ([{"type": "something new"}], None):
        row = ROW | {"protection_rules": odd}
        (answer,), _ = asked(environments.environments, {LIST: rest(row)}, cut)
        assert {"reviewed", "limited"} <= set(answer.facts[0].unknown_fields())


def guarding(said: Any = None, **change: Any) -> Any:
    named = policies(TAGS) if said is None else said
    paths = {LIST: rest(ROW | change), f"{INNER}/deployment-branch-policies": named}
    (answer,), _ = asked(environments.guards, paths)
    (fact,) = answer.facts
    return fact


def test_guards() -> None:
    fact = guarding()
    assert (fact.reviewers, fact.prevents_self_review) == (2, True)
    assert (fact.branches, fact.patterns) == (NAMED, ("tag v*",))
    assert str(fact.subject) == "github:environment/cedar-labs/cone/re/lease 1"
    assert guarding(protection_rules=[]).reviewers == 0
    assert guarding(protection_rules=[]).prevents_self_review is False


def reviewer(kind: Any = "User", who: Any = ...) -> dict[str, Any]:
    return {"type": kind, "reviewer": {"id": 4, "type": "User"} if who is ... else who}


@pytest.mark.parametrize(
    ("entries", "count"),
    [
        ([], 0),
        ([reviewer()], 1),
        ([reviewer("Team", {"id": 5})], 1),
        ([reviewer(who=None)], 0),
        ([reviewer("App")], 0),
        ([reviewer("Role", {"id": 5})], 0),
        ([reviewer(who={"id": 4, "type": "Bot"})], 0),
        ([reviewer("App"), reviewer()], 1),
        ([reviewer(None)], None),
        ([{"reviewer": {"id": 4}}], None),
        ([reviewer(who={})], None),
        (["alder"], None),
        ([reviewer(), 7], None),
    ],
)
def test_only_users_and_teams_approve(entries: list[Any], count: int | None) -> None:
    fact = guarding(protection_rules=[REVIEWERS | {"reviewers": entries}])
    if count is None:
        assert "reviewers" in fact.unknown_fields()
    else:
        assert fact.reviewers == count


@pytest.mark.parametrize("shown", [True, False])
def test_whether_administrators_bypass(*, shown: bool) -> None:
    fact = guarding(can_admins_bypass=shown)
    assert fact.admins_bypass is fact.shows_bypass is shown


@pytest.mark.parametrize("shown", [..., None, "no", 0])
def test_what_is_not_shown_of_administrators_is_a_question(shown: Any) -> None:
    row = {name: value for name, value in ROW.items() if name != "can_admins_bypass"}
    row |= {} if shown is ... else {"can_admins_bypass": shown}
    (answer,), _ = asked(
        environments.guards,
        {LIST: rest(row), f"{INNER}/deployment-branch-policies": policies(TAGS)},
    )
    (fact,) = answer.facts
    assert fact.shows_bypass is False
    why = fact.unknown_fields()["admins_bypass"]
    assert "hardenme attest GHR128 'github:environment/cedar-labs/cone/re/lease 1'" in why.needed
    assert why.question is not None
    text, page = why.question
    assert "In the environment re/lease 1, is" in text
    assert page.endswith("/cedar-labs/cone/settings/environments")


@pytest.mark.parametrize(
    ("policy", "branches"),
    [
        (None, EVERY_BRANCH),
        ({"protected_branches": True, "custom_branch_policies": False}, PROTECTED),
        ({"protected_branches": True, "custom_branch_policies": True}, None),
        ({"protected_branches": False, "custom_branch_policies": False}, None),
        ({"protected_branches": True}, None),
        ({"protected_branches": "yes", "custom_branch_policies": False}, None),
        ("protected", None),
    ],
)
def test_which_branches_may_deploy(policy: Any, branches: str | None) -> None:
    fact = guarding(deployment_branch_policy=policy)
    if branches is None:
        assert "branches" in fact.unknown_fields()
    else:
        assert (fact.branches, fact.patterns) == (branches, ())


def test_a_policy_that_is_absent_is_not_null() -> None:
    row = {name: value for name, value in ROW.items() if name != "deployment_branch_policy"}
    (answer,), _ = asked(environments.guards, {LIST: rest(row)})
    assert "branches" in answer.facts[0].unknown_fields()


@pytest.mark.parametrize(
    "said",
    [
        GONE,
        {"total_count": 2, "branch_policies": [TAGS]},
        policies(TAGS, {"id": 8, "name": "main"}),
        policies({"id": 8, "name": None, "type": "branch"}),
        policies({"id": 8, "name": "main", "type": "something new"}),
    ],
)
def test_names_that_did_not_all_come(said: Any) -> None:
    assert "patterns" in guarding(said).unknown_fields()


@pytest.mark.parametrize(
    ("change", "unknown"),
    [
        ({"protection_rules": None}, {"reviewers", "prevents_self_review"}),
        (
            {"protection_rules": [{"type": "required_reviewers"}]},
            {"reviewers", "prevents_self_review"},
        ),
        ({"protection_rules": [REVIEWERS | {"reviewers": None}]}, {"reviewers"}),
        (
            {"protection_rules": [REVIEWERS | {"prevent_self_review": "x"}]},
            {"prevents_self_review"},
        ),
    ],
)
def test_guards_that_are_not_understood(change: dict[str, Any], unknown: set[str]) -> None:
    assert set(guarding(**change).unknown_fields()) == unknown


@pytest.mark.parametrize(
    "said",
    [GONE, rest(ROW, total=2), rest(ROW, ROW | {"id": 2, "name": None}), {"environments": []}],
)
@pytest.mark.parametrize("read", [environments.guards, environments.environment_secrets])
def test_a_list_that_is_not_whole_tells_of_none(read: Any, said: Any) -> None:
    (answer,), _ = asked(read, {LIST: said})
    assert answer.scope == HERE
    assert answer.facts == ()
    assert answer.missing is not None


SECRET = {"name": "NPM_TOKEN", "updated_at": "2026-01-01T00:00:00Z"}


def test_secrets_of_environments() -> None:
    said = {"total_count": 1, "secrets": [SECRET]}
    (answer,), _ = asked(
        environments.environment_secrets, {LIST: rest(ROW), f"{INNER}/secrets": said}
    )
    (fact,) = answer.facts
    assert (fact.name, fact.environment) == ("NPM_TOKEN", "re/lease 1")
    assert str(answer.scope) == "github:environment/cedar-labs/cone/re/lease 1"
    assert str(fact.subject).endswith("/re/lease 1/NPM_TOKEN")
    for refused in (
        GONE,
        Reply(403, {"message": "Resource not accessible"}),
        said | {"total_count": 2},
    ):
        (answer,), _ = asked(
            environments.environment_secrets, {LIST: rest(ROW), f"{INNER}/secrets": refused}
        )
        assert answer.missing is not None
