from __future__ import annotations

from typing import Any

import pytest

from hardenme.model.unknown import NotKnownError
from hardenme.model.verdict import Failed, NotApplicable, Passed
from hardenme_checks.github.people import (
    member_active,
    member_two_factor_enabled,
    member_two_factor_secure,
    org_invitation_recent,
)
from hardenme_checks.github.people_outside import (
    outside_collaborator_minimal,
    outside_collaborator_two_factor,
)
from tests.factories.github_people import (
    access,
    activity,
    administration,
    invitation,
    member,
    method,
    outside_factor,
    teams,
    two_factor,
)
from tests.factories.given import MISSING, NOW, REFUSED, TEAM, ago


def judge_factor(**given: Any) -> Any:
    facts = {
        "factor": two_factor(),
        "member": member(),
        "method": method(),
        "teams": teams(),
        "activity": activity(),
        "administration": administration(),
    }
    return member_two_factor_enabled(**facts | given)


def test_two_factor_enabled() -> None:
    verdict = judge_factor()
    assert isinstance(verdict, Passed)
    assert verdict.seen == {
        "hasTwoFactorEnabled": True,
        "role": "member",
        "2fa_insecure": False,
        "teams": 2,
        "team_names": ["keepers", "reviewers"],
        "activity": f"contributions since {ago(180).date()}",
        "administers": 3,
    }
    off = judge_factor(factor=two_factor(enabled=False))
    assert isinstance(off, Failed)
    assert off.fix.page == "https://github.com/settings/security"
    assert "hazel" in off.fix.step
    assert "2fa_insecure" not in off.seen, "no method where there is no factor"
    with pytest.raises(NotKnownError):
        judge_factor(factor=two_factor(enabled=MISSING))


def test_two_factor_is_judged_without_what_the_table_adds() -> None:
    rest = dict.fromkeys(("method", "teams", "activity", "administration"), REFUSED)
    verdict = judge_factor(**rest)
    assert isinstance(verdict, Passed)
    assert verdict.seen == {"hasTwoFactorEnabled": True, "role": "member"}
    blank = judge_factor(
        method=method(insecure=MISSING),
        teams=teams(count=MISSING),
        activity=activity(since=MISSING),
        administration=administration(counts=MISSING),
    )
    assert isinstance(blank, Passed)
    assert blank.seen == {"hasTwoFactorEnabled": True, "role": "member"}
    strange = {"member": member(role=MISSING)}
    with pytest.raises(NotKnownError):
        judge_factor(**strange)
    off = judge_factor(factor=two_factor(enabled=False), **strange, **rest)
    assert isinstance(off, Failed)
    assert off.seen == {"hasTwoFactorEnabled": False}


def test_the_table_tells_that_nothing_was_seen() -> None:
    unproven = judge_factor(activity=activity(active=MISSING, by=""), teams=teams(names=MISSING))
    assert unproven.seen["activity"] == f"nothing seen since {ago(180).date()}"
    assert unproven.seen["teams"] == 2
    assert "team_names" not in unproven.seen


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, {"administers": 3}),
        ({"counts": {"rowan": 40}}, {"administers": 0}),
        ({"whole": False}, {"administers": 3, "administers_at_least": True}),
        ({"counts": {"rowan": 40}, "whole": False}, {}),
        ({"whole": MISSING}, {}),
        ({"counts": MISSING}, {}),
    ],
)
@pytest.mark.parametrize("enabled", [True, False])
def test_the_table_tells_what_the_member_administers(
    given: dict[str, Any],
    told: dict[str, Any],
    enabled: bool,  # noqa: FBT001 (a parameter of the test)
) -> None:
    verdict = judge_factor(
        factor=two_factor(enabled=enabled), administration=administration(**given)
    )
    assert isinstance(verdict, Passed if enabled else Failed)
    seen = {name: value for name, value in verdict.seen.items() if name.startswith("administers")}
    assert seen == told


