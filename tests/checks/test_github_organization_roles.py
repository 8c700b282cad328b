from __future__ import annotations

from typing import Any

import pytest

from hardenme.model.severity import Severity
from hardenme.model.unknown import NotKnownError
from hardenme.model.verdict import Failed, Passed
from hardenme_checks.github.organization_roles import org_role_minimal
from tests.factories.github_organization_roles import owners, role
from tests.factories.given import MISSING

BOTH = "1 person and 1 team hold the role all_repo_admin, which"
CHANGES_SETTINGS = f"{BOTH} can change repositories or settings of the organization"
ADMINISTERS_ALL = f"{BOTH} gives admin on every repository"


@pytest.mark.parametrize(
    ("held", "says"),
    [
        ({}, "no one holds the role"),
        ({"gives": ""}, "the role gives no write access"),
        ({"direct": ("Linden",)}, "only owners hold the role"),
    ],
)
def test_a_role_without_foreign_holders(held: dict[str, Any], says: str) -> None:
    verdict = org_role_minimal(role(**held), owners("linden"))
    assert isinstance(verdict, Passed)
    assert verdict.message == says


@pytest.mark.parametrize(
    ("held", "says", "severity", "command"),
    [
        (
            {"direct": ("birch",)},
            "1 person holds the role all_repo_admin, which gives admin on every repository",
            Severity.CRITICAL,
            "organization-roles/users/birch/8136",
        ),
        (
            {"direct": ("birch", "alder"), "gives": "write"},
            "2 people hold the role all_repo_admin, which gives write on every repository",
            None,
            "",
        ),
        (
            {"teams": ("core",), "gives": "maintain"},
            "1 team holds the role all_repo_admin, which gives maintain on every repository",
            None,
            "organization-roles/teams/core/8136",
        ),
        (
            {"direct": ("birch",), "by_team": ("alder",), "gives": "write"},
            "2 people hold the role all_repo_admin, which gives write on every repository",
            None,
            "",
        ),
        (
            {"direct": ("birch",), "teams": ("core",), "gives": "settings"},
            CHANGES_SETTINGS,
            None,
            "",
        ),
        (
            {"teams": ("core", "ops"), "gives": "write"},
            "2 teams hold the role all_repo_admin, which gives write on every repository",
            None,
            "",
        ),
        (
            {"by_team": ("birch",), "teams": ("core",), "above": ("core",), "gives": "settings"},
            CHANGES_SETTINGS,
            None,
            "",
        ),
        # A team may get other members tomorrow.
        (
            {"by_team": ("linden",), "teams": ("core",)},
            ADMINISTERS_ALL,
            Severity.CRITICAL,
            "organization-roles/teams/core/8136",
        ),
    ],
)
def test_a_role_with_foreign_holders(
    held: dict[str, Any], says: str, severity: Severity | None, command: str
) -> None:
    verdict = org_role_minimal(role(**held), owners("linden"))
    assert isinstance(verdict, Failed)
    assert (verdict.message, verdict.severity) == (says, severity)
    assert verdict.fix is not None
    assert (verdict.fix.command or "").endswith(command)
    assert bool(verdict.fix.command) is bool(command)


@pytest.mark.parametrize("name", ["direct", "by_team", "teams"])
def test_who_holds_it_has_to_be_known(name: str) -> None:
    with pytest.raises(NotKnownError):
        org_role_minimal(role(**{name: MISSING}), owners("linden"))


@pytest.mark.parametrize("direct", [(), ("birch",)])
def test_what_the_role_gives_has_to_be_known(direct: tuple[str, ...]) -> None:
    with pytest.raises(NotKnownError):
        org_role_minimal(role(direct=direct, gives=MISSING), owners("linden"))
