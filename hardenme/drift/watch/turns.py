"""Which repositories have their turn in the next cycle of a watch, and how long a round takes."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from hardenme.model.watch import INTERVAL, CycleCost, WatchMemory

ABOVE = ""
"""The name under which what is above the repositories has its turn."""
USUAL_TURN = 15.0
"""Requests for one repository, where no cycle has shown it."""
SMOOTHING = 0.5
"""How much the last cycle counts against those before it."""
PUSHED = 3.0
"""Requests for one repository that was pushed to."""
USUAL_BASE = 45.0
"""Requests of the first cycle, without those for repositories that were pushed to."""
CHEAPEST, DEAREST = USUAL_TURN, 60.0
"""Bounds of what one repository can take: a cycle with other work shows no such number."""
FEW = 100
"""Repositories up to which the usual number of requests is enough."""
REQUESTS = 60
"""Of a cycle, for each hundred repositories."""
WITH_TURNS = 2
"""Cycles that give turns before one reads pushes that wait in place of it."""


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

    Args:
        memory: what the cycles before came to; None for the first one, in which nothing has.
        requests: the most of a cycle, as the user says; 0 for the usual.
    """
    if memory is None or not memory.cycles or _reads_pushes(memory, requests):
        return ()
    last = dict(memory.turns)
    # What never had a turn comes before what had one in the cycle that began the watch.
    waiting = sorted(
        units(memory), key=lambda name: (name in last, last.get(name, memory.started), name)
    )
    return tuple(waiting[: _each(memory, requests)])


def _reads_pushes(memory: WatchMemory, requests: int) -> bool:
    """Whether the next cycle reads pushes that wait and gives no turns, as the round allows."""
    due = memory.with_turns >= WITH_TURNS or memory.cycles == 1
    return bool(memory.waiting) and due and _may_wait(memory, requests)


def _may_wait(memory: WatchMemory, requests: int) -> bool:
    """Whether a cycle that gives turns may leave pushes of some repositories unread."""
    units_, each = units(memory), _each(memory, requests)
    rest = max(0, len(units_) - each)
    return rest > pushes_read(memory, requests, min(each, len(units_)))


def pushes_read(memory: WatchMemory | None, requests: int, turns: int) -> int:
    """How many repositories that were pushed to the next cycle can ask for what was done.

    Args:
        memory: what the cycles before came to; None for the first one.
        requests: the most of a cycle, as the user says; 0 for the usual.
        turns: how many have their turn in it.
    """
    if memory is None or not memory.cycles:
        return max(1, int((budget(requests, FEW) - USUAL_BASE) / PUSHED))
    repositories = sum(name != ABOVE for name in units(memory))
    turn = memory.cost.turn or USUAL_TURN
    rest = budget(requests, repositories) - memory.cost.base - turns * turn
    return max(0 if turns else 1, int(rest / PUSHED))


def _each(memory: WatchMemory, requests: int) -> int:
    """How many have their turn in a cycle; never none, so that each has it some time."""
    repositories = sum(name != ABOVE for name in units(memory))
    most = budget(requests, repositories)
    turn = memory.cost.turn or USUAL_TURN
    return max(1, int((most - memory.cost.base) / turn))


def round_of(memory: WatchMemory, requests: int) -> timedelta:
    """How long it takes until everything had its turn, whatever is pushed meanwhile."""
    cycles = math.ceil(len(units(memory)) / _each(memory, requests))
    if _may_wait(memory, requests):
        cycles += math.ceil(cycles / WITH_TURNS)
    return cycles * (timedelta(seconds=memory.interval) if memory.interval else INTERVAL)


def with_turns(memory: WatchMemory, turns: int) -> int:
    """How many cycles in a row have given turns, after one more."""
    return min(memory.with_turns + 1, WITH_TURNS) if turns else 0


def costs(memory: WatchMemory, requests: float, turns: int) -> CycleCost:
    """What cycles take, after one more.

    Args:
        memory: what the cycles before came to.
        requests: how many the cycle sent, without those for repositories that were pushed to.
        turns: how much had its turn in it.
    """
    turn = memory.cost.turn or USUAL_TURN
    if not memory.cycles:
        return CycleCost(max(requests - turns * turn, 0.0), 0.0)
    if turns:
        seen = min(max((requests - memory.cost.base) / turns, CHEAPEST), DEAREST)
        turn += SMOOTHING * (seen - turn)
    base = memory.cost.base + SMOOTHING * (max(requests - turns * turn, 0.0) - memory.cost.base)
    return CycleCost(round(base, 2), round(turn, 2))


def turned(
    last: Mapping[str, datetime], names: Iterable[str], there: Iterable[str], now: datetime
) -> tuple[tuple[str, datetime], ...]:
    """When each had its turn last, without what is there no more."""
    found = {**last, **dict.fromkeys(names, now)}
    known = set(there)
    return tuple(sorted((name, at) for name, at in found.items() if name in known))
