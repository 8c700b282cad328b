"""Who could do harm and who can stop whom, in every form."""

from __future__ import annotations

from hardenme.reports.holders import drawn, jsonfile, page
from hardenme.reports.holders.outline import outline
from hardenme.reports.holders.view import HoldersView
from hardenme.reports.outline.forms import forms_of, rendered
from hardenme.reports.style import Style

__all__ = ["FORMS", "HoldersView", "render"]


FORMS = forms_of(outline, json=jsonfile.render, html=page.render, mermaid=drawn.mermaid)
"""Every form by its name on the command line."""


def render(told: HoldersView, form: str, style: Style) -> str:
    """What is shown, in a form of `FORMS`."""
    return rendered(FORMS, told, form, style)
