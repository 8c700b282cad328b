"""How the run went: invocation and notification objects (SARIF 2.1.0 §3.20 and §3.58)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from hardenme.model.finding import Finding
from hardenme.model.report import Report
from hardenme.model.unknown import SIGN_IN, WHAT_TO_DO, Reason, Unknown
from hardenme.reports.closing import NOT_WHOLE
from hardenme.reports.plain import timestamp
from hardenme.reports.sarif.words import message

NOTICES = {
    "run-not-whole": ("error", "The run did not go to its end."),
    "check-broke": ("error", "A check broke, which is a fault of hardenme."),
    "not-known": ("warning", "Results that are not known, by reason."),
    "to-confirm": ("warning", "Questions that only a person can answer."),
    "waivers": ("warning", "Waivers that accept nothing."),
    "warning": ("warning", "What a reader of the report has to know."),
    "redacted": ("note", "Names are replaced by pseudonyms."),
    "left-out": ("note", "What the run did not look at."),
}
"""The notifications: level and description."""


def descriptors() -> list[dict[str, Any]]:
    """The notifications that there can be. Code scanning wants all texts of these, too."""
    return [
        {
            "id": name,
            "shortDescription": {"text": text},
            "fullDescription": {"text": text},
            "help": {"text": text},
            "defaultConfiguration": {"level": level},
        }
        for name, (level, text) in NOTICES.items()
    ]


class FindingCount:
    """Counts findings while they pass by."""

    def __init__(self) -> None:
        self.outcomes: Counter[str] = Counter()
        self.reasons: Counter[Reason] = Counter()

    def take(self, finding: Finding) -> None:
        """One more."""
        self.outcomes[finding.result] += 1
        if isinstance(finding.outcome, Unknown):
            self.reasons[finding.outcome.reason] += 1


def invocation(report: Report, tally: FindingCount | None) -> dict[str, Any]:
    """The run as a whole; notifications about its findings come with the final tally."""
    notices = [*_of_run(report), *(() if tally is None else _of_findings(report, tally))]
    ended = report.started + timedelta(seconds=report.traffic.seconds)
    return {
        "startTimeUtc": timestamp(report.started),
        "endTimeUtc": timestamp(ended),
        "executionSuccessful": not report.partial and report.halted is None,
        "toolExecutionNotifications": [
            {
                "descriptor": {"id": name, "index": list(NOTICES).index(name)},
                "level": NOTICES[name][0],
                "message": message(text),
            }
            for name, text in notices
        ],
    }


def _of_run(report: Report) -> Iterator[tuple[str, str]]:
    if report.redacted:
        yield "redacted", f"redacted: {report.redacted}"
    if report.partial:
        yield "run-not-whole", f"{NOT_WHOLE}: {report.partial}"
    elif report.halted is not None:
        why = WHAT_TO_DO[report.halted]
        yield "run-not-whole", f"{NOT_WHOLE}: a provider was asked nothing further. {why}"


def _of_findings(report: Report, tally: FindingCount) -> Iterator[tuple[str, str]]:
    # Without any token there is none that could see more.
    alone = not any(one.source for one in report.identities)
    for reason, number in sorted(tally.reasons.items()):
        what = SIGN_IN if alone and reason is Reason.NOT_VISIBLE else WHAT_TO_DO[reason]
        yield "not-known", f"{_results(number)} not known, {reason}: {what}"
    if broke := tally.outcomes["errored"]:
        yield "check-broke", f"{_results(broke)} not known: the check broke"
    if manual := tally.outcomes["manual"]:
        yield "to-confirm", f"{manual} to confirm by hand"
    for what in ("unused", "expired", "proposed"):
        if number := len(getattr(report.waivers, what)):
            yield "waivers", f"{what} waivers: {number}"
    for text in report.warnings:
        yield "warning", text
    for text in report.coverage.notes:
        yield "left-out", text
    for why, number in sorted(report.coverage.not_selected.items()):
        if number:
            yield "left-out", f"checks left out: {number}, {why}"


def _results(number: int) -> str:
    return f"{number} result is" if number == 1 else f"{number} results are"
