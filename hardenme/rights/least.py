"""The smallest set of rights that meets all requirements at once, found by exact search.

Requirements offer alternatives, and what is chosen for one may serve another. So all combinations
are weighed together, and not each requirement for itself. The search goes through every choice
that could still be the best; requirements that leave no choice come first, so that few are left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from hardenme.facts.github.permissions import CHANGES, PLACES, place_of
from hardenme.model.least import LEVELS, all_covered, covered
from hardenme.model.permission import expand_scopes

Rights = frozenset[str]
Cost = tuple[int, ...]
Costing = Callable[[Rights], Cost]
"""From rights to what they weigh; adding a right never makes it less."""


def permissions_cost(rights: Rights) -> Cost:
    """What fine-grained permissions weigh.

    Any admin permission costs more than any number of writes, and a write more than any number of
    reads. Then an organization's permissions cost more than a repository's, and these more than the
    account's.
    """
    levels = [right.rpartition(":")[2] for right in rights]
    places = [place_of(right) for right in rights]
    return (
        *(levels.count(level) for level in reversed(LEVELS[1:])),
        sum(place not in PLACES for place in places),
        *(places.count(place) for place in reversed(PLACES)),
    )


def scopes_cost(scopes: Rights) -> Cost:
    """What classic scopes weigh: what they can change first, then how much they include."""
    included = expand_scopes(scopes)
    return (len(CHANGES.keys() & included), len(included), len(scopes))


def count_cost(rights: Rights) -> Cost:
    """What rights weigh that are all alike."""
    return (len(rights),)


def meets(held: Iterable[str], options: Iterable[Rights]) -> bool:
    """Whether rights meet one of the alternatives."""
    have = all_covered(held)
    return any(have >= option for option in options)


def least(requirements: Iterable[Iterable[Rights]], cost: Costing) -> Rights:
    """The smallest rights that meet every requirement.

    Args:
        requirements: the alternatives of each; one without any cannot be met and is left out.
        cost: what rights weigh; of equal ones the first by name is taken.
    """
    waiting = sorted({_distinct(options) for options in requirements} - {()}, key=_order)
    return min(_solutions(tuple(waiting), frozenset(), cost, []), key=lambda s: _rank(s, cost))


def _distinct(options: Iterable[Rights]) -> tuple[Rights, ...]:
    """The alternatives in order, without those that another one includes."""
    found = {trimmed(option) for option in options}
    best = (o for o in found if not any(o != p and all_covered(o) >= p for p in found))
    return tuple(sorted(best, key=sorted))


def _order(options: tuple[Rights, ...]) -> tuple[int, list[list[str]]]:
    return len(options), [sorted(option) for option in options]


def _rank(rights: Rights, cost: Costing) -> tuple[Cost, list[str]]:
    return cost(rights), sorted(rights)


def trimmed(rights: Iterable[str]) -> Rights:
    """The rights without those that another one of them includes."""
    names = frozenset(rights)
    return frozenset(
        name for name in names if not any(name in covered(other) for other in names - {name})
    )


def _solutions(
    waiting: tuple[tuple[Rights, ...], ...], held: Rights, cost: Costing, best: list[Cost]
) -> Iterator[Rights]:
    """Ways to meet what is waiting, without those that cannot be the best.

    Args:
        waiting: the alternatives of each requirement.
        held: what is chosen already.
        cost: what rights weigh.
        best: the least weight of a whole solution so far; empty before the first.
    """
    if best and cost(held) > best[0]:
        return
    open_ = tuple(options for options in waiting if not meets(held, options))
    if not open_:
        best[:] = [min([*best, cost(held)])]
        yield held
        return
    options, *rest = open_
    for option in sorted(options, key=lambda item: _rank(trimmed(held | item), cost)):
        yield from _solutions(tuple(rest), trimmed(held | option), cost, best)
