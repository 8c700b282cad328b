from __future__ import annotations

from typing import Any

import pytest

from hardenme.model.access_change import OWN_LAST
from hardenme.model.unknown import NotKnownError
from hardenme.model.verdict import Failed, Manual, NotApplicable, Passed
from hardenme_checks.github.account_access import invitation_answered, owner_role_used
from tests.factories.github import contributions, membership, pending_invitation
from tests.factories.given import MISSING, NOW, TEAM, ago


def test_used_owner_role() -> None:
    assert isinstance(owner_role_used(contributions(), membership(), NOW), Passed)


def test_unused_owner_role() -> None:
    verdict = owner_role_used(contributions(any=False), membership(), NOW)
    assert isinstance(verdict, Failed)
    assert "180 days" in verdict.message
    assert verdict.fix.command == "", "no command takes a right from the account in use"
    assert verdict.fix.step.endswith(OWN_LAST)
    assert verdict.fix.page == "https://github.com/orgs/acorn-labs/people"


@pytest.mark.parametrize("place", [{"role": "member"}, {"state": "pending", "role": MISSING}])
def test_owner_role_of_who_is_none(place: dict[str, Any]) -> None:
    idle = contributions(any=MISSING)
    verdict = owner_role_used(idle, membership(**place), NOW)
    assert isinstance(verdict, NotApplicable)


@pytest.mark.parametrize(
    ("seen", "place"),
    [
        ({"any": MISSING}, {}),
        ({"since": MISSING}, {}),
        ({}, {"role": MISSING}),
        ({}, {"state": MISSING}),
    ],
)
def test_owner_role_unknown(seen: dict[str, Any], place: dict[str, Any]) -> None:
    with pytest.raises(NotKnownError):
        owner_role_used(contributions(**seen), membership(**place), NOW)


def test_invitation_to_a_repository() -> None:
    fresh = pending_invitation(created_at=ago(7))
    assert isinstance(invitation_answered(fresh, NOW, TEAM), Passed)
    verdict = invitation_answered(pending_invitation(created_at=ago(8)), NOW, TEAM)
    assert isinstance(verdict, Failed)
    assert verdict.message == "pending for 8 days"
    assert verdict.fix.page == "https://github.com/mallow/thistle/invitations"


def test_invitation_to_an_organization_is_a_question() -> None:
    offer = pending_invitation(to="organization", name="acorn-labs", created_at=None)
    verdict = invitation_answered(offer, NOW, TEAM)
    assert isinstance(verdict, Manual)
    assert verdict.page == "https://github.com/orgs/acorn-labs/invitation"


@pytest.mark.parametrize("name", ["to", "name", "created_at"])
def test_invitation_unknown(name: str) -> None:
    with pytest.raises(NotKnownError):
        invitation_answered(pending_invitation(**{name: MISSING}), NOW, TEAM)
