"""Headings: the scope of what is printed, and the problem of a finding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hardenme.model.finding import Finding
from hardenme.model.report import CheckText
from hardenme.model.verdict import Failed
from hardenme.reports.inert import prose
from hardenme.reports.plain import plain
from hardenme.reports.sheet import PARTIAL, Sheet
from hardenme.reports.style import Style

MARKDOWN = "markdown"


def heading(finding: Finding, checks: Mapping[str, CheckText]) -> str:
    """The problem where it failed, accepted or not; elsewhere what the check requires."""
    if isinstance(finding.outcome, Failed):
        return finding.title
    text = checks.get(finding.code)
    return finding.slug if text is None else text.summary


def top(lines: Sequence[str], form: str, style: Style) -> str:
    """The sentences in a format; empty if there are none.

    Args:
        form: `markdown`, or any other for a terminal.
        style: what the terminal can show.
    """
    if not lines:
        return ""
    if form == MARKDOWN:
        return "".join(f"> **Note:** {prose(plain(line))}\n>\n" for line in lines) + "\n"
    sheet = Sheet(style)
    for line in lines:
        sheet.say(f"! {sheet.value(line)}", PARTIAL, hang=2)
    return f"{sheet.text()}\n"
