"""No cycle of a watch sends more requests than its limit, and everything has its turn."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest

from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.protocol import Collector
from hardenme.collectors.transport.pace import Meter
from hardenme.collectors.transport.request_limit import RequestLimit
from hardenme.collectors.waiting_pushes import WaitingPushes
from hardenme.drift.names import Renames
from hardenme.drift.watch.ages import Ages, not_read
from hardenme.drift.watch.cycle import CycleInput, cycle
from hardenme.drift.watch.turns import (
    Turns,
    after_turns,
    begun_turns,
    budget,
    choose_turns,
    round_of,
    turns_of,
    units,
)
from hardenme.engine.collect import Collection
from hardenme.engine.turn import ABOVE, CycleTurn
from hardenme.facts.github.changes import RepositoryChange
from hardenme.facts.github.repository import Repository
from hardenme.model.depth import Depth
from hardenme.model.evidence import Atom
from hardenme.model.fact import Answer
from hardenme.model.inventory import Place
from hardenme.model.subject import Subject
from hardenme.model.watch import LATER, READ_BEFORE, WatchMemory
from tests.drift.compared import report
from tests.engine.small import Door, House, door
from tests.factories import github
from tests.moment import NOW

ORGANIZATION = Subject("github", "org", "acme")
FIVE = timedelta(minutes=5)
SHOWN = (Atom("GET /answer", 200, NOW),)
LARGEST = 9
"""Requests of one list of what is read in turn, at most."""


@dataclass
class Organization:
    """What an organization's answers take, in requests.

    Attributes:
        base: of what each cycle reads.
        above: of what is read in turn above the repositories, by the collector's name.
        repositories: the same of each repository.
        pushed: the repositories that were pushed to and not asked since.
        limit: of the cycle.
        whole: what a turn has read, by what had it.
        over: the same of each turn that is over.
        doors: how many requests each of a repository's webhooks takes, for example.
        rooms: the same of its environments, which one question asks for one by one.
    """

    base: int
    above: dict[str, int]
    repositories: dict[str, dict[str, int]]
    pushed: set[str] = field(default_factory=set)
    limit: RequestLimit = field(default_factory=RequestLimit)
    whole: dict[str, set[str]] = field(default_factory=dict)
    over: dict[str, set[str]] = field(default_factory=dict)
    doors: tuple[int, ...] = ()
    rooms: tuple[int, ...] = ()

    def sends(self, number: int) -> bool:
        """Send requests one by one; whether all were."""
        return all(self.limit.take() for _ in range(number))

    def collectors(self) -> tuple[Collector, ...]:
        names = dict.fromkeys(name for one in self.repositories.values() for name in one)
        return (
            Collector("listing", (Repository,), self._list, roots=("github:org",), discovers=True),
            Collector("pushes", (RepositoryChange,), self._pushes, of=(Repository,)),
            *(
                Collector(name, (Door,), self._reads(name), roots=("github:org",))
                for name in self.above
            ),
            *(
                Collector(name, (House,), self._reads(name), of=(Repository,), deeper=Depth.DEEP)
                for name in names
            ),
            Collector("doors", (Door,), self._list_doors, of=(Repository,), deeper=Depth.DEEP),
            Collector("door", (House,), self._door, of=(Door,), deeper=Depth.DEEP),
            Collector("rooms", (House,), self._rooms, of=(Repository,), deeper=Depth.DEEP),
        )

    def _list(self, _client: Any, _scope: Subject, _store: FactStore) -> Iterator[Answer[Any]]:
        assert self.sends(self.base)
        for name in self.repositories:
            subject = Subject("github", "repo", name)
            fact = github.repository(subject=subject, within=ORGANIZATION, full_name=name)
            yield Answer(Repository, fact.subject, (fact,), SHOWN)

    def _pushes(self, _client: Any, scope: Subject, store: FactStore) -> Iterator[Answer[Any]]:
        why = None
        if scope.name in self.pushed:
            waits = store.pushes is not None and not store.pushes.takes(scope)
            why = LATER if waits or not self.sends(3) else None
            if why is None:
                self.pushed.discard(scope.name)
        yield Answer(RepositoryChange, scope, (), SHOWN, why)

    def _list_doors(self, _client: Any, scope: Subject, _store: FactStore) -> Iterator[Answer[Any]]:
        there = self.sends(bool(self.doors))
        names = (f"{scope.name}/{number}" for number in range(len(self.doors)))
        facts = tuple(door(name, within=scope) for name in names) if there else ()
        yield Answer(Door, scope, facts, SHOWN, None if there else LATER)

    def _door(self, _client: Any, scope: Subject, _store: FactStore) -> Iterator[Answer[Any]]:
        home, _, number = scope.name.rpartition("/")
        why = None if self.sends(self.doors[int(number)]) else LATER
        if why is None:
            self.whole.setdefault(home, set()).add(f"door {number}")
        yield Answer(House, scope, (), SHOWN, why)

    def _rooms(self, _client: Any, scope: Subject, store: FactStore) -> Iterator[Answer[Any]]:
        for number, cost in enumerate(self.rooms):
            room = Subject("github", "room", f"{scope.name}/{number}")
            why = READ_BEFORE
            if not store.parts.read_before(House, room):
                why = None if self.sends(cost) else LATER
                store.parts.note(House, room, why)
            if why is None:
                self.whole.setdefault(scope.name, set()).add(f"room {number}")
            yield Answer(House, room, (), SHOWN, why)

    def _reads(self, name: str) -> Callable[..., Iterator[Answer[Any]]]:
        def read(_client: Any, scope: Subject, _store: FactStore) -> Iterator[Answer[Any]]:
            repository = scope.kind == "repo"
            lists = self.repositories[scope.name] if repository else self.above
            if self.sends(lists.get(name, 0)):
                self.whole.setdefault(scope.name if repository else ABOVE, set()).add(name)
            yield Answer(House if repository else Door, scope, (), SHOWN)

        return read


def first_memory(given: Organization) -> WatchMemory:
    """What the first cycle leaves."""
    names = (ORGANIZATION, *(Subject("github", "repo", name) for name in given.repositories))
    places = tuple(Place(name, {}, ()) for name in names)
    return WatchMemory(NOW, NOW, cycles=1, interval=300, places=places, base=given.base)


def cycled(given: Organization, memory: WatchMemory, requests: int) -> WatchMemory:
    """One more cycle: what is sent is within the limit, and each turn that is over was whole."""
    turn = CycleTurn(
        frozenset({Repository, RepositoryChange}),
        choose_turns(memory, requests),
        begun=begun_turns(memory),
        pushes=WaitingPushes(memory.waiting),
        most=lambda repositories: budget(requests, repositories),
    )
    given.limit = turn.limit
    session = type("Session", (), {"stopped": threading.Event(), "meter": Meter()})
    client = type("Client", (), {"session": session})
    Collection(given.collectors(), {"github": client}, {}, turn=turn).run((ORGANIZATION,))
    assert turn.limit.sent <= max(given.base, budget(requests, len(given.repositories)))
    turns = turns_of(memory, turn, memory.ran + FIVE)
    now = memory.ran + FIVE
    for name in turns.had:
        lists = given.above if name == ABOVE else given.repositories[name]
        given.over[name] = read = given.whole.pop(name, set())
        assert name in turns.too_much or read >= {one for one, cost in lists.items() if cost}
    waiting = tuple(sorted(given.pushed))
    held = replace(memory, ran=now, cycles=memory.cycles + 1, waiting=waiting)
    return after_turns(held, turns, now)


def organization(draw: random.Random, repositories: int) -> Organization:
    """One of so many repositories, each of which takes another number of requests."""
    lists = [f"list {number}" for number in range(8)]
    return Organization(
        draw.randint(20, 40),
        {f"above {number}": draw.randint(0, LARGEST) for number in range(3)},
        {
            f"acme/r{number:03}": {name: draw.choice((0, 1, 1, 2, LARGEST)) for name in lists}
            for number in range(repositories)
        },
    )


@pytest.mark.sampled(3)
@pytest.mark.second_tier("rounds of many cycles", one_of=6)
@pytest.mark.parametrize("repositories", [1, 7, 18])
@pytest.mark.parametrize("requests", [0, 300])
@pytest.mark.parametrize("busy", [0.0, 0.3, 1.0])
def test_each_has_its_turn_within_the_round_and_no_cycle_sends_more_than_its_limit(
    repositories: int, requests: int, busy: float
) -> None:
    """The first round shows what each turn takes, and the rounds after it are stated by that."""
    draw = random.Random(repositories * 7 + requests)  # noqa: S311 (the same in each run)
    given = organization(draw, repositories)
    memory = first_memory(given)
    seen = dict.fromkeys(units(memory), 0)
    number, rest, stated = 0, -1, 0.0
    while rest:
        number += 1
        assert number < 1000
        given.pushed |= {name for name in given.repositories if draw.random() < busy}
        memory = cycled(given, memory, requests)
        length = round_of(memory, requests)
        assert length is not None
        seen.update((name, number) for name, at in memory.turns if at == memory.ran)
        if all(seen.values()):
            stated = max(stated, length / FIVE)
            rest = (rest if rest > 0 else 2 * int(stated) + 1) - 1
            assert number - min(seen.values()) <= stated


def test_more_than_a_cycle_can_give_is_named_and_does_not_keep_others_from_their_turn() -> None:
    given = Organization(
        50, {}, {"acme/big": {"small": 1, "huge": 40}, "acme/one": {"small": 2, "huge": 0}}
    )
    memory = first_memory(given)
    for _ in range(12):
        memory = cycled(given, memory, 0)
    last = dict(memory.turns)
    assert {"acme/big", "acme/one", ABOVE} == last.keys()
    assert all(memory.ran - at <= 6 * FIVE for at in last.values())


def test_where_each_cycle_takes_all_requests_nothing_has_its_turn_and_no_round_is_stated() -> None:
    given = Organization(70, {"above": 1}, {"acme/one": {"small": 1}})
    memory = cycled(given, first_memory(given), 60)
    assert round_of(memory, 60) is None
    assert memory.turns == ((ABOVE, memory.ran),) or not memory.turns


@pytest.mark.parametrize("busy", [0.0, 1.0])
def test_what_was_pushed_to_is_read_in_each_cycle_as_far_as_the_requests_go(busy: float) -> None:
    draw = random.Random(4)  # noqa: S311 (the same in each run)
    given = organization(draw, 12)
    memory = first_memory(given)
    for _ in range(6):
        given.pushed |= {name for name in given.repositories if draw.random() < busy}
        before = len(given.pushed)
        memory = cycled(given, memory, 0)
        assert len(given.pushed) < before or not before


@pytest.mark.parametrize("left", [2, 3, 5, 12, 40, 400])
def test_each_of_many_things_is_read_whatever_the_limit(left: int) -> None:
    """Webhooks with their deliveries and environments with their secrets, in several cycles."""
    draw = random.Random(left)  # noqa: S311 (the same in each run)
    doors = tuple(draw.choice((1, 2, 4, LARGEST)) for _ in range(30))
    given = Organization(
        30, {}, {"acme/one": {"small": 1}, "acme/two": {}}, doors=doors, rooms=(1,) * 20
    )
    memory = first_memory(given)
    # The list of doors is read again in each cycle.
    fit = {f"door {number}" for number, cost in enumerate(doors) if cost < left}
    wanted = fit | {f"room {number}" for number in range(20)}
    cycles = 0
    while not given.repositories.keys() <= given.over.keys():
        memory = cycled(given, memory, 30 + left)
        cycles += 1
        assert cycles < 400
    assert {name: wanted - given.over[name] for name in given.repositories} == {
        "acme/one": set(),
        "acme/two": set(),
    }


def unread(turns: Turns) -> dict[str, str]:
    """What a cycle says that it did not read of webhooks that wait for a request, and why."""
    place = Subject("github", "repo", "acme/one")
    ages = Ages.of((), Renames((), ()), NOW)
    ages.take((Place(place, {"webhook": LATER}, ()),), turns, NOW)
    return {one.what: one.why.needed for one in not_read(ages, frozenset(), NOW)}


def test_a_list_that_is_too_big_for_a_cycle_is_named_with_the_requests_that_it_had() -> None:
    ended = Turns(offered=("acme/one",), had=("acme/one",))
    said = "more than the 12 requests that a cycle has for it; set a higher `--requests`"
    assert unread(replace(ended, too_much={"acme/one": 12}))["webhooks"] == said
    # A turn that is not over says nothing of what it has yet to read.
    assert "webhooks" not in unread(Turns(offered=("acme/one",)))
    assert "webhooks" not in unread(ended)


@pytest.mark.parametrize(("base", "said"), [(59, False), (60, True), (70, True)])
def test_where_the_lists_of_each_cycle_take_all_requests_a_standing_line_says_so(
    base: int, *, said: bool
) -> None:
    place = Place(ORGANIZATION, {"webhook": None}, ())
    found = cycle(None, report(places=(place,)), CycleInput(Turns(base=base, most=60)))
    wanted = (
        f"what each cycle reads takes {base} requests, and the limit is 60: nothing is read in turn"
        " until `--requests` is higher"
    )
    assert (wanted in found.standing) is said
