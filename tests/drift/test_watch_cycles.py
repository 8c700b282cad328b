"""A watch over many cycles: what it costs, what it keeps, and servers that do not answer well."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from hardenme.collectors.transport.cache import Cache
from hardenme.drift.watch import blind_cycle, choose_turns, pushes_read
from hardenme.drift.watch.turns import ABOVE, budget, costs, round_of, units, with_turns
from hardenme.ground.errors import StoredError
from hardenme.model.inventory import Place
from hardenme.model.subject import Subject
from hardenme.model.watch import CycleCost, WatchCycle, WatchMemory
from hardenme.sandbox.http import Reply, Request
from hardenme.sandbox.npm import scenarios as npm
from hardenme.store.watch_memory import WatchMemoryFile
from tests.moment import NOW
from tests.running import stage
from tests.watch_plants import PLANTS
from tests.watching import FIVE, Watching, appeared, kind_of
from tests.worlds.intrusion import THIEF, TOKEN, ordinary

PLANT = {plant.name: plant for plant in PLANTS}
LONG = pytest.mark.second_tier("hundreds of requests over sockets")


@pytest.fixture
def small() -> Iterator[Watching]:
    world = ordinary(NOW, repositories=2)
    with stage(world, npm.weak_maintainer(NOW), TOKEN) as servers:
        yield Watching(servers, world)


def memory(repositories: int, **more: Any) -> WatchMemory:
    """What a watch of so many repositories keeps."""
    names = (f"acme/r{number:04}" for number in range(repositories))
    places = [Place(Subject("github", "repo", name), {}, ()) for name in names]
    org = Place(Subject("github", "org", "acme"), {}, ())
    return WatchMemory(NOW, NOW, cycles=3, places=(org, *places), **more)


@pytest.mark.parametrize(("repositories", "most"), [(1, 60), (100, 60), (101, 120), (1000, 600)])
def test_the_usual_number_of_requests_follows_that_of_repositories(
    repositories: int, most: int
) -> None:
    assert budget(0, repositories) == most
    assert budget(150, repositories) == 150


@pytest.mark.second_tier("rounds of many cycles", one_of=8)
@pytest.mark.parametrize("repositories", [0, 1, 2, 5, 37, 240])
@pytest.mark.parametrize("requests", [0, 30, 150, 1000])
@pytest.mark.parametrize("waits", ["never", "always", "at random"])
def test_everything_has_its_turn_within_the_round_that_is_stated(
    requests: int, repositories: int, waits: str
) -> None:
    """Whatever is pushed, from the first cycle on, and from each later one."""
    draw = random.Random(repositories)  # noqa: S311 (the same in each run)
    held = replace(memory(repositories, cost=CycleCost(34.0, 15.0), interval=300), cycles=1)
    rounds = round_of(held, requests) / FIVE
    assert rounds == int(rounds)
    had = dict.fromkeys(units(held), 0)
    for number in range(1, 4 * int(rounds)):
        busy = {"never": False, "always": True, "at random": draw.random() < 0.5}[waits]
        names = [name for name in units(held) if name != ABOVE]
        held = replace(held, waiting=tuple(names) if busy else ())
        assert round_of(held, requests) / FIVE == rounds
        turns = choose_turns(held, requests)
        had.update(dict.fromkeys(turns, number))
        assert number - min(had.values()) <= rounds
        now = NOW + FIVE * number
        last = {**dict(held.turns), **dict.fromkeys(turns, now)}
        held = replace(
            held,
            ran=now,
            cycles=held.cycles + 1,
            turns=tuple(last.items()),
            with_turns=with_turns(held, len(turns)),
        )
    assert min(had.values()) > 0


def test_nothing_has_its_turn_in_the_first_cycle_and_what_is_above_in_the_second() -> None:
    assert choose_turns(None, 0) == ()
    assert choose_turns(memory(3, cost=CycleCost(45.0, 15.0)), 60) == (ABOVE,)


def test_what_had_no_turn_comes_before_what_had_one() -> None:
    held = memory(3, cost=CycleCost(45.0, 15.0), turns=((ABOVE, NOW),))
    assert choose_turns(held, 60) == ("acme/r0000",)


def test_pushes_that_wait_have_every_third_cycle_in_place_of_turns() -> None:
    names = tuple(f"acme/r{number:04}" for number in range(12))
    held = memory(12, cost=CycleCost(42.0, 15.0), turns=((ABOVE, NOW),), waiting=names)
    assert choose_turns(held, 0) == ("acme/r0000",)
    assert pushes_read(held, 0, 1) == 1
    due = replace(held, with_turns=2)
    assert choose_turns(due, 0) == ()
    assert pushes_read(due, 0, 0) == 6
    assert with_turns(due, 0) == 0
    assert choose_turns(replace(due, waiting=()), 0) == ("acme/r0000",)


def test_no_turn_is_left_out_where_all_pushes_are_read_with_the_turns() -> None:
    held = memory(3, cost=CycleCost(36.0, 15.0), waiting=("acme/r0002",), with_turns=2)
    assert len(choose_turns(held, 0)) == 1
    assert round_of(held, 0) == 4 * FIVE
    busier = replace(held, cost=CycleCost(42.0, 15.0))
    assert choose_turns(busier, 0) == ()
    assert round_of(busier, 0) == 6 * FIVE


@pytest.mark.parametrize(("base", "turns", "most"), [(59.0, 0, 1), (59.0, 1, 0), (30.0, 2, 0)])
def test_pushes_are_read_as_far_as_the_requests_go(base: float, turns: int, most: int) -> None:
    assert pushes_read(memory(3, cost=CycleCost(base, 15.0)), 60, turns) == most


def test_what_a_turn_costs_is_learnt_and_bounded() -> None:
    held = memory(100, cost=CycleCost(20.0, 0.0))
    for _ in range(40):
        turns = len(choose_turns(held, 150))
        requests = 34 + 15 * turns + held.cycles % 3
        held = replace(held, cost=costs(held, requests, turns))
    turns = len(choose_turns(held, 150))
    assert 110 <= 34 + 15 * turns <= 160


@LONG
def test_a_cycle_over_a_hundred_repositories_keeps_to_its_requests(tmp_path: Path) -> None:
    """Sixty at most once it is known what a turn takes, and what did not change is not sent."""
    world = ordinary(NOW, repositories=100)
    with stage(world, npm.weak_maintainer(NOW), TOKEN) as servers:
        watch = Watching(servers, world, cache=Cache(tmp_path))
        for _ in range(6):
            watch.cycle()
    sent = [cycle.requests for cycle in watch.cycles]
    assert max(sent[1:]) <= 60, sent
    # GraphQL's answers, and a repository's first ones, are sent whole.
    assert min(cycle.spared for cycle in watch.cycles[1:]) >= 20
    assert watch.cycles[-1].repositories == 100
    # At least one of 101 things has its turn in two of three cycles.
    assert watch.cycles[-1].round <= FIVE * 152


PUSHES = "pushes, and branches made or deleted"
BUSY = 12


@pytest.mark.second_tier("seven cycles over sockets")
def test_what_was_pushed_before_the_start_is_read_over_several_cycles(tmp_path: Path) -> None:
    """No cycle sends more than usual; what waits is named, and each attack among it is shown."""
    world = ordinary(NOW, repositories=BUSY)
    for number, one in enumerate(world.repositories):
        one.push(NOW - timedelta(hours=1, minutes=number), THIEF, force=True)
    with stage(world, npm.weak_maintainer(NOW), TOKEN) as servers:
        watch = Watching(servers, world, cache=Cache(tmp_path))
        shown: list[str] = []
        waiting = []
        for _ in range(7):
            found = watch.cycle()
            assert found.requests <= 60
            shown += [one.place.name for one in found.alerts if one.kind == "push"]
            gaps = [gap for gap in found.not_read if gap.what == PUSHES]
            waiting.append({place.name for gap in gaps for place in gap.places})
            assert waiting[-1].isdisjoint(shown)
            assert watch.memory is not None
            assert set(watch.memory.waiting) == {name.lower() for name in waiting[-1]}
    assert sorted(shown) == sorted(one.full_name for one in world.repositories)
    assert len(waiting[0]) == BUSY - 5
    assert waiting[-1] == set()
    assert all(len(later) <= len(once) for once, later in pairwise(waiting))


@LONG
def test_what_is_read_in_turn_is_shown_within_the_round_while_pushes_wait() -> None:
    """All repositories are pushed to before each cycle, more than one cycle can read."""
    plant = PLANT["secret of a repository"]
    world = ordinary(NOW, repositories=6)
    waited, turns = 0, []
    with stage(world, npm.weak_maintainer(NOW), TOKEN) as servers:
        watch = Watching(servers, world)
        for _ in range(40):
            for one in world.repositories:
                one.push(world.now + timedelta(minutes=1), "alder")
                del one.activity[:-2], one.commits[:-2]
            found = watch.cycle()
            assert watch.memory is not None
            waited += bool(watch.memory.waiting)
            if turns:
                turns.append(found)
                if any(
                    (one.kind, one.place.name) == (plant.kind, plant.place)
                    for one in (*found.alerts, *found.notes)
                ):
                    break
            elif plant.place in dict(watch.memory.turns):
                # The longest time: it had its turn just now.
                plant.do(world, world.now + timedelta(minutes=1))
                turns.append(found)
    assert waited > 6
    assert len(turns) - 1 <= turns[0].round / FIVE
    assert len(turns) - 1 > 6
    assert any(not one.turns for one in turns)


@LONG
def test_what_is_kept_does_not_grow_in_a_thousand_cycles(
    tmp_path: Path,
    exhaustive: bool,  # noqa: FBT001 (a fixture)
) -> None:
    """With something new in each of them: it is bounded by what is there.

    Two hundred cycles show it as well; `--exhaustive` has all of them.
    """
    world = ordinary(NOW, repositories=1)
    file = WatchMemoryFile(tmp_path, "growing")
    sizes = []
    with stage(world, npm.weak_maintainer(NOW), TOKEN) as servers:
        watch = Watching(servers, world, targets=("github:cedar-labs/cone",))
        watch.cycle()
        one = world.repositories[0]
        for number in range(1000 if exhaustive else 200):
            one.moved_tags["v1.0.0"] = f"{number:040x}"
            one.tags[:] = ["v1.0.0"] if number % 3 else []
            del one.activity[:-2], one.commits[:-2], one.runs[:-2]
            watch.cycle()
            assert watch.memory is not None
            file.keep(watch.memory)
            sizes.append(file.path.stat().st_size)
            del watch.cycles[:-1]
            servers.github.requests.clear()
    assert max(sizes[-50:]) <= max(sizes[50:100]) * 1.05
    assert [path.name for path in (tmp_path / "watch").iterdir()] == ["growing.json"]


LISTS = (
    "/orgs/cedar-labs/hooks",
    "/orgs/cedar-labs/installations",
    "/orgs/cedar-labs/invitations",
    "/orgs/cedar-labs/outside_collaborators",
    "/orgs/cedar-labs/actions/secrets",
    "/orgs/cedar-labs/dependabot/secrets",
    "/orgs/cedar-labs/actions/permissions",
    "/orgs/cedar-labs/actions/permissions/workflow",
    "/orgs/cedar-labs/actions/runner-groups",
    "/orgs/cedar-labs/actions/runners",
    "/orgs/cedar-labs/actions/variables",
    "/orgs/cedar-labs/organization-roles",
    "/orgs/cedar-labs/settings/immutable-releases",
)
"""What each cycle reads of the organization."""


def _refused(_request: Request, reply: Reply) -> Reply:
    return replace(reply, status=403, data={"message": "Forbidden"}, headers={})


def _failed(_request: Request, reply: Reply) -> Reply:
    return replace(reply, status=502, data={"message": "Server Error"}, headers={})


WAYS: dict[str, dict[str, Any]] = {
    "refused": {"edit": _refused},
    "failed": {"edit": _failed},
    "late": {"hang_up": True},
}


@pytest.mark.sampled(6)
@pytest.mark.second_tier("eight cycles over sockets for each list")
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("path", LISTS)
def test_what_a_server_does_not_show_is_named_and_an_alert_after_a_while(
    small: Watching, path: str, way: str
) -> None:
    small.cycle()
    before = {(one.what, one.places) for one in small.cycle().not_read}
    fault = small.servers.github.fault(re.escape(path), **WAYS[way])
    seen = [small.cycle() for _ in range(4)]
    small.servers.github.faults.remove(fault)
    assert {(one.what, one.places) for one in seen[0].not_read} - before
    assert [bool(cycle.lost) for cycle in seen[:3]] == [False, False, True]
    alerts = [one.what for cycle in seen for one in cycle.lost]
    assert len(alerts) == len(set(alerts))
    assert not any(cycle.why_blind for cycle in seen)
    after = [small.cycle() for _ in range(2)]
    assert [bool(cycle.lost) for cycle in after] == [False, False]
    own = {place for _, places in before for place in places}
    assert {(what, places) for what, places in named(after[-1]) if not own & {*places}} == set()


def named(found: WatchCycle) -> set[tuple[str, tuple[Subject, ...]]]:
    """What a cycle says that it did not read."""
    return {(one.what, one.places) for one in found.not_read}


SHOWN = (
    *("tag moved", "workflow added", "repository with loot", "owner removed", "owner invited"),
    *("deploy key", "webhook of the organization", "app installed", "ruleset switched off"),
    *("secret of the organization", "base permission raised", "outside collaborator"),
)
PARTS = 12


def said(found: WatchCycle) -> set[str]:
    """What a cycle shows, without what differs with what else was read."""
    every = (*found.alerts, *found.notes)
    return {
        f"{kind_of(one)}{' new' if appeared(one) else ''} {one.place}"
        for one in every
        if one.kind != "access"
    }


def covers(found: WatchCycle, change: str) -> bool:
    """Whether a cycle says that it did not look where a change is, or above that."""
    place = Subject.parse(change.rpartition(" ")[2])
    above = Subject("github", "org", place.name.partition("/")[0])
    places = {one for gap in found.not_read for one in gap.places}
    return bool(found.why_blind) or not places.isdisjoint({place, above})


@pytest.mark.second_tier("two cycles over sockets for each answer")
@pytest.mark.sampled(PARTS)
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("way", WAYS)
def test_no_broken_answer_makes_a_cycle_calmer(way: str, part: int) -> None:
    """What a broken cycle does not show, it names; and the next whole one shows it."""
    world = ordinary(NOW, repositories=2)
    for name in SHOWN:
        PLANT[name].before(world, NOW)
    with stage(world, npm.weak_maintainer(NOW), TOKEN) as servers:
        watch = Watching(servers, world)
        watch.cycle()
        watch.cycle()
        held, cycles, now = watch.memory, watch.cycles[:], world.now
        for name in SHOWN:
            PLANT[name].do(world, world.now + timedelta(minutes=1))
        servers.github.requests.clear()
        whole = said(watch.cycle())
        assert len(whole) >= 8
        asked = sorted({request.path.partition("?")[0] for request in servers.github.requests})
        for path in asked[part::PARTS]:
            world.now, watch.memory, watch.cycles = now, held, cycles[:]
            fault = servers.github.fault(re.escape(path), **WAYS[way])
            broken = watch.cycle()
            servers.github.faults.remove(fault)
            missing = whole - said(broken)
            assert [one for one in missing if not covers(broken, one)] == [], path
            after = said(watch.cycle())
            assert missing <= after, (path, missing - after)


@pytest.mark.second_tier("takes over half a second")
def test_a_cycle_without_a_network_is_blind_and_keeps_what_was_seen(small: Watching) -> None:
    small.cycle()
    held = small.memory
    assert held is not None
    fault = small.servers.github.fault(".*", hang_up=True)
    seen = [small.cycle() for _ in range(4)]
    small.servers.github.faults.remove(fault)
    assert all(cycle.why_blind for cycle in seen)
    assert [cycle.blind_alert for cycle in seen] == [False, False, True, False]
    assert small.memory is not None
    assert (small.memory.places, small.memory.looks) == (held.places, held.looks)
    PLANT["owner removed"].do(small.world, small.now)
    back = small.cycle()
    assert "member" in {one.kind for one in back.alerts}
    assert back.again == timedelta(minutes=20)


def test_a_watch_that_never_could_look_says_so_after_a_while() -> None:
    held, alerts = None, []
    for minutes in (0, 5, 10, 15, 20):
        found = blind_cycle(held, NOW + timedelta(minutes=minutes), "no answer came")
        held = found.memory
        alerts.append(found.blind_alert)
        assert found.first
    assert alerts == [False, False, False, True, False]


@pytest.mark.second_tier("takes over half a second")
def test_the_file_of_a_watch_is_read_as_it_was_written(tmp_path: Path, small: Watching) -> None:
    small.cycle()
    small.cycle()
    file = WatchMemoryFile(tmp_path, "acme")
    assert file.load().memory is None
    assert small.memory is not None
    file.keep(small.memory)
    assert file.load().memory == small.memory
    whole = file.path.read_text()
    file.path.write_text(whole[: len(whole) // 2])
    assert (file.load().memory, bool(file.load().fault)) == (None, True)
    file.path.write_text(json.dumps({**json.loads(whole), "version": 2}))
    with pytest.raises(StoredError, match="version 2"):
        file.load()
