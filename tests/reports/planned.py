"""Reports with steps in them, as plans are made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from hardenme.model.evidence import Seen
from hardenme.model.finding import Finding
from hardenme.model.report import CheckText, Report
from hardenme.model.severity import Severity
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown
from hardenme.model.verdict import Failed, Fix
from hardenme.reports.fixplan.build import plan_of
from hardenme.reports.fixplan.plan import FixPlan
from tests.reports.sample import atom, report_of

WEB = "https://github.example.test"


def failed(
    code: str,
    subject: str,
    fix: Fix,
    severity: Severity = Severity.HIGH,
    within: str = "",
    *,
    seen: Seen | None = None,
) -> Finding:
    """A failure of a check for a subject by its id, and what was seen of it."""
    about = Subject.parse(subject)
    return Finding(
        code=code,
        slug=f"slug-{code.lower()}",
        title=f"{code} fails",
        subject=about,
        within=Subject.parse(within) if within else about,
        label="",
        outcome=Failed("it is open", seen or {"open": True}, fix),
        severity=severity,
        sources=(atom("GET /user"),),
    )


def unknown(code: str, subject: str) -> Finding:
    """What is not known of a subject."""
    about = Subject.parse(subject)
    why = Unknown(Reason.NOT_PERMITTED, "a token that sees it")
    slug = f"slug-{code.lower()}"
    return Finding(code, slug, f"{code} is open", about, about, "", why, Severity.HIGH)


def fix(step: str, page: str = "", command: str = "", **more: Any) -> Fix:
    """A fix; without a page or a command it has a page."""
    texts = {"needs": "repository admin", "undo": "Untick it", **more}
    return Fix(step, page or ("" if command else f"{WEB}/page"), command, **texts)


def report(*findings: Finding, **more: Any) -> Report:
    """A report of these findings, with texts for their checks."""
    made = report_of(findings)
    texts = {
        one.code: CheckText(
            one.code,
            one.slug,
            one.title,
            one.severity,
            f"{one.code} holds.",
            "Why.",
            f"Heed {one.code}.",
            "",
        )
        for one in findings
    }
    return replace(made, checks=texts, **more)


def no_verification(
    codes: Sequence[str], places: Sequence[tuple[Subject, Subject]]
) -> tuple[str, ...]:
    """Stands in for the command line's own."""
    return (f"hardenme check --select {','.join(codes)} me",) if places else ()


def plan(findings: Iterable[Finding] | Report, needs: str = "") -> FixPlan:
    """The plan of these findings."""
    made = findings if isinstance(findings, Report) else report(*findings)
    return plan_of(made, no_verification, needs)
