"""Each right that `docs/permissions.md` names for a check is needed, and no other is.

The rows are held against the least tokens, whose rights `tests/test_least_token.py` takes away one
at a time. What a token holds beyond its least one shows nothing more.
"""

from __future__ import annotations

import pytest

from hardenme.engine.catalogue import catalogue
from hardenme.engine.plan import plan
from hardenme.engine.target import Target
from hardenme.facts.mail import OPT_IN
from hardenme.model.depth import Depth
from hardenme.model.least import LeastToken, Permissions, all_covered
from hardenme.rights.of_check import Rights, rights
from hardenme.rights.permissions import permissions
from hardenme.sandbox.npm import scenarios as npm
from tests.each import each
from tests.least_tokens import PROFILE, Held, findings, outcomes
from tests.running import NOW, stage
from tests.test_least_token import NO_NPM, STRICT_ORG, WEAK_ORG
from tests.worlds import github
from tests.worlds.organizations import base

ROWS: dict[str, Rights] = {
    check.code: rights(check) for check in catalogue() if check.code.startswith("GH")
}
TARGETS = (Target.parse("me"), Target.parse("github:acme"))
ONE_OWNERS = {"fine-grained", "installation"}

FULL = [
    (STRICT_ORG, base.STRICT, "fine-grained", github.STRICT_ORG_FINE_GRAINED),
    (WEAK_ORG, base.WEAK, "fine-grained", github.WEAK_ORG_FINE_GRAINED),
    (STRICT_ORG, base.STRICT, "installation", github.STRICT_ORG_APP),
    (WEAK_ORG, base.WEAK, "installation", github.WEAK_ORG_APP),
]


@pytest.mark.second_tier("takes long in all", one_of=2)
@pytest.mark.sampled(2)
@pytest.mark.parametrize(("case", "owner", "kind", "value"), FULL)
def test_more_than_the_least_token_shows_nothing_more(
    case: object, owner: str, kind: str, value: str
) -> None:
    assert case in {STRICT_ORG, WEAK_ORG}
    world = STRICT_ORG if case is STRICT_ORG else WEAK_ORG
    least = world.printed(kind, owner)
    made = world.github(NOW)
    token = made.token(value)
    assert token.permissions.keys() > {name.partition(":")[0] for name in least.names}
    with stage(made, world.npm(NOW), value) as running:
        full = running.audit(*world.targets, profile=PROFILE)
    assert outcomes(findings(world, Held.of(least), NO_NPM)) == outcomes(full.findings)


def alone(code: str) -> Permissions:
    """What one check takes of one's own account and of an organization."""
    (check,) = (check for check in catalogue() if check.code == code)
    return permissions(plan([check], (OPT_IN,), Depth.DEEP), TARGETS)


def named(tokens: list[LeastToken]) -> tuple[set[str], set[str]]:
    """The rights that are needed, and those that tell more."""
    needed = {right.name for token in tokens for right in token.rights if right.needed}
    return needed, {right.name for token in tokens for right in token.rights} - needed


@each(sorted(ROWS))
def test_the_rows_agree_with_the_least_tokens(code: str) -> None:
    row, found = ROWS[code], alone(code)
    tokens = [token for token in found.tokens if token.kind in ONE_OWNERS]
    unread = all(any(gap.whole for gap in token.gaps) for token in tokens)
    assert (row.fine_grained is None) == unread
    if row.fine_grained is not None:
        assert named(tokens) == (row.fine_grained, row.more)
    classic = found.of("classic")
    assert classic is not None
    assert (row.classic is None) == any(gap.whole for gap in classic.gaps)
    if row.classic is not None:
        needed, more = named([classic])
        assert all_covered(needed | more) == all_covered(row.classic | row.more_classic)
        # A scope that is asked for to tell more may stand in for a lesser one that is needed.
        assert all_covered(needed) >= row.classic


def test_what_takes_an_owner_is_not_known_to_a_member() -> None:
    world = github.weak_organization(NOW)
    with stage(world, npm.weak_maintainer(NOW), github.WEAK_ORG_MEMBER) as running:
        report = running.audit(f"github:{base.WEAK}", select_=("GHO",))
    told = {
        item.code
        for item in report.findings
        if item.result in {"passed", "failed"} and ROWS[item.code].roles == {"organization owner"}
    }
    assert not told
