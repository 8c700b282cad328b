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


OPENS = re.compile(r"Afterwards ([A-Z]{3}\d{3}) ")
"""By what a step says which checks can fail once it is taken."""


def held(followed: Followed, malware: frozenset[str]) -> None:
    """What holds of every plan: nothing is open that was not said to be."""
    assert followed.ran
    assert followed.misled(malware) == []
    assert followed.locked_out() == []
    assert [one.ran for one in followed.refused] == []
    # What changes something is run.
    assert [one.why for one in followed.taken if one.ran is None and not one.shows] == []
    assert [
        (one.step.title, code, subject, followed.said((code, subject)))
        for one, code, subject in followed.still_open()
    ] == []
    said = {code for one in followed.plan.steps for code in OPENS.findall(" ".join(one.risks))}
    assert {code for code, _ in followed.new} <= said


@pytest.mark.needs("npm")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
@pytest.mark.sampled(32)
def test_a_plan_is_followed_to_the_letter(case: PlanCase, tmp_path: Path) -> None:
    held(*case.follow(tmp_path))


@pytest.mark.second_tier("takes over half a second")
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
