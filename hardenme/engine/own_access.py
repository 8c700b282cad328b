"""No finding prints a command that takes a right from the account that is in use."""

from __future__ import annotations

from dataclasses import replace

from hardenme.model.access_change import without_own
from hardenme.model.finding import Finding
from hardenme.model.verdict import Failed, Manual


def kept(finding: Finding, login: str) -> Finding:
    """The finding, whose fix leaves the account in use what it has until everything is done.

    Args:
        finding: as it was judged.
        login: the account for which the finding's provider answered; empty where none is known.
    """
    outcome = finding.outcome
    if not isinstance(outcome, Failed | Manual) or outcome.fix is None or not login:
        return finding
    fix = without_own(outcome.fix, finding.subject.provider, login)
    return finding if fix is outcome.fix else replace(finding, outcome=replace(outcome, fix=fix))
