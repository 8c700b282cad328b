"""What a report comes to: which unknowns count, and the exit code."""

from __future__ import annotations

from collections.abc import Iterable

from hardenme.engine.catalogue import matches
from hardenme.ground.exit_code import Exit
from hardenme.model.finding import NAMES, Errored, Finding, tally
from hardenme.model.report import Report
from hardenme.model.unknown import Reason, Unknown
from hardenme.model.verdict import Failed, Manual

WANTING = frozenset({Reason.REJECTED, Reason.NOT_PERMITTED, Reason.NOT_ASKED})
"""The text for everything if no credential is accepted."""


def allows(finding: Finding, allowed: Iterable[str]) -> bool:
    """Whether the user accepted this unknown: by code, slug, family or reason."""
    outcome = finding.outcome
    reason = outcome.reason.value if isinstance(outcome, Unknown) else "ERRORED"
    return any(
        name.upper() == reason or matches(finding.code, finding.slug, name) for name in allowed
    )


def open_unknowns(report: Report) -> tuple[Finding, ...]:
    """Findings that are unknown or errored, and not accepted."""
    return tuple(
        finding
        for finding in report.findings
        if isinstance(finding.outcome, Unknown | Errored)
        and not allows(finding, report.allowed_unknown)
    )


def failed(report: Report) -> int:
    """How many failures count for the exit code: those that weigh enough, and no one accepts."""
    counted = tally(report.findings)
    return sum(
        number
        for (result, severity), number in counted.items()
        if result == NAMES[Failed] and severity >= report.fail_on
    )


def exit_code(report: Report, *, alarm: bool = False) -> Exit:
    """The exit code of a report. Of several that apply, findings count first.

    Not so if the run was halted early: anyone who only looks for findings would take what is
    missing as fixed. An `alarm` is raised all the same. A target that was not found is an unknown
    that no one accepted; if there is no other target, nothing was looked at.
    """
    if not report.findings or (report.not_found and {*report.not_found} == {*report.targets}):
        return Exit.NOTHING_MATCHED
    found = failed(report) > 0
    if found and alarm:
        return Exit.FINDINGS
    if report.halted is not None:
        return Exit.NO_CREDENTIAL if report.halted is Reason.REJECTED else Exit.UNKNOWN
    if found:
        return Exit.FINDINGS
    if _no_credential(report):
        return Exit.NO_CREDENTIAL
    if open_unknowns(report) or report.partial or report.not_found:
        return Exit.UNKNOWN
    return Exit.CLEAN


def _no_credential(report: Report) -> bool:
    """Whether nothing at all could be decided, for want of a credential that is accepted.

    One whose account is known was accepted once; it may be rejected from then on.
    """
    open_results = {NAMES[Unknown], NAMES[Manual]}
    if any(result not in open_results for result, _ in tally(report.findings)):
        return False
    known = any(identity.login for identity in report.identities)
    wanting = {Reason.REJECTED} if known else WANTING
    asked = [item.outcome for item in report.findings if not isinstance(item.outcome, Manual)]
    return bool(asked) and all(
        isinstance(outcome, Unknown) and outcome.reason in wanting for outcome in asked
    )
