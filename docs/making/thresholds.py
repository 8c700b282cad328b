"""Which thresholds of a profile a check reads: from its code, so that no list can be wrong."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from hardenme.engine.plan import derivations
from hardenme.model.check import Check, Parameter
from hardenme.model.given import Limits
from hardenme.model.profile import PROFILES
from hardenme.model.threshold import Threshold
from hardenme.model.thresholds import THRESHOLDS

NAME = "limits"
"""What the thresholds are called wherever they are handed on."""
MEANS = {"solo": "approvals", "profile": "", "release_days": ""}
"""What is no threshold of its own: `release_days` is the setting `since`."""
ATTRIBUTES = {item.attribute: item for item in THRESHOLDS.values()}
"""The thresholds by the field of `Limits`."""


def thresholds(check: Check) -> tuple[Threshold, ...]:
    """The thresholds, sorted by name."""
    functions = [check.function] if _takes(check.parameters) else []
    functions += [
        made.function
        for kind in check.facts
        for made in derivations().get(kind, ())
        if _takes(made.parameters)
    ]
    names = {MEANS.get(name, name) for function in functions for name in _read(function)}
    return tuple(ATTRIBUTES[name] for name in sorted(names - {""}))


def by_profile(threshold: Threshold) -> dict[str, int]:
    """The value of a threshold in each profile."""
    return {name: threshold.of(name) for name in PROFILES}


def _takes(parameters: tuple[Parameter, ...]) -> bool:
    return any(item.kind is Limits for item in parameters)


@cache
def _read(function: Callable[..., Any]) -> frozenset[str]:
    """What a function, and those of our own that it hands the thresholds to, reads of them."""
    return frozenset(_walk(function, set()))


def _walk(function: Callable[..., Any], seen: set[Any]) -> Iterator[str]:
    if function in seen:
        return
    seen.add(function)
    module = inspect.getmodule(function)
    tree = ast.parse(inspect.getsource(function).lstrip())
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            if node.value.id == NAME:
                yield node.attr
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and _hands_on(node):
            called = getattr(module, node.func.id, None)
            if inspect.isfunction(called):
                yield from _walk(called, seen)


def _hands_on(call: ast.Call) -> bool:
    given = [*call.args, *(word.value for word in call.keywords)]
    return any(isinstance(value, ast.Name) and value.id == NAME for value in given)
