"""The part of a report that concerns one person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from hardenme.engine.person import PEOPLE, of_person
from hardenme.model.check import Check
from hardenme.model.finding import Errored, Finding
from hardenme.model.report import Report
from hardenme.model.unknown import Unknown
from hardenme.model.verdict import Failed, Manual, NotApplicable, Passed

NOUNS = frozenset({"member", "outside collaborator"})
"""What the facts call their subjects that are people."""


def for_person(report: Report, checks: Iterable[Check], login: str) -> Report:
    """The findings about a person, and those lists of people that are not known.

    Without the latter, a person who stands on a list that could not be read would look clean.
    """
    about = {check.code for check in checks if check.subject_fact.noun in NOUNS}
    lists = (item for item in report.findings if item.code in about and _is_lost_list(item))
    findings = (*lists, *of_person(report.findings, login))
    asked = [item.outcome for item in findings if not isinstance(item.outcome, Manual)]
    known = sum(isinstance(outcome, Passed | Failed | NotApplicable) for outcome in asked)
    codes = {item.code for item in findings}
    return replace(
        report,
        findings=findings,
        checks={code: text for code, text in report.checks.items() if code in codes},
        publishing=None,
        coverage=replace(report.coverage, known=known, asked=len(asked), checks=len(codes)),
    )


def _is_lost_list(finding: Finding) -> bool:
    lost = isinstance(finding.outcome, Unknown | Errored)
    return lost and finding.subject.kind not in PEOPLE
