from __future__ import annotations

from typing import Any

import pytest

from hardenme.model.check import Check
from hardenme.model.given import Limits
from hardenme.model.severity import Severity
from hardenme.model.unknown import NotKnownError
from hardenme.model.verdict import Failed, NotApplicable, Passed
from hardenme_checks.npm.writers import (
    package_has_second_owner,
    package_writer_active,
    package_writers_minimal,
)
from tests.factories.given import LOST, MISSING, SOLO, STRICT, TEAM
from tests.factories.npm import PACKAGE, maintainer, package, weekly_downloads
from tests.factories.npm_organization import collaborators, writer_activity

FEW = weekly_downloads()
MANY = weekly_downloads(weekly=2_000_000)
NAMES = ("alder", "aspen", "hazel", "rowan")
PEOPLE = tuple(maintainer(name) for name in ("rowan", "hazel", "alder", "aspen"))
COUNTED = [package_writers_minimal, package_has_second_owner]


@pytest.mark.parametrize(("limits", "allowed"), [(SOLO, 3), (TEAM, 3), (STRICT, 2)])
def test_as_many_writers_as_the_profile_allows(limits: Limits, allowed: int) -> None:
    few = package(maintainers=PEOPLE[:allowed])
    assert package_writers_minimal(few, LOST, FEW, limits) is LOST
    with pytest.raises(NotKnownError):
        package_writers_minimal(few, collaborators(writers=MISSING), FEW, limits)
    for told in (LOST, collaborators(writers=MISSING)):
        shown = collaborators(writers=NAMES[:allowed])
        assert isinstance(package_writers_minimal(few, shown, FEW, limits), Passed)
        more = package(maintainers=PEOPLE[: allowed + 1])
        beyond = package_writers_minimal(more, told, FEW, limits)
        assert isinstance(beyond, Failed)
        assert beyond.message == f"{allowed + 1} accounts can publish, {allowed} are allowed"
        assert beyond.seen == {"maintainers": sorted(one.name for one in more.maintainers)}
        assert beyond.fix.command == ""
        assert all(one.name in beyond.fix.step for one in more.maintainers)
        assert beyond.severity is Severity.MEDIUM


def test_collaborators_count_before_the_public_list() -> None:
    shown = package(maintainers=PEOPLE[:1])
    verdict = package_writers_minimal(shown, collaborators(writers=NAMES), MANY, TEAM)
    assert isinstance(verdict, Failed)
    assert verdict.seen == {"collaborators": list(NAMES)}
    assert verdict.severity is Severity.HIGH
    assert isinstance(package_has_second_owner(shown, collaborators(), FEW, TEAM), Passed)
    one = collaborators(writers=("hazel",))
    alone = package_has_second_owner(package(maintainers=PEOPLE), one, FEW, TEAM)
    assert isinstance(alone, Failed)
    assert isinstance(package_writers_minimal(package(maintainers=PEOPLE), one, FEW, TEAM), Passed)


def test_readers_do_not_count() -> None:
    told = collaborators(readers=NAMES)
    assert isinstance(package_writers_minimal(package(), told, FEW, TEAM), Passed)


@pytest.mark.parametrize("check", COUNTED)
def test_writers_that_are_not_told_are_not_counted(check: Check) -> None:
    for told in (LOST, collaborators(writers=MISSING)):
        with pytest.raises(NotKnownError):
            check(package(maintainers=MISSING), told, FEW, TEAM)
    assert isinstance(check(package(maintainers=MISSING), collaborators(), FEW, TEAM), Passed)


def test_a_writer_listed_twice_is_one() -> None:
    twice = collaborators(writers=NAMES[:1] * 4)
    assert isinstance(package_writers_minimal(package(), twice, FEW, TEAM), Passed)
    assert isinstance(package_has_second_owner(package(), twice, FEW, TEAM), Failed)
    public = package(maintainers=PEOPLE[:1] * 4)
    assert package_writers_minimal(public, LOST, FEW, TEAM) is LOST
    assert package_has_second_owner(public, LOST, FEW, TEAM) is LOST
    with pytest.raises(NotKnownError):
        package_has_second_owner(public, collaborators(writers=MISSING), FEW, TEAM)


