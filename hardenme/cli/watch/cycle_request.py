"""The request of one cycle of `hardenme watch github:`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from hardenme.collectors.waiting_pushes import WaitingPushes
from hardenme.derive.attacker_changes import ATTACKER_CHANGES, EACH_CYCLE
from hardenme.derive.recent import FACTS
from hardenme.drift.watch import begun_turns, budget, choose_turns
from hardenme.engine.plan import Selection, with_facts
from hardenme.engine.run_config import RunConfig
from hardenme.engine.turn import CycleTurn
from hardenme.model.depth import Depth
from hardenme.model.watch import WatchMemory

GITHUB = tuple(one for one in ATTACKER_CHANGES if one.place.startswith("github:"))
PUSHES = frozenset(one.name for one in GITHUB if one.kind in {"push", "changed workflow"})
SHORTEST, LONGEST = timedelta(minutes=30), timedelta(days=7)
"""How far back pushes and runs are read: those of several cycles, so that a late one is seen."""
FIRST = timedelta(hours=48)
"""The same where they were not read yet, before the watch started."""
MARGIN = timedelta(minutes=15)
"""For clocks that differ, and for answers that come late."""


def with_turns(
    config: RunConfig, memory: WatchMemory | None, now: datetime, requests: int = 0
) -> tuple[RunConfig, CycleTurn]:
    """The run of a cycle, and what has its turn in it.

    Some facts are asked of everything, the others of what has its turn.

    Args:
        config: whom it asks about.
        memory: what the cycles before came to; None if there was none.
        now: the time by this machine's clock.
        requests: the most of a cycle, as the user says; 0 for the usual.
    """
    turn = CycleTurn(
        EACH_CYCLE,
        choose_turns(memory, requests),
        begun=begun_turns(memory),
        windows=dict(_windows(memory, now)),
        pushes=WaitingPushes(() if memory is None else memory.waiting),
        most=lambda repositories: budget(requests, repositories),
    )
    made = Selection((), frozenset(), depth=Depth.DEEP)
    facts = FACTS | {fact for one in GITHUB for fact in one.facts}
    window = FIRST if memory is None else _back_to(memory.started - FIRST, now)
    run = replace(config, selection=with_facts(made, facts), turn=turn, window=window)
    return run, turn


def _windows(memory: WatchMemory | None, now: datetime) -> Iterator[tuple[str, timedelta]]:
    """How far back pushes are read, by repository: to before the last look at them."""
    for one in () if memory is None else memory.looks:
        looks = [at for at, names in one.at if not PUSHES.isdisjoint(names)]
        if looks and one.place.kind == "repo":
            yield one.place.name.lower(), _back_to(min(looks), now)


def _back_to(look: datetime, now: datetime) -> timedelta:
    return min(max(SHORTEST, now - look + MARGIN), LONGEST)
