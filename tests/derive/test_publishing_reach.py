from __future__ import annotations

from typing import Any

import pytest

from hardenme.derive.publishing import organization_writers
from hardenme.derive.publishing.reach import reaches
from hardenme.facts.npm.organization import NpmOrganization, NpmTeamGrants, NpmTeamMembers
from hardenme.model.publishing import BlastRadius, PackagePaths, PublishPath, State
from hardenme.model.subject import Subject
from hardenme.model.way import Way
from tests.factories.given import LOST, MISSING, REFUSED, every

TOKEN = PublishPath("token/1", Way.TOKEN, "ci (1)", State.OPEN, "publishes at once")


def path(way: Way, key: str, state: State = State.OPEN, name: str = "x") -> PublishPath:
    return PublishPath(key, way, name, state, "because")


def package(name: str, *paths: PublishPath, weekly: int | None = 100) -> PackagePaths:
    return PackagePaths(name, weekly, paths)


def test_a_token_reaches_every_package_that_it_publishes() -> None:
    found = reaches([package("b", TOKEN), package("a", TOKEN, weekly=3_100_000)], {"token/1"})
    assert found == (BlastRadius(Way.TOKEN, "ci (1)", ("a", "b"), 3_100_100),)


@pytest.mark.parametrize(
    ("packages", "bounded"),
    [
        ([package("a", TOKEN, weekly=None)], {"token/1"}),
        ([package("a", TOKEN)], set()),
        (
            [package("a", TOKEN), package("b", path(Way.TOKEN, "token/1", State.UNKNOWN))],
            {"token/1"},
        ),
    ],
)
def test_what_is_not_known_makes_it_a_least(packages: Any, bounded: set[str]) -> None:
    (found,) = reaches(packages, bounded)
    assert found.at_least
    assert found.packages == ("a",)


def test_what_is_closed_reaches_nothing_and_tokens_as_such_are_no_credential() -> None:
    shut = path(Way.TOKEN, "token/1", State.CLOSED)
    assert reaches([package("a", shut, path(Way.TOKEN, "token/*"))]) == ()


def test_one_workflow_is_one_credential_whatever_its_ids_and_two_tokens_are_two() -> None:
    one = path(Way.PUBLISHER, "publisher/1", name="release.yml of hazel/catkin")
    other = path(Way.PUBLISHER, "publisher/2", name="release.yml of hazel/catkin")
    twin = path(Way.TOKEN, "token/2", name=TOKEN.name)
    found = reaches([package("a", one, TOKEN), package("b", other, twin, weekly=7)])
    assert [(item.way, item.packages) for item in found] == [
        (Way.PUBLISHER, ("a", "b")),
        (Way.TOKEN, ("a",)),
        (Way.TOKEN, ("b",)),
    ]


def test_a_secret_counts_by_its_name() -> None:
    (found,) = reaches([package("a", path(Way.SECRET, "secret/1", State.UNKNOWN))])
    assert found.packages == ("a",)
    assert found.at_least


ORG = Subject("npm", "org", "hazel-grove")
TEAM = Subject("npm", "team", "hazel-grove/release")
OF_TEAM: dict[str, Any] = {"subject": TEAM, "within": ORG}


def grants(writes: Any = ("@hazel-grove/catkin",)) -> NpmTeamGrants:
    return NpmTeamGrants(**OF_TEAM, writes=writes, reads=())


def organization() -> NpmOrganization:
    names: dict[str, Any] = {"owners": ("hazel",), "admins": (), "developers": ("rowan",)}
    return NpmOrganization(subject=ORG, within=ORG, **names)


def test_an_organization_tells_its_owners_and_what_its_teams_write() -> None:
    members = every(NpmTeamMembers(**OF_TEAM, members=("hazel", "rowan")))
    found = organization_writers(organization(), every(grants()), members)
    (team,) = found.teams
    assert (team.name, team.members) == ("release", ("hazel", "rowan"))
    assert team.writes == ("@hazel-grove/catkin",)
    assert found.owners == ("hazel",)


def test_a_team_that_was_missed_leaves_the_teams_unknown_and_the_seen_ones_seen() -> None:
    found = organization_writers(organization(), every(grants(MISSING), missing=LOST), REFUSED)
    assert found.unknown_fields() == {"teams": LOST}
    (team,) = found.seen
    assert team.unknown_fields() == {"members": REFUSED, "writes": MISSING}
