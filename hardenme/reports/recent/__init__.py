"""What appeared or changed lately, in every form: one screen, all of it, Markdown and JSON."""

from __future__ import annotations

from collections.abc import Callable

from hardenme.model.secret import redact
from hardenme.reports.outline.markdown import Markdown
from hardenme.reports.outline.terminal import Terminal
from hardenme.reports.plain import to_ascii
from hardenme.reports.recent import jsonfile, screen
from hardenme.reports.recent.outline import outline
from hardenme.reports.recent.told import RecentShown
from hardenme.reports.sheet import Sheet
from hardenme.reports.style import Style

__all__ = ["FORMS", "RecentShown", "render"]


def _table(told: RecentShown, style: Style) -> str:
    sheet = Sheet(style)
    Terminal(sheet).outline(outline(told))
    return sheet.text()


def _markdown(told: RecentShown, style: Style) -> str:
    lines = Markdown(ascii_only=style.ascii_only).outline(outline(told))
    return "\n".join(lines) + "\n"


FORMS: dict[str, Callable[[RecentShown, Style], str]] = {
    "screen": screen.render,
    "table": _table,
    "markdown": _markdown,
    "json": jsonfile.render,
}
"""Every form by its name on the command line."""


def render(told: RecentShown, form: str, style: Style) -> str:
    """What was found, in a form of `FORMS`."""
    text = redact(FORMS[form](told, style))
    return to_ascii(text) if style.ascii_only else text
