"""A ruleset for all repositories of an organization does not lock people out all at once."""

from __future__ import annotations

import json
import shlex
from itertools import combinations
from typing import Any

import pytest

from hardenme.model.verdict import Fix
from hardenme.reports.calls import plain_calls
from hardenme.reports.fixplan.rulesets import LOCKS, merged, place_of
from tests.reports.planned import fix

BRANCH = {"ref_name": {"include": ["~DEFAULT_BRANCH"], "exclude": []}}
EVERY = {**BRANCH, "repository_name": {"include": ["~ALL"], "exclude": []}}
REVIEW = {
    "required_approving_review_count": 1,
    "require_code_owner_review": False,
    "require_last_push_approval": False,
}
RULES: dict[str, dict[str, Any]] = {
    "deletion": {"type": "deletion"},
    "non_fast_forward": {"type": "non_fast_forward"},
    "signatures": {"type": "required_signatures"},
    "history": {"type": "required_linear_history"},
    "review": {"type": "pull_request", "parameters": REVIEW},
    "owners": {
        "type": "pull_request",
        "parameters": {**REVIEW, "require_code_owner_review": True},
    },
    "last": {"type": "pull_request", "parameters": {**REVIEW, "require_last_push_approval": True}},
    "two": {
        "type": "pull_request",
        "parameters": {**REVIEW, "required_approving_review_count": 2},
    },
}


def adding(rule: dict[str, Any], place: str, conditions: dict[str, Any]) -> Fix:
    body = {
        "name": f"default branch: {rule['type']}",
        "target": "branch",
        "enforcement": "active",
        "conditions": conditions,
        "rules": [rule],
    }
    command = f"echo {shlex.quote(json.dumps(body))} | gh api -X POST {place}/rulesets --input -"
    return fix(f"Tick {rule['type']}", "https://x.test/rules", command)


def bodies(made: Fix) -> list[dict[str, Any]]:
    return [json.loads(shlex.split(line)[1]) for line in made.commands]


def strict(rule: dict[str, Any]) -> set[str]:
    """What of a rule locks somebody out."""
    known = rule.get("parameters", {})
    found = {name for name in LOCKS if known.get(name) is True}
    found |= {rule["type"]} & LOCKS.keys()
    return found | ({"count"} if known.get("required_approving_review_count", 0) > 1 else set())


@pytest.mark.parametrize("number", [2, 3, 8])
def test_each_rule_that_locks_out_has_a_command_of_its_own(number: int) -> None:
    for names in combinations(RULES, number):
        fixes = [adding(RULES[name], "orgs/acme", EVERY) for name in names]
        assert len({place_of(one) for one in fixes}) == 1
        made = merged(fixes)
        found = bodies(made)
        assert len(plain_calls(made.command)) == len(found)
        assert all(len(set().union(*map(strict, one["rules"]))) <= 1 for one in found), names
        if not all(map(strict, (RULES[name] for name in names))):
            assert not set().union(*map(strict, found[0]["rules"])), names
        # Nothing that was asked for is left out.
        given = set().union(*(strict(rule) for one in found for rule in one["rules"]))
        assert given == set().union(*(strict(RULES[name]) for name in names))
        assert {rule["type"] for one in found for rule in one["rules"]} == {
            RULES[name]["type"] for name in names
        }
        assert len({one["name"] for one in found}) == len(found), "GitHub keeps no two of one name"
        if len(found) > 1:
            assert f"{len(found)}. " in made.step


def test_one_repository_has_one_ruleset() -> None:
    made = merged([adding(rule, "repos/acme/web", BRANCH) for rule in RULES.values()])
    assert len(bodies(made)) == 1
