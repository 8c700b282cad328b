"""How a finding changed, from its state before and after."""

from __future__ import annotations

from hardenme.model.drift import DriftStep
from hardenme.model.severity import Severity

FAILED, WAIVED = "failed", "waived"
HOLDS = frozenset({"passed", "not_applicable", "attested"})
"""Results by which nothing is wrong."""
KNOWN = frozenset({FAILED, WAIVED, *HOLDS})
"""Results that facts, or a person's statement, decided. A question that no one answered is none."""
FAILING = frozenset({FAILED, WAIVED})
"""Results of what fails, whether or not someone accepts it."""


def step_of(
    before: str | None,
    after: str,
    *,
    once: Severity,
    now: Severity,
    lost: bool = False,
) -> DriftStep | None:
    """The step from one known result to another; None if nothing changed.

    Args:
        before: the last known result; None if there is none.
        once: what it weighed.
        now: what it weighs.
        lost: whether it was out of sight in between.
    """
    same = DriftStep.SEEN if lost else None
    if after in HOLDS:
        if before is None:
            return None
        return DriftStep.FIXED if before in FAILING else same
    if before not in FAILING:
        return DriftStep.NEW if after == FAILED else DriftStep.WAIVED
    if before != after:
        return DriftStep.EXPIRED if after == FAILED else DriftStep.WAIVED
    if now != once:
        return DriftStep.WORSE if now > once else DriftStep.BETTER
    return same