def test_a_name_is_a_name_in_whatever_case() -> None:
    assert judge_factor(member=member(login="Hazel")).seen["administers"] == 3
    nameless = judge_factor(member=member(login=MISSING))
    assert isinstance(nameless, Passed)
    assert "administers" not in nameless.seen


def test_two_factor_secure() -> None:
    assert isinstance(member_two_factor_secure(method()), Passed)
    text_message = member_two_factor_secure(method(insecure=True, disabled=MISSING))
    assert isinstance(text_message, Failed)
    assert text_message.fix.page == "https://github.com/settings/security"
    assert isinstance(member_two_factor_secure(method(disabled=True)), NotApplicable)
    for lacking in ({"insecure": MISSING}, {"disabled": MISSING}):
        with pytest.raises(NotKnownError):
            member_two_factor_secure(method(**lacking))


def test_outside_two_factor() -> None:
    assert isinstance(outside_collaborator_two_factor(outside_factor()), Passed)
    off = outside_collaborator_two_factor(outside_factor(enabled=False))
    assert isinstance(off, Failed)
    assert off.fix.command == "gh api -X DELETE orgs/grove/outside_collaborators/stray"
    assert off.fix.page == "https://github.com/orgs/grove/outside-collaborators"
    text_message = outside_collaborator_two_factor(outside_factor(enabled=MISSING, insecure=True))
    assert isinstance(text_message, Failed)
    assert text_message.seen == {"2fa_insecure": True}
    assert isinstance(
        outside_collaborator_two_factor(outside_factor(enabled=False, insecure=MISSING)), Failed
    )
    for lacking in ({"enabled": MISSING}, {"insecure": MISSING}):
        with pytest.raises(NotKnownError):
            outside_collaborator_two_factor(outside_factor(**lacking))


def test_outside_minimal() -> None:
    passed = outside_collaborator_minimal(access())
    assert isinstance(passed, Passed)
    assert passed.message == "at most write on 2 repositories"
    one = outside_collaborator_minimal(access(repositories=1))
    assert isinstance(one, Passed)
    assert one.message == "at most write on 1 repository"
    powerful = tuple(f"grove/r{number:02}" for number in range(12))
    failed = outside_collaborator_minimal(access(powerful=powerful, highest="admin"))
    assert isinstance(failed, Failed)
    assert failed.seen == {"repositories": list(powerful[:10]), "count": 12}
    assert failed.message == (
        f"has the admin or maintain role on {', '.join(powerful[:10])} and 2 more"
    )
    assert failed.fix.commands == tuple(
        f"gh api -X PUT repos/{one}/collaborators/stray -f permission=push" for one in powerful
    )
    for lacking in ({"powerful": MISSING}, {"highest": MISSING}):
        with pytest.raises(NotKnownError):
            outside_collaborator_minimal(access(**lacking))


def test_invitation_recent() -> None:
    assert isinstance(org_invitation_recent(invitation(), NOW, TEAM), Passed)
    assert isinstance(org_invitation_recent(invitation(created_at=ago(7.5)), NOW, TEAM), Passed)
    old = org_invitation_recent(invitation(created_at=ago(8)), NOW, TEAM)
    assert isinstance(old, Failed)
    assert old.fix.command == "gh api -X DELETE orgs/grove/invitations/71"
    assert old.fix.page == "https://github.com/orgs/grove/people/pending_invitations"
    owner = org_invitation_recent(invitation(role="admin", created_at=ago(0)), NOW, TEAM)
    assert isinstance(owner, Failed)
    assert "owner" in owner.message
    for lacking in ({"role": MISSING}, {"created_at": MISSING}):
        with pytest.raises(NotKnownError):
            org_invitation_recent(invitation(**lacking), NOW, TEAM)


def test_active() -> None:
    passed = member_active(activity(), NOW)
    assert isinstance(passed, Passed)
    assert passed.message == "active within the last 180 days: seen in contributions"
    failed = member_active(activity(active=False, by=""), NOW)
    assert isinstance(failed, Failed)
    assert failed.fix.command == "gh api -X DELETE orgs/grove/members/hazel"
    with pytest.raises(NotKnownError):
        member_active(activity(active=MISSING), NOW)
