"""What appeared or changed lately, in every form: one screen, all of it, Markdown and JSON."""

from __future__ import annotations

from hardenme.reports.outline.forms import forms_of, rendered
from hardenme.reports.recent import jsonfile, screen
from hardenme.reports.recent.outline import outline
from hardenme.reports.recent.view import RecentView
from hardenme.reports.style import Style

__all__ = ["FORMS", "RecentView", "render"]


FORMS = forms_of(outline, screen=screen.render, json=jsonfile.render)
"""Every form by its name on the command line."""


def render(told: RecentView, form: str, style: Style) -> str:
    """What is shown, in a form of `FORMS`."""
    return rendered(FORMS, told, form, style)
