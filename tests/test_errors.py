"""One root for errors, one place that prints them, and the drawing of both."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from hardenme.ground.errors import HardenmeError
from hardenme.ground.exit_code import Exit

ROOT = Path(__file__).parent.parent
MODULES = [
    path
    for path in sorted((ROOT / "hardenme").rglob("*.py"))
    if "sandbox" not in path.parts and path.name != "__main__.py"
]
MOST = 15
"""Classes of errors that a reader has to know."""
DRAWN = re.compile(r"^(?P<lead>[│├└─ ]*)(?P<name>\w+Error)\b(?P<text>.*)$", re.MULTILINE)


@cache
def nodes() -> tuple[tuple[Path, ast.AST], ...]:
    """The classes and the handlers of errors, of modules that name an error at all."""
    kinds = (ast.ClassDef, ast.ExceptHandler)
    texts = ((path, path.read_text("utf-8")) for path in MODULES)
    return tuple(
        (path, node)
        for path, text in texts
        if "Error" in text or "except" in text
        for node in ast.walk(ast.parse(text))
        if isinstance(node, kinds)
    )


def defined() -> Iterator[tuple[Path, str]]:
    for path, node in nodes():
        if isinstance(node, ast.ClassDef) and node.name.endswith("Error"):
            yield path, node.name


def tree(kind: type[HardenmeError], depth: int = 0) -> Iterator[tuple[int, str, Exit]]:
    yield depth, kind.__name__, kind.exit_code
    for one in kind.__subclasses__():
        if one.__module__.startswith("hardenme."):
            yield from tree(one, depth + 1)


def loaded() -> list[tuple[int, str, Exit]]:
    for path, _ in defined():
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        importlib.import_module(name.removesuffix(".__init__"))
    return list(tree(HardenmeError))


@pytest.mark.second_tier("imports every module")
def test_every_error_has_the_one_root() -> None:
    rooted = {name for _, name, _ in loaded()}
    others = {name for _, name in defined() if not name.startswith("_")} - rooted
    assert others == set()
    assert len(rooted) <= MOST


@pytest.mark.second_tier("imports every module")
def test_the_architecture_draws_the_tree_with_its_exit_codes() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    drawing = page.partition("```text\nHardenmeError")[2].partition("```")[0]
    drawn = {}
    for found in DRAWN.finditer(f"HardenmeError{drawing}"):
        code = re.search(r"(?:; |exit code )(\d+)$", found["text"])
        drawn[found["name"]] = (len(found["lead"]) // 4, code and int(code[1]))
    there = {name: (depth, code) for depth, name, code in loaded()}
    assert drawn.keys() == there.keys()
    for name, (depth, code) in drawn.items():
        assert depth == there[name][0], name
        assert there[name][1] == (code or Exit.USAGE), name


@pytest.mark.second_tier("reads every source file")
def test_one_place_prints_errors() -> None:
    printing = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path, node in nodes()
        if isinstance(node, ast.ExceptHandler) and _only_prints(node)
    ]
    assert printing == []


def _only_prints(handler: ast.ExceptHandler) -> bool:
    """Whether a handler prints the bare text of an error and ends with an exit code."""
    texts = [ast.unparse(one) for one in handler.body]
    said = f"console.say(str({handler.name}))"
    ends = len(texts) == 2 and texts[0].endswith(said)
    return ends and bool(re.match(r"return (Exit|error|\d)", texts[1]))
