"""What leads to the files of a folder, in which a report lies in parts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from hardenme.model.finding import Errored
from hardenme.model.glance import weight
from hardenme.model.report import Report
from hardenme.model.secret import redact
from hardenme.model.severity import Severity
from hardenme.model.unknown import Unknown
from hardenme.reports.outline.markdown import Markdown
from hardenme.reports.outline.parts import Entry, Group, Most, Section, name, ours
from hardenme.reports.outline.report import head_of

EVERY = Most(1_000_000, 1_000_000)
UNBOUNDED = 1 << 40


@dataclass(frozen=True, slots=True)
class Row:
    """A file.

    Attributes:
        place: what it is about.
        file: its name in the folder.
        counts: how many findings failed there, by severity, and how many are not known.
    """

    place: str
    file: str
    counts: tuple[tuple[Severity | None, int], ...]


def counts_of(report: Report) -> tuple[tuple[Severity | None, int], ...]:
    """How many findings failed, the worst first, and then how many are not known."""
    failed = Counter(weight(one) for one in report.findings if one.fails)
    unknown = sum(isinstance(one.outcome, Unknown | Errored) for one in report.findings)
    levels = [(level, failed[level]) for level in sorted(failed, reverse=True)]
    return (*levels, *(((None, unknown),) if unknown else ()))


def render_index(report: Report, rows: Sequence[Row], fine: int) -> str:
    """What the report comes to, the first steps, and the files, the worst first.

    Args:
        report: the whole of it.
        rows: the files.
        fine: how many places have none, since nothing is to do there.
    """
    entries = tuple(map(_entry, sorted(rows, key=_worst)))
    tail = ((ours(f"{fine:,} more have nothing to do."),),) if fine else ()
    files = Section("Files", groups=(Group(entries=entries, most=EVERY),), tail=tail)
    lines = Markdown().outline(head_of(report, files), UNBOUNDED)
    return redact("\n".join(lines) + "\n")


def _worst(row: Row) -> tuple[list[int], str]:
    counts = dict(row.counts)
    levels: tuple[Severity | None, ...] = (*sorted(Severity, reverse=True), None)
    return [-counts.get(level, 0) for level in levels], row.place


def _entry(row: Row) -> Entry:
    told = ", ".join(f"{number:,} {level or 'unknown'}" for level, number in row.counts)
    # Names of files hold nothing that Markdown reads.
    return Entry((name(row.place), ours(f": {told or 'questions'} in [{row.file}]({row.file})")))
