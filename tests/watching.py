"""Cycles of a watch over the sandbox's organization, minute by minute."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hardenme.cli.watch.cycle_request import with_turns
from hardenme.codec.typed import Codec
from hardenme.collectors.transport.cache import Cache
from hardenme.drift.watch import CycleInput, cycle, turns_of
from hardenme.engine.audit import audit
from hardenme.engine.plan import Selection
from hardenme.engine.progress import Silent
from hardenme.engine.run_config import RunConfig
from hardenme.engine.target import Target
from hardenme.model.recent import Event, Undated
from hardenme.model.watch import WatchCycle, WatchMemory
from hardenme.sandbox.github.world import World
from tests.moment import standing_at
from tests.running import QUICK, Stage

FIVE = timedelta(minutes=5)
ORGANIZATION = "github:cedar-labs"


@dataclass
class Watching:
    """A watch of the sandbox's organization.

    Attributes:
        servers: who answers.
        world: what they answer about; its clock goes on with the cycles.
        requests: the most requests of a cycle; 0 for the usual.
        targets: what is watched.
        cache: keeps answers from one cycle to the next; None for none.
        memory: what the cycles so far came to.
        cycles: each cycle so far.
    """

    servers: Stage
    world: World
    requests: int = 0
    targets: tuple[str, ...] = (ORGANIZATION,)
    cache: Cache | None = None
    memory: WatchMemory | None = None
    cycles: list[WatchCycle] = field(default_factory=list)

    @property
    def now(self) -> datetime:
        return self.world.now

    def cycle(self, after: timedelta = FIVE) -> WatchCycle:
        """One cycle, so long after the one before it."""
        if self.cycles:
            self.world.now += after
        targets = tuple(map(Target.parse, self.targets))
        config = RunConfig(targets, Selection((), frozenset()), local=False)
        run, turn = with_turns(config, self.memory, self.world.now, self.requests)
        self.servers.rest()
        with standing_at(self.world.now):
            report = audit(
                run,
                self.servers.clients(QUICK, self.cache),
                Silent(),
            )
        turns = turns_of(self.memory, turn, self.world.now)
        given = CycleInput(turns, requests=self.requests)
        found = cycle(self.memory, report, given)
        # What is kept goes by the codec, as between two processes.
        codec = Codec()
        self.memory = codec.read(WatchMemory, codec.write(found.memory))
        self.cycles.append(found)
        return found

    def until(self, seen: Callable[[WatchCycle], bool], most: int) -> int:
        """How many cycles it takes until one sees something."""
        for number in range(1, most + 1):
            if seen(self.cycle()):
                return number
        raise AssertionError(f"not seen within {most} cycles")


WORKFLOW = frozenset({"workflow", "changed workflow"})
"""The kinds of a workflow file, without and with the time of its push."""


def kind_of(one: Event | Undated) -> str:
    """What differs, whether or not its time is known."""
    return "workflow" if one.kind in WORKFLOW else one.kind


def appeared(one: Event | Undated) -> bool:
    """Whether it is new."""
    return one.appeared if isinstance(one, Event) else one.change == "appeared"


def texts(found: tuple[Event | Undated, ...]) -> list[str]:
    """What each alert says, with its place and its kind."""
    return [
        f"{one.kind} {one.place.name}: "
        + (one.text if isinstance(one, Event) else f"{one.change} {', '.join(one.names)}")
        for one in found
    ]
