"""A drift as Markdown."""

from __future__ import annotations

from hardenme.model.drift import Drift
from hardenme.reports.drift.outline import outline_of
from hardenme.reports.outline.markdown import Markdown
from hardenme.reports.style import Style


def render(drift: Drift, style: Style) -> str:
    """The drift as Markdown."""
    writer = Markdown(ascii_only=style.ascii_only)
    lines = writer.outline(outline_of(drift, quiet=style.quiet))
    return "\n".join(lines) + "\n"
