"""The smallest set of rights, and what the facts lead to."""

from __future__ import annotations

import random
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardenme.collectors.registry import collectors
from hardenme.engine.catalogue import catalogue, select
from hardenme.engine.plan import plan, sources
from hardenme.engine.reach import reached
from hardenme.engine.target import ROOTS, Target
from hardenme.facts.github.organization import OrganizationVisibility
from hardenme.facts.github.permissions import APPS_ALONE, CHANGES, PLACES, in_link, place_of
from hardenme.model.depth import Depth
from hardenme.model.least import all_covered
from hardenme.model.permission import SCOPE_CHILDREN, Scheme, least_scopes
from hardenme.rights.holders import HOLDERS
from hardenme.rights.least import (
    Costing,
    Rights,
    count_cost,
    least,
    meets,
    permissions_cost,
    scopes_cost,
)
from hardenme.rights.needs import PROVIDERS, Reach
from hardenme.rights.permissions import permissions

PERMISSIONS = [
    f"{name}:{level}"
    for name in ("keys", "emails", "contents", "administration", "members", "organization_hooks")
    for level in ("read", "write", "admin")
]
SCOPES = sorted({*SCOPE_CHILDREN, *(s for some in SCOPE_CHILDREN.values() for s in some)})
SYSTEMS = [(PERMISSIONS, permissions_cost), (SCOPES, scopes_cost), (SCOPES[:8], count_cost)]


def requirements(names: list[str]) -> st.SearchStrategy[list[list[Rights]]]:
    option = st.frozensets(st.sampled_from(names), min_size=1, max_size=3)
    return st.lists(st.lists(option, max_size=3), max_size=6)


@st.composite
def problems(draw: st.DrawFn) -> tuple[list[list[Rights]], Costing]:
    names, cost = draw(st.sampled_from(SYSTEMS))
    return draw(requirements(names)), cost


@pytest.mark.second_tier("takes over half a second")
@settings(max_examples=150)
@given(problems(), st.randoms(use_true_random=False))
def test_the_least_rights(
    problem: tuple[list[list[Rights]], Costing], chance: random.Random
) -> None:
    wanted, cost = problem
    found = least(wanted, cost)
    can_be_met = [options for options in wanted if options]
    assert all(meets(found, options) for options in can_be_met), "not enough"
    for name in found:
        rest = found - {name}
        assert not all(meets(rest, options) for options in can_be_met), f"{name} is not needed"
        head, _, level = name.rpartition(":")
        if level in {"write", "admin"} and cost is permissions_cost:
            lower = rest | {f"{head}:{'read' if level == 'write' else 'write'}"}
            assert not all(meets(lower, options) for options in can_be_met), f"{name} is too much"
    shuffled = [chance.sample(options, len(options)) for options in wanted]
    chance.shuffle(shuffled)
    assert least(shuffled, cost) == found, "the order counts"


@settings(max_examples=60)
@given(requirements(PERMISSIONS[:9]))
def test_no_other_rights_weigh_less(wanted: list[list[Rights]]) -> None:
    names = sorted({name for options in wanted for option in options for name in option})[:9]
    wanted = [[o for o in options if o <= set(names)] for options in wanted]
    can_be_met = [options for options in wanted if options]
    found = permissions_cost(least(wanted, permissions_cost))
    for size in range(len(names) + 1):
        for chosen in combinations(names, size):
            if all(meets(chosen, options) for options in can_be_met):
                assert found <= permissions_cost(frozenset(chosen))


