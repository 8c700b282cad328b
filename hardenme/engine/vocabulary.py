"""The words that hardenme itself uses: whatever else stands in a report is a name."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable

SPEAKING = ("hardenme_checks", "hardenme")
"""Packages whose sentences, addresses and commands stand in reports."""
SILENT = frozenset({"sandbox", "reports", "cli", "config", "__pycache__"})
"""Folders whose texts do not, or hold invented names."""


def vocabulary(words: Callable[[str], Iterable[str]]) -> frozenset[str]:
    """The words of all texts that a report is put together from.

    Documentation is left out: its examples hold names that may be somebody's.

    Args:
        words: takes a text apart.
    """
    return frozenset(
        word
        for package in SPEAKING
        for source in _sources(files(package))
        for text in _texts(ast.parse(source.read_text(encoding="utf-8")))
        for word in words(text)
    )


def _sources(folder: Traversable) -> Iterator[Traversable]:
    for item in folder.iterdir():
        if item.is_dir() and item.name not in SILENT:
            yield from _sources(item)
        elif item.name.endswith(".py"):
            yield item


def _texts(tree: ast.AST) -> Iterator[str]:
    """Every text in the code; one that stands by itself is documentation."""
    nodes = [tree]
    while nodes:
        node = nodes.pop()
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        nodes += ast.iter_child_nodes(node)
