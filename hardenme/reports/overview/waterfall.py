"""How many findings the largest steps close: from all that there are down to what is left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hardenme.reports.fixplan.plan import FixPlan, Step

FALLS = 6
"""Steps with a bar of their own."""


@dataclass(frozen=True, slots=True)
class Fall:
    """One step, and from how many findings it leads to how many.

    Attributes:
        before: how many are left before it.
        after: how many are left after it.
    """

    step: Step
    before: int
    after: int

    @property
    def closes(self) -> int:
        """How many it closes."""
        return self.before - self.after


@dataclass(frozen=True, slots=True)
class Waterfall:
    """From all findings to those that no step closes.

    Attributes:
        total: how many findings there are.
        falls: the steps that close most, the largest first.
        others: how many steps close fewer, those included that close nothing at once.
        by_others: how many these close.
        waiting: how many have a step, and still fail once it is taken.
    """

    total: int
    falls: Sequence[Fall]
    others: int
    by_others: int
    waiting: int = 0

    @property
    def closed(self) -> int:
        """How many the largest steps close."""
        return sum(fall.closes for fall in self.falls)

    @property
    def left(self) -> int:
        """How many are left when every step is done."""
        return self.total - self.closed - self.by_others


def waterfall_of(plan: FixPlan, most: int = FALLS) -> Waterfall:
    """The steps of a plan by how much they close."""
    closing = [step for step in plan.steps if step.closes]
    closing.sort(key=lambda step: (-step.closes, step.number))
    falls: list[Fall] = []
    left = plan.failed
    for step in closing[:most]:
        falls.append(Fall(step, left, left - step.closes))
        left -= step.closes
    by_others = sum(one.closes for one in closing[most:])
    waiting = sum(step.left for step in plan.steps)
    return Waterfall(plan.failed, tuple(falls), len(plan.steps) - len(falls), by_others, waiting)
