from __future__ import annotations

from typing import Any

import pytest

from hardenme.model.check import Check
from hardenme.model.given import Limits
from hardenme.model.unknown import NotKnownError
from hardenme.model.verdict import Failed, Manual, NotApplicable, Passed
from hardenme_checks.npm.organization import (
    npm_developers_team_read_only,
    npm_org_member_needed,
    npm_org_owner_count,
    npm_org_two_factor_enforced,
    npm_outside_writer,
)
from tests.factories.given import MISSING, SOLO, STRICT, TEAM
from tests.factories.npm import PACKAGE
from tests.factories.npm_organization import (
    LAMP,
    developers_team,
    npm_member,
    npm_organization,
    outside_writers,
)

NAMES = ("alder", "aspen", "hazel", "rowan")
MEMBERS = "https://www.npmjs.com/settings/hazel-grove/members"


def test_that_a_second_factor_is_enforced_is_for_a_person_to_say() -> None:
    verdict = npm_org_two_factor_enforced(npm_organization())
    assert isinstance(verdict, Manual)
    assert (
        verdict.question == "Is 2FA enforced for each member of the npm organization hazel-grove?"
    )
    more = npm_org_two_factor_enforced(npm_organization(developers=NAMES))
    assert isinstance(more, Manual)
    assert more.question == verdict.question, "an answer on record stays one to the same question"
    assert verdict.page == MEMBERS
    assert verdict.fix is not None


@pytest.mark.parametrize("field", ["owners", "admins", "developers"])
def test_nobody_is_asked_about_what_may_be_no_organization(field: str) -> None:
    with pytest.raises(NotKnownError):
        npm_org_two_factor_enforced(npm_organization(**{field: MISSING}))


@pytest.mark.parametrize(
    ("limits", "number", "verdict", "role"),
    [
        (TEAM, 1, Failed, "owner"),
        (SOLO, 1, Passed, ""),
        (TEAM, 2, Passed, ""),
        (TEAM, 3, Passed, ""),
        (STRICT, 4, Failed, "developer"),
        (SOLO, 4, Failed, "developer"),
    ],
)
def test_a_few_owners(limits: Limits, number: int, verdict: type[Any], role: str) -> None:
    found = npm_org_owner_count(npm_organization(owners=NAMES[:number], admins=MISSING), limits)
    assert isinstance(found, verdict)
    assert found.seen == {"owners": list(NAMES[:number]), "count": number}
    if isinstance(found, Failed):
        assert found.fix.command == ""
        assert ("Make one more" in found.fix.step) is (role == "owner")
        assert found.fix.page == MEMBERS


def test_a_team_of_everybody_that_only_reads() -> None:
    assert isinstance(npm_developers_team_read_only(developers_team()), Passed)
    nothing = npm_developers_team_read_only(developers_team(reads=()))
    assert isinstance(nothing, NotApplicable)


def test_a_team_of_everybody_that_writes_is_told_with_its_packages() -> None:
    verdict = npm_developers_team_read_only(developers_team(writes=(PACKAGE, LAMP), reads=MISSING))
    assert isinstance(verdict, Failed)
    assert verdict.message == "every member can publish 2 packages"
    assert verdict.seen == {"write": [PACKAGE, LAMP], "count": 2}
    assert verdict.fix.command == (
        f"npm access grant read-only hazel-grove:developers {PACKAGE}"
        f"\nnpm access grant read-only hazel-grove:developers {LAMP}"
    )
    assert f"{PACKAGE}, {LAMP}" in verdict.fix.step
    assert verdict.fix.page == "https://www.npmjs.com/settings/hazel-grove/teams"


def test_of_many_packages_each_has_its_command() -> None:
    many = tuple(f"@hazel-grove/p{index:03}" for index in range(200))
    verdict = npm_developers_team_read_only(developers_team(writes=many))
    assert isinstance(verdict, Failed)
    assert len(verdict.fix.commands) == 200, "what a command leaves out stays open"
    assert "these 200 packages" in verdict.fix.step


