from __future__ import annotations

from typing import Any

import pytest

from hardenme.derive.administration import all_administrators
from hardenme.model.severity import Severity
from hardenme.model.unknown import NotKnownError, Reason, Unknown
from hardenme.model.verdict import Failed, NotApplicable, Passed
from hardenme_checks.github.repository_people import (
    repo_admin_count,
    repo_invitation_recent,
    repo_outside_collaborator_minimal,
)
from tests.factories.github import repository
from tests.factories.github_organization_roles import by_role
from tests.factories.github_repository import administrators, offer, outsider
from tests.factories.given import MISSING, NOW, SOLO, TEAM, ago

UNREAD = Unknown(Reason.NOT_PERMITTED, "an organization owner's token")


def judged(admins: Any, repository: Any, roles: Any, limits: Any) -> Any:
    return repo_admin_count(all_administrators(admins, roles), repository, limits)


@pytest.mark.parametrize("number", [2, 5])
def test_a_few_administer_it(number: int) -> None:
    verdict = judged(administrators(number), repository(), UNREAD, TEAM)
    assert isinstance(verdict, Passed)
    assert verdict.seen == {"administrators": number}


def test_many_administer_it() -> None:
    verdict = judged(administrators(6), repository(), UNREAD, TEAM)
    assert isinstance(verdict, Failed)
    assert verdict.severity is None
    assert verdict.fix.page == "https://github.com/hazel/catkin/settings/access"
    early = judged(administrators(MISSING, least=6), repository(), UNREAD, TEAM)
    assert isinstance(early, Failed), "those who were seen are too many already"


@pytest.mark.parametrize(("number", "message"), [(0, "0 admins"), (1, "1 admin")])
def test_one_alone_administers_it(number: int, message: str) -> None:
    shared = judged(administrators(number), repository(in_organization=True), UNREAD, TEAM)
    assert isinstance(shared, Failed)
    assert shared.message.startswith(message)
    assert shared.severity is None
    own = judged(administrators(number), repository(), UNREAD, TEAM)
    assert isinstance(own, Failed)
    assert "Transfer" in own.fix.step, "a person's repository has one administrator"


@pytest.mark.parametrize("number", [1, 2, 5])
@pytest.mark.parametrize("holders", [0, 1, 4])
def test_who_holds_an_organization_role_is_counted_once(number: int, holders: int) -> None:
    logins = [f"admin-{one}" for one in range(number)]
    admins = administrators(number, logins=frozenset(logins))
    roles = by_role(*logins[:1], *(f"holder-{one}" for one in range(holders)))
    verdict = judged(admins, repository(in_organization=True), roles, TEAM)
    every = number + holders
    assert isinstance(verdict, Passed if 2 <= every <= 5 else Failed)
    assert verdict.seen["administrators"] == every
    assert ("by_organization_role" in verdict.seen) is bool(holders)
    nameless = administrators(number, logins=frozenset())
    with pytest.raises(NotKnownError):
        # One without a name may be one of them, or not.
        judged(nameless, repository(in_organization=True), roles, TEAM)


def test_one_alone_is_information_where_there_is_nobody_else() -> None:
    verdict = judged(administrators(1), repository(), UNREAD, SOLO)
    assert isinstance(verdict, Failed)
    assert verdict.severity is Severity.INFO


def test_who_administers_does_not_matter_where_nobody_can_push() -> None:
    verdict = judged(administrators(MISSING), repository(archived=True), UNREAD, TEAM)
    assert isinstance(verdict, NotApplicable)


@pytest.mark.parametrize(
    "admins", [administrators(MISSING, least=5), administrators(2, least=MISSING)]
)
def test_administrators_not_known(admins: Any) -> None:
    with pytest.raises(NotKnownError):
        judged(admins, repository(), UNREAD, TEAM)


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
