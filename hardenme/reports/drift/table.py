"""A drift for a terminal."""

from __future__ import annotations

from hardenme.model.drift import Drift
from hardenme.reports.drift.outline import outline_of
from hardenme.reports.outline.forms import as_table
from hardenme.reports.style import Style


def render(drift: Drift, style: Style) -> str:
    """The drift as terminal lines."""
    return as_table(outline_of(drift, quiet=style.quiet), style)
