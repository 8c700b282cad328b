"""The report as CSV (RFC 4180), one row a finding, whatever its outcome: a spreadsheet counts.

UTF-8 without a byte order mark, rows that end in CR LF, every cell in quotes. A cell that a
spreadsheet would take for a formula gets an apostrophe before it, which makes it text. Source:
OWASP, "CSV Injection": `=`, `+`, `-`, `@`, tab and carriage return, the full-width forms as well,
and not at the start of a cell alone: where a semicolon parts cells, one begins behind each.
A line break within a value is written as an escape, so that a row is a line.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from hardenme.model.finding import Attested, Errored, Finding
from hardenme.model.finding_summary import weight
from hardenme.model.report import Report
from hardenme.model.unknown import WHAT_TO_DO, Unknown
from hardenme.model.verdict import Failed, Fix, Manual
from hardenme.reports.closing import NOT_WHOLE
from hardenme.reports.grouping import ERRORED_ACTION
from hardenme.reports.heading import heading
from hardenme.reports.plain import plain, timestamp
from hardenme.reports.style import Style

COLUMNS = (
    *("code", "check", "family", "severity", "outcome", "subject", "within", "label", "message"),
    *("fix", "page", "command", "needs", "undo", "one_step_for_all"),
    *("unknown_reason", "unknown_needed"),
    *("attested_by", "attested_until"),
    *("waived_because", "waived_by", "waived_until", "waived_issue", "waiver_expired"),
    *("fingerprint", "title"),
)
"""The header. New columns come last. `title` is the problem where the outcome is `failed` or
`waived`, and what the check requires elsewhere."""
LONGEST = 32_000
"""Characters of a cell: spreadsheets take 32,767."""
FORMULA = re.compile(r"(^|;)([\s'\"]*)(?=[=+\-@＝＋－＠﹢﹣﹦﹫\t\r\n|])")  # noqa: RUF001 (that is the point)
"""Where a formula could begin."""


def render(report: Report, style: Style) -> str:
    """The report as CSV in one piece."""
    return "".join(pieces(report, style))


def pieces(report: Report, style: Style) -> Iterator[str]:
    """The report as CSV, a row a piece.

    Rows whose outcome is `note` come first: they say what holds of the report as a whole.
    """
    line = io.StringIO()
    writer = csv.DictWriter(line, COLUMNS, restval="", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writeheader()
    for note in _notes(report):
        writer.writerow({"outcome": "note", "message": cell(note, ascii_only=style.ascii_only)})
    for finding in report.findings:
        yield _taken(line)
        cells = {**_cells(finding), "title": heading(finding, report.checks)}
        writer.writerow(
            {name: cell(text, ascii_only=style.ascii_only) for name, text in cells.items()}
        )
    yield _taken(line)


def cell(text: str, *, ascii_only: bool = False) -> str:
    """One line without hidden characters, which no spreadsheet takes for a formula.

    ASCII comes first: a dash of ours is a minus there.
    """
    return FORMULA.sub(r"\1'\2", plain(text, longest=LONGEST, ascii_only=ascii_only))


def _taken(line: io.StringIO) -> str:
    text = line.getvalue()
    line.seek(0)
    line.truncate()
    return text


def _notes(report: Report) -> Iterator[str]:
    if report.redacted:
        yield f"redacted: {report.redacted}"
    if report.partial:
        yield f"{NOT_WHOLE}: {report.partial}"
    elif report.halted is not None:
        yield f"{NOT_WHOLE}: {WHAT_TO_DO[report.halted]}"
    yield from report.warnings


def _cells(finding: Finding) -> dict[str, str]:
    """The cells of a row by their columns; those that are left out are empty."""
    cells = {
        "code": finding.code,
        "check": finding.slug,
        "family": finding.code[:3],
        "severity": str(weight(finding)),
        "outcome": finding.result,
        "subject": str(finding.subject),
        "within": str(finding.within),
        "label": finding.label,
        "fingerprint": finding.fingerprint,
    }
    outcome = finding.outcome
    if isinstance(outcome, Unknown):
        cells["message"] = outcome.seen or WHAT_TO_DO[outcome.reason]
        cells |= {"unknown_reason": outcome.reason.value, "unknown_needed": outcome.needed}
    elif isinstance(outcome, Errored):
        cells["message"] = f"{outcome.error}: {ERRORED_ACTION}"
    elif isinstance(outcome, Manual):
        cells |= {"message": outcome.question, "page": outcome.page}
    else:
        cells["message"] = outcome.message
    if isinstance(outcome, Attested):
        cells |= {"attested_by": outcome.by, "attested_until": timestamp(outcome.until)}
    if isinstance(outcome, Failed):
        cells |= {**_fix(outcome.fix), **_waived(finding)}
    return cells


def _fix(fix: Fix) -> dict[str, str]:
    return {
        "fix": fix.step,
        "page": fix.page,
        "command": fix.command,
        "needs": fix.needs,
        "undo": fix.undo,
        "one_step_for_all": "" if fix.wider is None else fix.wider.step,
    }


def _waived(finding: Finding) -> dict[str, str]:
    """Who accepts it, and for how long; or until when it was accepted."""
    if finding.lapsed is not None:
        return {"waiver_expired": finding.lapsed.until.isoformat()}
    waiver = finding.waiver
    if waiver is None:
        return {}
    return {
        "waived_because": waiver.reason,
        "waived_by": waiver.by,
        "waived_until": waiver.until.isoformat(),
        "waived_issue": waiver.issue,
    }
