"""The order of steps: signs of an attack, then what needs nothing, then what needs preparation."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from hardenme.reports.fixplan.step_kind import When

Weight = tuple[int, ...]
"""What a step closes: the worst severity, how far that reaches, then how many of each severity."""


@dataclass(frozen=True)
class Weighed:
    """A step while it waits for its place.

    Attributes:
        section: when it is taken, unless it waits for a later one.
        weight: what it closes; compared from the left, the larger first.
        name: settles between equals.
        last: it comes after all others with a lower number, whatever it closes.
    """

    section: When
    weight: Weight
    name: str
    last: int = 0

    @cached_property
    def lightness(self) -> Weight:
        """The same weight, to be sorted by."""
        return tuple(-part for part in self.weight)


def in_order(steps: Sequence[Weighed], pairs: Iterable[tuple[int, int]]) -> list[tuple[int, When]]:
    """The numbers of the steps in the order in which to take them, each with its section.

    A step never comes before one that it waits for, nor in an earlier section. Within a section, a
    step is as urgent as the most urgent step of the section that waits for it.

    Args:
        steps: all of them.
        pairs: which comes before which. Where they lead in a circle, the heaviest goes first.
    """
    behind: dict[int, list[int]] = {}
    waiting = [0] * len(steps)
    for first, then in dict.fromkeys(pairs):
        behind.setdefault(first, []).append(then)
        waiting[then] += 1
    sections = _sections(steps, behind)
    urgency = _urgency(steps, behind, sections)

    def key(number: int) -> tuple[object, ...]:
        step = steps[number]
        return (
            sections[number], step.last, urgency[number], step.lightness, step.name, number
        )  # fmt: skip

    ready = [key(number) for number in range(len(steps)) if not waiting[number]]
    heapq.heapify(ready)
    rest = dict.fromkeys(sorted(range(len(steps)), key=key))
    found: list[tuple[int, When]] = []
    while rest:
        number = heapq.heappop(ready)[-1] if ready else next(iter(rest))
        if number not in rest:
            continue
        del rest[number]
        found.append((number, sections[number]))
        for then in behind.get(number, ()):
            waiting[then] -= 1
            if not waiting[then]:
                heapq.heappush(ready, key(then))
    return found


def _sections(steps: Sequence[Weighed], behind: dict[int, list[int]]) -> list[When]:
    """When each is taken: not before what it waits for."""
    found = [step.section for step in steps]
    waiting = list(behind)
    while waiting:
        first = waiting.pop()
        for then in behind.get(first, ()):
            if found[then] < found[first]:
                found[then] = found[first]
                waiting.append(then)
    return found


def _urgency(
    steps: Sequence[Weighed], behind: dict[int, list[int]], sections: Sequence[When]
) -> list[Weight]:
    """Each step's own lightness, or that of the heaviest of its section that waits for it."""
    found = [step.lightness for step in steps]
    changed = True
    while changed:
        changed = False
        for first, thens in behind.items():
            near = (found[then] for then in thens if sections[then] == sections[first])
            best = min([found[first], *near])
            if best != found[first]:
                found[first], changed = best, True
    return found
