"""What a drift comes to: the exit code."""

from __future__ import annotations

from hardenme.engine.settle import allows
from hardenme.ground.exit_code import Exit
from hardenme.model.drift import Change, Drift, DriftStep
from hardenme.model.finding import Finding
from hardenme.model.report import Report
from hardenme.model.severity import Severity

ALARMING = frozenset({DriftStep.NEW, DriftStep.FIRST, DriftStep.WORSE, DriftStep.EXPIRED})


def drift_code(drift: Drift, after: Report) -> Exit:
    """The exit code of a drift. Worse takes precedence over no longer visible.

    Args:
        drift: what changed.
        after: the later report, with the severity from which something counts, and what may stay
            unknown.
    """
    if drift.incomparable:
        return Exit.USAGE
    worse = any(alarms(one) and one.severity >= after.fail_on for one in drift.changes)
    # An item of no severity, such as a tag that moves with a release, is news and no alert.
    weights = (one.severity for one in drift.items if one.severity > Severity.INFO)
    if worse or any(weight >= after.fail_on for weight in weights):
        return Exit.FINDINGS
    lost = any(_blind(one, after) for one in drift.changes)
    return Exit.UNKNOWN if lost or drift.blind else Exit.CLEAN


def alarms(change: Change) -> bool:
    """Whether a finding is worse than it was, and no one accepts it."""
    return change.step in ALARMING and change.after is not None and change.after.fails


def _blind(change: Change, after: Report) -> bool:
    if change.step is not DriftStep.LOST:
        return False
    finding: Finding | None = change.after
    return finding is None or not allows(finding, after.allowed_unknown)