@pytest.mark.parametrize("check", COUNTED)
def test_a_registry_that_names_no_maintainers_decides_nothing(check: Check) -> None:
    verdict = check(package(maintainers=()), LOST, FEW, TEAM)
    assert isinstance(verdict, NotApplicable)
    assert verdict.seen == {"maintainers": []}


def test_one_owner_alone_fails_and_two_pass() -> None:
    alone = package_has_second_owner(package(), collaborators(writers=NAMES[:1]), MANY, TEAM)
    assert isinstance(alone, Failed)
    assert alone.message == "only one account can publish"
    assert alone.fix.command == ""
    assert "ask them for their account name" in alone.fix.step
    assert alone.severity is Severity.MEDIUM
    two = package_has_second_owner(package(maintainers=PEOPLE[:2]), LOST, FEW, TEAM)
    assert isinstance(two, Passed)
    assert two.message == "2 accounts can publish"


@pytest.mark.parametrize(
    "instead",
    [
        {},
        {"hands": ("hazel",), "held": ("hazel",)},
        {"hands": MISSING},
    ],
)
def test_whoever_could_publish_did(instead: dict[str, Any]) -> None:
    assert isinstance(package_writer_active(writer_activity(**instead), FEW, TEAM), Passed)


def test_writers_that_were_idle_are_asked_and_removed() -> None:
    held = ("hazel", "rowan", "thyme")
    one = package_writer_active(writer_activity(idle=("rowan",), held=held), FEW, TEAM)
    assert isinstance(one, Failed)
    assert one.message == "1 account could publish for 365 days and did not: rowan"
    assert one.fix.command == f"npm owner rm rowan {PACKAGE}"
    assert one.severity is Severity.MEDIUM
    people = tuple(f"writer-{index:02}" for index in range(12))
    many = package_writer_active(writer_activity(idle=people), MANY, TEAM)
    assert isinstance(many, Failed)
    assert many.seen == {"idle": list(people[:10]), "count": 12, "left": 2}
    assert many.fix.command == ""
    assert ", ".join(people) in many.fix.step
    assert many.severity is Severity.HIGH


@pytest.mark.parametrize("held", [MISSING, (), ("hazel", "rowan"), ("hazel", "rowan", "sage")])
def test_nobody_is_removed_who_leaves_one_account_alone(held: Any) -> None:
    idle = ("rowan", "sage")
    for some in (idle, idle[:1]):
        verdict = package_writer_active(writer_activity(idle=some, held=held), FEW, TEAM)
        assert isinstance(verdict, Failed)
        alone = held is MISSING or len({*held} - {*some}) < 2
        known = not alone and len(some) == 1
        assert verdict.fix.command == (f"npm owner rm {some[0]} {PACKAGE}" if known else "")
        assert ("add another owner" in verdict.fix.step) is alone


@pytest.mark.parametrize(
    "instead",
    [{"hands": (), "idle": ("rowan",)}, {"hands": (), "idle": MISSING}, {"held": ()}],
)
def test_a_package_at_rest_or_too_young_needs_nobody(instead: dict[str, Any]) -> None:
    verdict = package_writer_active(writer_activity(**instead), FEW, TEAM)
    assert isinstance(verdict, NotApplicable)


@pytest.mark.parametrize("instead", [{"idle": MISSING}, {"hands": MISSING, "idle": MISSING}])
def test_idleness_that_is_not_known_is_not_judged(instead: dict[str, Any]) -> None:
    with pytest.raises(NotKnownError):
        package_writer_active(writer_activity(**instead), FEW, TEAM)
