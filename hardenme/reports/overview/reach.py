"""Who reaches what: people by how far they reach, those who reach the same together."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from hardenme.model.holders import Holder, HolderKind, Holders

PEOPLE = 7
"""Rows of people; the rest is counted."""
NOT_SHOWN = "not shown"
"""The text for 2FA that no answer shows."""
ORDER = ("off", "by text message", "at sign-in only", NOT_SHOWN, "on")
"""States of 2FA, the weakest first."""


@dataclass(frozen=True, slots=True)
class ReachRow:
    """Everyone with the same reach and the same 2FA.

    Attributes:
        names: their logins; the account that asks comes first.
        provider: `github` or `npm`.
        two_factor: their 2FA, as far as it is visible.
        repositories: how many each of them can push to.
        past_rules: in how many of these no rule of the default branch stops them.
        packages: how many each of them can publish.
        weekly: downloads a week of these, as far as they are known.
        at_least: of a package the downloads are not known.
        powers: what else they can do, in words.
        own: the account that asks is among them.
    """

    names: tuple[str, ...]
    provider: str
    two_factor: str
    repositories: int
    past_rules: int
    packages: int
    weekly: int
    at_least: bool
    powers: tuple[str, ...]
    own: bool

    @property
    def people(self) -> int:
        """How many they are."""
        return len(self.names)


@dataclass(frozen=True, slots=True)
class PeopleReach:
    """All people and machines.

    Attributes:
        rows: who reaches farthest first.
        others: how many people have no row.
        machines: how many apps, keys, tokens, secrets and others reach something.
        complete: nothing is missing from these, so that no one else reaches anything.
        unseen: the repositories that they reach and that the run did not look at.
    """

    rows: Sequence[ReachRow]
    others: int
    machines: int
    complete: bool
    unseen: tuple[str, ...] = ()

    @property
    def widest(self) -> tuple[int, int]:
        """The most repositories and the most packages that one row reaches."""
        return (
            max((row.repositories for row in self.rows), default=0),
            max((row.packages for row in self.rows), default=0),
        )


def reach_of(
    holders: Holders, most: int = PEOPLE, looked_at: Collection[str] | None = None
) -> PeopleReach:
    """Put those together who reach the same.

    Args:
        most: rows of people.
        looked_at: the repositories that the run looked at; None to compare with none.
    """
    together: dict[object, list[Holder]] = {}
    people = [one for one in holders.holders if one.kind is HolderKind.PERSON]
    for one in people:
        key = (
            one.provider,
            one.two_factor,
            frozenset(one.repositories),
            frozenset(one.past_rules),
            frozenset(one.packages),
            one.powers,
        )
        together.setdefault(key, []).append(one)
    rows = sorted(map(_row, together.values()), key=_width)
    return PeopleReach(
        rows[:most],
        sum(row.people for row in rows[most:]),
        len(holders.holders) - len(people),
        holders.extent.complete,
        () if looked_at is None else _unseen(people, looked_at),
    )


def _unseen(people: Sequence[Holder], looked_at: Collection[str]) -> tuple[str, ...]:
    seen = {name.lower() for name in looked_at}
    reached = {name for one in people for name in one.repositories}
    return tuple(sorted(name for name in reached if name.lower() not in seen))


def _width(row: ReachRow) -> tuple[int, ...]:
    """Who reaches farthest comes first; of those who reach as far, who has no 2FA."""
    factor = ORDER.index(row.two_factor) if row.two_factor in ORDER else 1
    return -row.weekly, -row.packages, -row.past_rules, -row.repositories, factor, -row.people


def _row(some: Sequence[Holder]) -> ReachRow:
    first = some[0]
    return ReachRow(
        tuple(one.name for one in sorted(some, key=lambda one: not one.own)),
        first.provider,
        first.two_factor or NOT_SHOWN,
        len(first.repositories),
        len(first.past_rules),
        len(first.packages),
        first.weekly,
        any(count is None for _, count in first.packages),
        first.powers,
        any(one.own for one in some),
    )
