from __future__ import annotations

from dataclasses import fields
from itertools import product
from typing import Any

import pytest

from hardenme.derive.branch_rules import GUARDS, MERGING, PUSHING, effective_branch_rules
from hardenme.derive.registry import DERIVATIONS
from hardenme.facts.github.branch import EffectiveBranchRules
from hardenme.model.check import parameters_of
from hardenme.model.unknown import NotKnownError, Unknown
from tests.factories.github import (
    active_rulesets,
    actor,
    bare_ruleset,
    bypass,
    classic,
    detail,
    no_classic,
    no_rulesets,
    repository,
    ruleset,
    rulesets,
)
from tests.factories.given import LOST, MISSING, REFUSED

NO_BYPASS = bypass()


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
BYPASSED = bypass(detail(actor()))
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
        (rulesets(), bypass(detail(actors=MISSING)), no_classic(), None),
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
        assert "binds_everybody" in found.unknown_fields()
    else:
        assert found.binds_everybody is binds


def test_who_lets_administrators_past_is_named() -> None:
    found = derive(rulesets(), classic(binds_admins=False), BYPASSED)
    assert found.exempted_by == ("rulesets", "classic protection")
    assert derive(no_rulesets(), no_classic(), BYPASSED).exempted_by == ()


def test_a_plan_without_rules_is_told() -> None:
    assert derive(no_rulesets(), no_classic(offered=False)).offered is False
    assert derive(no_rulesets(), REFUSED).offered is True


def test_no_single_unknown_field_of_a_source_makes_it_raise() -> None:
    for name in {item.name for item in fields(ruleset())}:
        assert isinstance(derive(rulesets(**{name: MISSING}), no_classic()), EffectiveBranchRules)
    for name in {item.name for item in fields(detail())}:
        shown = bypass(detail(**{name: MISSING}))
        assert isinstance(derive(rulesets(), no_classic(), shown), EffectiveBranchRules)
    place = {"subject", "within", "label", "web", "branch"}
    for name in {item.name for item in fields(classic())} - place:
        found = derive(no_rulesets(), classic(**{name: MISSING}))
        assert isinstance(found, EffectiveBranchRules)
    assert isinstance(derive(active_rulesets(rulesets=MISSING), classic()), EffectiveBranchRules)


WRITE, MAINTAIN, READ, CUSTOM = (actor(number=number) for number in (4, 2, 1, 7310))


@pytest.mark.parametrize(
    ("actors", "stands"),
    [
        ((), True),
        ((actor(),), True),
        ((actor("OrganizationAdmin", None), actor("Team", 4), actor("User", 4)), True),
        ((actor("Integration", 2), actor("DeployKey", None), actor("EnterpriseOwner", 4)), True),
        ((WRITE,), False),
        ((MAINTAIN,), False),
        ((READ,), False),
        ((actor(number=4, mode="exempt"),), False),
        ((CUSTOM,), None),
        ((CUSTOM, WRITE), False),
        ((actor(number=None),), None),
        ((actor(number=MISSING),), None),
        ((actor("EnterpriseRole", 4),), None),
        ((actor("SomethingNew", 4),), None),
        ((actor(MISSING, 4),), None),
        (MISSING, None),
    ],
)
def test_a_rule_that_every_writer_may_bypass_is_none(
    actors: Any,
    stands: bool | None,  # noqa: FBT001 (a case's answer)
) -> None:
    found = derive(rulesets(), no_classic(), bypass(detail(actors=actors)))
    unknown = found.unknown_fields()
    for name in GUARDS:
        assert (None if name in unknown else getattr(found, name)) is stands
    assert found.least_approvals == (1 if stands else 0)
    assert found.least_checks == (1 if stands else 0)
    assert ("approvals" in unknown, "status_checks" in unknown) == (stands is None,) * 2
    assert found.writers_bypass is (stands is False)
    # What there is counts whomever it binds.
    assert (found.protected, found.rules, found.guarded_by) == (True, 7, ("rulesets",))


def test_writers_who_may_merge_against_the_rules_are_held_to_a_pull_request() -> None:
    found = derive(rulesets(), no_classic(), bypass(detail(actor(number=4, mode="pull_request"))))
    assert all(getattr(found, name) for name in PUSHING)
    assert not any(getattr(found, name) for name in MERGING)
    assert (found.approves(1), found.requires_checks(), found.writers_bypass) == (
        False,
        False,
        True,
    )
    odd = derive(rulesets(), no_classic(), bypass(detail(actor(number=4, mode="new"))))
    assert set(PUSHING) <= odd.unknown_fields().keys()
    assert odd.least_approvals == 0


