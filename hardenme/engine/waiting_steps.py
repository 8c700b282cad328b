"""The questions of a cycle of a watch that come after all that each cycle asks."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import Any

from hardenme.collectors.protocol import Collector
from hardenme.engine.step import CollectStep
from hardenme.engine.turn import Begun, CycleTurn, turn_name
from hardenme.facts.github.changes import RepositoryChange
from hardenme.model.fact import Answer, Fact
from hardenme.model.watch import LATER, TurnQuestion

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
        self._turns: dict[str, deque[CollectStep]] = {name: deque() for name in turn.turns}
        self._pushes: deque[CollectStep] = deque()
        self._asked: dict[str, dict[TurnQuestion, Collector]] = {}
        self._unanswered: set[tuple[str, TurnQuestion]] = set()
        self._before_turns = 0
        self.begun = False

    def __len__(self) -> int:
        return sum(map(len, self._turns.values())) + len(self._pushes)

    def put(self, step: CollectStep) -> None:
        """Take a question.

        What an answer leads to comes before the rest of the same turn. What was cut before comes
        last, since it may be too much.
        """
        if self._is_push(step):
            self._pushes.append(step)
            return
        waiting = self._turns.setdefault(turn_name(step.home), deque())
        if self.begun and not self._was_cut(step):
            waiting.appendleft(step)
        else:
            waiting.append(step)

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
        for name, waiting in self._turns.items():
            self._turns[name] = deque(sorted(waiting, key=self._order))

    def next(self) -> CollectStep:
        """The next question."""
        turns = next(filter(None, self._turns.values()), None)
        if turns is None or (self._pushes and self._before_turns > 0):
            self._before_turns -= 1
            return self._pushes.popleft()
        return turns.popleft()

    @property
    def at_once(self) -> int:
        """How many can be asked at once: near the limit one, so that little is begun in vain."""
        left = self._turn.limit.left
        return self._workers if left is None or left > PUSHED * self._workers else 1

    def take(self, step: CollectStep, answer: Answer[Any]) -> None:
        """Note whether an answer waits for a request that was refused, by any question."""
        unknown = [why for fact in answer.facts for why in fact.unknown_fields().values()]
        if any(
            why is not None and why.needed == LATER.needed for why in (answer.missing, *unknown)
        ):
            self._unanswered.add(spender(step))

    def ended(self, step: CollectStep) -> None:
        """Note that a question was asked."""
        if not self._is_push(step):
            name, question = spender(step)
            self._asked.setdefault(name, {})[question] = step.collector

    def finish(self, repositories: int) -> None:
        """Write down how far each turn has come, once all was asked.

        Args:
            repositories: how many there are.
        """
        if not self.begun:
            self.begin(repositories)
        turn = self._turn
        for name, asked in self._asked.items():
            waiting = {question for of, question in self._unanswered if of == name}
            refused = turn.limit.refused_of(name) | waiting
            cut = frozenset(one for one in refused if turn.limit.began(name, one))
            over = {
                question
                for question, collector in asked.items()
                if question not in refused and self._is_over(collector, refused)
            }
            parts = turn.parts[name].read if name in turn.parts else frozenset[TurnQuestion]()
            turn.ended[name] = Begun(parts | over, cut, refused)

    def _is_over(self, collector: Collector, refused: frozenset[TurnQuestion]) -> bool:
        """Whether a turn need not ask again: nothing was refused that the answer led to.

        Pushes are read in each cycle of a turn.
        """
        led = {one.name for kind in collector.gives for one in self._led.get(kind, ())}
        return led.isdisjoint(one.of for one in refused) and not _reads_pushes(collector)

    def _is_push(self, step: CollectStep) -> bool:
        return step.home is not None and not self._turn.has(step.home)

    def _place(self, step: CollectStep) -> tuple[int, str]:
        waiting = self._turn.pushes
        return (0, "") if waiting is None or step.home is None else waiting.place(step.home)

    def _order(self, step: CollectStep) -> tuple[bool, bool]:
        """Pushes first, and last what was cut before."""
        return not _reads_pushes(step.collector), self._was_cut(step)

    def _was_cut(self, step: CollectStep) -> bool:
        name, question = spender(step)
        return question in self._turn.begun.get(name, Begun()).cut


def _reads_pushes(collector: Collector) -> bool:
    return RepositoryChange in collector.gives


def spender(step: CollectStep) -> tuple[str, TurnQuestion]:
    """For whom the requests of a question are counted."""
    return turn_name(step.home), TurnQuestion(step.collector.name, step.subject)
