"""What GitHub Actions shows of a report: annotations, and the summary of the step.

An annotation is a line of standard output, a workflow command like `::error title=TITLE::MESSAGE`.
Texts in it are escaped as actions/toolkit does it (packages/core/src/command.ts). GitHub shows ten
of each type a step. So the worst come first, one for each thing to fix, and the last one counts the
rest. Source: actions/toolkit, docs/problem-matchers.md, "Limitations".

Results about individuals are left out unless the style asks for them: everyone who can read a
repository can read the logs of its workflows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hardenme.model.report import Report
from hardenme.model.severity import Severity
from hardenme.model.text import without_commands
from hardenme.model.unknown import WHAT_TO_DO
from hardenme.reports import markdown
from hardenme.reports.checklist import Checklist, ChecklistItem
from hardenme.reports.closing import NOT_WHOLE, counts_line
from hardenme.reports.grouping import checklist_of
from hardenme.reports.impersonal import impersonal
from hardenme.reports.plain import flowing, plain
from hardenme.reports.style import Style

SHOWN = 10
"""Annotations of each kind that GitHub shows of a step."""
SUMMARY = 1 << 20
"""Bytes of a step's summary; a larger one is refused as a whole. Source: docs.github.com, "Workflow
commands for GitHub Actions", "Step isolation and limits"."""
NAMES = 5
"""Subjects that an annotation names before the rest is counted."""
LONGEST = 1000
"""Characters of a text within an annotation."""
KINDS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "notice",
    Severity.INFO: "notice",
}


@dataclass(frozen=True, slots=True)
class Annotation:
    """A note on a run of a workflow.

    Attributes:
        kind: `error`, `warning` or `notice`.
        title: its heading.
        text: what it says.
    """

    kind: str
    title: str
    text: str

    def command(self) -> str:
        """The line that makes it."""
        title = _data(self.title).replace(":", "%3A").replace(",", "%2C")
        return f"::{self.kind} title={title}::{_data(self.text)}"


def render(report: Report, style: Style) -> str:
    """The lines that make the annotations, then lines of plain text, the last with the counts."""
    if not style.with_members:
        report = impersonal(report)
    notes = [f"redacted: {report.redacted}"] if report.redacted else []
    notes += [f"Note: {note}" for note in (*report.warnings, *report.coverage.notes)]
    lines = [*notes, " · ".join(counts_line(report))]
    commands = (annotation.command() for annotation in _annotations(report))
    return "\n".join([*commands, *(without_commands(plain(line)) for line in lines)]) + "\n"


def _data(text: str) -> str:
    """Text as a workflow command holds it. What is a line break in it was escaped before."""
    shown = plain(flowing(text), longest=LONGEST)
    return shown.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _annotations(report: Report) -> Iterator[Annotation]:
    """The worst first, up to the maximum of each type."""
    checklist = checklist_of(report)
    told = list(_of_run(report, checklist))
    for kind in ("error", "warning", "notice"):
        first = [one for one in told if one.kind == kind]
        items = [item for item in checklist.items if KINDS[item.severity] == kind]
        yield from first
        yield from _items(kind, items, SHOWN - len(first))


def _of_run(report: Report, checklist: Checklist) -> Iterator[Annotation]:
    """Annotations about the run as a whole: never silent where something is unknown."""
    if report.partial:
        yield Annotation("error", NOT_WHOLE, report.partial)
    elif report.halted is not None:
        yield Annotation("error", NOT_WHOLE, WHAT_TO_DO[report.halted])
    if checklist.causes:
        number = sum(cause.count for cause in checklist.causes)
        worst = checklist.causes[0]
        yield Annotation(
            "warning",
            f"{number} results are not known" if number > 1 else "1 result is not known",
            f"{worst.count} of them: {worst.reason}, it takes {worst.needed}. {worst.action}",
        )
    if checklist.questions:
        number = len(checklist.questions)
        title = f"{number} questions to answer by hand" if number > 1 else "1 question to answer"
        first = checklist.questions[0]
        yield Annotation("notice", title, f"{first.text} {first.page}")


def _items(kind: str, items: Sequence[ChecklistItem], room: int) -> Iterator[Annotation]:
    """Up to the maximum; beyond it, the last one counts the rest."""
    shown = items if len(items) <= room else items[: room - 1]
    for item in shown:
        title = f"{item.code} {item.title} ({item.severity})"
        yield Annotation(kind, title, _text(item))
    if rest := len(items) - len(shown):
        things = f"{rest} more things to fix"
        yield Annotation(kind, things, "GitHub shows no more of a step; the summary has them")


def _text(item: ChecklistItem) -> str:
    """What was found, where, and how it is closed."""
    first = item.cases[0]
    fix = first.fix if item.wider is None else item.wider
    others = max(len(item.names) - NAMES, 0) + item.others
    names = ", ".join(item.names[:NAMES]) + (f" and {others} more" if others else "")
    if item.message is None:
        found = f"{names}. {first.name}: {first.message}"
    else:
        found = f"{names}: {item.message}"
    return ". ".join([found.rstrip("."), f"Fix: {fix.step.rstrip('.')}", fix.page]).strip(". ")


def summary(report: Report, style: Style, room: int = SUMMARY) -> str:
    """The report as Markdown of so many bytes at most, cut at whole items; the rest is counted.

    It is empty if there is no room for anything.
    """
    if not style.with_members:
        report = impersonal(report)
    text = "\n".join(markdown.lines(report, style, room - 1)) + "\n"
    return text if len(text.encode()) <= room else ""