def test_what_one_ruleset_lets_writers_skip_another_may_demand() -> None:
    pair = active_rulesets(ruleset(1), bare_ruleset(2, pull_request=True, approvals=2, rules=1))
    found = derive(pair, no_classic(), bypass(detail(WRITE, number=1), detail(number=2)))
    assert (found.pull_request, found.blocks_force_push) == (True, False)
    assert (found.least_approvals, found.approvals) == (2, 2)
    assert derive(rulesets(), classic(), bypass(detail(WRITE))).pull_request is True


@pytest.mark.parametrize(
    ("shown", "binds"),
    [
        (detail(), True),
        *(
            (detail(actor(kind, number, mode)), False)
            for kind, number in (
                ("RepositoryRole", 5), ("RepositoryRole", 4), ("RepositoryRole", 2),
                ("OrganizationAdmin", None), ("OrganizationAdmin", 1), ("Team", 12), ("User", 3),
                ("Integration", 9), ("DeployKey", None), ("EnterpriseOwner", None),
            )
            for mode in ("always", "pull_request", "exempt")
        ),
        (detail(actor("Team", 12, MISSING)), False),
        (detail(CUSTOM), None),
        (detail(actor("EnterpriseRole", 1)), None),
        (detail(actor("SomethingNew")), None),
        (detail(actors=MISSING), None),
        (detail(viewer=MISSING), None),
        *((detail(viewer=own), False) for own in ("always", "pull_requests_only", "exempt")),
        *((detail(viewer=own, actors=MISSING), False) for own in ("always", "exempt")),
        (detail(number=8), None),
    ],
)  # fmt: skip
def test_who_gets_past_a_ruleset(shown: Any, *, binds: bool | None) -> None:
    found = derive(rulesets(), no_classic(), bypass(shown))
    told = None if "binds_everybody" in found.unknown_fields() else found.binds_everybody
    assert told is binds
    assert found.exempted_by == (("rulesets",) if binds is False else ())


@pytest.mark.parametrize(
    ("protection", "binds", "exempted_by"),
    [
        (classic(), True, ()),
        (classic(pull_request_bypass=True), False, ("allowed actors",)),
        (classic(force_push_bypass=True), False, ("allowed actors",)),
        (classic(force_push_bypass=True, binds_admins=False), False,
         ("classic protection", "allowed actors")),
        (classic(pull_request_bypass=MISSING), None, ()),
        (classic(force_push_bypass=MISSING), None, ()),
        # Whoever may bypass what is not demanded bypasses nothing.
        (classic(force_push_bypass=True, blocks_force_push=False), True, ()),
        (classic(pull_request_bypass=MISSING, pull_request=False), True, ()),
        (no_classic(force_push_bypass=True), False, ()),
    ],
)  # fmt: skip
def test_who_is_allowed_past_classic_protection(
    protection: Any, *, binds: bool | None, exempted_by: tuple[str, ...]
) -> None:
    found = derive(no_rulesets(), protection)
    told = None if "binds_everybody" in found.unknown_fields() else found.binds_everybody
    assert (told, found.exempted_by) == (binds, exempted_by)
    # Those who are named let nobody else past.
    assert found.pull_request is protection.pull_request
    # Where a ruleset demands the same of everybody, nobody gets past.
    assert derive(rulesets(), protection, BOUND).binds_everybody is True


@pytest.mark.parametrize(
    ("of", "shown", "approvals", "owner"),
    [
        ({}, detail(team_approvals=2, team_owns_github=True), 2, True),
        ({}, detail(team_approvals=MISSING, team_owns_github=MISSING), None, None),
        ({}, detail(WRITE, team_approvals=2, team_owns_github=True), 0, False),
        # Only an organization has teams.
        ({"in_organization": False}, detail(team_approvals=MISSING, team_owns_github=MISSING),
         0, False),
    ],
)  # fmt: skip
def test_teams_that_a_ruleset_asks(
    of: Any, shown: Any, approvals: int | None, *, owner: bool | None
) -> None:
    pulls = no_rulesets(pull_request=True, rules=1)
    found = derive(pulls, no_classic(), bypass(shown), **{"in_organization": True} | of)
    unknown = found.unknown_fields()
    assert (None if "approvals" in unknown else found.approvals) == approvals
    assert found.least_approvals == (approvals or 0)
    assert (None if "code_owner_review" in unknown else found.code_owner_review) is owner
    # Without a rule of pull requests there is nothing that a team could be asked for.
    bare = derive(no_rulesets(rules=1), no_classic(), REFUSED, in_organization=True)
    assert (bare.approvals, bare.code_owner_review) == (0, False)


def test_reasons_come_from_the_part_that_is_missing() -> None:
    found = derive(no_rulesets(), REFUSED)
    unknown = found.unknown_fields()["pull_request"]
    assert isinstance(unknown, Unknown)
    assert unknown is REFUSED
