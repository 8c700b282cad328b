"""The smallest set of steps that closes every path that should not be open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from hardenme.derive.publishing.steps import in_order
from hardenme.model.publishing import ClosingStep

MOST_EXACT = 12
"""Remedies of which every selection is looked at; of more, the best is taken one by one."""


@dataclass(frozen=True)
class Remedy:
    """Steps that close paths when all of them are taken.

    Attributes:
        steps: to take.
        losses: how many things that work today no longer do.
    """

    steps: tuple[ClosingStep, ...]
    losses: int = 0

    @cached_property
    def closes(self) -> frozenset[str]:
        """The keys of the paths that it closes."""
        return frozenset(key for step in self.steps for key in step.closes)

    @cached_property
    def names(self) -> frozenset[str]:
        """The keys of its steps."""
        return frozenset(step.key for step in self.steps)


def smallest(remedies: Iterable[Remedy], paths: frozenset[str]) -> tuple[ClosingStep, ...]:
    """The fewest steps that close these paths, as far as any do, in a safe order.

    Of several such sets the one with the fewest losses is taken, then the first by name.
    """
    useful = sorted(
        (item for item in remedies if item.closes & paths),
        key=lambda item: (sorted(item.names), item.losses),
    )
    wanted = paths.intersection(*[frozenset().union(*(item.closes for item in useful))])
    forced = [item for key in sorted(wanted) for item in _only(useful, key)]
    chosen = list(dict.fromkeys(forced))
    left = wanted.difference(*(item.closes for item in chosen))
    rest = [item for item in useful if item not in chosen and item.closes & left]
    found = _exact if len(rest) <= MOST_EXACT else _greedy
    return in_order(step for item in (*chosen, *found(chosen, rest, left)) for step in item.steps)


def _only(remedies: Sequence[Remedy], key: str) -> list[Remedy]:
    """The remedy that alone closes a path; none if there are several."""
    closing = [item for item in remedies if key in item.closes]
    return closing if len(closing) == 1 else []


def _cost(chosen: Iterable[Remedy]) -> tuple[int, int, list[str]]:
    taken = tuple(chosen)
    names = frozenset().union(*(item.names for item in taken))
    return len(names), sum(item.losses for item in taken), sorted(names)


def _exact(
    chosen: Sequence[Remedy], rest: Sequence[Remedy], left: frozenset[str]
) -> tuple[Remedy, ...]:
    """The best of all selections."""
    selections = (
        selection for size in range(len(rest) + 1) for selection in combinations(rest, size)
    )
    closing = (
        selection
        for selection in selections
        if left <= frozenset().union(*(item.closes for item in selection))
    )
    return min(closing, key=lambda selection: _cost((*chosen, *selection)))


def _greedy(
    chosen: Sequence[Remedy], rest: Sequence[Remedy], left: frozenset[str]
) -> tuple[Remedy, ...]:
    """Whatever closes most at each turn."""
    taken: list[Remedy] = []
    while left:
        best = max(
            rest,
            key=lambda item: (
                len(item.closes & left),
                -_cost((*chosen, *taken, item))[0],
                -item.losses,
            ),
        )
        taken.append(best)
        left -= best.closes
    return tuple(taken)
