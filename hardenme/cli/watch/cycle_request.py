"""The request of one cycle of `hardenme watch github:`."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from hardenme.derive.attacker_changes import ATTACKER_CHANGES, EACH_CYCLE
from hardenme.derive.recent import FACTS
from hardenme.drift.watch import ABOVE
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
"""The same in the first cycle."""
MARGIN = timedelta(minutes=15)
"""For clocks that differ, and for answers that come late."""


def with_turns(
    config: RunConfig, memory: WatchMemory | None, turns: tuple[str, ...], now: datetime
) -> RunConfig:
    """The run of a cycle: some facts of everything, the others of what has its turn.

    Args:
        config: whom it asks about.
        memory: what the cycles before came to; None if there was none.
        turns: the names of what has its turn.
        now: the time by this machine's clock.
    """
    turn = CycleTurn(EACH_CYCLE, frozenset(turns) - {ABOVE}, above=ABOVE in turns)
    made = Selection((), frozenset(), depth=Depth.DEEP)
    facts = FACTS | {fact for one in GITHUB for fact in one.facts}
    return replace(
        config,
        selection=with_facts(made, facts),
        turn=turn,
        window=_window(memory, now),
    )


def _window(memory: WatchMemory | None, now: datetime) -> timedelta:
    """How far back pushes are read: to before the oldest look at any."""
    if memory is None or not memory.cycles:
        return FIRST
    looks = [at for one in memory.looks for at, names in one.at if not PUSHES.isdisjoint(names)]
    oldest = min(looks, default=memory.ran)
    return min(max(SHORTEST, now - oldest + MARGIN), LONGEST)
