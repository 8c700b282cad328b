from __future__ import annotations

import pytest

from benchmarks.self_audit import (
    ACCOUNT_TARGET,
    BATCH_TARGET,
    ONLY_REST,
    ORGANIZATION_TARGET,
    count,
    lines,
    loaded,
)


@pytest.mark.parametrize(("repositories", "organizations"), [(30, 0), (30, 2), (120, 5)])
def test_an_audit_takes_no_more_requests_than_promised(
    repositories: int, organizations: int
) -> None:
    found = count(repositories, organizations)
    assert found.account.total() <= ACCOUNT_TARGET
    assert found.organization.total() <= ORGANIZATION_TARGET * organizations
    assert found.batches <= BATCH_TARGET * repositories
    assert found.rest.keys() <= ONLY_REST.keys(), "a read that has no reason yet"
    for kind, number in found.rest.items():
        assert number <= repositories, f"{kind} is asked twice of a repository"
    assert found.unknown == 0
    assert found.findings > 10 * repositories
    assert any(str(found.github) in line for line in lines(found))


def test_what_graphql_shows_to_be_absent_is_not_asked_for() -> None:
    found = count(30, 0)
    assert found.rest["GET /repos/{repo}/keys"] == 3
    assert found.rest["GET /repos/{repo}/rulesets/{id}"] == 9


def test_a_registry_is_asked_once_for_a_package_and_once_for_the_rest() -> None:
    npm = dict(count(1, 0).npm)
    assert npm.pop("GET /{package}") == 10
    assert set(npm.values()) == {1}
    assert len(npm) <= 6


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["list"], ["explain", "GHA101"]])
def test_what_needs_no_network_loads_no_library_for_it(arguments: list[str]) -> None:
    assert loaded(*arguments)[1] == []
