"""One cycle of a watch in every form: one screen's worth of text, Markdown, JSON, a message."""

from __future__ import annotations

from hardenme.reports.outline.forms import forms_of, rendered
from hardenme.reports.style import Style
from hardenme.reports.watch import jsonfile
from hardenme.reports.watch.cycle_message import cycle_message
from hardenme.reports.watch.outline import outline
from hardenme.reports.watch.shown import CycleShown

__all__ = ["FORMS", "CycleShown", "cycle_message", "render"]


FORMS = forms_of(outline, json=jsonfile.render)
"""Every form by its name on the command line."""


def render(shown: CycleShown, form: str, style: Style) -> str:
    """What is shown, in a form of `FORMS`."""
    return rendered(FORMS, shown, form, style)
