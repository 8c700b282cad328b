"""Texts and fixes as the plain values of JSON: without secrets and hidden characters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from hardenme.model.finding import LONGEST
from hardenme.model.verdict import Fix
from hardenme.reports.plain import plain


def text(value: str) -> str:
    """One line."""
    return plain(value, longest=LONGEST)


def paragraphs(value: str) -> str:
    """Several lines."""
    if "\n" not in value:
        return text(value)
    return "\n".join(text(line) for line in value.split("\n"))


def texts(values: Iterable[str]) -> list[str]:
    """Several texts of one line."""
    return [text(value) for value in values]


def numbers(values: Mapping[str, int]) -> dict[str, int]:
    """Counts by name, sorted as they are shown."""
    return dict(sorted((text(name), number) for name, number in values.items()))


def parts(fix: Fix) -> dict[str, Any]:
    """A fix without the wider one."""
    return {
        "step": paragraphs(fix.step),
        "page": text(fix.page) or None,
        "command": paragraphs(fix.command) or None,
        "needs": paragraphs(fix.needs),
        "undo": paragraphs(fix.undo),
    }
