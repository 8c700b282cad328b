from __future__ import annotations

import pytest

from hardenme.model.unknown import NotKnownError
from hardenme.model.verdict import Failed, Passed
from hardenme_checks.github.apps import org_app_active, org_app_permissions_minimal
from tests.factories.github_apps import installation
from tests.factories.given import MISSING, NOW, TEAM, ago

PAGE = "https://github.com/organizations/cedar-labs/settings/installations/8401"


@pytest.mark.parametrize(
    "held",
    [
        ("administration:write",),
        ("contents:write",),
        ("contents:admin",),
        ("workflows:write",),
        ("secrets:write", "actions:write"),
        ("organization_administration:write",),
        ("members:write",),
    ],
)
def test_what_decides_over_everything(held: tuple[str, ...]) -> None:
    verdict = org_app_permissions_minimal(
        installation(*held, repository_selection="all", suspended_at=MISSING)
    )
    assert isinstance(verdict, Failed)
    assert verdict.fix.page == PAGE
    assert verdict.seen["writes"] == [name.partition(":")[0] for name in held]


@pytest.mark.parametrize(
    "held",
    [
        ("administration:read", "contents:read", "secrets:read", "actions:read"),
        ("secrets:write", "actions:read"),
        ("secrets:read", "actions:write"),
        ("issues:write", "pull_requests:write", "members:read"),
    ],
)
def test_what_does_not(held: tuple[str, ...]) -> None:
    verdict = org_app_permissions_minimal(installation(*held, repository_selection="all"))
    assert isinstance(verdict, Passed)


def test_chosen_repositories_bound_what_is_about_repositories_alone() -> None:
    held = ("administration:write", "contents:write", "secrets:write", "actions:write")
    assert isinstance(org_app_permissions_minimal(installation(*held)), Passed)
    verdict = org_app_permissions_minimal(installation("contents:write", "members:write"))
    assert isinstance(verdict, Failed)
    assert verdict.message == "it can write members of the organization"


@pytest.mark.parametrize("field", ["permissions", "repository_selection"])
def test_permissions_that_are_not_known(field: str) -> None:
    with pytest.raises(NotKnownError):
        org_app_permissions_minimal(installation(**{field: MISSING}))


def test_suspended_for_long() -> None:
    assert isinstance(org_app_active(installation(permissions=MISSING), NOW, TEAM), Passed)
    assert isinstance(org_app_active(installation(suspended_at=ago(30)), NOW, TEAM), Passed)
    verdict = org_app_active(installation(suspended_at=ago(31)), NOW, TEAM)
    assert isinstance(verdict, Failed)
    assert verdict.message == "suspended 31 days ago, still installed"
    assert verdict.fix.page == PAGE
    with pytest.raises(NotKnownError):
        org_app_active(installation(suspended_at=MISSING), NOW, TEAM)
