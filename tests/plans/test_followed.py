"""A plan that is followed to the letter is accepted, closes what it says, and harms nobody."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hardenme.sandbox.npm import scenarios as npm
from tests.moment import NOW
from tests.plans.cases import CASES, PlanCase
from tests.plans.hosts import SH, writable
from tests.plans.runner import Followed, follow
from tests.worlds import github

pytestmark = pytest.mark.skipif(SH is None, reason="sh is not on PATH")


REFUSALS = {
    "Upgrade to GitHub": "no answer shows what the owner has bought: the step says so",
}
"""What hosts refuse a printed command for, and why it is printed all the same."""
SOLD = re.compile(r"\bplan\b")
"""By what a step says that a command takes something that GitHub sells."""
OPEN = {
    "GHB106": "code owners are named on a page first: GHR121",
    "NPT110": "its command lists the tokens, and a person chooses",
    "PUB101": "it holds when the pages of earlier steps are done, too",
    "NPO105": "who leaves the organization keeps a right that was given directly",
}
"""Checks that a command claims to close, and that a page or a person has to close with it."""
OPENS = re.compile(r"Afterwards ([A-Z]{3}\d{3}) ")
"""By what a step says which checks can fail once it is taken."""


def held(followed: Followed, malware: frozenset[str]) -> None:
    """What holds of every plan, whatever else is still open."""
    assert followed.ran
    assert followed.misled(malware) == []
    assert followed.locked_out() == []
    for one in followed.refused:
        assert one.ran is not None
        assert any(text in one.ran.said for text in REFUSALS), (one.ran.command, one.ran.said)
        assert "/rulesets" in one.ran.command
        assert SOLD.search(one.action.fix.needs), one.action.fix.needs
    refused = {id(one) for one in followed.refused}
    claimed = {code for one, code, _ in followed.still_open() if id(one) not in refused}
    assert claimed <= OPEN.keys()
    said = {code for one in followed.plan.steps for code in OPENS.findall(" ".join(one.risks))}
    assert {code for code, _ in followed.new} <= said


@pytest.mark.needs("npm")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
@pytest.mark.sampled(8)
def test_a_plan_is_followed_to_the_letter(case: PlanCase, tmp_path: Path) -> None:
    held(*case.follow(tmp_path))


def test_gh_alone_in_the_first_tier(tmp_path: Path) -> None:
    """A small world, with the stand-in for gh: no program that a machine may lack is started."""
    world, registry = github.weak_organization(NOW), npm.scaled_maintainer(NOW, 1, 1)
    world.repositories[:] = [one for one in world.repositories if one.name in {"briar", "hedge"}]
    token = github.WEAK_ORG_TOKEN
    with writable(world, registry, tmp_path, token=token, account="sedge", real_gh=False) as hosts:
        followed = follow(hosts, "github:bramble-labs", select_=("GHO", "GHR"))
    held(followed, frozenset())
    assert len(followed.ran) > 20
    assert followed.refused == []
