from __future__ import annotations

from typing import Any

import pytest

from hardenme.facts.github.branch_names import Branches, BranchRulesets
from hardenme.facts.github.environments import ProtectedPatterns
from hardenme.model.fact import Fact
from hardenme.model.known import field
from hardenme.model.unknown import Reason, Unknown
from tests.collectors.test_github_tags import RULESET, batch

NAMES = {"totalCount": 2, "nodes": [{"name": "main"}, {"name": "next"}]}
RULE = {
    "pattern": "next",
    "requiresApprovingReviews": True,
    "restrictsPushes": False,
    "lockBranch": False,
    "blocksCreations": False,
    "allowsDeletions": False,
}


def test_the_branches() -> None:
    (fact,) = batch(Branches, branches=NAMES).facts
    assert (fact.names, fact.whole) == (("main", "next"), True)
    (part,) = batch(Branches, branches=NAMES | {"totalCount": 300}).facts
    assert (part.names, part.whole) == (("main", "next"), False)


@pytest.mark.parametrize("said", [{"nodes": NAMES["nodes"]}, NAMES | {"totalCount": None}])
def test_a_list_without_its_total_may_not_be_whole(said: Any) -> None:
    (fact,) = batch(Branches, branches=said).facts
    assert isinstance(field(fact, "whole"), Unknown)


@pytest.mark.parametrize(
    "said", [{"totalCount": 0}, NAMES | {"nodes": None}, NAMES | {"nodes": [{"name": 7}, {}]}]
)
def test_names_that_are_not_there(said: Any) -> None:
    (fact,) = batch(Branches, branches=said).facts
    assert isinstance(field(fact, "names"), Unknown)


def test_rulesets_for_branches() -> None:
    listed = {"totalCount": 1, "nodes": [RULESET]}
    (fact,) = batch(BranchRulesets, branchRulesets=listed).facts
    (found,) = fact.rulesets
    assert (found.number, found.enforcement, found.rules) == (91, "active", ("update",))
    (short,) = batch(BranchRulesets, branchRulesets=listed | {"totalCount": 2}).facts
    assert isinstance(field(short, "rulesets"), Unknown)


@pytest.mark.parametrize(
    ("kind", "name"), [(Branches, "branches"), (BranchRulesets, "branchRulesets")]
)
def test_what_is_not_shown_is_not_none(kind: type[Fact], name: str) -> None:
    for said in (..., None):
        answer = batch(kind, **{name: said})
        assert not answer.facts
        assert answer.missing is not None
    denied = [{"type": "FORBIDDEN", "path": ["repository", name], "message": "no"}]
    answer = batch(kind, errors=denied, **{name: None})
    assert answer.missing is not None
    assert answer.missing.reason is Reason.NOT_PERMITTED


def classic(**change: Any) -> Any:
    """What a rule of classic protection says; `...` leaves a key out."""
    row = {key: value for key, value in (RULE | change).items() if value is not ...}
    listed = {"totalCount": 1, "nodes": [row]}
    (fact,) = batch(ProtectedPatterns, branchProtectionRules=listed).facts
    (rule,) = fact.rules
    return rule


def test_what_classic_protection_stops() -> None:
    rule = classic()
    assert (rule.blocks_pushes, rule.blocks_creations, rule.blocks_deletions) == (True, False, True)
    bare = classic(requiresApprovingReviews=False, allowsDeletions=True)
    assert (bare.blocks_pushes, bare.blocks_deletions) == (False, False)
    assert classic(requiresApprovingReviews=False, lockBranch=True).blocks_pushes is True
    named = classic(requiresApprovingReviews=False, restrictsPushes=True, blocksCreations=True)
    assert (named.blocks_pushes, named.blocks_creations) == (True, True)


@pytest.mark.parametrize("name", ["requiresApprovingReviews", "restrictsPushes", "lockBranch"])
def test_a_flag_that_is_not_there_may_be_on(name: str) -> None:
    off = {"requiresApprovingReviews": False}
    assert isinstance(field(classic(**off | {name: ...}), "blocks_pushes"), Unknown)
    assert isinstance(field(classic(allowsDeletions=...), "blocks_deletions"), Unknown)
    assert isinstance(field(classic(pattern=...), "pattern"), Unknown)
