"""Whatever the rules of a branch are: more ways past them, and less that is shown, help nobody."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from hardenme.derive.branch_rules import GUARDS, effective_branch_rules
from hardenme.engine.catalogue import checks_of
from hardenme.facts.github.branch import EffectiveBranchRules
from hardenme.model.unknown import NotKnownError
from hardenme.model.verdict import Passed
from hardenme_checks.github import branch, branch_history, branch_review
from tests.factories.github import (
    active_rulesets,
    actor,
    bypass,
    classic,
    detail,
    no_classic,
    repository,
    ruleset,
)
from tests.factories.github_files import workflow_owners
from tests.factories.given import MISSING, REFUSED, STRICT

CHECKS = {
    check.code: check
    for check in (
        *checks_of(branch.__name__),
        *checks_of(branch_history.__name__),
        *checks_of(branch_review.__name__),
    )
}
FAILED, UNKNOWN, PASSED = range(3)
KINDS = (
    "Integration", "OrganizationAdmin", "RepositoryRole", "Team", "DeployKey", "User",
    "EnterpriseOwner", "EnterpriseRole", "SomethingNew", MISSING,
)  # fmt: skip
NUMBERS = (None, 1, 2, 3, 4, 5, 77, MISSING)
MODES = ("pull_request", "always", "exempt", "something-new", MISSING)
THREE = (True, False, MISSING)
SKIPS = ("binds_admins", "pull_request_bypass", "force_push_bypass")

OWNED = workflow_owners()
# Facts with unknown fields cannot be printed: what is drawn are the values that they are made of.
entries = st.tuples(st.sampled_from(KINDS), st.sampled_from(NUMBERS), st.sampled_from(MODES))
details = st.fixed_dictionaries(
    {
        "actors": st.one_of(st.just(MISSING), st.lists(entries, max_size=3)),
        "viewer": st.sampled_from(("never", "never", "always", "pull_requests_only", MISSING)),
        "team_approvals": st.sampled_from((0, 2, MISSING)),
        "team_owns_github": st.sampled_from(THREE),
    }
)
guards = st.fixed_dictionaries(
    {
        **dict.fromkeys(GUARDS, st.sampled_from(THREE)),
        "approvals": st.sampled_from((0, 1, 2, MISSING)),
        "status_checks": st.sampled_from(((), ("test",), MISSING)),
    }
)
sources = st.lists(st.tuples(guards, details), max_size=2)
protections = st.one_of(
    st.none(),
    st.fixed_dictionaries(dict.fromkeys(SKIPS, st.sampled_from(THREE))).flatmap(
        lambda skips: guards.map(lambda rules: rules | skips)
    ),
)


def shown(of: dict[str, Any], number: int, **change: Any) -> Any:
    """What a ruleset shows by itself."""
    of = of | change
    listed = of["actors"]
    actors = tuple(actor(*entry) for entry in listed) if isinstance(listed, list) else listed
    return detail(**of | {"actors": actors, "number": number})


def rules(
    given_sources: Any, protection: Any, *, hidden: bool = False, **change: Any
) -> EffectiveBranchRules:
    """What guards the branch.

    Args:
        given_sources: rulesets, each with what it shows by itself.
        protection: classic protection; None where it was not read.
        hidden: no ruleset shows anything by itself.
        change: another value for each of what rulesets show.
    """
    made = active_rulesets(*(ruleset(at, **own) for at, (own, _) in enumerate(given_sources)))
    alone = [shown(own, at, **change) for at, (_, own) in enumerate(given_sources)]
    found = effective_branch_rules(
        repository(in_organization=True),
        made,
        REFUSED if hidden else bypass(details=tuple(alone)),
        REFUSED if protection is None else classic(**protection),
    )
    assert isinstance(found, EffectiveBranchRules)
    return found


def verdicts(found: EffectiveBranchRules) -> dict[str, int]:
    """How good each verdict about the branch is, where two approvals are asked for."""
    ranks = {}
    for code, check in CHECKS.items():
        values = {"rules": found, "limits": STRICT, "owners": OWNED}
        try:
            verdict = check(**{item.name: values[item.name] for item in check.parameters})
        except NotKnownError:
            ranks[code] = UNKNOWN
        else:
            ranks[code] = PASSED if isinstance(verdict, Passed) else FAILED
    return ranks


def passing(after: EffectiveBranchRules, before: EffectiveBranchRules) -> set[str]:
    """The codes that pass and did not: one that failed may become unknown."""
    then = verdicts(before)
    return {code for code, rank in verdicts(after).items() if rank == PASSED != then[code]}


def better(after: EffectiveBranchRules, before: EffectiveBranchRules) -> set[str]:
    """The codes of which the verdict got better."""
    then = verdicts(before)
    return {code for code, rank in verdicts(after).items() if rank > then[code]}


@given(sources, protections, entries)
def test_another_entry_on_a_bypass_list_makes_nothing_pass(
    given_sources: Any, protection: Any, added: Any
) -> None:
    longer = [
        (own, of | {"actors": [*of["actors"], added]} if isinstance(of["actors"], list) else of)
        for own, of in given_sources
    ]
    # An entry that is not understood may leave open what was known to fail.
    assert not passing(rules(longer, protection), rules(given_sources, protection))


@given(sources, protections, entries, st.sampled_from(("always", "exempt")))
def test_a_looser_mode_makes_no_verdict_better(
    given_sources: Any, protection: Any, entry: Any, loose: str
) -> None:
    tight, free = ([(*entry[:2], mode)] for mode in ("pull_request", loose))
    before = rules(given_sources, protection, actors=tight)
    assert not better(rules(given_sources, protection, actors=free), before)


@given(sources, protections, st.sampled_from(SKIPS[1:]))
def test_who_is_allowed_past_classic_protection_makes_no_verdict_better(
    given_sources: Any, protection: Any, skip: str
) -> None:
    if protection is not None:
        before = rules(given_sources, protection | {skip: False})
        assert not better(rules(given_sources, protection | {skip: True}), before)
        assert not better(rules(given_sources, protection | {skip: MISSING}), before)


@given(sources, protections, st.sampled_from(("actors", "viewer", "team_approvals")))
def test_what_is_not_shown_of_a_ruleset_makes_nothing_pass(
    given_sources: Any, protection: Any, name: str
) -> None:
    before = verdicts(rules(given_sources, protection))
    for after in (
        rules(given_sources, protection, **{name: MISSING}),
        rules(given_sources, protection, hidden=True),
    ):
        passed = {code for code, rank in verdicts(after).items() if rank == PASSED}
        assert all(before[code] == PASSED for code in passed)


@given(guards, details, st.sampled_from(("actors", "viewer")))
def test_a_ruleset_whose_bypass_is_not_known_binds_nobody_for_sure(
    own: Any, of: Any, name: str
) -> None:
    for found in (
        effective_branch_rules(
            repository(), active_rulesets(ruleset(**own)), bypassing, no_classic()
        )
        for bypassing in (bypass(shown(of, 91, **{name: MISSING})), REFUSED)
    ):
        assert isinstance(found, EffectiveBranchRules)
        assert verdicts(found)["GHB110"] != PASSED
