from __future__ import annotations

from typing import Any

import pytest

from hardenme.derive.runners import reachable_runners, shared_runners
from hardenme.facts.github.organization import OrganizationProfile
from hardenme.facts.github.runners import OpenGroup, ReachableRunners, SharedRunners
from hardenme.model.subject import Subject
from hardenme.model.unknown import NotKnownError, Reason, Unknown
from tests.factories.github import repository
from tests.factories.github_runners import (
    ORGANIZATION,
    REPOSITORY,
    group_repositories,
    group_runners,
    repository_runners,
    runner_group,
)
from tests.factories.github_runners import shared_runners as shared
from tests.factories.given import LOST, MISSING, REFUSED, every

PROFILE = OrganizationProfile(subject=ORGANIZATION, within=ORGANIZATION, verified=True)
OPEN = runner_group(allows_public=True)
CHOSEN = runner_group(2, allows_public=True, visibility="selected")


def joined(groups: Any, held: Any = every(), chosen: Any = every()) -> SharedRunners | Unknown:  # noqa: B008 (frozen)
    return shared_runners(PROFILE, groups, held, chosen)


def known(made: SharedRunners | Unknown) -> tuple[OpenGroup, ...]:
    assert isinstance(made, SharedRunners)
    assert made.subject == ORGANIZATION
    return made.groups


def test_groups_that_serve_no_public_repository() -> None:
    private = runner_group(3, allows_public=True, visibility="private")
    assert known(joined(every(runner_group(), private))) == ()
    assert known(joined(every())) == ()


def test_groups_that_do() -> None:
    held = every(group_runners(1), group_runners(2))
    chosen = every(group_repositories("cedar-labs/cone", number=2))
    assert known(joined(every(OPEN, CHOSEN), held, chosen)) == (
        OpenGroup(1, "group 1"),
        OpenGroup(2, "group 2", ("cedar-labs/cone",)),
    )


def test_a_group_without_a_runner_serves_nobody() -> None:
    assert known(joined(every(OPEN), every(group_runners(1, 0)))) == ()


def test_groups_that_are_not_all_known() -> None:
    with pytest.raises(NotKnownError):
        joined(every(runner_group(), missing=LOST))
    with pytest.raises(NotKnownError):
        joined(every(runner_group(allows_public=MISSING)))


def test_what_an_open_group_holds_has_to_be_known() -> None:
    assert joined(every(OPEN), every(missing=REFUSED)) is REFUSED
    lost = joined(every(OPEN))
    assert isinstance(lost, Unknown)
    assert lost.reason is Reason.INCOMPLETE
    held = every(group_runners(2))
    assert joined(every(CHOSEN), held, every(missing=REFUSED)) is REFUSED
    assert isinstance(joined(every(CHOSEN), held), Unknown)
    with pytest.raises(NotKnownError):
        joined(every(OPEN), every(group_runners(1, MISSING)))


HERE = {"subject": REPOSITORY, "within": ORGANIZATION, "in_organization": True}


def reached(own: Any = None, groups: Any = None, **changed: Any) -> ReachableRunners:
    given = own if own is not None else repository_runners()
    above = groups if groups is not None else shared()
    return reachable_runners(repository(**HERE | changed), given, above)


def test_a_repository_that_nothing_serves() -> None:
    made = reached()
    assert (made.subject, made.within) == (REPOSITORY, ORGANIZATION)
    assert (made.visibility, made.own, made.groups) == ("public", 0, ())


def test_groups_that_serve_it() -> None:
    everywhere = OpenGroup(1, "builders")
    other = OpenGroup(2, "others", ("cedar-labs/resin",))
    chosen = OpenGroup(3, "chosen", ("cedar-labs/cone",))
    assert reached(groups=shared(everywhere, other, chosen)).groups == (everywhere, chosen)
    named = reached(groups=shared(chosen), subject=Subject("github", "repo", "Cedar-Labs/Cone"))
    assert named.groups == (chosen,)


def test_what_is_known_of_one_kind_counts_without_the_other() -> None:
    made = reached(own=REFUSED, groups=shared(OpenGroup(1, "builders")))
    assert made.unknown_fields() == {"own": REFUSED}
    made = reached(own=repository_runners(2), groups=LOST)
    assert made.unknown_fields() == {"groups": LOST}
    assert made.own == 2
    assert reached(groups=shared(groups=MISSING)).unknown_fields() == {"groups": MISSING}
    assert reached(own=repository_runners(MISSING)).unknown_fields() == {"own": MISSING}


def test_a_person_s_repository_has_no_organization_to_share_runners() -> None:
    assert reached(groups=REFUSED, in_organization=False).groups == ()
    assert "groups" in reached(in_organization=MISSING).unknown_fields()


def test_another_organization_s_groups_say_nothing() -> None:
    made = reached(groups=shared(subject=Subject("github", "org", "other-labs")))
    unknown = made.unknown_fields()["groups"]
    assert unknown.reason is Reason.NOT_ASKED
    assert "github:cedar-labs" in unknown.needed
