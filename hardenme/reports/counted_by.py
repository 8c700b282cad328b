"""How many findings there are of each repository, person or right, as a table."""

from __future__ import annotations

import csv
import io
import re
import shlex
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from hardenme.codec.shape import OrNull
from hardenme.model.finding import Finding
from hardenme.model.finding_summary import weight
from hardenme.model.person import named, person_about
from hardenme.model.report import Report
from hardenme.model.severity import Severity
from hardenme.model.subject import Subject
from hardenme.model.verdict import Failed
from hardenme.reports.closing import counts_line
from hardenme.reports.columns import paragraph, wrap
from hardenme.reports.csvfile import cell
from hardenme.reports.fixplan.build import plan_of
from hardenme.reports.fixplan.words import command_of
from hardenme.reports.inert import code
from hardenme.reports.plain import counted, plain, plain_name, showable
from hardenme.reports.printed import PrintedDocument, as_json
from hardenme.reports.sheet import BOLD, DIM, PAINT, Sheet
from hardenme.reports.style import Style

REPOSITORY, PERSON, RIGHT = WHAT = ("repository", "person", "right")
"""What findings are counted by."""
FORMS = ("table", "markdown", "csv", "json")
"""The formats by their names on the command line."""
OTHERS = {
    REPOSITORY: "(in no repository)",
    PERSON: "(about no single person)",
    RIGHT: "(no right is named)",
}
"""The label for findings that belong to none."""
LEVELS = tuple(reversed(Severity))
UNKNOWN, QUESTIONS = "unknown", "questions"
COLUMNS = (*map(str, LEVELS), UNKNOWN, QUESTIONS)
NARROW = 80
"""Columns below which counts are printed under the name."""
GAP = 2
"""Columns between two columns of a table, and before the first."""


@dataclass(slots=True)
class CountRow:
    """The counts of one repository, person or right.

    Attributes:
        name: whose; empty for findings that belong to none.
        counts: failed findings by severity, then unknown ones and questions.
    """

    name: str
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def order(self) -> tuple[object, ...]:
        """The worst first; what belongs to none comes last."""
        return (not self.name, *(-self.counts[column] for column in COLUMNS), self.name)


@dataclass(frozen=True, slots=True)
class PrintedCount:
    """The counts of one repository, person or right.

    Attributes:
        name: whose; null for findings that belong to none.
        critical: failed findings of this severity.
        high: the same.
        medium: the same.
        low: the same.
        info: the same.
        unknown: checks that could not be decided.
        questions: for a person.
    """

    name: OrNull
    critical: int
    high: int
    medium: int
    low: int
    info: int
    unknown: int
    questions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CountsDocument(PrintedDocument):
    """How many findings there are of each.

    Attributes:
        by: what they are counted by: `repository`, `person` or `right`.
        rows: the worst first.
    """

    by: str
    rows: tuple[PrintedCount, ...]


def rows(report: Report, what: str) -> tuple[CountRow, ...]:
    """The rows, the worst first. Each failed, unknown or open finding is counted in one of them."""
    found: dict[str, CountRow] = {}
    for finding in report.findings:
        column = _column(finding)
        if column:
            name = _name(finding, what)
            found.setdefault(name.lower(), CountRow(name)).counts[column] += 1
    return tuple(sorted(found.values(), key=lambda row: row.order))


def render(report: Report, what: str, form: str, style: Style) -> str:
    """The table.

    Args:
        report: whose findings.
        what: a word of `WHAT`.
        form: a word of `FORMS`.
        style: columns and colours of a table.
    """
    text = _made(rows(report, what), what, form, report, style)
    return showable(text, ascii_only=style.ascii_only)


def _made(found: Sequence[CountRow], what: str, form: str, report: Report, style: Style) -> str:
    if form == "json":
        return as_json(_document(found, what))
    if form == "csv":
        return _csv(found, what)
    if form == "markdown":
        return _markdown(found, what)
    return _table(found, what, report, style)


def _column(finding: Finding) -> str:
    result = finding.result
    if result in {"unknown", "errored"}:
        return UNKNOWN
    if result == "manual":
        return QUESTIONS
    return str(weight(finding)) if finding.fails else ""


def _name(finding: Finding, what: str) -> str:
    places = finding.subject, finding.within
    if what == REPOSITORY:
        return next((one.name for one in places if _is(one, "repo")), "")
    if what == PERSON:
        return person_about(finding)
    outcome = finding.outcome
    if not isinstance(outcome, Failed):
        return ""
    return (outcome.fix.wider or outcome.fix).needs


def _is(subject: Subject, *kinds: str) -> bool:
    return subject.provider == "github" and subject.kind in kinds


