"""Who could do harm and who can stop whom, in every form."""

from __future__ import annotations

from collections.abc import Callable

from hardenme.model.secret import redact
from hardenme.reports.holders import drawn, jsonfile, page
from hardenme.reports.holders.outline import outline
from hardenme.reports.holders.told import HoldersShown
from hardenme.reports.outline.markdown import Markdown
from hardenme.reports.outline.terminal import Terminal
from hardenme.reports.plain import to_ascii
from hardenme.reports.sheet import Sheet
from hardenme.reports.style import Style

__all__ = ["FORMS", "HoldersShown", "render"]


def _table(told: HoldersShown, style: Style) -> str:
    sheet = Sheet(style)
    Terminal(sheet).outline(outline(told))
    return sheet.text()


def _markdown(told: HoldersShown, style: Style) -> str:
    return "\n".join(Markdown(ascii_only=style.ascii_only).outline(outline(told))) + "\n"


FORMS: dict[str, Callable[[HoldersShown, Style], str]] = {
    "table": _table,
    "markdown": _markdown,
    "json": jsonfile.render,
    "html": page.render,
    "mermaid": drawn.mermaid,
    "dot": drawn.dot,
}
"""Every form by its name on the command line."""


def render(told: HoldersShown, form: str, style: Style) -> str:
    """What was found, in a form of `FORMS`."""
    text = redact(FORMS[form](told, style))
    return to_ascii(text) if style.ascii_only else text
