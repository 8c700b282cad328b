"""No command is printed with a word in it that the reader has to replace: GitHub's USER is a login.

Whoever is in a hurry runs what looks like a command. Where a name is not known, the step says what
to look up, and there is no command.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from hardenme.reports.calls import METHODS, PLACEHOLDER

ROOT = Path(__file__).parents[2]
SOURCES = sorted(
    path
    for folder in ("checks/hardenme_checks", "hardenme/derive/publishing")
    for path in (ROOT / folder).rglob("*.py")
)
MAKES = frozenset({"gh", "npm", "options", "lines"})
"""Functions that put a command together."""


def commands_in(path: Path) -> Iterator[ast.expr]:
    """The parts of a module that are words of a command, or a command as a whole."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            called = node.func
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            if name in MAKES:
                yield from node.args
            yield from (one.value for one in node.keywords if one.arg == "command")


def texts_in(node: ast.expr) -> Iterator[str]:
    """The constants of an expression."""
    for one in ast.walk(node):
        if isinstance(one, ast.Constant) and isinstance(one.value, str):
            yield one.value


def test_no_command_is_made_with_a_placeholder() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {text}"
        for path in SOURCES
        for node in commands_in(path)
        for text in texts_in(node)
        if set(PLACEHOLDER.findall(text)) - METHODS
    ]
    assert found == []
