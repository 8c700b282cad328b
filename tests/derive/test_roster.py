from __future__ import annotations

from typing import Any

import pytest

from hardenme.derive.roster import organization_roster
from hardenme.facts.github.collaborators import OrganizationRoster
from hardenme.facts.github.organization import OrganizationProfile
from hardenme.facts.github.people import OrganizationMember
from hardenme.model.subject import Subject
from tests.factories.given import LOST, MISSING, every

ORG = Subject("github", "org", "cedar-labs")
PROFILE = OrganizationProfile(subject=ORG, within=ORG, verified=True)


def member(login: Any) -> OrganizationMember:
    subject = Subject("github", "member", f"cedar-labs/{login}")
    return OrganizationMember(subject=subject, within=ORG, login=login, account=1, role="member")


def test_the_names_of_all_members() -> None:
    made = organization_roster(PROFILE, every(member("Linden"), member("alder")))
    assert isinstance(made, OrganizationRoster)
    assert made.logins == {"linden", "alder"}
    assert made.subject == ORG


@pytest.mark.parametrize(
    ("members", "why"),
    [
        (every(member("linden"), missing=LOST), LOST),
        (every(member("linden"), member(MISSING)), MISSING),
        (every(missing=LOST), LOST),
    ],
)
def test_a_list_that_is_not_whole_is_no_roster(members: Any, why: Any) -> None:
    assert organization_roster(PROFILE, members) is why
