"""An outline in the forms that every command offers, and a form on its way to its reader."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from hardenme.reports.outline.markdown import FITS, Markdown
from hardenme.reports.outline.parts import Outline
from hardenme.reports.outline.terminal import Terminal
from hardenme.reports.plain import showable
from hardenme.reports.sheet import Sheet
from hardenme.reports.style import Style

T = TypeVar("T")
Drawn = Callable[[T, Style], str]
"""Makes a text of what is shown, in one form."""


def forms_of(
    outline: Callable[[T], Outline], *, room: int = FITS, **others: Drawn[T]
) -> Mapping[str, Drawn[T]]:
    """The forms that are drawn from an outline, and others, by their name on the command line.

    Args:
        outline: of what is shown.
        room: bytes that Markdown may have.
        others: forms of its own.
    """
    return {
        "table": lambda shown, style: as_table(outline(shown), style),
        "markdown": lambda shown, style: as_markdown(outline(shown), style, room),
        **others,
    }


def rendered(forms: Mapping[str, Drawn[T]], shown: T, form: str, style: Style) -> str:
    """What is shown, in one of the forms."""
    return showable(forms[form](shown, style), ascii_only=style.ascii_only)


def as_table(outline: Outline, style: Style) -> str:
    """An outline for a terminal."""
    sheet = Sheet(style)
    Terminal(sheet).outline(outline)
    return sheet.text()


def as_markdown(outline: Outline, style: Style, room: int = FITS) -> str:
    """An outline in Markdown, in so many bytes; what is left out for that is counted."""
    lines = Markdown(ascii_only=style.ascii_only).outline(outline, room)
    return "\n".join(lines) + "\n"