@pytest.mark.parametrize(
    ("wanted", "cost", "found"),
    [
        ([["members:write"], ["members:read"]], permissions_cost, {"members:write"}),
        ([["contents:write", "members:read"]], permissions_cost, {"members:read"}),
        ([["organization_hooks:read", "contents:read"]], permissions_cost, {"contents:read"}),
        ([["contents:read", "keys:read"]], permissions_cost, {"keys:read"}),
        ([["contents:admin", "members:write"]], permissions_cost, {"members:write"}),
        # The union of what is least for each would be two rights.
        (
            [["contents:read", "emails:read"], ["contents:read"]],
            permissions_cost,
            {"contents:read"},
        ),
        ([["repo", "read:repo_hook"]], scopes_cost, {"read:repo_hook"}),
        ([["repo", "read:repo_hook"], ["repo"]], scopes_cost, {"repo"}),
        ([["security_events"], ["repo"]], scopes_cost, {"repo"}),
        ([["user", "read:user"]], scopes_cost, {"read:user"}),
    ],
)
def test_which_alternative_is_taken(
    wanted: list[list[str]], cost: Costing, found: set[str]
) -> None:
    options = [[frozenset({name}) for name in names] for names in wanted]
    assert least(options, cost) == found


def test_the_scopes_of_the_catalogue_are_those_that_a_token_is_held_against() -> None:
    facts = sources(kind for check in catalogue() for kind in check.facts)
    needs = [kind.requirement for kind in facts if kind.requirement.alternatives]
    options = [HOLDERS["classic"].options(item) for item in needs]
    assert least(options, scopes_cost) == least_scopes(needs)


@pytest.mark.parametrize(
    "roots", [*ROOTS.values(), ("github:org",), ("github:user",), ("github:token",)], ids=str
)
def test_facts_tell_what_collectors_ask(roots: tuple[str, ...]) -> None:
    given_ = {kind for item in collectors() for kind in item.gives}
    reach = Reach(roots, PROVIDERS, frozenset(given_))
    asked = {kind for item in reached(collectors(), roots) for kind in item.gives}
    # One listing serves an account and an organization, and tells of the latter alone.
    asked -= {OrganizationVisibility} if "github:org" not in roots else set()
    assert {kind for kind in given_ if reach.leads_to(kind)} == asked


def test_the_order_of_checks_does_not_count() -> None:
    targets = [Target.parse("me"), Target.parse("github:acme"), Target.parse("npm:left-pad")]
    checks = list(select())
    first = permissions(plan(checks, depth=Depth.DEEP), targets)
    random.Random(7).shuffle(checks)  # noqa: S311 (any order will do)
    assert permissions(plan(checks, depth=Depth.DEEP), targets) == first


def required(scheme: Scheme) -> set[str]:
    facts = sources(kind for check in catalogue() for kind in check.facts)
    alternatives = (option for kind in facts for option in kind.requirement.alternatives)
    return {item.name for option in alternatives for item in option if item.scheme is scheme}


def test_every_permission_is_known_to_the_link_or_is_an_apps_alone() -> None:
    for name in required(Scheme.FINE_GRAINED):
        assert place_of(name) in PLACES, f"where does {name} hold?"
        assert in_link(name) != (name.partition(":")[0] in APPS_ALONE)


def test_every_scope_that_changes_something_says_what() -> None:
    for name in required(Scheme.CLASSIC):
        assert (name in CHANGES) != (name.startswith("read:") or name == "user:email")


def test_hardenme_asks_for_nothing_that_writes_where_reading_is_enough() -> None:
    for kind in ("fine-grained", "installation", "granular"):
        targets = [Target.parse("me"), Target.parse("github:acme")]
        made = permissions(plan(catalogue(), depth=Depth.DEEP), targets)
        for token in made.tokens:
            if token.kind == kind:
                assert all(name.endswith(":read") for name in token.names)


def test_a_covered_right_is_no_surplus() -> None:
    made = permissions(plan(select(["GHA"])), [Target.parse("me")])
    token = made.of("classic")
    assert token is not None
    assert token.lacks(token.names) == ()
    assert token.surplus(all_covered(token.names)) == ()
    assert token.surplus({"delete_repo", *token.names}) == ("delete_repo",)
    assert {right.name for right in token.lacks({"read:org"})} == token.names - {"read:org"}
