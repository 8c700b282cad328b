"""A ruleset for all repositories of an organization does not lock people out all at once."""

from __future__ import annotations

import json
import shlex
from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest

from hardenme.model.commands import TWO_APPROVE
from hardenme.model.inventory import ACCESS, InventoryItem, Place
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown
from hardenme.model.verdict import Fix
from hardenme.reports.calls import plain_calls
from hardenme.reports.fixplan.numbering import ALONE_CANNOT_MERGE
from hardenme.reports.fixplan.rulesets import (
    BOXES,
    LOCKS,
    REVIEWS,
    locks_of,
    merged,
    place_of,
)
from hardenme.reports.plain import in_lines
from tests.reports.planned import failed, fix, plan, report

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
    if found & {"require_code_owner_review", "require_last_push_approval"}:
        # What takes a review comes after approvals are required.
        return found
    return found | ({"count"} if known.get("required_approving_review_count", 0) else set())


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
        wanted = set().union(*(strict(RULES[name]) for name in names))
        assert given - {"count"} == wanted - {"count"}
        assert given >= wanted
        assert {rule["type"] for one in found for rule in one["rules"]} == {
            RULES[name]["type"] for name in names
        }
        assert len({one["name"] for one in found}) == len(found), "GitHub keeps no two of one name"
        if len(found) > 1:
            assert f"{len(found)}. " in made.step


def test_one_repository_is_locked_as_slowly_as_many() -> None:
    one = merged([adding(rule, "repos/acme/web", BRANCH) for rule in RULES.values()])
    many = merged([adding(rule, "orgs/acme", EVERY) for rule in RULES.values()])
    assert [found["rules"] for found in bodies(one)] == [found["rules"] for found in bodies(many)]
    assert "leave this one out" in one.step
    assert "exclude it" not in one.step
    plain = ("deletion", "non_fast_forward")
    alike = merged([adding(RULES[name], "repos/acme/web", BRANCH) for name in plain])
    assert len(bodies(alike)) == 1


@pytest.mark.parametrize(
    ("place", "conditions"), [("repos/acme/web", BRANCH), ("orgs/acme", EVERY)]
)
def test_each_ruleset_has_a_line_with_its_boxes_and_who_leaves_it_out(
    place: str, conditions: dict[str, Any]
) -> None:
    made = merged([adding(rule, place, conditions) for rule in RULES.values()])
    _, *lines = in_lines(made.step)
    assert len(lines) == len(made.commands)
    for line, body in zip(lines, bodies(made), strict=True):
        assert "_" not in line, "the page names no field of the API"
        known = [rule.get("parameters", {}) for rule in body["rules"]]
        approvals = max(one.get("required_approving_review_count", 0) for one in known)
        assert (f'"Required approvals" set to {approvals}' in line) == bool(approvals)
        reviewed = approvals or any(one.get("require_code_owner_review") for one in known)
        assert ("one maintainer" in line) == bool(reviewed)
        for name in set().union(*(strict(rule) for rule in body["rules"])) & BOXES.keys():
            assert f'"{BOXES[name]}"' in line


def test_the_first_ruleset_lets_one_maintainer_alone_merge() -> None:
    made = merged([adding(rule, "orgs/acme", EVERY) for rule in RULES.values()])
    first, second, *others = bodies(made)
    review = next(one for one in first["rules"] if one["type"] == "pull_request")["parameters"]
    assert review["required_approving_review_count"] == 0
    (rule,) = second["rules"]
    assert rule["parameters"]["required_approving_review_count"] == 2
    for one in others:
        for rule in one["rules"]:
            assert rule.get("parameters", {}).get("required_approving_review_count", 1) == 1
    before, *numbered = in_lines(made.step)
    assert before.endswith("wait for a merge:")
    assert [line.partition(".")[0] for line in numbered] == [
        str(number) for number in range(1, len(bodies(made)) + 1)
    ]
    assert "no longer merge: exclude it" in numbered[1]


def test_a_step_that_asks_for_approvals_says_whom_it_locks_out() -> None:
    asked = failed("GHB103", "github:repo/acme/web", adding(RULES["two"], "repos/acme/web", BRANCH))
    free = failed(
        "GHB104", "github:repo/acme/web", adding(RULES["deletion"], "repos/acme/web", BRANCH)
    )
    for findings, warned in (((asked, free), True), ((free,), False)):
        (step,) = plan(findings).steps
        assert (ALONE_CANNOT_MERGE in step.risks) == warned


