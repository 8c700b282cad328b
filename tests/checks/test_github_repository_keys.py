from __future__ import annotations

from typing import Any

import pytest

from hardenme.facts.github.collaborators import OrganizationRoster
from hardenme.model.subject import Subject
from hardenme.model.unknown import NotKnownError
from hardenme.model.verdict import Failed, Passed
from hardenme_checks.github.repository_keys import (
    deploy_key_in_use,
    deploy_key_read_only,
    repo_secret_rotated,
)
from tests.factories.github import deploy_key, repository, secret
from tests.factories.given import MISSING, NOW, REFUSED, STRICT, TEAM, ago


def test_read_only() -> None:
    assert isinstance(deploy_key_read_only(deploy_key()), Passed)
    verdict = deploy_key_read_only(deploy_key(read_only=False))
    assert isinstance(verdict, Failed)
    assert verdict.fix.command == "gh api -X DELETE repos/hazel/catkin/keys/81"
    assert verdict.fix.page == "https://github.com/hazel/catkin/settings/keys"
    with pytest.raises(NotKnownError):
        deploy_key_read_only(deploy_key(read_only=MISSING))


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ({"last_used": ago(181), "created_at": MISSING}, "unused for 181 days"),
        ({"last_used": None, "created_at": ago(31)}, "never used since it was added 31 days ago"),
    ],
)
def test_unused(key: dict[str, Any], message: str) -> None:
    verdict = deploy_key_in_use(deploy_key(**key), repository(), REFUSED, NOW, TEAM)
    assert isinstance(verdict, Failed)
    assert verdict.message == message


@pytest.mark.parametrize(
    "key", [{}, {"last_used": ago(180)}, {"last_used": None, "created_at": ago(30)}]
)
def test_used(key: dict[str, Any]) -> None:
    assert isinstance(
        deploy_key_in_use(deploy_key(**key), repository(), REFUSED, NOW, TEAM), Passed
    )


@pytest.mark.parametrize(
    "key", [{"last_used": MISSING}, {"last_used": None, "created_at": MISSING}]
)
def test_use_unknown(key: dict[str, Any]) -> None:
    with pytest.raises(NotKnownError):
        deploy_key_in_use(deploy_key(**key), repository(), REFUSED, NOW, TEAM)


ORG = Subject("github", "org", "hazel")
OWNED = repository(in_organization=True)
ROSTER = OrganizationRoster(subject=ORG, within=ORG, logins=frozenset({"hazel", "rowan"}))


def test_who_added_the_key_belongs_to_the_organization() -> None:
    verdict = deploy_key_in_use(deploy_key(added_by="Rowan"), OWNED, ROSTER, NOW, TEAM)
    assert isinstance(verdict, Passed)
    assert verdict.seen["added_by"] == "Rowan"


def test_who_added_the_key_left() -> None:
    verdict = deploy_key_in_use(deploy_key(added_by="linden"), OWNED, ROSTER, NOW, TEAM)
    assert isinstance(verdict, Failed)
    assert verdict.message == "added by linden, who is not a member"
    assert verdict.fix.command == "gh api -X DELETE repos/hazel/catkin/keys/81"


@pytest.mark.parametrize("name", [None, "release-bot[bot]"])
def test_a_key_that_no_person_is_named_for(name: str | None) -> None:
    verdict = deploy_key_in_use(deploy_key(added_by=name), OWNED, REFUSED, NOW, TEAM)
    assert isinstance(verdict, Passed)


@pytest.mark.parametrize(
    "name",
    ["x[bot]y", "[bot]linden", "linden[bot", "lindenbot]", "linden-bot", "bot", "linden[bot] ", ""],
)
def test_a_name_that_only_resembles_an_apps_is_a_persons(name: str) -> None:
    verdict = deploy_key_in_use(deploy_key(added_by=name), OWNED, ROSTER, NOW, TEAM)
    assert isinstance(verdict, Failed)
    assert deploy_key_in_use(deploy_key(added_by=name), OWNED, REFUSED, NOW, TEAM) is REFUSED


def test_members_not_known() -> None:
    assert deploy_key_in_use(deploy_key(), OWNED, REFUSED, NOW, TEAM) is REFUSED
    for key, owner in (
        (deploy_key(added_by=MISSING), OWNED),
        (deploy_key(), repository(in_organization=MISSING)),
    ):
        with pytest.raises(NotKnownError):
            deploy_key_in_use(key, owner, ROSTER, NOW, TEAM)
    stale = deploy_key(last_used=ago(400), added_by=MISSING)
    assert isinstance(deploy_key_in_use(stale, OWNED, REFUSED, NOW, TEAM), Failed)


def test_rotated() -> None:
    assert isinstance(repo_secret_rotated(secret(updated_at=ago(365)), NOW, TEAM), Passed)
    verdict = repo_secret_rotated(secret(updated_at=ago(366)), NOW, TEAM)
    assert isinstance(verdict, Failed)
    assert verdict.message == "last set 366 days ago"
    assert isinstance(repo_secret_rotated(secret(updated_at=ago(200)), NOW, STRICT), Failed)
    with pytest.raises(NotKnownError):
        repo_secret_rotated(secret(updated_at=MISSING), NOW, TEAM)


def test_commands_on_another_host_name_it() -> None:
    verdict = deploy_key_read_only(deploy_key(read_only=False, web="https://git.example"))
    assert isinstance(verdict, Failed)
    assert verdict.fix.command == (
        "gh api --hostname git.example -X DELETE repos/hazel/catkin/keys/81"
    )


def test_a_key_that_may_be_needed_is_saved_before_it_is_deleted() -> None:
    lists = "`gh api repos/hazel/catkin/keys --paginate`"
    stale = deploy_key(last_used=ago(400), added_by="linden")
    foreign = deploy_key(added_by="linden")
    for verdict in (
        deploy_key_read_only(deploy_key(read_only=False, added_by="linden")),
        deploy_key_in_use(stale, OWNED, ROSTER, NOW, TEAM),
        deploy_key_in_use(foreign, OWNED, ROSTER, NOW, TEAM),
    ):
        assert isinstance(verdict, Failed)
        assert f"save its public key, which {lists} shows" in verdict.fix.step.lower()
        assert verdict.fix.undo.startswith("Add the saved public key again")
        assert verdict.seen["added_by"] == "linden"
