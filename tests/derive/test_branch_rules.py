from __future__ import annotations

from dataclasses import fields
from itertools import product
from typing import Any

import pytest

from hardenme.derive import DERIVATIONS
from hardenme.derive.branch_rules import GUARDS, effective_branch_rules
from hardenme.facts.github.branch import EffectiveBranchRules
from hardenme.model.check import parameters_of
from hardenme.model.unknown import NotKnownError, Unknown
from tests.factories.github import (
    bypass,
    classic,
    no_classic,
    no_rulesets,
    repository,
    rulesets,
)
from tests.factories.given import LOST, MISSING, REFUSED

NO_BYPASS = bypass(rulesets=0)


def derive(
    active: Any, classic_rules: Any, ruleset_bypass: Any = NO_BYPASS, **of: Any
) -> EffectiveBranchRules:
    found = effective_branch_rules(repository(**of), active, ruleset_bypass, classic_rules)
    assert isinstance(found, EffectiveBranchRules)
    return found


def test_the_engine_can_read_what_it_needs() -> None:
    assert effective_branch_rules in DERIVATIONS
    needs = parameters_of(effective_branch_rules)
    assert [item.optional for item in needs] == [False, True, True, True]


def test_both_sources_unknown_is_unknown() -> None:
    assert effective_branch_rules(repository(), LOST, REFUSED, REFUSED) is LOST


@pytest.mark.parametrize("of", [{"archived": True}, {"default_branch": None}])
def test_a_repository_with_nothing_to_guard_has_an_answer_without_rules(of: Any) -> None:
    found = derive(LOST, REFUSED, REFUSED, **of)
    assert (found.archived, found.exists) == ("archived" in of, "archived" in of)
    with pytest.raises(NotKnownError):
        _ = found.blocks_force_push


def test_unknown_fields_of_the_repository_are_handed_on() -> None:
    found = derive(rulesets(), LOST, archived=MISSING, default_branch=MISSING)
    assert {"archived", "exists", "branch"} <= found.unknown_fields().keys()


VALUES = (True, False, MISSING, LOST)
"""Yes, no, a field that is missing, a source that was not read."""


@pytest.mark.parametrize("name", GUARDS)
@pytest.mark.parametrize(("left", "right"), list(product(VALUES, VALUES)))
def test_a_guard_stands_by_one_source_and_is_missing_by_both(
    name: str, left: Any, right: Any
) -> None:
    active = LOST if left is LOST else no_rulesets(**{name: left})
    protection = LOST if right is LOST else no_classic(**{name: right})
    if active is LOST and protection is LOST:
        return
    found = derive(active, protection)
    if True in (left, right):
        assert getattr(found, name) is True
    elif left is False and right is False:
        assert getattr(found, name) is False
    else:
        with pytest.raises(NotKnownError):
            getattr(found, name)


@pytest.mark.parametrize(
    ("active", "protection", "protected", "guarded_by"),
    [
        (rulesets(), no_classic(), True, ("rulesets",)),
        (no_rulesets(), classic(), True, ("classic protection",)),
        (rulesets(), classic(), True, ("rulesets", "classic protection")),
        (rulesets(), REFUSED, True, ("rulesets",)),
        (no_rulesets(), no_classic(), False, ()),
        (no_rulesets(), REFUSED, None, ()),
        (LOST, no_classic(), None, ()),
    ],
)
def test_protected_by_any_source(
    active: Any, protection: Any, *, protected: bool | None, guarded_by: tuple[str, ...]
) -> None:
    found = derive(active, protection)
    assert found.guarded_by == guarded_by
    if protected is None:
        assert "protected" in found.unknown_fields()
    else:
        assert found.protected is protected


def test_rules_are_counted_where_both_sources_were_read() -> None:
    assert derive(rulesets(rules=3), classic(rules=1)).rules == 4
    assert "rules" in derive(rulesets(rules=3), REFUSED).unknown_fields()


@pytest.mark.parametrize(
    ("active", "protection", "number", "answer"),
    [
        (rulesets(approvals=1), classic(approvals=2), 2, True),
        (rulesets(approvals=1), classic(approvals=2), 3, False),
        (rulesets(approvals=1), REFUSED, 1, True),
        (rulesets(approvals=1), REFUSED, 2, None),
        (rulesets(approvals=1), classic(approvals=MISSING), 2, None),
        (REFUSED, classic(approvals=0), 1, None),
        (no_rulesets(), no_classic(), 1, False),
    ],
)
def test_approvals(active: Any, protection: Any, number: int, *, answer: bool | None) -> None:
    found = derive(active, protection)
    if answer is None:
        with pytest.raises(NotKnownError):
            found.approves(number)
    else:
        assert found.approves(number) is answer


