from __future__ import annotations

from typing import Any

import pytest

from hardenme.model.severity import Severity
from hardenme.model.unknown import NotKnownError
from hardenme.model.verdict import Failed, NotApplicable, Passed
from hardenme_checks.github.repository_people import (
    repo_admin_count,
    repo_invitation_recent,
    repo_outside_collaborator_minimal,
)
from tests.factories.github import repository
from tests.factories.github_repository import administrators, offer, outsider
from tests.factories.given import MISSING, NOW, SOLO, TEAM, ago


@pytest.mark.parametrize("number", [2, 5])
def test_a_few_administer_it(number: int) -> None:
    verdict = repo_admin_count(administrators(number), repository(), TEAM)
    assert isinstance(verdict, Passed)
    assert verdict.seen == {"administrators": number}


def test_many_administer_it() -> None:
    verdict = repo_admin_count(administrators(6), repository(), TEAM)
    assert isinstance(verdict, Failed)
    assert verdict.severity is None
    assert verdict.fix.page == "https://github.com/hazel/catkin/settings/access"
    early = repo_admin_count(administrators(MISSING, least=6), repository(), TEAM)
    assert isinstance(early, Failed), "those who were seen are too many already"


@pytest.mark.parametrize(("number", "message"), [(0, "0 admins"), (1, "1 admin")])
def test_one_alone_administers_it(number: int, message: str) -> None:
    shared = repo_admin_count(administrators(number), repository(in_organization=True), TEAM)
    assert isinstance(shared, Failed)
    assert shared.message.startswith(message)
    assert shared.severity is None
    own = repo_admin_count(administrators(number), repository(), TEAM)
    assert isinstance(own, Failed)
    assert "Transfer" in own.fix.step, "a person's repository has one administrator"


def test_one_alone_is_information_where_there_is_nobody_else() -> None:
    verdict = repo_admin_count(administrators(1), repository(), SOLO)
    assert isinstance(verdict, Failed)
    assert verdict.severity is Severity.INFO


def test_who_administers_does_not_matter_where_nobody_can_push() -> None:
    verdict = repo_admin_count(administrators(MISSING), repository(archived=True), TEAM)
    assert isinstance(verdict, NotApplicable)


@pytest.mark.parametrize(
    "admins", [administrators(MISSING, least=5), administrators(2, least=MISSING)]
)
def test_administrators_not_known(admins: Any) -> None:
    with pytest.raises(NotKnownError):
        repo_admin_count(admins, repository(), TEAM)


@pytest.mark.parametrize("permission", ["read", "triage", "write"])
def test_an_outsider_who_works_on_it(permission: str) -> None:
    assert isinstance(repo_outside_collaborator_minimal(outsider(permission)), Passed)


@pytest.mark.parametrize("permission", ["maintain", "admin"])
def test_an_outsider_who_manages_it(permission: str) -> None:
    verdict = repo_outside_collaborator_minimal(outsider(permission))
    assert isinstance(verdict, Failed)
    assert verdict.fix.command == (
        "gh api -X PUT repos/hazel/catkin/collaborators/stray -f permission=push"
    )
    assert permission in verdict.fix.undo


def test_an_outsider_of_unknown_role() -> None:
    with pytest.raises(NotKnownError):
        repo_outside_collaborator_minimal(outsider(MISSING))


def test_invitations() -> None:
    assert isinstance(repo_invitation_recent(offer(created_at=ago(7)), NOW, TEAM), Passed)
    verdict = repo_invitation_recent(offer(created_at=ago(8)), NOW, TEAM)
    assert isinstance(verdict, Failed)
    assert verdict.fix.command == "gh api -X DELETE repos/hazel/catkin/invitations/61"
    for field in ("created_at", "permissions"):
        with pytest.raises(NotKnownError):
            repo_invitation_recent(offer(**{field: MISSING}), NOW, TEAM)
