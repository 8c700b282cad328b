"""What is not known of a workflow, of branches or of rules never makes a pass, and no failure."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardenme.derive.ref_search import allowed
from hardenme.derive.release_branches import release_branch_rules
from hardenme.facts.github.branch_names import BranchNames, BranchStart, ReleaseBranchRules
from hardenme.model.fact import Every
from hardenme.model.known import field
from hardenme.model.unknown import Unknown
from tests.derive.test_ref_search import by_filter, by_rule
from tests.factories.github import repository
from tests.factories.github_branches import (
    branch_ruleset,
    branch_rulesets,
    branches,
    classic_rule,
    start,
)
from tests.factories.github_repository import protected
from tests.factories.github_workflow import workflow
from tests.factories.given import LOST, MISSING, REFUSED

NEXT = start("main", "next")


def rules_of(*starts: BranchStart, **given: Any) -> ReleaseBranchRules:
    of = repository(default_branch=given.get("default", "main"))
    file = workflow(starts=given.get("starts", starts))
    return release_branch_rules(
        of,
        Every((file,), given.get("missing")),
        given.get("branches", branches()),
        given.get("rulesets", branch_rulesets()),
        given.get("classic", protected()),
    )


def guarded(*starts: BranchStart, **given: Any) -> Any:
    return field(rules_of(*starts, **given), "guarded")


def test_a_branch_that_is_guarded_and_one_that_is_not() -> None:
    covered = branch_rulesets(branch_ruleset("next"))
    assert guarded(NEXT, rulesets=covered) is True
    assert guarded(NEXT) is False
    assert guarded(NEXT, start("alpha"), rulesets=covered) is False
    found = rules_of(NEXT, start("alpha"), rulesets=covered)
    assert (found.exposed, found.exists, found.started) == ("alpha", False, "ci.yml")
    assert found.names == ("next", "alpha")


def test_the_default_branch_is_judged_elsewhere() -> None:
    assert rules_of(start("main")).files == ()
    assert rules_of(start("main"), default="next").files == ("ci.yml",)
    assert rules_of(start("~DEFAULT_BRANCH"), default="v1+x").files == ()


@pytest.mark.parametrize(
    "given",
    [
        {"rulesets": REFUSED},
        {"rulesets": branch_rulesets(rulesets=MISSING)},
        {"classic": REFUSED},
        {"classic": protected(rules=(classic_rule(MISSING),))},
        {"classic": protected(rules=(classic_rule("next", blocks_creations=MISSING),))},
        {"rulesets": branch_rulesets(branch_ruleset("next", actors=MISSING))},
        {"default": MISSING},
        {"starts": MISSING},
    ],
)
def test_what_may_guard_a_branch_leaves_it_unknown(given: dict[str, Any]) -> None:
    assert isinstance(guarded(NEXT, **given), Unknown)


def test_what_one_rule_proves_another_does_not_put_in_doubt() -> None:
    covered = branch_rulesets(branch_ruleset("next"), branch_ruleset("*", actors=MISSING))
    assert guarded(NEXT, rulesets=covered, classic=REFUSED, branches=REFUSED) is True


@pytest.mark.parametrize(
    "known", [REFUSED, branches(whole=False), branches(whole=MISSING), branches(names=("other",))]
)
def test_branches_that_are_not_all_listed(known: Any) -> None:
    pushes = branch_rulesets(branch_ruleset("next", rules=("pull_request", "deletion")))
    creation = branch_rulesets(branch_ruleset("next", rules=("creation",)))
    assert isinstance(guarded(NEXT, branches=known, rulesets=pushes), Unknown)
    assert isinstance(guarded(NEXT, branches=known, rulesets=creation), Unknown)
    assert guarded(NEXT, branches=known, rulesets=branch_rulesets(branch_ruleset("next"))) is True
    # Whether it is there or not, it can be pushed to or created.
    assert guarded(NEXT, branches=known) is False


def test_a_workflow_that_is_not_read_leaves_no_pass() -> None:
    covered = branch_rulesets(branch_ruleset("next"))
    assert isinstance(guarded(NEXT, rulesets=covered, missing=LOST), Unknown)
    assert guarded(NEXT, missing=LOST) is False
    assert isinstance(field(rules_of(missing=LOST), "files"), Unknown)


def test_a_start_that_is_not_certain_fails_nothing() -> None:
    unsure = start("next", certain=False)
    assert isinstance(guarded(unsure), Unknown)
    assert guarded(unsure, rulesets=branch_rulesets(branch_ruleset("next"))) is True
    assert guarded(unsure, start("alpha")) is False


KINDS = ("pull_request", "update", "creation", "deletion", "non_fast_forward")
PATTERNS = ("next", "n*", "*", "**/*", "a/*", "a/**/*", "ma[h-j]n", "?ext")
FILTERS = ("main", "next", "n*", "**", "a/**", "*", "!next", "!a/*", "m[a-c]+in")
TRIED = [
    name
    for name in ("next", "main", "nx", "a/b", "a/b/c", "a/next", "maain", "mabin", "z", "text")
    if allowed(name)
]


@given(
    filters=st.lists(st.sampled_from(FILTERS), min_size=1, max_size=3),
    rulesets=st.lists(
        st.tuples(st.sampled_from(PATTERNS), st.sets(st.sampled_from(KINDS)), st.booleans()),
        max_size=4,
    ),
    classic=st.lists(
        st.tuples(st.sampled_from(PATTERNS), st.booleans(), st.booleans(), st.booleans()),
        max_size=3,
        unique_by=lambda item: item[0],
    ),
    there=st.sets(st.sampled_from(TRIED), max_size=3),
)
def test_a_name_that_is_let_in_and_open_never_passes(
    filters: list[str],
    rulesets: list[tuple[str, set[str], bool]],
    classic: list[tuple[str, bool, bool, bool]],
    there: set[str],
) -> None:
    """Classic rules are taken in any order: the oldest of those with signs counts."""
    given_rulesets = [
        branch_ruleset(pattern, rules=tuple(kinds), enforcement="active" if on else "evaluate")
        for pattern, kinds, on in rulesets
    ]
    given_classic = [
        classic_rule(p, blocks_pushes=push, blocks_creations=made, blocks_deletions=gone)
        for p, push, made, gone in classic
    ]
    found = guarded(
        BranchStart("publish", (BranchNames(tuple(filters)),), certain=True),
        rulesets=branch_rulesets(*given_rulesets),
        classic=protected(rules=tuple(given_classic)),
        branches=branches(*there),
    )

    def is_open(name: str, order: list[tuple[str, bool, bool, bool]]) -> bool:
        having = {kind for p, kinds, on in rulesets if on and by_rule(p, name) for kind in kinds}
        exact = [row for row in order if row[0] == name]
        first = next((row for row in (*exact, *order) if by_rule(row[0], name)), None)
        push, made, gone = first[1:] if first else (False, False, False)
        pushed = not (push or having & {"pull_request", "update"})
        created = not (made or "creation" in having)
        deleted = not (gone or "deletion" in having)
        return pushed or (created and deleted) if name in there else created

    for name, order in product(TRIED, (classic, classic[::-1])):
        if name != "main" and by_filter(tuple(filters), name, any_case=False):
            assert found is not True or not is_open(name, order), name
    if found is False and not classic:
        shown = rules_of(
            BranchStart("publish", (BranchNames(tuple(filters)),), certain=True),
            rulesets=branch_rulesets(*given_rulesets),
            branches=branches(*there),
        )
        assert by_filter(tuple(filters), shown.exposed, any_case=False)
        assert is_open(shown.exposed, [])
