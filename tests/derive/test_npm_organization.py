from __future__ import annotations

from typing import Any

import pytest

from hardenme.derive.npm_organization import developers_team, npm_members, outside_writers
from hardenme.facts.npm.organization import NpmMember, OutsideWriters
from hardenme.model.unknown import NotKnownError, Reason, Unknown
from tests.factories.given import LOST, MISSING, NOW, TEAM, ago, every
from tests.factories.npm import PACKAGE
from tests.factories.npm_organization import (
    LAMP,
    collaborators,
    npm_organization,
    organization_packages,
    past_release,
    release_history,
    team_grants,
    team_members,
)

ALL = organization_packages()
EVERYBODY = team_members("developers", "alder", "aspen", "hazel", "rowan")
TEAMS = every(EVERYBODY, team_members("release", "aspen"))
HISTORIES = every(release_history(), release_history(name=LAMP))
WRITERS = every(collaborators(), collaborators(LAMP))


def test_what_the_team_of_everybody_may_do() -> None:
    grants = every(team_grants("release", writes=(LAMP,)), team_grants("developers"))
    team = developers_team(npm_organization(), grants)
    assert not isinstance(team, Unknown)
    assert (team.writes, team.reads, team.organization) == ((), (PACKAGE,), "hazel-grove")
    assert team.subject == npm_organization().subject


def test_the_team_of_everybody_is_not_known() -> None:
    release = team_grants("release")
    assert developers_team(npm_organization(), every(release, missing=LOST)) is LOST
    why = developers_team(npm_organization(), every(release))
    assert isinstance(why, Unknown)
    assert why.reason is Reason.NOT_VISIBLE
    odd = developers_team(npm_organization(), every(team_grants("developers", writes=MISSING)))
    assert not isinstance(odd, Unknown)
    assert odd.unknown_fields() == {"writes": MISSING}


def test_a_team_of_what_may_be_no_organization_is_not_judged() -> None:
    with pytest.raises(NotKnownError):
        developers_team(npm_organization(owners=MISSING), every(team_grants("developers")))


def member(name: str = "alder", **instead: Any) -> NpmMember:
    parts = {"teams": TEAMS, "packages": ALL, "histories": HISTORIES} | instead
    found = npm_members(npm_organization(), now=NOW, limits=TEAM, **parts)
    return next(one for one in found.facts if one.name == name)


def test_members_with_their_roles_teams_and_releases() -> None:
    found = npm_members(npm_organization(), TEAMS, ALL, HISTORIES, NOW, TEAM)
    assert {(one.name, one.role, one.teams, one.releases) for one in found} == {
        ("hazel", "owner", (), True),
        ("rowan", "owner", (), True),
        ("aspen", "admin", ("release",), False),
        ("alder", "developer", (), False),
    }
    assert str(member().subject) == "npm:member/hazel-grove/alder"
    assert member().within == npm_organization().subject


def test_one_team_is_enough_and_none_takes_all_of_them() -> None:
    odd = team_members("docs", members=MISSING)
    for teams, why in (
        (every(EVERYBODY, missing=LOST), LOST),
        (every(EVERYBODY, odd), MISSING),
        (every(missing=LOST), LOST),
    ):
        assert member(teams=teams).unknown_fields() == {"teams": why}
    for teams in (every(*TEAMS.facts, missing=LOST), every(*TEAMS.facts, odd)):
        assert member("aspen", teams=teams).teams == ("release",)


UNREAD = [
    {"packages": LOST},
    {"packages": organization_packages(names=MISSING)},
    {"histories": every(release_history(), missing=LOST)},
    {"histories": every(release_history())},
    {"histories": every(release_history(), release_history(name=LAMP, releases=MISSING))},
    {"histories": every(release_history(), release_history(past_release("1", MISSING), name=LAMP))},
    {
        "histories": every(
            release_history(),
            release_history(past_release("1.0.0", ago(3), publisher=MISSING), name=LAMP),
        )
    },
    {"packages": organization_packages(PACKAGE)},
]


@pytest.mark.parametrize("instead", UNREAD)
def test_one_release_is_enough_and_none_takes_all_packages(instead: dict[str, Any]) -> None:
    assert member("hazel", **instead).releases is True
    assert set(member(**instead).unknown_fields()) == {"releases"}


def test_releases_of_other_packages_are_seen_and_need_not_be() -> None:
    lone = release_history(past_release("1.0.0", ago(9), publisher="alder"), name="wick")
    assert member(histories=every(*HISTORIES.facts, lone)).releases is True
    lost = release_history(name="wick", releases=MISSING)
    assert member(histories=every(*HISTORIES.facts, lost)).releases is False


def test_a_release_long_ago_is_none() -> None:
    old = past_release("0.1.0", ago(TEAM.package_active_days + 1), publisher="alder")
    histories = every(release_history(old), release_history(name=LAMP))
    assert member(histories=histories).releases is False


def test_members_are_not_known_where_the_roster_is_not() -> None:
    with pytest.raises(NotKnownError):
        npm_members(npm_organization(admins=MISSING), TEAMS, ALL, HISTORIES, NOW, TEAM)


def outsiders(packages: Any = ALL, writers: Any = WRITERS) -> OutsideWriters:
    return outside_writers(npm_organization(), packages, writers)


def test_nobody_outside_writes() -> None:
    found = outsiders()
    assert (found.packages, dict(found.outside)) == (2, {})
    readers = every(collaborators(readers=("stranger",)), collaborators(LAMP))
    assert outsiders(writers=readers).outside == {}


def test_somebody_outside_writes() -> None:
    writers = every(
        collaborators(writers=("hazel", "campion")),
        collaborators(LAMP, writers=("burdock", "campion")),
        collaborators("wick", writers=("stranger",)),
    )
    assert outsiders(writers=writers).outside == {"burdock": (LAMP,), "campion": (PACKAGE, LAMP)}


def test_a_package_without_a_scope_that_the_organization_has() -> None:
    writers = every(*WRITERS.facts, collaborators("wick", writers=("campion",)))
    listed = organization_packages(PACKAGE, LAMP, "wick")
    assert outsiders(listed, writers).outside == {"campion": ("wick",)}


@pytest.mark.parametrize(
    ("packages", "writers"),
    [
        (LOST, WRITERS),
        (organization_packages(names=MISSING), WRITERS),
        (organization_packages(PACKAGE), WRITERS),
        (organization_packages(names=()), WRITERS),
        (ALL, every(collaborators())),
        (ALL, every(collaborators(), missing=LOST)),
        (ALL, every(missing=LOST)),
        (ALL, every(collaborators(), collaborators(LAMP, writers=MISSING))),
    ],
)
def test_that_nobody_writes_takes_all_packages(packages: Any, writers: Any) -> None:
    assert "outside" in outsiders(packages, writers).unknown_fields()
    known = [fact for fact in writers.facts if fact.subject.name != PACKAGE]
    seen = every(*known, collaborators(writers=("campion",)), missing=writers.missing)
    assert outsiders(packages, seen).outside == {"campion": (PACKAGE,)}


def test_an_organization_without_a_package() -> None:
    found = outsiders(organization_packages(names=()), every())
    assert (found.packages, dict(found.outside)) == (0, {})


def test_outsiders_are_not_known_where_the_roster_is_not() -> None:
    with pytest.raises(NotKnownError):
        outside_writers(npm_organization(developers=MISSING), ALL, WRITERS)
