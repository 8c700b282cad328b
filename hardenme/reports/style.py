"""The style of a report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypedDict

NARROWEST = 30
"""Columns below which nothing can be laid out; a narrower terminal is treated as this wide."""


class Options(TypedDict, total=False):
    """The fields of a `Style` that are given."""

    width: int
    color: bool
    quiet: bool
    ascii_only: bool
    with_members: bool
    lines: bool
    closing: str


@dataclass(frozen=True, slots=True)
class Style:
    """What the reader's terminal or file can show.

    Attributes:
        width: columns of the terminal.
        color: whether colours may be used.
        quiet: only the failed items, two lines each, and the last line.
        lines: with that, one line each.
        ascii_only: nothing but ASCII; other characters are printed as backslash escapes.
        with_members: results about individuals are included even in places that many people read.
        closing: what the screen says of the exit code.
    """

    width: int = 80
    color: bool = False
    quiet: bool = False
    ascii_only: bool = False
    with_members: bool = False
    lines: bool = False
    closing: str = ""

    @property
    def columns(self) -> int:
        """The width of the layout."""
        return max(self.width, NARROWEST)
