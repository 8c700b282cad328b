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
        too_much: those of them of which something takes more requests than a cycle has, and how
            many one had at most.
        continued: those that an earlier cycle began, and when.
        unfinished: those that the next cycle continues.
        costs: how many requests each took, by name.
        base: how many requests were for what each cycle reads.
        most: the limit of requests; None for none.
    """

    offered: tuple[str, ...] = ()
    had: tuple[str, ...] = ()
    too_much: Mapping[str, int] = field(default_factory=dict)
    continued: Mapping[str, datetime] = field(default_factory=dict)
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
    return {
        one.name: Begun(frozenset(one.read), frozenset(one.cut), given_up=frozenset(one.given_up))
        for one in (() if memory is None else memory.unfinished)
    }


def turns_of(memory: WatchMemory | None, turn: CycleTurn, now: datetime) -> Turns:
    """What had its turn in a cycle.

    Args:
        memory: what the cycles before came to; None if there was none.
        turn: the cycle's, after its run.
        now: when the cycle was.
    """
    before = {one.name: one for one in (() if memory is None else memory.unfinished)}
    over: list[UnfinishedTurn] = []
    unfinished: list[UnfinishedTurn] = []
    for place, name in enumerate(turn.turns):
        if name in before and name not in turn.ended:
            # Nothing of it was asked: the cycle did not see it.
            unfinished.append(before[name])
            continue
        once = before.get(name) or UnfinishedTurn(name, now)
        ended = turn.ended.get(name, Begun())
        after = _after_cycle(once, ended, turn.limit.spent(name), first=not place)
        (unfinished if ended.refused else over).append(after)
    return Turns(
        turn.turns,
        had=tuple(one.name for one in over),
        too_much={one.name: one.most for one in over if one.given_up},
        continued={name: one.begun for name, one in before.items()},
        unfinished=tuple(unfinished),
        costs={one.name: one.requests for one in over},
        base=turn.limit.base,
        most=turn.limit.most,
    )


def _after_cycle(once: UnfinishedTurn, ended: Begun, spent: int, *, first: bool) -> UnfinishedTurn:
    """A turn after one more cycle.

    What was cut is too much if it had all requests of the cycle. That is so if the turn was the
    first one, and nothing else of it was read.
    """
    read = ended.read.union(once.read)
    given_up = frozenset(once.given_up)
    if first and spent and len(read) == len(once.read):
        given_up |= ended.cut or ended.refused
    return replace(
        once,
        requests=once.requests + spent,
        most=max(once.most, spent),
        read=tuple(sorted(read)),
        cut=tuple(sorted(ended.cut - given_up)),
        given_up=tuple(sorted(given_up)),
    )


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
