"""What appeared or changed lately, in every form: one screen, all of it, Markdown and JSON."""

from __future__ import annotations

from collections.abc import Callable

from hardenme.reports.outline.forms import as_markdown, as_table, showable
from hardenme.reports.recent import jsonfile, screen
from hardenme.reports.recent.outline import outline
from hardenme.reports.recent.told import RecentShown
from hardenme.reports.style import Style

__all__ = ["FORMS", "RecentShown", "render"]


def _table(told: RecentShown, style: Style) -> str:
    return as_table(outline(told), style)


def _markdown(told: RecentShown, style: Style) -> str:
    return as_markdown(outline(told), style)


FORMS: dict[str, Callable[[RecentShown, Style], str]] = {
    "screen": screen.render,
    "table": _table,
    "markdown": _markdown,
    "json": jsonfile.render,
}
"""Every form by its name on the command line."""


def render(told: RecentShown, form: str, style: Style) -> str:
    """What was found, in a form of `FORMS`."""
    return showable(FORMS[form](told, style), style)
