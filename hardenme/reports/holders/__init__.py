"""Who could do harm and who can stop whom, in every form."""

from __future__ import annotations

from collections.abc import Callable

from hardenme.reports.holders import drawn, jsonfile, page
from hardenme.reports.holders.outline import outline
from hardenme.reports.holders.told import HoldersShown
from hardenme.reports.outline.forms import as_markdown, as_table, showable
from hardenme.reports.style import Style

__all__ = ["FORMS", "HoldersShown", "render"]


def _table(told: HoldersShown, style: Style) -> str:
    return as_table(outline(told), style)


def _markdown(told: HoldersShown, style: Style) -> str:
    return as_markdown(outline(told), style)


FORMS: dict[str, Callable[[HoldersShown, Style], str]] = {
    "table": _table,
    "markdown": _markdown,
    "json": jsonfile.render,
    "html": page.render,
    "mermaid": drawn.mermaid,
}
"""Every form by its name on the command line."""


def render(told: HoldersShown, form: str, style: Style) -> str:
    """What was found, in a form of `FORMS`."""
    return showable(FORMS[form](told, style), style)
