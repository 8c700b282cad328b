"""Findings as results (SARIF 2.1.0 §3.27).

A failure is of kind `fail`. An unknown, because of a missing right or a check that raised, is
`open`: "insufficient information to decide". A question for a person is `review` (§3.27.9). Both
have the level `none`, as §3.27.10 requires. Code scanning ignores the kind: it makes an alert of
every result, with the severity of its rule. So an unknown is visible there as well, its message
begins by saying so, and the alert stays the same when it is resolved.

A waived failure carries a suppression (§3.35). Code scanning ignores it, so the message begins by
saying that it is accepted. Results that passed, are attested or are not applicable are left out:
code scanning would make alerts of these, too.
"""

from __future__ import annotations

from typing import Any

from hardenme.model.finding import Errored, Finding
from hardenme.model.finding_summary import weight
from hardenme.model.severity import Severity
from hardenme.model.unknown import Unknown
from hardenme.model.verdict import Failed, Fix, Manual
from hardenme.model.waiver import Waiver
from hardenme.reports import values
from hardenme.reports.grouping import ERRORED_ACTION, name_of
from hardenme.reports.plain import plain_name
from hardenme.reports.sarif.places import location
from hardenme.reports.sarif.words import LEVELS, message, sentence

SHOWN = (Failed, Unknown, Errored, Manual)
"""Outcomes that become results."""


def result(finding: Finding, rule: int | None, repository: str, step: str = "") -> dict[str, Any]:
    """The finding as a result.

    Args:
        finding: one whose outcome is among `SHOWN`.
        rule: the place of its rule; None if there is none.
        repository: the one repository that the report is about, or empty.
        step: the id of the step that closes it, for `hardenme fix`; empty for none.
    """
    severity = weight(finding)
    made: dict[str, Any] = {
        "ruleId": values.text(finding.code),
        **({} if rule is None else {"ruleIndex": rule}),
        "kind": _kind(finding),
        "level": _level(finding, severity),
        "message": message(_sentence(finding)),
        "locations": [location(finding, repository)],
        "partialFingerprints": {
            # The one that code scanning reads, in the form in which it writes it: hash and number.
            "primaryLocationLineHash": f"{finding.fingerprint}:1",
            "hardenme/v1": finding.fingerprint,
        },
        "properties": {
            "outcome": finding.result,
            "severity": str(severity),
            "within": values.text(str(finding.within)),
        },
    }
    if isinstance(finding.outcome, Unknown):
        made["properties"]["reason"] = finding.outcome.reason.value
    if isinstance(finding.outcome, Failed):
        made["properties"]["fix"] = values.parts(finding.outcome.fix)
    if step:
        made["properties"]["step"] = step
    if finding.waiver is not None:
        made["suppressions"] = [_suppression(finding.waiver)]
    return made


def _kind(finding: Finding) -> str:
    if isinstance(finding.outcome, Failed):
        return "fail"
    return "review" if isinstance(finding.outcome, Manual) else "open"


def _level(finding: Finding, severity: Severity) -> str:
    return LEVELS[severity] if isinstance(finding.outcome, Failed) else "none"


def _sentence(finding: Finding) -> str:
    """What was found, or why it is not known, and what to do."""
    name, outcome = plain_name(name_of(finding)), finding.outcome
    if isinstance(outcome, Failed):
        said = f"{name}: {sentence(outcome.message)} {_closing(outcome.fix)}"
        if finding.waiver is not None:
            return f"Accepted until {finding.waiver.until}: {said}"
        if finding.lapsed is not None:
            return f"{said} It was accepted until {finding.lapsed.until}."
        return said
    if isinstance(outcome, Unknown):
        needed = sentence(f"{outcome.reason.value}, it takes {outcome.needed}")
        return f"Not known for {name}: {needed} {outcome.what_to_do}"
    if isinstance(outcome, Errored):
        return f"Not known for {name}: {sentence(outcome.error)} {ERRORED_ACTION}"
    if isinstance(outcome, Manual):
        return f"To confirm by hand for {name}: {outcome.question} {outcome.page}"
    return f"{name}: {outcome.message}"


def _closing(fix: Fix) -> str:
    """How to close it: the step, and the page."""
    page = f" {fix.page}" if fix.page else ""
    return f"Fix: {sentence(fix.step)}{page}"


def _suppression(waiver: Waiver) -> dict[str, Any]:
    by = f"; accepted by {waiver.by}" if waiver.by else ""
    issue = f"; see {waiver.issue}" if waiver.issue else ""
    return {
        "kind": "external",
        "status": "accepted",
        "justification": values.text(f"{waiver.reason}{by}; until {waiver.until}{issue}"),
    }