def _label(row: CountRow, what: str, *, ascii_only: bool = False) -> str:
    if not row.name:
        return OTHERS[what]
    # A right is a sentence, of which the end matters too.
    name = named(row.name) if what == PERSON else row.name
    return (plain if what == RIGHT else plain_name)(name, ascii_only=ascii_only)


def _document(found: Sequence[CountRow], what: str) -> CountsDocument:
    return CountsDocument(
        by=what,
        rows=tuple(
            PrintedCount(
                _label(row, what) if row.name else "",
                **{column: row.counts[column] for column in COLUMNS},
            )
            for row in found
        ),
    )


def _csv(found: Iterable[CountRow], what: str) -> str:
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow([what, *COLUMNS])
    for row in found:
        writer.writerow([cell(_label(row, what)), *(row.counts[column] for column in COLUMNS)])
    return file.getvalue()


def _markdown(found: Iterable[CountRow], what: str) -> str:
    lines = [_line([what, *COLUMNS]), _line(["---", *["---:"] * len(COLUMNS)])]
    for row in found:
        # A table's cells end at a bar, even within a code span.
        name = code(_label(row, what)).replace("|", "\\|") if row.name else OTHERS[what]
        lines.append(_line([name, *(str(row.counts[column]) for column in COLUMNS)]))
    return "\n".join(lines) + "\n"


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _shown(found: Iterable[CountRow]) -> tuple[str, ...]:
    """The columns of a table: severities that something has, what is unknown, and questions."""
    counts = sum((row.counts for row in found), Counter[str]())
    return tuple(name for name in COLUMNS if counts[name] or name in {UNKNOWN, QUESTIONS})


def _table(found: Sequence[CountRow], what: str, report: Report, style: Style) -> str:
    sheet = Sheet(style)
    columns = _shown(found)
    room = sheet.width - GAP - sum(GAP + len(column) for column in columns)
    if sheet.width >= NARROW:
        _beside(sheet, found, what, columns, room)
    elif room >= 0:
        _below(sheet, found, what, columns)
    else:
        for row in found:
            sheet.say(_label(row, what, ascii_only=style.ascii_only), BOLD)
            sheet.add(*paragraph(", ".join(_counts(row)), sheet.width, indent=GAP))
    if not style.quiet:
        sheet.add("")
    sheet.say(f" {sheet.dot} ".join(counts_line(report)), BOLD)
    if not style.quiet and (more := _more(found, what, report)):
        sheet.add(f"More: {more}")
    return sheet.text()


def _beside(
    sheet: Sheet, found: Sequence[CountRow], what: str, columns: Sequence[str], room: int
) -> None:
    """A line for each, with its counts next to its name."""
    sheet.grid(
        [
            [[sheet.paint(head, DIM)] for head in (what, *columns)],
            *(
                [
                    wrap(_label(row, what, ascii_only=sheet.style.ascii_only), room),
                    *([_number(sheet, row, column)] for column in columns),
                ]
                for row in found
            ),
        ],
        align=("left", *["right"] * len(columns)),
    )


def _below(sheet: Sheet, found: Sequence[CountRow], what: str, columns: Sequence[str]) -> None:
    """Its name on a line, and its counts on the next, all of them below one heading."""
    edge = " " * GAP
    sheet.add(what, edge + edge.join(sheet.paint(column, DIM) for column in columns))
    for row in found:
        sheet.say(_label(row, what, ascii_only=sheet.style.ascii_only), BOLD)
        cells = (" " * (len(column) - len(str(row.counts[column]))) for column in columns)
        numbers = (_number(sheet, row, column) for column in columns)
        sheet.add(edge + edge.join(map("".join, zip(cells, numbers, strict=True))))


def _more(found: Sequence[CountRow], what: str, report: Report) -> str:
    """The command that shows what the first row counts; empty if none does."""
    name = found[0].name if found else ""
    if not name or not report.kept or report.redacted:
        return ""
    if what == REPOSITORY:
        return command_of(report, f"show --repo {shlex.quote(name)}")
    if what == RIGHT:
        # The words up to the first mark are enough, and are pasted more easily.
        words = re.split(r"[,;:.]", name)[0]
        taken = plan_of(report, needs=words).steps
        return command_of(report, f"fix --needs {shlex.quote(words)}") if taken else ""
    return command_of(report, f"show --member {shlex.quote(name)}")


def _counts(row: CountRow) -> Iterator[str]:
    found = ((column, row.counts[column]) for column in COLUMNS)
    return (
        counted(number, "question") if column == QUESTIONS else f"{number:,} {column}"
        for column, number in found
        if number
    )


def _number(sheet: Sheet, row: CountRow, column: str) -> str:
    number = row.counts[column]
    paints = {str(level): paint for level, paint in PAINT.items()}
    return sheet.paint(str(number), paints.get(column, "") if number else DIM)
