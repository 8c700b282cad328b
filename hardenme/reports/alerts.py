"""What a watch tells: whether something is unusual in one line, and then what and what to do."""

from __future__ import annotations

from collections.abc import Iterable

from hardenme.model.finding import Errored, Finding
from hardenme.model.report import Report
from hardenme.model.unknown import Unknown
from hardenme.model.verdict import Failed
from hardenme.reports.grouping import checklist_of
from hardenme.reports.sheet import BOLD, PARTIAL, Sheet
from hardenme.reports.style import Style
from hardenme.reports.table import could_not, partial, to_fix


def render(report: Report, style: Style) -> str:
    """One line where nothing is unusual, and with `quiet` nothing; else the alerts first."""
    sheet = Sheet(style)
    checklist = checklist_of(report)
    unknown = sum(isinstance(item.outcome, Unknown | Errored) for item in report.findings)
    failed = [item for item in report.findings if isinstance(item.outcome, Failed)]
    looked_at = seen(report.findings)
    if failed:
        sheet.say(f"ALERT: {seen(failed)} unusual, of {looked_at} looked at", BOLD)
    elif unknown or report.partial:
        sheet.say(f"{looked_at} looked at, nothing unusual in what could be read", BOLD)
    elif not style.quiet:
        sheet.say(f"{looked_at} looked at, nothing unusual")
    partial(sheet, report)
    to_fix(sheet, checklist)
    could_not(sheet, checklist.causes)
    for warning in report.warnings:
        if not style.quiet:
            sheet.say(sheet.value(warning), PARTIAL)
    return sheet.text() if sheet.lines else ""


def seen(findings: Iterable[Finding]) -> str:
    """How many packages and releases findings are about: `2 packages, 3 releases`."""
    packages, releases = set[str](), set[str]()
    for finding in findings:
        # A scope begins with the same sign that stands before a version or a dist-tag.
        name, _, version = finding.subject.name.rpartition("@")
        if name and version[:1].isdigit():
            releases.add(finding.subject.name)
        packages.add(name or finding.subject.name)
    return f"{_counted(len(packages), 'package')}, {_counted(len(releases), 'release')}"


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
