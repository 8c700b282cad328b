"""The checklist as a GitHub task list."""

from __future__ import annotations

from hardenme.model.report import Report
from hardenme.reports.inplace import BEGIN, END, marked
from hardenme.reports.outline.markdown import FITS, Markdown
from hardenme.reports.outline.report import brief_outline_of, outline_of
from hardenme.reports.style import Style

MARKS = len(BEGIN) + len(END) + 2


def render(report: Report, style: Style) -> str:
    """The report as Markdown in a stable order, between marks by which it is replaced in place."""
    return "\n".join(marked(lines(report, style, FITS - MARKS))) + "\n"


def lines(report: Report, style: Style, room: int = FITS) -> list[str]:
    """The same without the marks, in so many bytes; the last line has the counts."""
    writer = Markdown(ascii_only=style.ascii_only)
    outline = brief_outline_of(report) if style.quiet else outline_of(report, stable=True)
    last = " · ".join(outline.counts)
    room -= len(last.encode()) + 2
    said = (
        writer.brief(outline, lines=style.lines) if style.quiet else writer.outline(outline, room)
    )
    return [*said, "", last]
