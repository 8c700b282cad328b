"""A drift for a terminal."""

from __future__ import annotations

from hardenme.model.drift import Drift
from hardenme.reports.drift.outline import outline_of
from hardenme.reports.outline.terminal import Terminal
from hardenme.reports.sheet import Sheet
from hardenme.reports.style import Style


def render(drift: Drift, style: Style) -> str:
    """The drift as terminal lines."""
    sheet = Sheet(style)
    Terminal(sheet).outline(outline_of(drift, quiet=style.quiet))
    return sheet.text()
