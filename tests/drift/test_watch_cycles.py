"""A watch over many cycles: what it costs, what it keeps, and servers that do not answer well."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from hardenme.collectors.transport.cache import Cache
from hardenme.drift.watch import blind_cycle, choose_turns
from hardenme.drift.watch.turns import budget, round_of
from hardenme.engine.turn import ABOVE
from hardenme.model.inventory import Place
from hardenme.model.subject import Subject
from hardenme.model.watch import UnfinishedTurn, WatchCycle, WatchMemory
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
TURNS = pytest.mark.sampled(3, among="long watches")


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


def test_nothing_has_its_turn_in_the_first_cycle_and_what_is_above_in_the_second() -> None:
    assert choose_turns(None, 0) == ()
    assert choose_turns(memory(3, base=45), 60) == (ABOVE,)


def test_what_had_no_turn_comes_before_what_had_one_and_what_was_cut_before_both() -> None:
    held = memory(3, base=45, turns=((ABOVE, NOW), ("acme/r0000", NOW)))
    assert choose_turns(held, 60) == ("acme/r0001",)
    cut = replace(held, unfinished=(UnfinishedTurn("acme/r0002", NOW, 12),))
    assert choose_turns(cut, 60) == ("acme/r0002", "acme/r0001")


def test_as_many_have_their_turn_as_the_requests_go_by_what_each_took_last() -> None:
    costs = (("", 10), ("acme/r0000", 4), ("acme/r0001", 30), ("acme/r0002", 4))
    held = memory(3, base=40, costs=costs)
    assert choose_turns(held, 60) == (ABOVE, "acme/r0000", "acme/r0001")
    assert choose_turns(held, 300) == (ABOVE, "acme/r0000", "acme/r0001", "acme/r0002")


def test_a_round_is_one_cycle_where_all_fits_and_is_not_stated_where_nothing_does() -> None:
    costs = (("", 10), ("acme/r0000", 4), ("acme/r0001", 30), ("acme/r0002", 4))
    held = memory(3, base=40, costs=costs, interval=300)
    assert round_of(held, 97) == FIVE
    # A third of twenty requests is for pushes that may wait: 48 by 14, and one more cycle.
    assert round_of(held, 60) == 5 * FIVE
    assert round_of(held, 40) is None


@LONG
@TURNS
def test_a_cycle_over_a_hundred_repositories_keeps_to_its_requests(tmp_path: Path) -> None:
    """Sixty at most, and what did not change is not sent."""
    world = ordinary(NOW, repositories=100)
    with stage(world, npm.weak_maintainer(NOW), TOKEN) as servers:
        watch = Watching(servers, world, cache=Cache(tmp_path))
        for _ in range(4):
            watch.cycle()
    sent = [cycle.requests for cycle in watch.cycles]
    assert max(sent) <= 60, sent
    # GraphQL's answers, and a repository's first ones, are sent whole.
    assert min(cycle.spared for cycle in watch.cycles[1:]) >= 20
    assert watch.cycles[-1].repositories == 100
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
    assert 0 < len(waiting[0]) < BUSY - 5
    assert waiting[-1] == set()
    assert all(len(later) <= len(once) for once, later in pairwise(waiting))


@LONG
@TURNS
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
    assert 3 < len(turns) - 1 <= turns[0].round / FIVE
    assert max(one.requests for one in watch.cycles) <= 60


@LONG
@TURNS
def test_what_is_kept_does_not_grow_in_a_thousand_cycles(
    tmp_path: Path,
    exhaustive: bool,  # noqa: FBT001 (a fixture)
) -> None:
    """With something new in each of them: it is bounded by what is there.

    Sixty cycles show it as well; `--exhaustive` has all of them.
    """
    world = ordinary(NOW, repositories=1)
    file = WatchMemoryFile(tmp_path, "growing")
    sizes = []
    with stage(world, npm.weak_maintainer(NOW), TOKEN) as servers:
        watch = Watching(servers, world, targets=("github:cedar-labs/cone",))
        watch.cycle()
        one = world.repositories[0]
        for number in range(1000 if exhaustive else 60):
            one.moved_tags["v1.0.0"] = f"{number:040x}"
            one.tags[:] = ["v1.0.0"] if number % 3 else []
            del one.activity[:-2], one.commits[:-2], one.runs[:-2]
            watch.cycle()
            assert watch.memory is not None
            file.keep(watch.memory)
            sizes.append(file.path.stat().st_size)
            del watch.cycles[:-1]
            servers.github.requests.clear()
    assert max(sizes[-20:]) <= max(sizes[20:40]) * 1.05
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


@pytest.mark.sampled(12)
@pytest.mark.second_tier("eight cycles over sockets for each list")
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("path", LISTS)
def test_what_a_server_does_not_show_is_named_and_an_alert_after_a_while(
    small: Watching, path: str, way: str
) -> None:
    # With fewer, a turn is cut, and what it leaves is named too.
    small.requests = 300
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
@pytest.mark.sampled(2 * PARTS)
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
    assert small.memory is not None
    file.keep(small.memory)
    assert file.load() == small.memory
