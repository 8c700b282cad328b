"""A watch shows each change once: within two cycles, or within the round that it states."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from hardenme.model.recent import Event, Undated
from hardenme.model.watch import WatchCycle
from hardenme.sandbox.npm import scenarios as npm
from tests.moment import NOW
from tests.running import stage
from tests.watch_plants import ONE, ORGANIZATION, PLANTS, Plant
from tests.watching import FIVE, Watching, kind_of, texts
from tests.worlds.intrusion import TOKEN, ordinary

pytestmark = pytest.mark.second_tier("whole cycles of a watch", one_of=4)

NAMES = [plant.name for plant in PLANTS]


@contextmanager
def watching(plant: Plant | None = None, repositories: int = 3) -> Iterator[Watching]:
    world = ordinary(NOW, repositories=repositories)
    if plant is not None:
        plant.before(world, NOW)
    with stage(world, npm.weak_maintainer(NOW), TOKEN) as servers:
        yield Watching(servers, world)


def about(found: WatchCycle, plant: Plant) -> list[Event | Undated]:
    """What a cycle shows of what was planted."""
    every = (*found.alerts, *found.notes)
    return [one for one in every if (kind_of(one), one.place.name) == (plant.kind, plant.place)]


@pytest.mark.sampled(18)
@pytest.mark.second_tier("some twelve cycles over sockets for each kind", one_of=40)
@pytest.mark.parametrize("plant", PLANTS, ids=NAMES)
def test_each_change_is_shown_once(plant: Plant) -> None:
    with watching(plant) as watch:
        first = watch.cycle()
        assert first.first
        while watch.cycles[-1].oldest is None or watch.cycles[-1].oldest.never:
            calm = watch.cycle()
            assert texts(calm.alerts) == []
        plant.do(watch.world, watch.now + timedelta(minutes=1))
        assert watch.cycles[-1].round is not None
        round_ = math.ceil(watch.cycles[-1].round / FIVE)
        most = round_ + 1 if plant.in_turn else 2
        watch.until(lambda found: bool(about(found, plant)), most)
        seen = about(watch.cycles[-1], plant)
        assert any(one.marks for one in seen) >= plant.marked, texts(tuple(seen))
        subjects = [texts((one,))[0] for one in seen]
        assert len(subjects) == len(set(subjects))
        for _ in range(round_ + 2):
            later = watch.cycle()
            # Only one thing was planted: whatever is shown later is the same once more.
            assert texts((*later.alerts, *later.notes)) == []


def test_nothing_that_changed_is_a_difference_and_no_cycle_says_that_nothing_happened() -> None:
    with watching() as watch:
        watch.cycle()
        calm = watch.cycle()
    assert (calm.alerts, calm.notes, calm.first, calm.why_blind) == ((), (), False, "")
    assert calm.since == watch.cycles[0].at
    assert calm.oldest is not None


def test_the_first_cycle_shows_what_is_new_by_its_date() -> None:
    plants = {plant.name: plant for plant in PLANTS}
    with watching() as watch:
        plants["deploy key"].do(watch.world, NOW - timedelta(hours=3))
        plants["repository with loot"].do(watch.world, NOW - timedelta(hours=2))
        plants["webhook of the organization"].do(watch.world, NOW - timedelta(days=3))
        first = watch.cycle()
        assert {one.kind for one in first.alerts} == {"deploy key", "repository"}
        assert first.notes == ()
        assert watch.cycle().alerts == ()


def test_a_tag_that_was_deleted_and_made_again_elsewhere_has_moved() -> None:
    plant = next(one for one in PLANTS if one.name == "tag deleted")
    with watching(plant) as watch:
        watch.cycle()
        plant.do(watch.world, watch.now)
        gone = watch.cycle()
        assert [one.change for one in gone.alerts if isinstance(one, Undated)] == ["vanished"]
        one = watch.world.repositories[0]
        watch.cycle()
        one.tags.insert(0, "v1.0.0")
        one.moved_tags["v1.0.0"] = "5" * 40
        back = watch.cycle()
        (found,) = back.alerts
        assert (found.kind, bool(found.marks)) == ("release tag", True)
        assert watch.cycle().alerts == ()


def test_a_tag_that_comes_back_on_its_commit_is_none() -> None:
    plant = next(one for one in PLANTS if one.name == "tag deleted")
    with watching(plant) as watch:
        watch.cycle()
        plant.do(watch.world, watch.now)
        watch.cycle()
        watch.world.repositories[0].tags.append("v1.0.0")
        assert watch.cycle().alerts == ()
        assert watch.memory is not None
        assert watch.memory.tags == ()


@pytest.mark.second_tier("takes long")
def test_a_repository_that_is_gone_is_shown_and_forgotten() -> None:
    with watching() as watch:
        watch.cycle()
        watch.world.repositories.pop(0)
        found = watch.cycle()
        assert [one.change for one in found.alerts if isinstance(one, Undated)] == ["vanished"]
        assert found.alerts[0].place.name == ORGANIZATION
        assert watch.memory is not None
        assert ONE not in {place.subject.name for place in watch.memory.places}
        assert ONE not in {looks.place.name for looks in watch.memory.looks}
        assert watch.cycle().alerts == ()


def test_a_repository_with_another_name_is_the_same() -> None:
    with watching() as watch:
        for _ in range(6):
            watch.cycle()
        one = watch.world.repositories[0]
        one.former_names.append(one.full_name.lower())
        one.name = "pinecone"
        found = watch.cycle()
        assert [one.kind for one in found.alerts] == ["repository"]
        assert watch.cycle().alerts == ()


def test_a_machine_that_slept_sees_what_came_in_between() -> None:
    plants = {plant.name: plant for plant in PLANTS}
    with watching() as watch:
        watch.cycle()
        watch.cycle()
        for name in ("workflow added", "deploy key"):
            plants[name].do(watch.world, watch.now + timedelta(hours=30))
        found = watch.cycle(timedelta(days=3))
        assert {kind_of(one) for one in found.alerts} >= {"workflow", "deploy key"}


def test_a_clock_that_goes_back_is_said_and_nothing_is_shown_again() -> None:
    plants = {plant.name: plant for plant in PLANTS}
    with watching() as watch:
        watch.cycle()
        plants["deploy key"].do(watch.world, watch.now + timedelta(minutes=1))
        assert watch.cycle().alerts
        back = watch.cycle(-timedelta(hours=2))
        assert "the clock is before the last cycle" in " ".join(back.remarks)
        assert back.alerts == ()
        plants["owner removed"].do(watch.world, watch.now)
        assert "member" in {one.kind for one in watch.cycle().alerts}


@pytest.mark.second_tier("takes long")
def test_a_repository_that_is_archived_is_named_and_compared_when_it_is_looked_at_again() -> None:
    with watching(PLANTS[0], repositories=1) as watch:
        watch.requests = 300
        watch.cycle()
        unread = {one.what for one in watch.cycle().not_read}
        one = watch.world.repositories[0]
        one.archived = True
        found = watch.cycle()
        assert [
            text for text in found.remarks if text.startswith(f"the repository {ONE} is archived")
        ]
        assert found.repositories == 0
        for _ in range(5):
            later = watch.cycle()
            assert (later.alerts, later.remarks, later.lost) == ((), (), ())
            assert later.oldest is None or later.oldest.place.name != ONE
            assert {gap.what for gap in later.not_read} <= unread
        one.archived = False
        one.moved_tags["v1.0.0"] = "5" * 40
        back = watch.cycle()
        assert "release tag" in {change.kind for change in back.marked}


@pytest.mark.second_tier("takes long")
def test_tags_beyond_those_of_one_query_are_named_and_no_new_ones_hide_the_old() -> None:
    """An attacker makes 120 tags in a cycle, and moves one of before in the next."""
    with watching(PLANTS[0], repositories=1) as watch:
        watch.targets = (f"github:{ONE}",)
        watch.cycle()
        one, held = watch.world.repositories[0], watch.world.repositories[0].tags[:]
        one.tags[:0] = [f"build-{number}" for number in range(120)]
        gaps = [watch.cycle() for _ in range(4)]
        for found in gaps:
            (gap,) = [some for some in found.not_read if some.what.startswith("tags, and")]
            assert gap.why.needed == "more than the newest 100 tags"
        assert [bool(found.lost) for found in gaps].count(True) == 1
        one.moved_tags["v1.0.0"] = "5" * 40
        watch.cycle()
        one.tags[:] = held
        assert "release tag" in {change.kind for change in watch.cycle().marked}


@pytest.mark.second_tier("takes long")
@pytest.mark.sampled(4)
@pytest.mark.parametrize("wrong", [timedelta(days=-10), timedelta(days=-1), timedelta(days=10)])
def test_a_clock_that_is_wrong_by_days_for_one_cycle_hides_nothing(wrong: timedelta) -> None:
    plants = {plant.name: plant for plant in PLANTS}
    with watching(repositories=1) as watch:
        watch.cycle()
        plants["deploy key"].do(watch.world, watch.now + timedelta(minutes=1))
        assert watch.cycle().alerts
        watch.cycle(wrong)
        back = watch.cycle(FIVE - wrong)
        assert texts(back.alerts) == []
        for name in ("owner removed", "webhook of the organization", "workflow added"):
            plants[name].do(watch.world, watch.now + timedelta(minutes=1))
        seen = watch.cycle()
        assert {kind_of(one) for one in seen.alerts} >= {"member", "webhook", "workflow"}
        assert texts(watch.cycle().alerts) == []
