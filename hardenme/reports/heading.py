"""Sentences that stand at the top of what is printed, for they say how far the rest goes."""

from __future__ import annotations

from collections.abc import Sequence

from hardenme.reports.inert import prose
from hardenme.reports.plain import plain
from hardenme.reports.sheet import PARTIAL, Sheet
from hardenme.reports.style import Style

MARKDOWN = "markdown"


def top(lines: Sequence[str], form: str, style: Style) -> str:
    """The sentences in a format; empty where there are none.

    Args:
        lines: the sentences.
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
