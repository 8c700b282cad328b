"""The index page of a folder that holds a report in parts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from hardenme.model.finding import Errored
from hardenme.model.finding_summary import weight
from hardenme.model.report import Report
from hardenme.model.secret import redact
from hardenme.model.severity import Severity
from hardenme.model.subject import Subject
from hardenme.model.unknown import Unknown
from hardenme.model.verdict import Manual
from hardenme.reports.outline.markdown import Markdown
from hardenme.reports.outline.parts import Entry, Group, Most, Section, name, ours, sentence
from hardenme.reports.outline.report import head_of
from hardenme.reports.plain import counted

EVERY = Most(1_000_000, 1_000_000)
UNBOUNDED = 1 << 40


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file.

    Attributes:
        file: its name in the folder.
        counts: how many findings failed there, by severity, and how many are not known.
        questions: how many settings there a person has to look at.
    """

    place: str
    file: str
    counts: tuple[tuple[Severity | None, int], ...]
    questions: int

    @classmethod
    def of(cls, place: Subject, file: str, report: Report) -> Self:
        """The file of a part of a report: how many failed, the worst first, then the unknown."""
        failed = Counter(weight(one) for one in report.findings if one.fails)
        unknown = sum(isinstance(one.outcome, Unknown | Errored) for one in report.findings)
        levels = [(level, failed[level]) for level in sorted(failed, reverse=True)]
        counts = (*levels, *(((None, unknown),) if unknown else ()))
        asked = sum(isinstance(one.outcome, Manual) for one in report.findings)
        return cls(str(place), file, counts, asked)


def render_index(
    report: Report, rows: Sequence[FileRow], fine: int, steps: Mapping[str, str]
) -> str:
    """What the report comes to, the first steps, and the files, the worst first.

    Args:
        report: the whole of it.
        fine: how many places have none, since nothing is to do there.
        steps: the files of steps, by their ids.
    """
    entries = tuple(map(_entry, sorted(rows, key=_worst)))
    tail = ((ours(f"{nothing_to_do(fine)}."),),) if fine else ()
    files = Section("Files", groups=(Group(entries=entries, most=EVERY),), tail=tail)
    described = {one: (ours(_link(file)),) for one, file in steps.items()}
    lines = Markdown().outline(head_of(report, files, described), UNBOUNDED)
    return redact("\n".join(lines) + "\n")


def render_referred(steps: Mapping[str, str]) -> str:
    """The files of steps, for the end of an index; empty for none.

    Args:
        steps: the names of the files, by what the steps are called.
    """
    if not steps:
        return ""
    lines = (f"- {Markdown().words((sentence(name),))}: {_link(at)}" for name, at in steps.items())
    return redact("\n".join(("", "## Steps", "", *lines, "")))


def nothing_to_do(fine: int) -> str:
    """How many places have no file, for the index and for the terminal."""
    return "1 more has nothing to do" if fine == 1 else f"{fine:,} more have nothing to do"


def _worst(row: FileRow) -> tuple[list[int], str]:
    counts = dict(row.counts)
    levels: tuple[Severity | None, ...] = (*sorted(Severity, reverse=True), None)
    return [-counts.get(level, 0) for level in levels], row.place


def _entry(row: FileRow) -> Entry:
    told = ", ".join(f"{number:,} {level or 'unknown'}" for level, number in row.counts)
    # Names of files hold nothing that Markdown reads.
    told = told or counted(row.questions, "question")
    return Entry((name(row.place), ours(f": {told} in {_link(row.file)}")))


def _link(file: str) -> str:
    """A link of Markdown to a file of the folder."""
    return f"[{file}]({file})"
