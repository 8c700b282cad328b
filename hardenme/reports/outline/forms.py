"""An outline in the forms that every command offers, and a form on its way to its reader."""

from __future__ import annotations

from hardenme.model.secret import redact
from hardenme.reports.outline.markdown import FITS, Markdown
from hardenme.reports.outline.parts import Outline
from hardenme.reports.outline.terminal import Terminal
from hardenme.reports.plain import to_ascii
from hardenme.reports.sheet import Sheet
from hardenme.reports.style import Style


def as_table(outline: Outline, style: Style) -> str:
    """An outline for a terminal."""
    sheet = Sheet(style)
    Terminal(sheet).outline(outline)
    return sheet.text()


def as_markdown(outline: Outline, style: Style, room: int = FITS) -> str:
    """An outline in Markdown, in so many bytes; what is left out for that is counted."""
    lines = Markdown(ascii_only=style.ascii_only).outline(outline, room)
    return "\n".join(lines) + "\n"


def showable(text: str, style: Style) -> str:
    """A whole text without secrets, in characters that its reader can show."""
    text = redact(text)
    return to_ascii(text) if style.ascii_only else text
