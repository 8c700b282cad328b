"""What an organization's settings cost: a few requests, however many repositories there are."""

from __future__ import annotations

from collections import Counter

import pytest

from hardenme.model.depth import Depth
from tests.passing import organization

SETTINGS = tuple(
    f"GHO{number}" for number in (101, 105, *range(106, 115), 124, 125, 126, 127, 131, 132)
)


def asked(*codes: str, depth: Depth) -> tuple[Counter[str], Counter[str]]:
    """The paths that were asked for, and what came out."""
    with organization() as running:
        report = running.audit("github:cedar-labs", select_=codes, depth=depth)
        paths = Counter(request.path for request in running.github.requests)
    return paths, Counter(finding.result for finding in report.findings)


def test_settings_take_seven_requests_beyond_who_asks() -> None:
    paths, results = asked(*SETTINGS, depth=Depth.FAST)
    assert results == {"passed": 14, "manual": 3}
    assert paths == {
        "/user": 1,
        "/users/cedar-labs": 1,
        "/user/memberships/orgs/cedar-labs": 1,
        "/orgs/cedar-labs": 1,
        "/orgs/cedar-labs/members": 1,
        "/orgs/cedar-labs/code-security/configurations/defaults": 1,
        "/orgs/cedar-labs/settings/immutable-releases": 1,
        "/graphql": 2,
    }


@pytest.mark.parametrize("depth", list(Depth))
def test_secret_scanning_of_all_repositories_takes_one_list(depth: Depth) -> None:
    paths, results = asked("GHR101", "GHR102", depth=depth)
    assert results == {"passed": 4}, "two repositories that are not archived"
    assert paths["/orgs/cedar-labs/repos"] == 1
    assert not any(path.startswith("/repos/") for path in paths)
