"""The plan of a fleet: its form, and how lanes are put into shards."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hardenme.fleet.plan import (
    FleetPlan,
    FleetSettings,
    PlannedOwner,
    UnplannedOwner,
    packed,
    plan_at,
    with_earlier,
    written,
)
from hardenme.ground.errors import StoredError
from tests.moment import NOW

OWNERS = tuple(
    PlannedOwner(f"acme-{number}", str(100 + number), f"lane {number // 2}", number * 10 or None)
    for number in range(9)
)
SETTINGS = FleetSettings(("GHO",), (), "fast", ("web-*",), (), archived=True)


def plan_of(count: int = 3, /, **others: Any) -> FleetPlan:
    made = FleetPlan(
        NOW,
        "1.0",
        "https://api.example.test",
        "https://npm.example.test",
        SETTINGS,
        OWNERS,
        (UnplannedOwner("moss", "", "an owner"),),
        "",
        packed(OWNERS, count),
    )
    return replace(made, **others)


def at(folder: Path, text: str) -> Path:
    path = folder / "plan.json"
    path.write_text(text)
    return path


def test_a_plan_is_read_as_it_was_written(tmp_path: Path) -> None:
    plan = plan_of()
    assert plan_at(at(tmp_path, written(plan))) == plan
    assert plan.id != plan_of(2).id
    assert plan.owner("104") == OWNERS[4]
    assert all(number in plan.shards[plan.shard_of(number)] for number in ("100", "108"))


def test_whatever_is_changed_is_noticed(tmp_path: Path) -> None:
    text = written(plan_of())
    for part in ("acme-3", '"103"', "lane 1", "fast", "web-*", "https", "moss", "true"):
        assert part in text
        with pytest.raises(StoredError, match=r"was changed|a depth is|not the plan"):
            plan_at(at(tmp_path, text.replace(part, part[:-1] + "x", 1)))


@pytest.mark.parametrize(
    ("others", "why"),
    [
        ({"shards": (("100",),)}, "in one shard"),
        ({"shards": (*packed(OWNERS, 3), ("100",))}, "in one shard"),
        ({"owners": (*OWNERS, OWNERS[0])}, "twice"),
        ({"unplanned": (UnplannedOwner("ACME-0", "", ""),)}, "twice"),
        ({"unplanned": (UnplannedOwner("../user", "", ""),)}, "no login looks like"),
        ({"shards": tuple((one.number,) for one in OWNERS)}, "in two shards"),
        ({"settings": replace(SETTINGS, depth="bottomless")}, "a depth is"),
    ],
)
def test_a_plan_that_contradicts_itself_is_refused(
    tmp_path: Path, others: dict[str, Any], why: str
) -> None:
    with pytest.raises(StoredError, match=why):
        plan_at(at(tmp_path, written(plan_of(**others))))


@pytest.mark.parametrize("number", ["0", "7x", "../7", "", "9" * 30])
def test_an_id_is_a_number(tmp_path: Path, number: str) -> None:
    owner = replace(OWNERS[0], number=number)
    plan = plan_of(owners=(owner,), shards=((number,),))
    with pytest.raises(StoredError, match="an ID is a number"):
        plan_at(at(tmp_path, written(plan)))


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", "\x00", "[" * 100_000])
def test_what_is_no_plan_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(StoredError):
        plan_at(at(tmp_path, text))


def test_another_version_is_named(tmp_path: Path) -> None:
    told = json.loads(written(plan_of())) | {"hardenme_fleet_plan": 1}
    with pytest.raises(StoredError, match="another version"):
        plan_at(at(tmp_path, json.dumps(told)))
    with pytest.raises(StoredError, match="cannot be read"):
        plan_at(tmp_path / "gone.json")


def every_name(_: str) -> bool:
    return True


def test_what_is_listed_no_longer_stays_and_is_not_read(tmp_path: Path) -> None:
    earlier = plan_of()
    left = OWNERS[1:]
    plan = with_earlier(plan_of(owners=left, shards=packed(left, 3)), earlier, every_name)
    assert plan.owners == left
    gone = plan.unplanned[-1]
    assert (gone.login, gone.number) == (OWNERS[0].login, OWNERS[0].number)
    assert "gone or hidden" in gone.why
    assert plan_at(at(tmp_path, written(plan))) == plan
    again = with_earlier(plan_of(owners=left, shards=packed(left, 3)), plan, every_name)
    assert again.unplanned == plan.unplanned, "it stays, with the day on which it was there last"
    other = plan_of(owners=left, shards=packed(left, 3), host="https://other.example.test")
    assert with_earlier(other, earlier, every_name) == other
    unasked = with_earlier(plan, earlier, lambda login: login != OWNERS[0].login)
    assert unasked == plan


def test_another_name_is_the_same_organization() -> None:
    renamed = (replace(OWNERS[0], login="acme-renamed"), *OWNERS[1:])
    plan = plan_of(owners=renamed)
    assert with_earlier(plan, plan_of(), every_name) == plan


def test_another_organization_of_the_name_is_said_and_nothing_is_whole(tmp_path: Path) -> None:
    claimed = (replace(OWNERS[0], number="666"), *OWNERS[1:])
    plan = with_earlier(plan_of(owners=claimed, shards=packed(claimed, 3)), plan_of(), every_name)
    assert plan.unlisted == "acme-0 was the organization with the ID 100 before"
    assert plan_at(at(tmp_path, written(plan))) == plan


@pytest.mark.parametrize("most", [1, 2, 5, 64])
def test_lanes_stay_whole_and_shards_are_alike(most: int) -> None:
    chance = random.Random(most)  # noqa: S311 (sizes, no secret)
    owners = [
        PlannedOwner(f"o{number}", str(number + 1), f"lane {number // 3}", chance.randrange(500))
        for number in range(60)
    ]
    shards = packed(owners, most)
    assert len(shards) == min(most, 20)
    by_number = {one.number: one for one in owners}
    assert sorted(n for shard in shards for n in shard) == sorted(by_number)
    lanes = [{by_number[number].lane for number in shard} for shard in shards]
    assert sum(map(len, lanes)) == 20, "no lane is in two shards"
    loads = [sum(10 + (by_number[n].repositories or 0) for n in shard) for shard in shards]
    largest = max(
        sum(10 + (one.repositories or 0) for one in owners if one.lane == f"lane {lane}")
        for lane in range(20)
    )
    assert max(loads) - min(loads) <= largest
    assert packed(list(owners), most) == shards
