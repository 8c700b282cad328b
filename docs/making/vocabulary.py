"""Collects the words of hardenme's own texts: any other word of a report may be a name."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable

from hardenme.reports.pseudonyms.words import words

PACKAGES = ("hardenme_checks", "hardenme")
"""Packages whose sentences, addresses and commands appear in reports."""
LEFT_OUT = frozenset({"sandbox", "reports", "cli", "config", "__pycache__"})
"""Folders whose texts do not appear there, or hold invented names."""


def page() -> str:
    """`vocabulary.txt` of the pseudonyms: one word a line, sorted.

    Docstrings are left out: their examples hold names that may be somebody's.
    """
    found = {
        word
        for package in PACKAGES
        for source in _sources(files(package))
        for text in _texts(ast.parse(source.read_text(encoding="utf-8")))
        for word in words(text)
        # Texts of code that looks for odd characters hold them: no report has such a word.
        if word.isprintable()
    }
    return "".join(f"{word}\n" for word in sorted(found))


def _sources(folder: Traversable) -> Iterator[Traversable]:
    for item in folder.iterdir():
        if item.is_dir() and item.name not in LEFT_OUT:
            yield from _sources(item)
        elif item.name.endswith(".py"):
            yield item


def _texts(tree: ast.AST) -> Iterator[str]:
    """Every text in the code; one that is a statement of its own is documentation."""
    nodes = [tree]
    while nodes:
        node = nodes.pop()
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        nodes += ast.iter_child_nodes(node)