@pytest.mark.parametrize(
    ("active", "protection", "answer"),
    [
        (rulesets(status_checks=("test",)), REFUSED, True),
        (rulesets(status_checks=()), REFUSED, None),
        (no_rulesets(), classic(status_checks=MISSING), None),
        (no_rulesets(), no_classic(), False),
    ],
)
def test_status_checks(active: Any, protection: Any, *, answer: bool | None) -> None:
    found = derive(active, protection)
    if answer is None:
        with pytest.raises(NotKnownError):
            found.requires_checks()
    else:
        assert found.requires_checks() is answer


def test_status_checks_of_both_sources_are_counted_once() -> None:
    found = derive(rulesets(status_checks=("test", "lint")), classic(status_checks=("test",)))
    assert found.status_checks == ("test", "lint")
    assert found.least_checks == 2


PULL = {"pull_request": True, "rules": 1}
FORCE = {"blocks_force_push": True, "rules": 1}
SIGNED = {"signatures": True, "rules": 1}
BYPASSED = bypass(admins_bypass=True)
BOUND = bypass()


@pytest.mark.parametrize(
    ("active", "ruleset_bypass", "protection", "binds"),
    [
        # one source alone
        (rulesets(), BOUND, no_classic(), True),
        (rulesets(), BYPASSED, no_classic(), False),
        (no_rulesets(), NO_BYPASS, classic(), True),
        (no_rulesets(), NO_BYPASS, classic(binds_admins=False), False),
        # no rule binds nobody
        (no_rulesets(), NO_BYPASS, no_classic(), False),
        (no_rulesets(), NO_BYPASS, no_classic(binds_admins=True), False),
        # what one source lets skip, the other may still demand
        (rulesets(), BOUND, classic(binds_admins=False), True),
        (rulesets(), BYPASSED, classic(), True),
        (rulesets(), BYPASSED, classic(binds_admins=False), False),
        # each guard by the source that sets it
        (no_rulesets(**PULL), BYPASSED, no_classic(**FORCE, binds_admins=True), False),
        (no_rulesets(**PULL), BOUND, no_classic(**FORCE, binds_admins=False), False),
        (no_rulesets(**PULL), BOUND, no_classic(**FORCE, binds_admins=True), True),
        # other rules count where neither of the two guards stands
        (no_rulesets(**SIGNED), BOUND, no_classic(), True),
        (no_rulesets(**SIGNED), BYPASSED, no_classic(), False),
        (no_rulesets(**SIGNED), BYPASSED, classic(), True),
        # what is not known
        (rulesets(), REFUSED, no_classic(), None),
        (rulesets(), bypass(admins_bypass=MISSING), no_classic(), None),
        (rulesets(), REFUSED, classic(), True),
        (rulesets(), BOUND, REFUSED, True),
        (rulesets(), BYPASSED, REFUSED, None),
        (no_rulesets(), NO_BYPASS, REFUSED, None),
        (no_rulesets(**PULL), BOUND, REFUSED, None),
        (REFUSED, REFUSED, classic(), True),
        (REFUSED, REFUSED, classic(binds_admins=False), None),
        (REFUSED, REFUSED, classic(binds_admins=MISSING), None),
    ],
)
def test_whom_the_rules_bind(
    active: Any, ruleset_bypass: Any, protection: Any, *, binds: bool | None
) -> None:
    found = derive(active, protection, ruleset_bypass)
    if binds is None:
        assert "binds_admins" in found.unknown_fields()
    else:
        assert found.binds_admins is binds


def test_who_lets_administrators_past_is_named() -> None:
    found = derive(rulesets(), classic(binds_admins=False), BYPASSED)
    assert found.exempted_by == ("rulesets", "classic protection")
    assert derive(no_rulesets(), no_classic(), BYPASSED).exempted_by == ()


def test_a_plan_without_rules_is_told() -> None:
    assert derive(no_rulesets(), no_classic(offered=False)).offered is False
    assert derive(no_rulesets(), REFUSED).offered is True


def test_no_single_unknown_field_of_a_source_makes_it_raise() -> None:
    full = ("subject", "within", "label", "web", "branch")
    for source, make in ((0, rulesets), (1, classic)):
        for name in {item.name for item in fields(make())} - set(full):
            pair: list[Any] = [no_rulesets(), no_classic()]
            pair[source] = make(**{name: MISSING})
            assert isinstance(derive(*pair), EffectiveBranchRules)


def test_reasons_come_from_the_part_that_is_missing() -> None:
    found = derive(no_rulesets(), REFUSED)
    unknown = found.unknown_fields()["pull_request"]
    assert isinstance(unknown, Unknown)
    assert unknown is REFUSED
