from __future__ import annotations

from functools import cache

import pytest

from benchmarks.rehearse import count as rehearsed
from benchmarks.self_audit import (
    ACCOUNT_TARGET,
    DEEP_REST,
    ONLY_REST,
    ORGANIZATION_TARGET,
    STANDARD_REST,
    batches,
    count,
    lines,
    loaded,
)
from benchmarks.weekly import SHARE, share, weeks
from hardenme.model.depth import Depth

pytestmark = [
    pytest.mark.second_tier("whole runs of large organizations", one_of=8),
    pytest.mark.sampled(5),
]

RUNS = [
    *((depth, 30, organizations) for depth in Depth for organizations in (0, 2)),
    (Depth.STANDARD, 120, 5),
]
UNNAMED = 2 * 10
"""Ten packages name no repository, so PUB104 and PUB105 do not know their next release."""
counted = cache(count)


@pytest.mark.second_tier("takes over half a second")
@pytest.mark.sampled(4)
@pytest.mark.parametrize(("depth", "repositories", "organizations"), RUNS)
def test_an_audit_takes_no_more_requests_than_promised(
    depth: Depth, repositories: int, organizations: int
) -> None:
    found = counted(repositories, organizations, depth)
    assert found.account.total() <= ACCOUNT_TARGET
    assert found.organization.total() <= ORGANIZATION_TARGET * organizations
    assert found.batches == batches(repositories)
    assert found.rest.keys() <= ONLY_REST[depth].keys(), "a read that has no reason yet"
    for kind, number in found.rest.items():
        assert number <= repositories, f"{kind} is asked twice of a repository"
    assert found.unknown == UNNAMED
    assert found.findings > 10 * repositories
    assert any(str(found.github) in line for line in lines(found))


def test_a_batch_tells_of_twenty_five_repositories() -> None:
    assert [batches(number) for number in (1, 25, 26, 100)] == [1, 1, 2, 4]


def test_the_usual_depth_takes_at_most_seven_requests_a_repository() -> None:
    assert counted(30, 0, Depth.STANDARD).rest.total() <= 7 * 30
    assert not STANDARD_REST.keys() & DEEP_REST.keys()


def test_what_graphql_shows_to_be_absent_is_not_asked_for() -> None:
    found = counted(30, 0, Depth.STANDARD)
    assert found.rest["GET /repos/{repo}/keys"] == 3
    assert found.rest["GET /repos/{repo}/rulesets/{id}"] == 9


def test_a_registry_is_asked_once_for_a_package_and_once_for_the_rest() -> None:
    npm = dict(count(1, 0).npm)
    assert npm.pop("GET /{package}") == 10
    assert npm.pop("GET /-/package/{package}/collaborators") == 10
    # One is refused for want of the second factor, one with a password that was good for once.
    assert npm.pop("GET /-/package/{package}/trust") == 10 + 2
    assert npm.pop("GET /-/v1/done") == 2
    assert set(npm.values()) == {1}
    of_organization = {kind for kind in npm if "/reed-bed/" in kind}
    assert len(of_organization) <= 5
    assert len(npm.keys() - of_organization) <= 9


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["explain", "GHA101"]])
def test_what_needs_no_network_loads_no_library_for_it(arguments: list[str]) -> None:
    assert loaded(*arguments)[1] == []


def test_a_week_without_a_change_costs_little_and_says_nothing() -> None:
    first, second = weeks(20, "standard", 2)
    assert first.messages == 1
    assert (second.messages, second.printed) == (0, 0)
    assert share(first, [second]) <= SHARE


def test_a_rehearsal_takes_no_more_requests_than_the_guide_promises() -> None:
    found = rehearsed(5)
    assert found.total <= 14 * 5
    assert found.ways == 2 * 5
    assert found.github["GET /repos/{repo}/actions/workflows"] == 5
    assert max(found.github.values()) <= 5


def test_the_manifests_of_a_monorepo_are_one_query() -> None:
    found = rehearsed(5, monorepo=True)
    assert found.github["POST /graphql Manifests"] == 1
    assert max(found.github.values()) == 1
    # By the publisher each is accepted; whether a person may is not known.
    assert (found.ways, found.accepted) == (2 * 5, 5)
