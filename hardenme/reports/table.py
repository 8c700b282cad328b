"""The checklist for a terminal."""

from __future__ import annotations

from hardenme.model.report import Report
from hardenme.reports.closing import counts_line
from hardenme.reports.outline.report import brief_outline_of, outline_of
from hardenme.reports.outline.terminal import Terminal, last_line
from hardenme.reports.sheet import Sheet
from hardenme.reports.style import Style


def render(report: Report, style: Style) -> str:
    """The whole report as terminal lines of at most the terminal's width.

    Addresses, commands and the last line stay whole, so that they can be copied or read by `tail`.
    """
    sheet = Sheet(style)
    terminal = Terminal(sheet, whole=True)
    if style.quiet:
        outline = brief_outline_of(report)
        terminal.brief(outline, lines=style.lines)
    else:
        outline = outline_of(report)
        terminal.outline(outline)
        sheet.add("")
    last_line(sheet, outline.counts, counts_line(report, short=True))
    return sheet.text()
