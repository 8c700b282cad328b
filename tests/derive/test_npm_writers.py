from __future__ import annotations

from typing import Any

import pytest

from hardenme.derive.npm_writers import ReleasePeople, release_people, writer_activity
from hardenme.facts.npm.access import WriterActivity
from hardenme.facts.npm.history import ReleaseHistory
from hardenme.model.unknown import NotKnownError, Reason
from tests.factories.given import LOST, MISSING, NOW, TEAM, ago
from tests.factories.npm import maintainer, package
from tests.factories.npm_organization import collaborators, past_release, release_history

PEOPLE = tuple(maintainer(name) for name in ("hazel", "rowan", "sorrel"))
THREE = collaborators(writers=("hazel", "rowan", "sorrel"))


def derived(
    history: ReleaseHistory | None = None, *, writers: Any = LOST, people: Any = PEOPLE[:2]
) -> WriterActivity:
    return writer_activity(
        package(maintainers=people), writers, history or release_history(), NOW, TEAM
    )


def by(*days: float, **how: Any) -> tuple[Any, ...]:
    """Releases so many days ago, all in the same way."""
    return tuple(past_release(f"1.{index}.0", ago(day), **how) for index, day in enumerate(days))


def test_whoever_could_and_did() -> None:
    found = derived(writers=collaborators())
    assert (found.hands, found.held, found.idle) == (("hazel", "rowan"), ("hazel", "rowan"), ())


def test_somebody_who_could_and_did_not() -> None:
    history = release_history(*by(500, 30, maintainers=PEOPLE))
    found = derived(history, writers=THREE, people=PEOPLE)
    assert (found.hands, found.idle) == (("hazel",), ("rowan", "sorrel"))


def test_an_approval_counts_and_a_workflow_is_nobody() -> None:
    old, new = by(500, 30)
    staged = {"publisher": "GitHub Actions", "trusted_publisher": "oidc:1"}
    approved = past_release("2.0.0", ago(5), approver="rowan", **staged)
    assert derived(release_history(old, new, approved)).idle == ()
    by_workflow = past_release("2.0.0", ago(5), **staged)
    assert derived(release_history(old, new, by_workflow)).idle == ("rowan",)
    assert derived(release_history(old, by_workflow)).hands == ()


def test_the_day_that_the_time_begins() -> None:
    at = release_history(*by(500, TEAM.package_active_days))
    assert derived(at).hands == ("hazel",)
    assert derived(release_history(*by(500, TEAM.package_active_days + 1))).hands == ()


def test_without_a_release_before_that_time_nobody_had_it_all() -> None:
    found = derived(release_history(*by(300, 30)))
    assert (found.held, found.idle) == ((), ())


def test_who_was_added_within_the_time_is_not_judged() -> None:
    history = release_history(*by(500, 30, maintainers=PEOPLE[:1]))
    found = derived(history, writers=collaborators())
    assert (found.held, found.idle) == (("hazel",), ())


def test_who_writes_through_a_team_is_not_known_to_have_been_idle() -> None:
    history = release_history(*by(500, 30, maintainers=PEOPLE[:1]))
    found = derived(history, writers=collaborators(), people=PEOPLE[:1])
    assert found.held == ("hazel",)
    why = found.unknown_fields()["idle"]
    assert why.reason is Reason.NOT_VISIBLE
    assert "rowan" in why.needed


def test_one_who_was_idle_is_enough_whatever_is_not_known_of_others() -> None:
    history = release_history(*by(500, 30, maintainers=PEOPLE[:2]))
    assert derived(history, writers=THREE, people=PEOPLE[:2]).idle == ("rowan",)


@pytest.mark.parametrize("field", ["publisher", "approver", "trusted_publisher"])
def test_a_release_that_does_not_tell_its_hands_may_be_anybodys(field: str) -> None:
    old, new = by(500, 30)
    odd = past_release("3.0.0", ago(10), **{"publisher": "hazel", field: MISSING})
    found = derived(release_history(old, new, odd))
    assert found.unknown_fields()["idle"] is MISSING
    assert found.hands == ("hazel",)
    rowans = past_release("3.0.1", ago(9), publisher="rowan")
    assert derived(release_history(old, new, odd, rowans)).idle == ()


def test_the_hands_of_a_release_without_a_time_show_nothing() -> None:
    found = release_people((past_release("1.0.0", MISSING), past_release("1.1.0", ago(9))), ago(30))
    assert found == ReleasePeople(frozenset({"hazel"}), MISSING)
    assert release_people((past_release("1.0.0", MISSING),), ago(30)) == ReleasePeople(
        frozenset(), MISSING
    )


def test_that_nobody_released_takes_all_releases() -> None:
    odd = past_release("3.0.0", ago(10), publisher=MISSING)
    assert derived(release_history(odd)).unknown_fields()["hands"] is MISSING


@pytest.mark.parametrize(
    "history",
    [
        release_history(releases=MISSING),
        release_history(*by(500, 30, maintainers=MISSING)),
        release_history(past_release("1.0.0", MISSING)),
    ],
)
def test_a_history_that_is_not_read_tells_nothing(history: ReleaseHistory) -> None:
    with pytest.raises(NotKnownError):
        derived(history)
    with pytest.raises(NotKnownError):
        derived(people=MISSING)


@pytest.mark.parametrize("told", [LOST, collaborators(writers=MISSING)])
def test_maintainers_stand_in_for_collaborators_that_are_not_told(told: Any) -> None:
    history = release_history(*by(500, 30, maintainers=PEOPLE))
    assert derived(history, writers=told, people=PEOPLE).idle == ("rowan", "sorrel")
