"""A text of several paragraphs and lists, however its source is wrapped."""

from __future__ import annotations

import re

ITEM = re.compile(r"- |(\d{1,2})\. ")
"""The beginning of a list item."""


def paragraphs(text: str) -> list[list[str]]:
    """The paragraphs of a text, each as its lines: one for prose, one for an item."""
    parted = (_lines(part) for part in re.split(r"\n\s*\n", text))
    return [lines for lines in parted if lines]


def _lines(paragraph: str) -> list[str]:
    lines: list[str] = []
    items = 0
    for raw in paragraph.split("\n"):
        line = " ".join(raw.split())
        mark = ITEM.match(line)
        # A line that happens to begin with a number, like `12. `, belongs to its sentence.
        begins = mark is not None and mark[1] in {None, str(items + 1)}
        items += begins
        if lines and line and not begins:
            lines[-1] += f" {line}"
        elif line:
            lines.append(line)
    return lines
