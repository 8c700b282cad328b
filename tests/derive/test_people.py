from __future__ import annotations

from typing import Any

import pytest

from hardenme.derive.people import member_activity, outside_access, outside_role
from hardenme.facts.github.people import MemberActivity
from hardenme.model.unknown import Reason, Unknown
from tests.factories.github_organization import sight
from tests.factories.github_organization_roles import extended
from tests.factories.github_people import contributions, grant, member, outsiders, trail
from tests.factories.given import LOST, MISSING, NOW, REFUSED, TEAM, ago, every

NOTHING = {"any": False}
NO_ROLES = extended()


def derived(did: Any, log: Any) -> MemberActivity:
    found = member_activity(member(), did, log, NOW, TEAM)
    assert isinstance(found, MemberActivity)
    return found


def test_one_sign_is_enough() -> None:
    assert derived(contributions(), REFUSED).active
    assert derived(contributions(), REFUSED).by == "contributions"
    assert derived(contributions(**NOTHING), trail()).by == "audit log"
    assert derived(REFUSED, trail()).active
    assert derived(contributions(any=MISSING), trail()).active


def test_only_both_together_prove_that_there_is_none() -> None:
    none = derived(contributions(**NOTHING), trail(seen=False))
    assert none.active is False
    assert none.by == ""
    assert none.since == ago(180)


@pytest.mark.parametrize("log", [REFUSED, LOST, trail(seen=MISSING)])
def test_no_contribution_alone_proves_nothing(log: Any) -> None:
    found = derived(contributions(**NOTHING), log)
    why = found.unknown_fields()["active"]
    assert why.reason is Reason.NOT_VISIBLE
    assert f"{ago(180):%Y-%m-%d}" in why.seen
    assert found.by == ""


@pytest.mark.parametrize(
    ("did", "log"),
    [
        (contributions(any=MISSING), REFUSED),
        (contributions(any=MISSING), trail(seen=False)),
        (MISSING, trail(seen=False)),
    ],
)
def test_without_contributions_the_log_alone_proves_nothing(did: Any, log: Any) -> None:
    assert derived(did, log).unknown_fields()["active"] is MISSING


def test_a_time_that_is_not_known_is_no_activity() -> None:
    assert member_activity(member(), REFUSED, LOST, NOW, TEAM) is REFUSED
    missing = contributions(since=MISSING)
    assert member_activity(member(), missing, REFUSED, NOW, TEAM) is MISSING


def test_a_sign_of_a_longer_time_than_the_limit_may_be_too_old() -> None:
    found = derived(contributions(since=ago(300)), REFUSED)
    assert "active" in found.unknown_fields()
    assert derived(contributions(since=ago(180.9)), REFUSED).active


def test_the_roles_of_outsiders_on_all_repositories() -> None:
    grants = every(
        grant("ash", "stray", "write"),
        grant("elm", "Stray", "read"),
        grant("ash", "wren", "maintain"),
        grant("oak", "wren", "admin"),
        grant("oak", "someone", "admin"),
    )
    stray, wren = outside_access(outsiders("stray", "wren"), grants, sight(), NO_ROLES)
    assert (stray.powerful, stray.highest, stray.repositories) == ((), "write", 2)
    assert (wren.powerful, wren.highest) == (("grove/ash", "grove/oak"), "admin")
    assert str(stray.subject) == "github:outside-collaborator/grove/stray"
    assert stray.within == outsiders().subject


@pytest.mark.parametrize(
    "grants",
    [
        every(grant("ash", "stray", "write"), missing=LOST),
        every(grant("ash", "stray", LOST)),
        every(grant("ash", "stray", "write"), grant("elm", LOST, "read")),
    ],
)
def test_what_was_not_read_may_hold_more(grants: Any) -> None:
    (found,) = outside_access(outsiders("stray"), grants, sight(), NO_ROLES)
    assert found.unknown_fields() == {"powerful": LOST, "highest": LOST}


def test_one_role_that_is_seen_is_enough() -> None:
    grants = every(grant("ash", "stray", "admin"), missing=LOST)
    (found,) = outside_access(outsiders("stray"), grants, sight(), NO_ROLES)
    assert found.powerful == ("grove/ash",)


@pytest.mark.parametrize("seen", [LOST, sight(whole=LOST)])
def test_a_repository_that_the_token_does_not_show_may_hold_more(seen: Any) -> None:
    reads = every(grant("ash", "stray", "read"))
    (found,) = outside_access(outsiders("stray"), reads, seen, NO_ROLES)
    assert found.unknown_fields() == {"powerful": LOST, "highest": LOST}
    (found,) = outside_access(
        outsiders("stray"), every(grant("ash", "stray", "admin")), seen, NO_ROLES
    )
    assert found.powerful == ("grove/ash",), "one that is seen is enough"


def test_an_outsider_of_repositories_that_were_left_out_is_not_judged() -> None:
    (found,) = outside_access(
        outsiders("stray"), every(grant("ash", "wren", "read")), sight(), NO_ROLES
    )
    why = found.unknown_fields()["powerful"]
    assert isinstance(why, Unknown)
    assert why.reason is Reason.NOT_ASKED
    assert list(outside_access(outsiders(), every(), sight(), NO_ROLES)) == []


def test_a_role_that_a_custom_one_extends_may_be_that_one() -> None:
    writes = every(grant("ash", "stray", "write"), grant("elm", "stray", "read"))
    (found,) = outside_access(outsiders("stray"), writes, sight(), extended("triage"))
    assert (found.powerful, found.highest) == ((), "write")
    for base in ("write", "read"):
        (found,) = outside_access(outsiders("stray"), writes, sight(), extended(base))
        why = found.unknown_fields()["powerful"]
        assert why.reason is Reason.NOT_VISIBLE
        assert why.needed.startswith("a look at the role of stray in grove/")
        assert why.needed.endswith(
            f"GitHub shows {base}, which is also what a custom role is based"
            " on that gives more (keeper)"
        )
    (found,) = outside_access(
        outsiders("stray"), every(grant("ash", "stray", "admin")), sight(), extended("admin")
    )
    assert found.powerful == ("grove/ash",), "one that is seen is enough"


def test_without_the_custom_roles_no_role_is_known_to_give_no_more() -> None:
    writes = every(grant("ash", "stray", "write"))
    for roles in (REFUSED, extended("write", names=LOST), LOST):
        (found,) = outside_access(outsiders("stray"), writes, sight(), roles)
        assert "powerful" in found.unknown_fields()
    (found,) = outside_access(
        outsiders("stray"), every(grant("ash", "stray", "maintain")), sight(), REFUSED
    )
    assert found.powerful == ("grove/ash",)


@pytest.mark.parametrize("permission", ["read", "triage", "write", "maintain", "admin"])
def test_the_role_in_one_repository_is_known_unless_a_custom_one_extends_it(
    permission: str,
) -> None:
    person = grant("ash", "stray", permission)
    for roles in (NO_ROLES, REFUSED, extended("none")):
        assert outside_role(person, roles).permission == permission
    found = outside_role(person, extended(permission))
    if permission in {"maintain", "admin"}:
        assert found.permission == permission
    else:
        why = found.unknown_fields()["permission"]
        assert why.needed.startswith("a look at the role of stray in grove/ash: GitHub shows")
    assert "permission" in outside_role(grant("ash", "stray", LOST), NO_ROLES).unknown_fields()
