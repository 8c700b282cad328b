"""How many requests the sweep of an organization takes, at each depth."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.self_audit import declared
from hardenme.model.depth import Depth
from hardenme.sandbox.npm import scenarios as npm
from tests.running import NOW, PATIENT, stage
from tests.worlds.scaled_organization import LOGIN, scaled_organization

pytestmark = [
    pytest.mark.second_tier("whole runs of large organizations"),
    pytest.mark.sampled(4, among="sweeps"),
]

REPOSITORY = re.compile(r"/repos/[^/]+/[^/]+")
GUIDE = Path(__file__).parents[2] / "docs" / "guides" / "organization.md"
TOLD = re.compile(r"everything, at up to (\w+) requests a repository")
"""How many each repository takes at the deep depth, as the guide says it."""
NUMBERS = {"ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15}
OWN = 60
"""Requests for an organization itself, at most, with what its members and lists take."""


def swept(repositories: int, depth: Depth, *, strict: bool = False) -> Counter[str]:
    """The requests by endpoint, those about a single repository under `/repos/{repo}`."""
    sweep = scaled_organization(NOW, repositories=repositories, strict=strict)
    sweep.world.limit = sweep.world.graphql_limit = 10**6
    with stage(sweep.world, npm.scaled_maintainer(NOW, packages=1, tokens=1), sweep.token) as at:
        at.audit(f"github:{LOGIN}", depth=depth, profile="org", workers=8, bounds=PATIENT)
        return Counter(REPOSITORY.sub("/repos/{repo}", item.path) for item in at.github.requests)


def single(requests: Counter[str]) -> int:
    """The requests about single repositories."""
    return sum(number for path, number in requests.items() if path.startswith("/repos/"))


def test_the_usual_depth() -> None:
    hundred, ten = swept(100, Depth.STANDARD), swept(10, Depth.STANDARD)
    selections = hundred["/repos/{repo}/actions/permissions/selected-actions"]
    assert 0 < selections < hundred["/repos/{repo}/actions/permissions"]
    assert hundred.total() - selections <= 600
    assert ten.total() <= 130
    assert hundred.total() - single(hundred) <= OWN


def test_what_the_organization_settles_is_not_asked_of_its_repositories() -> None:
    found = swept(40, Depth.STANDARD, strict=True)
    assert single(found) <= 3.5 * 40
    assert found.total() - single(found) <= OWN
    assert not any("actions/permissions" in path for path in found if path.startswith("/repos/"))


def test_everything_that_stands_a_repository_at_a_time() -> None:
    found = swept(100, Depth.DEEP)
    plain = [kind.removeprefix("GET ") for kind in declared(Depth.DEEP)]
    assert all(found[path] <= 100 for path in plain)
    (told,) = TOLD.findall(GUIDE.read_text(encoding="utf-8"))
    assert single(found) <= NUMBERS[told] * 100, f"{GUIDE.name} promises {told}"
    assert found.total() - single(found) <= OWN


def test_the_fast_depth_asks_nothing_of_a_single_repository() -> None:
    hundred, two = swept(100, Depth.FAST), swept(200, Depth.FAST)
    assert single(hundred) == single(two) == 0
    pages = two.total() - hundred.total()
    assert 0 < pages <= 12, "a hundred more repositories are four pages, their files and rulesets"
    assert two.total() + 8 * pages <= 134
