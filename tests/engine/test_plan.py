from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from hardenme.derive.registry import DERIVATIONS
from hardenme.engine.catalogue import catalogue, find, select
from hardenme.engine.plan import Derivation, derivations, plan, sources
from hardenme.facts.github.branch import ActiveRulesets, ClassicProtection, EffectiveBranchRules
from hardenme.facts.github.repository import Repository
from hardenme.facts.mail import OPT_IN
from hardenme.ground.errors import UsageError
from hardenme.model.check import Check, SharedNeeds, parameters_of, together
from hardenme.model.fact import Every
from hardenme.model.given import Limits, Now
from hardenme.model.permission import (
    Scheme,
    any_of,
    classic,
    expand_scopes,
    fine_grained,
    least_scopes,
)
from hardenme.model.severity import Severity
from hardenme.model.unknown import NotKnownError
from tests.factories.given import LOST


def test_derived_facts_give_way_to_what_they_are_made_of() -> None:
    found = sources([EffectiveBranchRules])
    assert EffectiveBranchRules not in found
    assert {Repository, ActiveRulesets, ClassicProtection} <= found


def test_every_derivation_is_known_by_what_it_gives() -> None:
    assert sum(map(len, derivations().values())) == len(DERIVATIONS)
    assert EffectiveBranchRules in derivations()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared(SharedNeeds):
    """What two derivations could need."""

    now: Now
    repository: Repository
    rulesets: Every[ActiveRulesets]


def shared(one: Repository, met: Shared, limits: Limits) -> tuple[Repository, Shared, Limits]:
    return one, met, limits


def test_what_several_derivations_need_is_named_once() -> None:
    found = parameters_of(shared)
    assert [(one.name, one.kind, one.every, one.optional) for one in found] == [
        ("one", Repository, False, False),
        ("now", Now, False, False),
        ("repository", Repository, False, True),
        ("rulesets", ActiveRulesets, True, True),
        ("limits", Limits, False, False),
    ]


def test_a_derivation_takes_what_is_named_once_as_one() -> None:
    derivation = Derivation(Repository, shared, parameters_of(shared), together(shared))
    arguments: dict[str, Any] = {one.name: one.name for one in derivation.parameters}
    one, met, limits = derivation.make(arguments | {"repository": LOST})
    assert (one, limits) == ("one", "limits")
    assert (met.now, met.rulesets) == ("now", "rulesets")
    with pytest.raises(NotKnownError) as raised:
        _ = met.repository
    assert raised.value.unknown is LOST


def test_a_check_names_each_fact_itself() -> None:
    function: Any = shared
    made = Check("ABC101", "one", "One", Severity.LOW, "0.1", function)
    with pytest.raises(TypeError, match="ABC101 takes each fact"):
        _ = made.parameters


def test_what_lists_the_subjects_is_collected_too() -> None:
    for check in catalogue():
        for kind in plan([check]).facts:
            if kind.listed_by is not None:
                assert sources([kind.listed_by]) <= plan([check]).facts


def test_no_plan_collects_a_derived_fact() -> None:
    assert not plan(catalogue()).facts & set(derivations())


def test_what_takes_an_option_is_left_out_and_counted() -> None:
    domain = find("email-domain-alive")
    without, opted = plan([domain]), plan([domain], [OPT_IN])
    assert without.checks == ()
    assert without.left_out == {f"needs {OPT_IN}": 1}
    assert without.facts == frozenset()
    assert opted.checks == (domain,)
    assert opted.left_out == {}


def test_fewer_checks_need_fewer_rights() -> None:
    everything = plan(catalogue())
    assert "read:org" in expand_scopes(everything.least_scopes())
    assert plan(select(["GHA103"])).least_scopes() == {"read:public_key"}
    assert plan(select(["NPA", "NPT"])).least_scopes() == frozenset()
    assert not everything.least_scopes() & {"delete_repo", "admin:public_key"}
    assert not plan(select(["GHA", "GHT", "GHB"])).least_scopes() & {"admin:org"}


def test_the_least_scopes_meet_every_requirement_that_scopes_can() -> None:
    chosen = plan(catalogue())
    have = expand_scopes(chosen.least_scopes())
    for requirement in chosen.requirements():
        options = requirement.within(Scheme.CLASSIC).alternatives
        names = [{p.name for p in option if p.scheme is Scheme.CLASSIC} for option in options]
        assert not names or any(option <= have for option in names)


def test_the_smaller_alternative_is_chosen() -> None:
    wanted = [
        any_of(classic("admin:org"), classic("read:org"), fine_grained("members:read")),
        any_of([classic("read:user"), classic("user:email")], classic("user")),
    ]
    assert least_scopes(wanted) == {"read:org", "read:user", "user:email"}
    assert least_scopes([any_of(classic("repo")), any_of(classic("public_repo"))]) == {"repo"}
    assert least_scopes([any_of(fine_grained("members:read"))]) == frozenset()


def test_checks_are_found_by_code_and_slug_in_any_case() -> None:
    assert find("gha101") is find("Account-Two-Factor-Enabled")
    with pytest.raises(UsageError, match="did you mean GHA1"):
        find("GHA1O1")


def test_a_prefix_of_a_code_is_a_family() -> None:
    assert {check.family for check in select(["gh"])} == {"GHA", "GHT", "GHO", "GHB", "GHR", "GHW"}
    assert select(["GHA"], ["GHA"]) == ()
    assert select() == catalogue()
    with pytest.raises(UsageError, match="no check is called"):
        select(["XYZ"])
    with pytest.raises(UsageError, match="no check is called"):
        select([], ["XYZ"])