def test_the_repositories_of_one_maintainer_are_named() -> None:
    def place(name: str, pushers: Any, why: Unknown | None = None) -> Place:
        where = Subject("github", "repo", name)
        state = {} if pushers is None else {"pushers": pushers}
        return Place(where, {ACCESS: why}, (InventoryItem(ACCESS, where, name, "access", state),))

    inventory = (
        place("acme/alone", ("hazel",)),
        place("acme/part", ("hazel",), Unknown(Reason.INCOMPLETE, "the list")),
        place("acme/two", ("hazel", "rowan")),
        place("acme/unread", None),
        place("Acme/web", ("rowan",)),
        place("other/alone", ("hazel",)),
    )
    wide = failed("GHO127", "github:org/acme", adding(RULES["two"], "orgs/acme", EVERY))
    own = failed("GHB103", "github:repo/acme/web", adding(RULES["two"], "repos/acme/web", BRANCH))
    (step,) = plan(replace(report(wide), inventory=inventory)).steps
    (warned,) = (one for one in step.risks if "no one can approve there" in one)
    assert warned.startswith("Only one person can push to acme/alone, Acme/web, so")
    assert ALONE_CANNOT_MERGE not in step.risks
    (step,) = plan(replace(report(own), inventory=inventory)).steps
    assert not any("approve" in one for one in step.risks), "no approval is asked for"
    (step,) = plan(replace(report(wide), inventory=inventory[1:4])).steps
    assert ALONE_CANNOT_MERGE in step.risks


@pytest.mark.parametrize("place", ["orgs", "repos"])
@pytest.mark.parametrize("name", RULES)
def test_two_who_need_each_other_for_an_approval_are_named(name: str, place: str) -> None:
    """In however many repositories: one of them may be who an attack came from."""
    for number, pushers in ((1, 2), (3, 2), (4, 2), (2, 1), (2, 3)):
        places = [Subject("github", "repo", f"acme/r{one}") for one in range(number)]
        logins = ("hazel", "rowan", "teasel")[:pushers]
        inventory = tuple(
            Place(
                one,
                {ACCESS: None},
                (InventoryItem(ACCESS, one, one.name, "access", {"pushers": logins}),),
            )
            for one in places
        )
        found = (
            [failed("GHO127", "github:org/acme", adding(RULES[name], "orgs/acme", EVERY))]
            if place == "orgs"
            else [
                failed("GHB103", str(one), adding(RULES[name], f"repos/{one.name}", BRANCH))
                for one in places
            ]
        )
        (step,) = plan(replace(report(*found), inventory=inventory)).steps
        noted = [one for one in step.risks if "so each needs the other's approval" in one]
        reviewed = any(locks_of(one.fix) & REVIEW.keys() for one in step.actions)
        assert len(noted) == (reviewed and pushers == 2), (number, pushers)
        for one in noted:
            where = f"{number} repositories" if number > 3 else ", ".join(p.name for p in places)
            assert one.startswith(f"In {where} only hazel and rowan can push")


@pytest.mark.parametrize("code", ["GHB101", "GHB103", "GHB105", "GHB106"])
@pytest.mark.parametrize("name", RULES)
def test_no_one_is_asked_to_approve_their_own_change(code: str, name: str) -> None:
    where = Subject("github", "repo", "acme/web")
    item = InventoryItem(ACCESS, where, where.name, "access", {"pushers": ("hazel",)})
    inventory = (Place(where, {ACCESS: None}, (item,)),)
    fixes = [adding(RULES[one], "repos/acme/web", BRANCH) for one in ("deletion", name)]
    found = [failed(one, str(where), fix) for one, fix in zip(("GHB108", code), fixes, strict=True)]
    (step,) = plan(replace(report(*found), inventory=inventory)).steps
    assert not any(locks_of(one.fix) & REVIEW.keys() for one in step.actions)
    for action in step.actions:
        for body in bodies(action.fix):
            for rule in body["rules"]:
                known = rule.get("parameters", {})
                assert not any(known.get(one) for one in REVIEW), "a check of what is sent"
    asked = "parameters" in RULES[name] and code in REVIEWS
    assert step.stays == ({"until a second person can approve": 1} if asked else {})
    assert any("only hazel can push" in one.fix.step for one in step.actions) == asked


def test_a_text_without_a_numbered_end_is_one_line() -> None:
    for text in ("Choose it", "Do this: 1. only one", "Set it to 1. Then: go; 2 more"):
        assert in_lines(text) == (text,)


def test_no_bypass_list_is_emptied_where_no_second_person_can_approve() -> None:
    where = Subject("github", "repo", "acme/web")
    found = report(
        failed("GHB110", str(where), fix(f"{TWO_APPROVE}. Tick the other box", "https://x.test"))
    )
    (step,) = plan(found).steps
    assert TWO_APPROVE in step.actions[0].fix.step
    item = InventoryItem(ACCESS, where, where.name, "access", {"pushers": ("hazel",)})
    inventory = (Place(where, {ACCESS: None}, (item,)),)
    (step,) = plan(replace(found, inventory=inventory)).steps
    said = step.actions[0].fix.step
    assert TWO_APPROVE not in said
    assert "until a second person can push: only hazel can" in said
    assert said.endswith("Tick the other box")
