"""An organization's Actions policies over real sockets: what counts, and what is not understood."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.github import execution_policies
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason
from hardenme.sandbox.github.world import ExecutionPolicy
from hardenme.sandbox.http import Reply
from tests.collectors.scripted import GONE, github
from tests.failing import weak_organization
from tests.passing import organization
from tests.running import NOW
from tests.worlds import github as scenarios

HERE = Subject("github", "org", "cedar-labs")
LIST = "/orgs/cedar-labs/actions/policies"
EVERYWHERE = {"repository_name": {"include": ["~ALL"], "exclude": []}}
ACTORS = {
    "type": "restrict_actions_actors",
    "parameters": {"allowed_actors": [{"id": 5, "type": "User"}]},
}
REFUSED = Reply(403, {"message": "Must have admin rights"})


def events(*names: str) -> dict[str, Any]:
    return {"type": "restrict_action_events", "parameters": {"allowed_events": list(names)}}


def policy(*rules: Any, **change: Any) -> dict[str, Any]:
    given = {"name": "rules", "enforcement": "active", "conditions": EVERYWHERE}
    return given | {"rules": list(rules)} | change


def asked(*policies: Any) -> Answer[Any]:
    rows: list[dict[str, Any]] = []
    said: dict[str, Any] = {LIST: {"total_count": len(policies), "policies": rows}}
    for number, one in enumerate(policies):
        row = {"id": number, "name": "rules", "enforcement": "active"}
        if isinstance(one, dict):
            row |= {name: one[name] for name in ("name", "enforcement") if name in one}
            one = {"id": number} | one  # noqa: PLW2901 (the same, with its number)
        rows.append(row)
        said[f"{LIST}/{number}"] = one
    with github(said) as (client, _):
        (answer,) = execution_policies.policies(client, HERE, FactStore())
        return answer


def told(*policies: Any) -> tuple[str, str, tuple[str, ...]]:
    (fact,) = asked(*policies).facts
    return fact.actors, fact.events, fact.letting_in


def test_what_active_policies_cover() -> None:
    assert told() == ("none", "none", ())
    assert told(policy(ACTORS, events("push"))) == ("all", "all", ())
    assert told(policy(ACTORS), policy(events("push"))) == ("all", "all", ())
    assert told(policy()) == ("none", "none", ()), "a policy without rules protects nothing"
    assert told(policy({"type": "of_tomorrow"})) == ("none", "none", ())


@pytest.mark.parametrize("enforcement", ["evaluate", "disabled"])
def test_what_is_not_enforced_counts_for_nothing(enforcement: str) -> None:
    idle = policy(ACTORS, events("pull_request_target"), enforcement=enforcement)
    assert told(idle) == ("none", "none", ())


@pytest.mark.parametrize(
    "conditions",
    [
        {},
        {"repository_name": {"include": ["web-*"], "exclude": []}},
        {"repository_name": {"include": ["~ALL"], "exclude": ["web"]}},
        {"repository_name": {"include": ["~ALL"]}},
        {"repository_id": {"repository_ids": [4]}},
        EVERYWHERE | {"repository_property": {"include": []}},
        EVERYWHERE | {"workflow_path": {"include": [".github/workflows/a.yml"], "exclude": []}},
        EVERYWHERE | {"workflow_path": None},
    ],
)
def test_a_part_is_not_all(conditions: dict[str, Any]) -> None:
    part = policy(ACTORS, events("push", "pull_request_target"), conditions=conditions)
    assert told(part) == ("part", "part", ("rules",))
    assert told(part, policy(ACTORS)) == ("all", "part", ("rules",))


def test_every_workflow_may_be_said_too() -> None:
    said = EVERYWHERE | {"workflow_path": {"include": ["~ALL"], "exclude": []}}
    assert told(policy(ACTORS, conditions=said)) == ("all", "none", ())


@pytest.mark.parametrize(
    "odd",
    [
        policy(enforcement="strict"),
        policy(conditions=None),
        policy(name=None),
        policy(rules=None),
        policy(ACTORS, id=7),
        policy("rule"),
        policy({"type": None}),
        policy({"type": "restrict_action_events"}),
        policy({"type": "restrict_action_events", "parameters": {"allowed_events": []}}),
        policy({"type": "restrict_actions_actors", "parameters": {"allowed_actors": None}}),
        {"name": "x", "enforcement": "active", "rules": []},
        {"name": "x", "enforcement": "active", "conditions": {}},
        {"name": "x", "conditions": {}, "rules": []},
        [],
        GONE,
        REFUSED,
    ],
)
def test_a_policy_that_is_not_understood(odd: Any) -> None:
    assert asked(policy(ACTORS, events("push")), odd).missing is not None


@pytest.mark.parametrize(
    "change", [{"enforcement": "disabled"}, {"name": "older"}, {"enforcement": None}, {"id": "0"}]
)
def test_a_policy_that_is_not_the_one_of_the_list(change: dict[str, Any]) -> None:
    row = {"id": 0, "name": "rules", "enforcement": "active"} | change
    said = {LIST: {"total_count": 1, "policies": [row]}, f"{LIST}/0": policy(ACTORS, id=0)}
    with github(said) as (client, _):
        (answer,) = execution_policies.policies(client, HERE, FactStore())
    assert answer.missing is not None


@pytest.mark.parametrize(
    "listed",
    [
        GONE,
        REFUSED,
        [],
        {},
        {"policies": []},
        {"total_count": 1, "policies": []},
        {"total_count": 1, "policies": [{"name": "x"}]},
        {"total_count": 1, "policies": [None]},
    ],
)
def test_a_list_that_is_not_whole(listed: Any) -> None:
    with github({LIST: listed}) as (client, _):
        (answer,) = execution_policies.policies(client, HERE, FactStore())
    assert answer.facts == ()
    assert answer.missing is not None


@given(st.lists(st.sampled_from(["push", "pull_request_target", "release"]), min_size=1))
def test_the_event_counts_wherever_it_stands(names: list[str]) -> None:
    item = execution_policies.Item(policy(events(*names)), "GET /policy")
    read = execution_policies._active(item)
    assert ("pull_request_target" in names) == (
        "pull_request_target" in read.lists["allowed_events"]
    )


CODES = ("GHW108", "GHW109")


def results(running: Any, target: str) -> dict[str, str]:
    report = running.audit(target, select_=CODES)
    return {finding.code: finding.result for finding in report.findings}


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        (scenarios.STRICT_ORG_TOKEN, {"GHW108": "passed", "GHW109": "passed"}),
        (scenarios.STRICT_ORG_APP, {"GHW108": "manual", "GHW109": "unknown"}),
        (scenarios.STRICT_ORG_FINE_GRAINED, {"GHW108": "manual", "GHW109": "unknown"}),
    ],
    ids=["classic", "app", "fine-grained"],
)
def test_a_token_that_would_have_to_write_is_not_used(token: str, expected: dict[str, str]) -> None:
    with organization(token) as running:
        assert results(running, "github:cedar-labs") == expected
        asked_for = [r.path for r in running.github.requests if "actions/policies" in r.path]
    assert bool(asked_for) is (token == scenarios.STRICT_ORG_TOKEN)


def edit(change: Callable[[list[ExecutionPolicy]], Any]) -> dict[str, str]:
    with organization() as running:
        (found,) = running.github.world.organizations  # type: ignore[attr-defined]  # GitHub's
        change(found.policies.execution)
        return results(running, "github:cedar-labs")


def test_what_a_run_says_of_policies() -> None:
    assert edit(lambda found: found.clear()) == {"GHW108": "failed", "GHW109": "passed"}
    part = {"repository_name": {"include": ["web"], "exclude": []}}
    narrow = edit(lambda found: setattr(found[0], "conditions", part))
    assert narrow == {"GHW108": "manual", "GHW109": "passed"}
    idle = edit(lambda found: setattr(found[0], "enforcement", "evaluate"))
    assert idle == {"GHW108": "failed", "GHW109": "passed"}
    opened = ExecutionPolicy(7, "labels", NOW, conditions=part, events=["pull_request_target"])
    assert edit(lambda found: found.append(opened)) == {"GHW108": "passed", "GHW109": "failed"}


def test_a_member_is_told_nothing() -> None:
    with weak_organization(scenarios.WEAK_ORG_MEMBER) as running:
        report = running.audit("github:bramble-labs", select_=CODES)
    whys = {f.code: f.outcome.reason for f in report.findings}  # type: ignore[union-attr]  # unknown
    assert whys == dict.fromkeys(CODES, Reason.NOT_VISIBLE)
