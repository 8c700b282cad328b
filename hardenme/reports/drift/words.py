"""What changed, in words: counts, and the plural of what the inventory calls things."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from hardenme.model.drift import Drift, DriftStep, ItemChange, Turn
from hardenme.model.unknown import PASSING, WHAT_TO_DO, Reason, Unknown
from hardenme.reports.plain import begun, flowing, plain, plural

FIRST = "baseline, not verified"
BASELINE = f"{FIRST}: there is no earlier report to compare with"
NOTHING = "nothing changed"
BLIND = "Some results are no longer known. That does not mean they are fixed."
"""The sentence at the top where something is no longer visible."""
INCOMPARABLE = "the reports cannot be compared"
WHOLE = ("list", "lists")
"""The name for a list where several kinds are no longer visible together."""
MOST = 6
"""Kinds of things that the headline names before the rest is counted."""
REASONS = 3
"""Reasons for not knowing that are shown at the top."""


def headline(drift: Drift) -> str:
    """What changed, in one line of plain text: `2 new, 1 fixed; 1 SSH key appeared`."""
    if drift.incomparable:
        return f"{INCOMPARABLE}: {plain(flowing(drift.incomparable))}"
    if drift.since is None:
        return BASELINE
    steps = Counter(one.step for one in drift.changes)
    found = [f"{steps[step]} {step.value}" for step in sorted(steps, key=list(steps).index)]
    things = Counter((one.turn, one.kind) for one in drift.items if not one.whole)
    kinds = [
        (turn, f"{counted(number, kind)} {turn.value}")
        for (turn, kind), number in sorted(things.items(), key=_turn)
    ]
    told = [text for _, text in sorted((*kinds, *_lists(drift)), key=_place)]
    rest = len(told) - MOST
    told = [*told[:MOST], *([f"{rest} more kinds of changes"] if rest > 0 else [])]
    return "; ".join(filter(None, (", ".join(found), ", ".join(told)))) or NOTHING


def _turn(entry: tuple[tuple[Turn, str], int]) -> tuple[int, str]:
    (turn, kind), _ = entry
    return list(Turn).index(turn), kind


def _place(entry: tuple[Turn, str]) -> int:
    return list(Turn).index(entry[0])


def _lists(drift: Drift) -> Iterator[tuple[Turn, str]]:
    """Changes to whole lists: a provider that is no longer visible takes all of its lists along."""
    turns: dict[Turn, list[ItemChange]] = {}
    for one in drift.items:
        if one.whole:
            turns.setdefault(one.turn, []).append(one)
    for turn, those in turns.items():
        number, kinds = len(those), {one.kind for one in those}
        of = f" of {plain(plural(kinds.pop()))}" if len(kinds) == 1 else ""
        yield turn, f"{number} {WHOLE[number > 1]}{of} {turn.value}"


def causes(drift: Drift, *, bare: bool = False) -> list[str]:
    """Why something is no longer visible, a sentence for each reason, the commonest first.

    Args:
        drift: what changed.
        bare: without what is needed in each case, which may name people.
    """
    reasons: dict[Reason, Counter[str]] = {}
    for one in drift.changes:
        outcome = None if one.after is None else one.after.outcome
        if one.step is DriftStep.LOST and isinstance(outcome, Unknown):
            reasons.setdefault(outcome.reason, Counter())[outcome.needed] += 1
    ordered = sorted(reasons.items(), key=lambda entry: -entry[1].total())
    return [
        WHAT_TO_DO[reason] if bare else _cause(reason, needs) for reason, needs in ordered[:REASONS]
    ]


def _cause(reason: Reason, needs: Counter[str]) -> str:
    needed = next(iter(needs)) if len(needs) == 1 else ""
    if not needed:
        return WHAT_TO_DO[reason]
    if reason in PASSING:
        return f"{begun(needed).removesuffix('.')}."
    return f"{Unknown(reason, needed).what_to_do} Needed: {needed.removesuffix('.')}."


def counted(number: int, kind: str) -> str:
    """A count with its noun."""
    return f"{number} {plain(kind if number == 1 else plural(kind))}"
