"""What changed, in words: counts, and the plural of what the inventory calls things."""

from __future__ import annotations

import re
from collections import Counter

from hardenme.model.drift import Drift, ItemChange, Turn
from hardenme.reports.plain import flowing, plain

BASELINE = "baseline, not verified: there is no earlier report to compare with"
NOTHING = "nothing changed"
APART = "the reports cannot be compared"
BEHIND = re.compile(r" (?:of|in|for) ")
"""Before what the noun of a kind ends."""
IES = re.compile(r"[^aeiou]y$")
MOST = 6
"""Kinds of things that the headline names before the rest is counted."""


def headline(drift: Drift) -> str:
    """What changed, in one line of plain text: `2 new, 1 fixed; 1 SSH key appeared`."""
    if drift.incomparable:
        return f"{APART}: {plain(flowing(drift.incomparable))}"
    if drift.since is None:
        return BASELINE
    steps = Counter(one.step for one in drift.changes)
    found = [f"{steps[step]} {step.value}" for step in sorted(steps, key=list(steps).index)]
    things = Counter((one.turn, _kind(one)) for one in drift.items)
    told = [
        f"{counted(number, kind)} {turn.value}"
        for (turn, kind), number in sorted(things.items(), key=_turn)
    ]
    rest = len(told) - MOST
    told = [*told[:MOST], *([f"{rest} more kinds of changes"] if rest > 0 else [])]
    return "; ".join(filter(None, (", ".join(found), ", ".join(told)))) or NOTHING


def _turn(entry: tuple[tuple[Turn, str], int]) -> tuple[int, str]:
    (turn, kind), _ = entry
    return list(Turn).index(turn), kind


def _kind(one: ItemChange) -> str:
    """What a change is about: where no item is meant, a list of them."""
    whole = one.before is None and one.after is None
    return f"list of {plural(one.kind)}" if whole else one.kind


def counted(number: int, kind: str) -> str:
    """So many of a kind."""
    return f"{number} {plain(kind if number == 1 else plural(kind))}"


def plural(kind: str) -> str:
    """What several things of a kind are called."""
    match = BEHIND.search(kind)
    noun, behind = (kind[: match.start()], kind[match.start() :]) if match else (kind, "")
    if noun.endswith("s"):
        return kind
    return f"{noun[:-1]}ies{behind}" if IES.search(noun) else f"{noun}s{behind}"
