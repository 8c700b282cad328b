"""The words of hardenme's own texts, which are not names."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

FILE = "vocabulary.txt"
"""One word a line; `python docs/make.py` collects them."""


@cache
def vocabulary() -> frozenset[str]:
    """Every word that a text of hardenme itself may put into a report."""
    text = files(__package__).joinpath(FILE).read_text(encoding="utf-8")
    return frozenset(text.splitlines())
