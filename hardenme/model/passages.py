"""A text of several paragraphs and lists, however its source is wrapped."""

from __future__ import annotations

import re

ITEM = re.compile(r"- |\d+\. ")
"""What an item of a list begins with."""


def paragraphs(text: str) -> list[list[str]]:
    """The paragraphs of a text, each as its lines: one for prose, one for an item."""
    parted = (_lines(part) for part in re.split(r"\n\s*\n", text))
    return [lines for lines in parted if lines]


def _lines(paragraph: str) -> list[str]:
    lines: list[str] = []
    for raw in paragraph.split("\n"):
        line = " ".join(raw.split())
        if lines and line and not ITEM.match(line):
            lines[-1] += f" {line}"
        elif line:
            lines.append(line)
    return lines
