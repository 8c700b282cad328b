"""Rulesets that bind a branch, and who may bypass them."""

from __future__ import annotations

from typing import Any

import pytest

from hardenme.collectors.github import rulesets
from hardenme.facts.github.branch import ActiveRulesets, RulesetBypass
from hardenme.model.fact import Answer
from hardenme.model.unknown import Reason
from hardenme.sandbox.http import Reply
from tests.collectors.default_branch import HERE, booked, branch, seen
from tests.collectors.scripted import GONE, github, of


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


# --- who may bypass rulesets


def shown(said: Any, node: Any = None) -> Any:
    """What ruleset 7 shows by itself, or why nothing is known."""
    nodes = {"totalCount": 1, "nodes": [rule("DELETION")]}
    store = booked(seen(node or branch(rules=nodes)))
    with github({"/repos/hazel/lantern/rulesets/7": said}) as (client, _):
        answer = of(RulesetBypass, list(rulesets.bypass(client, HERE, store)))
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