@pytest.mark.parametrize(
    "instead",
    [
        {},
        {"teams": ()},
        {"releases": False},
        {"teams": MISSING},
        {"releases": MISSING},
        {"role": "admin", "teams": ()},
    ],
)
def test_a_team_or_a_release_shows_a_need(instead: dict[str, Any]) -> None:
    assert isinstance(npm_org_member_needed(npm_member(**instead), TEAM), Passed)


def test_a_member_without_either_is_asked_and_removed() -> None:
    verdict = npm_org_member_needed(npm_member(teams=(), releases=False), TEAM)
    assert isinstance(verdict, Failed)
    assert verdict.message == "in no team, and no release in 365 days"
    assert verdict.fix.command == "npm org rm hazel-grove alder"
    assert verdict.fix.undo == "Invite it again: `npm org set hazel-grove alder developer`"


def test_a_login_that_begins_with_a_dash_is_no_option_of_what_undoes_it() -> None:
    verdict = npm_org_member_needed(npm_member(name="-mallory", teams=(), releases=False), TEAM)
    assert isinstance(verdict, Failed)
    assert verdict.fix.undo.endswith("`npm org set hazel-grove -- -mallory developer`")


def test_an_owner_needs_no_team() -> None:
    owner = npm_member(role="owner", teams=MISSING, releases=MISSING)
    assert isinstance(npm_org_member_needed(owner, TEAM), NotApplicable)


@pytest.mark.parametrize(
    ("check", "fact"),
    [
        (npm_org_owner_count, npm_organization(owners=MISSING)),
        (npm_org_member_needed, npm_member(teams=(), releases=MISSING)),
        (npm_org_member_needed, npm_member(teams=MISSING, releases=False)),
        (npm_org_member_needed, npm_member(role=MISSING)),
    ],
)
def test_what_is_not_known_of_an_organization_is_not_judged(check: Check, fact: object) -> None:
    with pytest.raises(NotKnownError):
        check(fact, TEAM)


@pytest.mark.parametrize(
    ("check", "fact"),
    [
        (npm_developers_team_read_only, developers_team(writes=MISSING)),
        (npm_developers_team_read_only, developers_team(reads=MISSING)),
        (npm_outside_writer, outside_writers(outside=MISSING)),
    ],
)
def test_what_is_not_known_of_its_packages_is_not_judged(check: Check, fact: object) -> None:
    with pytest.raises(NotKnownError):
        check(fact)


def test_nobody_outside_writes() -> None:
    verdict = npm_outside_writer(outside_writers())
    assert isinstance(verdict, Passed)
    assert verdict.message == "2 packages, which only members can publish"
    assert isinstance(npm_outside_writer(outside_writers(packages=0)), NotApplicable)


def test_who_writes_from_outside_is_named_with_the_packages() -> None:
    outside = {"campion": (PACKAGE, LAMP), "burdock": (LAMP,)}
    verdict = npm_outside_writer(outside_writers(outside=outside, packages=MISSING))
    assert isinstance(verdict, Failed)
    assert verdict.message == "2 accounts outside hazel-grove can publish 2 packages"
    assert verdict.seen == {
        "outside": [f"burdock: {LAMP}", f"campion: {PACKAGE}", f"campion: {LAMP}"],
        "count": 3,
    }
    assert verdict.fix.command.startswith(f"npm owner rm burdock {LAMP}\nnpm owner rm campion ")
    assert verdict.fix.page == f"https://www.npmjs.com/package/{LAMP}/access"


def test_a_name_that_a_shell_would_run_is_quoted() -> None:
    outside = {"a; reboot": (PACKAGE,)}
    verdict = npm_outside_writer(outside_writers(outside=outside))
    assert isinstance(verdict, Failed)
    assert verdict.fix.command == f"npm owner rm 'a; reboot' {PACKAGE}"
