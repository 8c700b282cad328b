"""The order of steps: what closes most comes first, one visit to a page at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Weight = tuple[int, ...]
"""How many findings are closed of each severity, the worst first; compared from the left."""
Place = tuple[str, str]
"""A page, and the right that it takes."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """A step while it waits for its place.

    Attributes:
        weight: what it closes.
        place: the page and the right that it takes: steps that share it are one visit.
        name: settles between equals.
        last: it comes after all others, whatever it closes.
    """

    weight: Weight
    place: Place
    name: str
    last: bool = False


def in_order(steps: Sequence[Weighed], pairs: Iterable[tuple[int, int]]) -> list[int]:
    """The numbers of the steps in the order in which to take them.

    A step is as urgent as the most urgent one that waits for it. Where a page is visited, all that
    can be done there is done before the next page. What comes last does so unless a pair says
    otherwise.

    Args:
        steps: all of them.
        pairs: which comes before which. Where they lead in a circle, the heaviest goes first.
    """
    queue = _Queue(steps, pairs)
    return [queue.next() for _ in steps]


class _Queue:
    """The steps that wait, by the page and the right that they take."""

    def __init__(self, steps: Sequence[Weighed], pairs: Iterable[tuple[int, int]]) -> None:
        self._steps = steps
        self._behind: dict[int, list[int]] = {}
        self._waiting = [0] * len(steps)
        for first, then in pairs:
            self._behind.setdefault(first, []).append(then)
            self._waiting[then] += 1
        self._urgency = _urgency(steps, self._behind)
        self._rest = set(range(len(steps)))
        self._ready: dict[Place, set[int]] = {}
        for number, waiting in enumerate(self._waiting):
            if not waiting:
                self._ready.setdefault(steps[number].place, set()).add(number)
        self._place: Place | None = None

    def next(self) -> int:
        """The next step; it waits no longer, and what waited for it alone is ready."""
        number = self._choose()
        self._place = self._steps[number].place
        self._rest.discard(number)
        if number in (here := self._ready.get(self._place, set())):
            here.discard(number)
            if not here:
                del self._ready[self._place]
        for then in self._behind.get(number, ()):
            self._waiting[then] -= 1
            if not self._waiting[then] and then in self._rest:
                self._ready.setdefault(self._steps[then].place, set()).add(then)
        return number

    def _choose(self) -> int:
        here = self._ready.get(self._place, set()) if self._place is not None else set()
        first = min(here, key=self._key, default=None)
        if first is not None and not self._steps[first].last:
            return first
        if self._ready:
            return min((min(ready, key=self._key) for ready in self._ready.values()), key=self._key)
        return min(self._rest, key=self._key)

    def _key(self, number: int) -> tuple[bool, Weight, Weight, str, int]:
        step = self._steps[number]
        urgency, weight = self._urgency[number], step.weight
        return step.last, tuple(-n for n in urgency), tuple(-n for n in weight), step.name, number


def _urgency(steps: Sequence[Weighed], behind: dict[int, list[int]]) -> list[Weight]:
    """Each step's own weight, or that of the heaviest that waits for it."""
    urgency = [step.weight for step in steps]
    changed = True
    while changed:
        changed = False
        for first, thens in behind.items():
            best = max([urgency[first], *(urgency[then] for then in thens)])
            if best != urgency[first]:
                urgency[first], changed = best, True
    return urgency
