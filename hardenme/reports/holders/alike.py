"""Holders that share a text: they reach the same, and the same accounts remove them.

Fourteen owners of an organization are one line with their names, since each can remove the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from hardenme.model.holders import Hold, Holder, HolderKind

EACH_OTHER = "each other"


def alike(holders: Iterable[Holder]) -> list[tuple[Holder, ...]]:
    """People with the same text together, the rest alone; in the order of the first of each.

    Accounts of yours, and those with an account at the other provider, are alone.
    """
    reaching: dict[object, list[Holder]] = {}
    for place, one in enumerate(holders):
        apart = one.kind is not HolderKind.PERSON or one.own or bool(one.same)
        reaching.setdefault(place if apart else _reach(one), []).append(one)
    found: dict[object, list[Holder]] = {}
    for key, some in reaching.items():
        everyone = [set[str]().union(*(hold.by for hold in same)) for same in _ways(some)]
        for one in some:
            by = (
                (one.name in those, frozenset(hold.by) | ({one.name} & those))
                for hold, those in zip(one.holds, everyone, strict=True)
            )
            found.setdefault((key, *by), []).append(one)
    return [tuple(some) for some in found.values()]


def _ways(some: Sequence[Holder]) -> Iterable[tuple[Hold, ...]]:
    """The holds of all of them that say the same."""
    return zip(*(one.holds for one in some), strict=True)


def _reach(one: Holder) -> object:
    """The text about a holder, without its name and who removes it."""
    return replace(
        one, name="", holds=tuple(replace(hold, by=(), command="", page="") for hold in one.holds)
    )


def removers(some: Sequence[Holder], hold: Hold) -> tuple[str, ...]:
    """Who can take a hold away: of one of them, and in the same words of each of the others."""
    names = {one.name for one in some}
    others = tuple(name for name in hold.by if name not in names)
    if len(some) == 1 or len(others) == len(hold.by):
        return hold.by
    return (EACH_OTHER, *others)
