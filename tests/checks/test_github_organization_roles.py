from __future__ import annotations

from typing import Any

import pytest

from hardenme.model.severity import Severity
from hardenme.model.unknown import NotKnownError
from hardenme.model.verdict import Failed, Passed
from hardenme_checks.github.organization_roles import org_role_minimal
from tests.factories.github_organization_roles import owners, role
from tests.factories.given import MISSING


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


OF = "organization-roles/{}/8136".format
ADMIN = "gives admin on every repository"
WRITE = "gives write on every repository"
SETTINGS = "can change repositories or settings of the organization"


@pytest.mark.parametrize(
    ("held", "says", "critical", "removed"),
    [
        ({"direct": ("birch",)}, ("1 person holds", ADMIN, "birch"), True, ["users/birch"]),
        (
            {"direct": ("birch", "alder"), "gives": "write"},
            ("2 people hold", WRITE, "birch, alder"),
            False,
            ["users/birch", "users/alder"],
        ),
        # An owner keeps it.
        (
            {"direct": ("Linden", "birch"), "gives": "write"},
            ("2 people hold", WRITE, "Linden, birch"),
            False,
            ["users/birch"],
        ),
        (
            {"teams": ("core",), "gives": "maintain"},
            ("1 team holds", "gives maintain on every repository", "team core"),
            False,
            ["teams/core"],
        ),
        (
            {"direct": ("birch",), "by_team": ("alder",), "gives": "write"},
            ("2 people hold", WRITE, "birch; through a team alder"),
            False,
            ["users/birch"],
        ),
        (
            {"direct": ("birch",), "teams": ("core",), "gives": "settings"},
            ("1 person and 1 team hold", SETTINGS, "birch; team core"),
            False,
            ["users/birch", "teams/core"],
        ),
        (
            {"teams": ("core", "ops"), "gives": "write"},
            ("2 teams hold", WRITE, "teams core, ops"),
            False,
            ["teams/core", "teams/ops"],
        ),
        # The enterprise's own team is not the organization's to change.
        (
            {"by_team": ("birch",), "teams": ("core",), "above": ("core",), "gives": "settings"},
            ("1 person and 1 team hold", SETTINGS, "through a team birch; team core"),
            False,
            [],
        ),
        # A team may get other members tomorrow.
        (
            {"by_team": ("linden",), "teams": ("core",)},
            ("1 person and 1 team hold", ADMIN, "through a team linden; team core"),
            True,
            ["teams/core"],
        ),
    ],
)
def test_a_role_with_foreign_holders(
    held: dict[str, Any], says: tuple[str, str, str], *, critical: bool, removed: list[str]
) -> None:
    verdict = org_role_minimal(role(**held), owners("linden"))
    assert isinstance(verdict, Failed)
    assert verdict.message == f"{says[0]} the role all_repo_admin, which {says[1]}: {says[2]}"
    assert verdict.severity == (Severity.CRITICAL if critical else None)
    assert verdict.fix is not None
    commands = verdict.fix.command.splitlines()
    assert [one.partition("-X DELETE orgs/")[2] for one in commands] == [
        f"grove/{OF(one)}" for one in removed
    ]
    for one in removed:
        kind, _, name = one.partition("/")
        assert (f"the team {name}" if kind == "teams" else name) in verdict.fix.step
    assert ("An owner of the enterprise removes it from core" in verdict.fix.step) is (
        "above" in held
    )


@pytest.mark.parametrize("name", ["direct", "by_team", "teams"])
def test_who_holds_it_has_to_be_known(name: str) -> None:
    with pytest.raises(NotKnownError):
        org_role_minimal(role(**{name: MISSING}), owners("linden"))


@pytest.mark.parametrize("direct", [(), ("birch",)])
def test_what_the_role_gives_has_to_be_known(direct: tuple[str, ...]) -> None:
    with pytest.raises(NotKnownError):
        org_role_minimal(role(direct=direct, gives=MISSING), owners("linden"))
