"""The report as one self-contained HTML page.

A small builder (`element.py`) makes the elements, not a template language. A tree of elements and
texts escapes by construction and not by a setting, and needs no library at run time. The style
sheet and the script are next to this file.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardenme.model.report import Report
from hardenme.reports.style import Style


def render(report: Report, style: Style) -> str:
    """The page in one piece."""
    return "".join(pieces(report, style))


def pieces(report: Report, style: Style) -> Iterator[str]:  # noqa: ARG001 (every format takes one)
    """The page, piece by piece. It is ASCII, and always whole."""
    from hardenme.reports.html import page  # noqa: PLC0415 (start-up)

    return page.pieces(report)
