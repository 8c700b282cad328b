"""What one step makes moot: where something is ended, nothing else is done to it.

A trusted publisher cannot be changed: the fix for a detail of it ends it and sets it up again. Done
beside the fix that ends it for good, that would bring back what was to go, under another number.
"""

from __future__ import annotations

from collections.abc import Iterable

from hardenme.model.finding import Finding
from hardenme.model.subject import Subject
from hardenme.model.verdict import Failed, Fix

ENDS: tuple[tuple[str, frozenset[str]], ...] = (
    # It publishes from somewhere else than the package says: that is set right as a whole.
    ("NPP104", frozenset({"NPP102", "NPP103", "NPP105"})),
    # Its workflow is not there.
    ("NPP105", frozenset({"NPP102", "NPP103"})),
)
"""A check whose fix ends its subject, and the checks of the same subject that this answers too."""


def superseding(findings: Iterable[Finding]) -> dict[tuple[str, Subject], Fix]:
    """By code and subject, the fix that takes the place of a finding's own."""
    failed: dict[Subject, dict[str, Fix]] = {}
    codes = {code for code, _ in ENDS}
    for finding in findings:
        if finding.fails and finding.code in codes and isinstance(finding.outcome, Failed):
            failed.setdefault(finding.subject, {})[finding.code] = finding.outcome.fix
    found: dict[tuple[str, Subject], Fix] = {}
    for subject, fixes in failed.items():
        for code, others in ENDS:
            for other in others if code in fixes else ():
                found.setdefault((other, subject), fixes[code])
    return found
