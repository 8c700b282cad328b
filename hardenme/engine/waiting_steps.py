"""The questions of a cycle of a watch that come after all that each cycle asks."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping

from hardenme.collectors.protocol import Collector
from hardenme.engine.step import CollectStep
from hardenme.engine.turn import Begun, CycleTurn, turn_name
from hardenme.facts.github.changes import RepositoryChange
from hardenme.model.fact import Fact

PUSHED = 3
"""Requests for one repository that was pushed to."""
PUSH_SHARE = 3
"""Of so many requests, one is for pushes that wait, before anything has its turn."""


def pushes_first(left: int) -> int:
    """How many repositories are asked for what was done in them before anything has its turn.

    Args:
        left: the requests of a cycle beyond those that each cycle sends.
    """
    return 0 if left <= PUSHED else max(1, left // (PUSH_SHARE * PUSHED))


class WaitingSteps:
    """What a cycle asks last: what has its turn, and about repositories that were pushed to.

    Args:
        turn: the cycle's.
        workers: how many requests run at once.
        led: the collectors to which the facts of a type lead.
    """

    def __init__(
        self, turn: CycleTurn, workers: int, led: Mapping[type[Fact], list[Collector]]
    ) -> None:
        self._turn, self._workers, self._led = turn, workers, led
        self._turns: deque[CollectStep] = deque()
        self._pushes: deque[CollectStep] = deque()
        self._asked: dict[str, dict[str, Collector]] = {}
        self._before_turns = 0
        self.begun = False

    def __len__(self) -> int:
        return len(self._turns) + len(self._pushes)

    def put(self, step: CollectStep) -> None:
        """Take a question; what an answer leads to comes before the rest of the same turn."""
        if self._is_push(step):
            self._pushes.append(step)
        elif self.begun:
            self._turns.appendleft(step)
        else:
            self._turns.append(step)

    def begin(self, repositories: int) -> None:
        """Let the rest be asked, as far as the requests go.

        Args:
            repositories: how many there are.
        """
        self.begun = True
        turn = self._turn
        turn.limit.close(turn.most(repositories))
        if turn.pushes is not None:
            turn.pushes.ask()
            self._pushes = deque(sorted(self._pushes, key=self._place))
        left = turn.limit.left
        self._before_turns = len(self._pushes) if left is None else pushes_first(left)
        self._turns = deque(sorted(self._turns, key=self._order))

    def next(self) -> CollectStep:
        """The next question."""
        if self._pushes and (self._before_turns > 0 or not self._turns):
            self._before_turns -= 1
            return self._pushes.popleft()
        return self._turns.popleft()

    @property
    def at_once(self) -> int:
        """How many can be asked at once: near the limit one, so that little is begun in vain."""
        left = self._turn.limit.left
        return self._workers if left is None or left > PUSHED * self._workers else 1

    def ended(self, step: CollectStep) -> None:
        """Note that a question was asked."""
        if not self._is_push(step):
            self._asked.setdefault(turn_name(step.home), {})[step.collector.name] = step.collector

    def finish(self, repositories: int) -> None:
        """Write down how far each turn has come, once all was asked.

        Args:
            repositories: how many there are.
        """
        if not self.begun:
            self.begin(repositories)
        refused = self._turn.limit.refused
        for name, asked in self._asked.items():
            cut = {one[1] for one in refused if one is not None and one[0] == name}
            read = {one.name for one in asked.values() if self._is_over(one, cut)}
            self._turn.ended[name] = Begun(frozenset(read), frozenset(cut))

    def _is_over(self, collector: Collector, cut: set[str]) -> bool:
        """Whether a turn need not ask again: neither was refused, nor what the answer led to.

        Pushes are read in each cycle of a turn.
        """
        led = {one.name for kind in collector.gives for one in self._led.get(kind, ())}
        return cut.isdisjoint({collector.name, *led}) and not _reads_pushes(collector)

    def _is_push(self, step: CollectStep) -> bool:
        return step.home is not None and not self._turn.has(step.home)

    def _place(self, step: CollectStep) -> tuple[int, str]:
        waiting = self._turn.pushes
        return (0, "") if waiting is None or step.home is None else waiting.place(step.home)

    def _order(self, step: CollectStep) -> tuple[int, bool, bool]:
        """By turn; pushes first, and last what was cut before."""
        name = turn_name(step.home)
        cut = self._turn.begun.get(name, Begun()).cut
        collector = step.collector
        return self._turn.turns.index(name), not _reads_pushes(collector), collector.name in cut


def _reads_pushes(collector: Collector) -> bool:
    return RepositoryChange in collector.gives


def spender(step: CollectStep) -> tuple[str, str]:
    """For whom the requests of a question are counted."""
    return turn_name(step.home), step.collector.name
