"""Which published standards a check supports."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from hardenme.model.standard import Standard


@cache
def standards() -> tuple[Standard, ...]:
    """Every standard that the catalogue is held against."""
    return ()


def supported(code: str) -> list[str]:
    """A line for each control that a check supports."""
    return [line for standard in standards() for line in _lines(standard, code)]


def _lines(standard: Standard, code: str) -> Iterable[str]:
    for control in standard.of(code):
        gap = f"; not seen: {control.gap}" if control.gap else ""
        yield (
            f"- [{standard.title} {standard.version}]({standard.page}), {control.key}:"
            f" {control.title} ({control.support}{gap})"
        )
