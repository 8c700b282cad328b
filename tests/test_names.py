"""A class name has one meaning in the house."""

from __future__ import annotations

import ast
from collections import defaultdict

from tests.test_architecture import ROOT

ROOMS = ("hardenme/facts", "hardenme/sandbox/github", "hardenme/sandbox/npm")
"""Here the same thing has the same name: as a fact, and as what each server knows."""


def test_a_class_name_has_one_meaning() -> None:
    homes: dict[str, list[str]] = defaultdict(list)
    for path in sorted((ROOT / "hardenme").rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        room = next((room for room in ROOMS if name.startswith(f"{room}/")), name)
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                homes[node.name].append(room)
    assert homes
    several = {
        name: where
        for name, where in homes.items()
        if len(where) > 1 and not (len({*where}) == len(where) and {*where} <= {*ROOMS})
    }
    assert several == {}
