"""All repositories of an owner: each is looked at, and what is not listed is unknown."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from hardenme.cli.exposed.question import asked_for
from hardenme.cli.exposed.resume import ResumableSearch
from hardenme.cli.exposed.search import repositories_of, search
from hardenme.collectors.github.client import GitHub
from hardenme.model.secret import Secret
from hardenme.sandbox.github.server import github_sandbox
from tests.moment import NOW
from tests.worlds.github import WEAK_ORG_MEMBER, WEAK_ORG_TOKEN, weak_organization
from tests.worlds.organizations import base


def listed(token: str, owner: str) -> tuple[list[str], list[str]]:
    with github_sandbox(weak_organization(NOW)) as server:
        names, faults, sign_on = repositories_of(GitHub.connect(server.url, Secret(token)), owner)
    assert not sign_on
    return names, faults


def test_an_owner_sees_all_repositories_of_the_organization() -> None:
    names, faults = listed(WEAK_ORG_TOKEN, base.WEAK)
    world = weak_organization(NOW)
    assert sorted(names) == sorted(
        one.full_name for one in world.repositories if one.owner == base.WEAK
    )
    assert faults == []


def test_a_member_is_not_shown_whether_these_are_all() -> None:
    names, faults = listed(WEAK_ORG_MEMBER, base.WEAK)
    assert names
    assert faults


@pytest.mark.parametrize(
    ("token", "grade"), [(WEAK_ORG_TOKEN, "not seen"), (WEAK_ORG_MEMBER, "unknown")]
)
def test_an_organization_is_not_seen_only_if_all_of_it_was(token: str, grade: str) -> None:
    """None of its repositories had a run in the window, and all are younger than the records."""
    world = weak_organization(NOW)
    for one in world.repositories:
        one.runs, one.created_at = [], NOW
    steps: list[str] = []
    with github_sandbox(world) as server:
        github = GitHub.connect(server.url, Secret(token))
        run: Any = SimpleNamespace(
            clients=SimpleNamespace(of_owner=lambda _owner: github),
            console=SimpleNamespace(say=lambda _text: None),
            config=SimpleNamespace(workers=3),
            line=SimpleNamespace(step=lambda _done, _known, name: steps.append(name)),
        )
        question = asked_for(["axios@1.14.1", f"github:{base.WEAK}"], "2026-03-31/2026-04-01")
        found = search(ResumableSearch(question), run)
    assert found.grade == grade, [one.faults for one in found.repositories]
    assert sorted(steps) == sorted(one.name for one in found.repositories if "/" in one.name)
    assert len(steps) > 3


def test_an_organization_that_is_not_there() -> None:
    names, (fault,) = listed(WEAK_ORG_TOKEN, "nobody-has-this")
    assert names == []
    assert "404: not found, or not visible to this token. Check the name" in fault


def test_a_token_that_is_refused_is_not_an_organization_that_is_not_there() -> None:
    names, (fault,) = listed("ghp_" + "b" * 36, base.WEAK)
    assert names == []
    assert "401: the credential was not accepted" in fault


def test_of_an_account_it_is_not_known_whether_these_are_all() -> None:
    login = next(user.login for user in weak_organization(NOW).users)
    assert "all repositories of the account" in listed(WEAK_ORG_TOKEN, login)[1][-1]


def test_owners_and_repositories_are_named_alike() -> None:
    question = asked_for(["axios@1.14.1", "github:acme", "github:acme/web"], "2026-03-31")
    assert question.targets == ("github:acme", "github:acme/web")
