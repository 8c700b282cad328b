"""The words that a check's code knows: what a text may be compared with."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable
from functools import cache
from textwrap import dedent
from types import FunctionType
from typing import Any

from docs.making.placeholders import subject_of
from hardenme.model import pages
from hardenme.model.check import Check


def words(check: Check) -> list[str]:
    """Every word in what a check calls, and in the methods of its facts that it names."""
    own = {"hardenme", _package(check.function)}
    found = dict.fromkeys(subject_of(kind).name for kind in check.facts)
    reached: set[FunctionType] = set()
    waiting: list[Any] = [check.function]
    for one in waiting:
        if isinstance(one, str):
            found |= {one: None} if one and " " not in one else {}
        elif isinstance(one, tuple | frozenset | dict):
            waiting += sorted(item for item in one if isinstance(item, str))
        elif inspect.isfunction(one) and one not in reached and _package(one) in own:
            reached.add(one)
            for word, name, attribute in _said(one):
                methods = [getattr(kind, attribute, None) for kind in check.facts if attribute]
                waiting += [word, one.__globals__.get(name), *map(_function, methods)]
    return list(found)


def _package(function: Callable[..., Any]) -> str:
    """Where a function is from; what makes addresses compares nothing with its words."""
    module = function.__module__
    return "" if module == pages.__name__ else module.partition(".")[0]


def _function(method: Any) -> Any:
    return method.fget if isinstance(method, property) else method


@cache
def _said(function: FunctionType) -> tuple[tuple[str, str, str], ...]:
    """Each word, name or attribute in a function; the other two of the three are empty."""
    (tree,) = ast.parse(dedent(inspect.getsource(function))).body
    found = []
    for part in getattr(tree, "body", [tree]):
        for node in ast.walk(part):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.append((node.value, "", ""))
            elif isinstance(node, ast.Name):
                found.append(("", node.id, ""))
            elif isinstance(node, ast.Attribute):
                found.append(("", "", node.attr))
    return tuple(found)
