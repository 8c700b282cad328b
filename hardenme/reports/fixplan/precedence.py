"""What comes before what, where the order decides whether people or workflows are shut out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from hardenme.model.access_change import ANYONE, Access, needs, own_last, takes
from hardenme.model.verdict import Fix

BEFORE: tuple[tuple[str, str], ...] = (
    # No one shuts themselves out: one's own 2FA before it is demanded of others.
    ("GHA101", "GHO101"),
    ("GHO102", "GHO101"),
    ("GHO104", "GHO101"),
    ("NPA101", "NPA102"),
    # Another owner is there before one leaves, or loses the role.
    ("GHO105", "GHO101"),
    ("NPO102", "NPO104"),
    # Workflows keep to a rule before it is demanded.
    ("GHW201", "GHW102"),
    ("GHW203", "GHW103"),
    # Who has to be asked is named before asking is required; who has to sign can do so.
    ("GHR121", "GHB106"),
    ("GHA107", "GHB111"),
    ("LOC111", "GHB111"),
    # The environment is guarded before publishers are bound to it, and holds what it is to hold.
    ("GHR118", "NPP103"),
    ("GHR118", "GHR117"),
    # The new way to publish is there before the old ones end.
    ("NPP101", "NPP106"),
    ("NPP101", "GHR116"),
    ("NPP101", "NPT101"),
    ("NPP101", "NPT102"),
    ("NPP101", "NPT103"),
    ("NPT101", "GHR116"),
    # Someone gets a lesser role before being removed: afterwards the same command invites anew.
    ("GHO123", "GHO104"),
    ("GHR113", "GHO104"),
    # A team that releases has the packages before the others lose them.
    ("NPO103", "NPO105"),
)
"""Pairs of checks: the first one's steps come before the second one's."""
ARCHIVING = "GHR120"
TRANSFERRING = 'Choose "Transfer ownership"'
"""How a change begins after which the repository has another address."""
ARCHIVED, OWN = 1, 2
"""What comes after all others: an archived repository accepts no change, and without a right that
was given up, the steps that need it fail."""


def last(codes: Collection[str], fixes: Sequence[Fix]) -> int:
    """By how much a step comes after all others; 0 for any other place.

    Args:
        codes: the checks whose findings it closes.
    """
    if any(map(own_last, fixes)):
        return OWN
    moves = any(fix.step.startswith(TRANSFERRING) for fix in fixes)
    return ARCHIVED if moves or ARCHIVING in codes else 0


def taking(fixes: Sequence[Sequence[Fix]]) -> Iterator[tuple[int, int]]:
    """Pairs of steps: the first needs what the second takes away, so that it comes before.

    Args:
        fixes: what each step does.
    """
    commands = [[one.command for one in step if one.command] for step in fixes]
    taken = [(at, found) for at, step in enumerate(commands) for found in _taken(step)]
    if not taken:
        return
    for first, step in enumerate(commands):
        needed = {one for command in step for one in needs(command)}
        for then, found in taken:
            if first != then and any(found.covers(one) for one in needed):
                yield first, then


def _taken(commands: Iterable[str]) -> Iterator[Access]:
    """What commands take from anyone who has it; what they take from others alone stops no one."""
    for command in commands:
        yield from (one for one in takes(command) if one.login == ANYONE)


def edges(
    codes: Sequence[Sequence[str]],
    known: Iterable[tuple[int, int]],
    wanted: Iterable[tuple[int, int]] = (),
    places: Sequence[Collection[str]] = (),
) -> tuple[tuple[int, int], ...]:
    """All pairs of steps of which the first comes before the second.

    Known precedence wins; any other pair that contradicts an earlier one is left out.

    Args:
        codes: the checks whose findings each step closes.
        known: pairs that hold already.
        wanted: pairs that come before those of the table.
        places: the repositories on GitHub that each step is about, or an owner for all of them.
            What is about an account, or npm, has none. Steps of other places do not wait for each
            other by the table.
    """
    behind: dict[int, set[int]] = {}
    found = dict.fromkeys(pair for pair in known if pair[0] != pair[1])
    for first, then in found:
        behind.setdefault(first, set()).add(then)
    closing: dict[str, list[int]] = {}
    for number, names in enumerate(codes):
        for name in names:
            closing.setdefault(name, []).append(number)
    table = (
        (first, then)
        for before, after in BEFORE
        for first in closing.get(before, ())
        for then in closing.get(after, ())
        if not (places and places[first] and places[then]) or _meet(places[first], places[then])
    )
    for first, then in (*wanted, *table):
        if first != then and not _leads(behind, then, first):
            found[first, then] = None
            behind.setdefault(first, set()).add(then)
    return tuple(found)


def _meet(some: Collection[str], others: Collection[str]) -> bool:
    """Whether two steps are about the same repository; an owner is all of its repositories."""
    if not {*some}.isdisjoint(others):
        return True
    whole = {one for one in (*some, *others) if "/" not in one}
    here, there = ({one.partition("/")[0] for one in them} for them in (some, others))
    return not whole.isdisjoint(here & there)


def _leads(behind: dict[int, set[int]], start: int, end: int) -> bool:
    """Whether something that comes behind the start is the end."""
    seen, waiting = {start}, [start]
    while waiting:
        for number in behind.get(waiting.pop(), ()):
            if number == end:
                return True
            if number not in seen:
                seen.add(number)
                waiting.append(number)
    return False
