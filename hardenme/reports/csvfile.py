"""The list of work as CSV (RFC 4180): a row for each failed finding, the worst first.

UTF-8 without a byte order mark, rows that end in CR LF, every cell in quotes. A cell that a
spreadsheet would take for a formula gets an apostrophe before it, which makes it text. Source:
OWASP, "CSV Injection": `=`, `+`, `-`, `@`, tab and carriage return, and their full-width forms.
They count within a cell too: where a semicolon separates cells, a cell begins after each one. A
line break within a value is written as an escape, so that a row is a line.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from hardenme.model.finding import Errored, Finding
from hardenme.model.finding_summary import weight
from hardenme.model.report import Report
from hardenme.model.unknown import WHAT_TO_DO, Unknown
from hardenme.model.verdict import Failed, Fix
from hardenme.reports.closing import NOT_WHOLE
from hardenme.reports.fixplan.build import plan_of
from hardenme.reports.fixplan.closing import Closing
from hardenme.reports.fixplan.plan import Step
from hardenme.reports.grouping import ERRORED_ACTION
from hardenme.reports.heading import heading
from hardenme.reports.plain import counted, plain
from hardenme.reports.style import Style

COLUMNS = (
    *("severity", "step", "change", "code", "title", "subject", "within", "label", "message"),
    *("fix", "page", "command", "needs", "undo", "one_step_for_all"),
    *("check", "family", "outcome", "unknown_reason", "unknown_needed", "waiver_expired"),
    "fingerprint",
)
"""The header. New columns come last. `step` is the id that `hardenme fix` takes, and `change` what
the step does. `title` is the problem of what failed, else what the check requires."""
NOT_LISTED = (
    "{failed} failed, in the rows below. Not in them, and not passed: {unknown} unknown,"
    " {questions}, {waived} waived. -f json has everything."
)
ONLY_UNKNOWN = "{unknown} unknown, in the rows below. None counts as passed."
LONGEST = 32_000
"""Characters of a cell: spreadsheets take 32,767."""
FORMULA = re.compile(r"(^|;)([\s'\"]*)(?=[=+\-@＝＋－＠﹢﹣﹦﹫\t\r\n|])")  # noqa: RUF001 (that is the point)
"""Where a formula could begin."""


def render(report: Report, style: Style) -> str:
    """The report as CSV in one piece."""
    return "".join(pieces(report, style))


def pieces(report: Report, style: Style) -> Iterator[str]:
    """The report as CSV, a row a piece.

    Rows whose outcome is `note` come first: they are about the report as a whole.
    """
    line = io.StringIO()
    writer = csv.DictWriter(line, COLUMNS, restval="", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writeheader()
    listed, what = _listed(report)
    for note in (*_notes(report), what):
        writer.writerow({"outcome": "note", "message": cell(note, ascii_only=style.ascii_only)})
    for finding, step in listed:
        yield _taken(line)
        cells = {**_cells(finding), "title": heading(finding, report.checks)}
        cells |= {"step": step.id, "change": step.title} if step is not None else {}
        writer.writerow(
            {name: cell(text, ascii_only=style.ascii_only) for name, text in cells.items()}
        )
    yield _taken(line)


def _listed(report: Report) -> tuple[list[tuple[Finding, Step | None]], str]:
    """The findings to work on with their steps, the worst first; and what is not among them.

    A part in which nothing failed, as of `show --unknown`, lists what is not known.
    """
    counts = report.counts()
    unknown = counts["unknown"] + counts["errored"]
    failed = [finding for finding in report.findings if finding.fails]
    if report.whole is not None and not failed:
        those = [one for one in report.findings if isinstance(one.outcome, Unknown | Errored)]
        those.sort(key=lambda one: -weight(one))
        return [(one, None) for one in those], ONLY_UNKNOWN.format(unknown=unknown)
    closing = Closing(plan_of(report))
    pairs = [(finding, closing.step(finding)) for finding in failed]
    last = len(closing.places)
    pairs.sort(
        key=lambda pair: (
            -weight(pair[0]),
            last if pair[1] is None else closing.places[pair[1].id],
        )
    )
    questions = counted(counts["manual"], "question")
    return pairs, NOT_LISTED.format(**{**counts, "unknown": unknown, "questions": questions})


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
        cells["message"] = outcome.seen or outcome.what_to_do
        cells |= {"unknown_reason": outcome.reason.value, "unknown_needed": outcome.needed}
    elif isinstance(outcome, Errored):
        cells["message"] = f"{outcome.error}: {ERRORED_ACTION}"
    elif isinstance(outcome, Failed):
        cells |= {"message": outcome.message, **_fix(outcome.fix)}
    if finding.lapsed is not None:
        cells["waiver_expired"] = finding.lapsed.until.isoformat()
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
