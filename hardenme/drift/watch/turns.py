"""What has its turn in the next cycle of a watch, and how long a round takes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from hardenme.engine.turn import ABOVE, Begun, CycleTurn
from hardenme.engine.waiting_steps import PUSHED, pushes_first
from hardenme.model.watch import INTERVAL, UnfinishedTurn, WatchMemory

USUAL_TURN = 15
"""Requests that a turn is expected to take where none was had yet."""
FEW = 100
"""Repositories up to which the usual number of requests is enough."""
REQUESTS = 60
"""Of a cycle, for each hundred repositories."""


@dataclass(frozen=True, slots=True)
class Turns:
    """What had its turn in a cycle, and what that took.

    Attributes:
        offered: what had its turn, as far as the requests went.
        had: those that had all of it, or as much as a cycle can give.
        too_much: those of them that take more requests than a cycle has, and how many they had.
        unfinished: those that the next cycle continues.
        costs: how many requests each took, by name.
        base: how many requests were for what each cycle reads.
        most: the limit of requests; None for none.
    """

    offered: tuple[str, ...] = ()
    had: tuple[str, ...] = ()
    too_much: Mapping[str, int] = field(default_factory=dict)
    unfinished: tuple[UnfinishedTurn, ...] = ()
    costs: Mapping[str, int] = field(default_factory=dict)
    base: int = 0
    most: int | None = None


def budget(requests: int, repositories: int) -> int:
    """The most requests of a cycle: as the user says, or by the number of repositories."""
    return requests or REQUESTS * max(1, math.ceil(repositories / FEW))


def units(memory: WatchMemory) -> list[str]:
    """What has turns: each repository by its name, and what is above them."""
    names = (place.subject.name.lower() for place in memory.places if place.subject.kind == "repo")
    above = [ABOVE] * any(place.subject.kind in {"org", "user"} for place in memory.places)
    return [*above, *sorted(names)]


def choose_turns(memory: WatchMemory | None, requests: int) -> tuple[str, ...]:
    """What has its turn in the next cycle: what waited longest, as far as the requests go.

    The limit decides how far they go in the end: what it cuts is continued by the next cycle.

    Args:
        memory: what the cycles before came to; None for the first one, in which nothing has.
        requests: the most of a cycle, as the user says; 0 for the usual.
    """
    if memory is None or not memory.cycles:
        return ()
    last = dict(memory.turns)
    begun = {one.name: one for one in memory.unfinished}
    # What never had a turn comes before what had one in the cycle that began the watch.
    waiting = sorted(
        units(memory),
        key=lambda name: (name not in begun, name in last, last.get(name, memory.started), name),
    )
    left = _left(memory, requests)
    chosen: list[str] = []
    for name in waiting:
        chosen.append(name)
        left -= max(1, _cost(memory, name) - (begun[name].requests if name in begun else 0))
        if left <= 0:
            break
    return tuple(chosen)


def begun_turns(memory: WatchMemory | None) -> dict[str, Begun]:
    """How far the turns have come that the next cycle continues."""
    unfinished = () if memory is None else memory.unfinished
    return {one.name: Begun(frozenset(one.read), frozenset(one.cut)) for one in unfinished}


def turns_of(memory: WatchMemory | None, turn: CycleTurn) -> Turns:
    """What had its turn in a cycle.

    Args:
        memory: what the cycles before came to; None if there was none.
        turn: the cycle's, after its run.
    """
    before = {one.name: one for one in (() if memory is None else memory.unfinished)}
    had: list[str] = []
    too_much: dict[str, int] = {}
    costs: dict[str, int] = {}
    unfinished: list[UnfinishedTurn] = []
    for place, name in enumerate(turn.turns):
        once, ended = before.get(name), turn.ended.get(name, Begun())
        spent = turn.limit.spent(name)
        read = ended.read | (frozenset() if once is None else frozenset(once.read))
        whole = spent + (0 if once is None else once.requests)
        stuck = not place and once is not None and read == frozenset(once.read)
        if ended.cut and not stuck:
            unfinished.append(
                UnfinishedTurn(name, whole, tuple(sorted(read)), tuple(sorted(ended.cut)))
            )
            continue
        had.append(name)
        costs[name] = whole
        if ended.cut:
            too_much[name] = spent
    limit = turn.limit
    return Turns(turn.turns, tuple(had), too_much, tuple(unfinished), costs, limit.base, limit.most)


def round_of(memory: WatchMemory, requests: int) -> timedelta | None:
    """How long it takes until everything had its turn, whatever is pushed meanwhile.

    None if what each cycle reads leaves no requests for that.
    """
    names, left = units(memory), _left(memory, requests)
    repositories = sum(name != ABOVE for name in names)
    known = [cost for _, cost in memory.costs]
    unknown = max([USUAL_TURN, *known])
    costs = dict(memory.costs)
    whole = sum(costs.get(name, unknown) for name in names)
    share = left - PUSHED * pushes_first(left)
    if whole + PUSHED * repositories <= left:
        cycles = 1
    elif share > 0:
        # One more, since a turn that is cut asks some of it again.
        cycles = math.ceil(whole / share) + 1
    else:
        return None
    return cycles * (timedelta(seconds=memory.interval) if memory.interval else INTERVAL)


def _left(memory: WatchMemory, requests: int) -> int:
    """The requests of a cycle beyond those for what each cycle reads."""
    repositories = sum(name != ABOVE for name in units(memory))
    return budget(requests, repositories) - memory.base


def _cost(memory: WatchMemory, name: str) -> int:
    """How many requests a turn takes: as the last one did, or as others do."""
    costs = dict(memory.costs)
    known = sorted(costs.values())
    return costs.get(name, known[len(known) // 2] if known else USUAL_TURN)


def after_turns(memory: WatchMemory, turns: Turns, now: datetime) -> WatchMemory:
    """What the next cycle has to know of turns; what is there no more is left out.

    Args:
        memory: with the places that are known after the cycle.
        turns: what had its turn in it.
        now: when it was.
    """
    there = set(units(memory))
    last = {**dict(memory.turns), **dict.fromkeys(turns.had, now)}
    costs = {**dict(memory.costs), **turns.costs}
    return replace(
        memory,
        turns=tuple(sorted((name, at) for name, at in last.items() if name in there)),
        unfinished=tuple(one for one in turns.unfinished if one.name in there),
        costs=tuple(sorted((name, number) for name, number in costs.items() if name in there)),
        base=turns.base,
    )
