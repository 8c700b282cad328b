"""Conditions of jobs and steps: whether they keep out people without write access.

A condition is evaluated with what an outsider's run would hold. What cannot be followed keeps no
one out for sure, and lets no one in for sure.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from hardenme.ground.errors import ContentError
from hardenme.workflows.evaluation import Value, evaluated
from hardenme.workflows.expressions import (
    CLOSE,
    OPEN,
    FunctionCall,
    Literal,
    Node,
    bodies,
    exact,
    parse,
    walk,
)
from hardenme.workflows.level import Level
from hardenme.workflows.outsiders import (
    Start,
    contexts,
    names,
    of_anyone,
    starts_of,
)

ALWAYS = frozenset({"always", "failure", "cancelled"})
"""Functions with which a job runs although one that it needs was skipped."""


def passes(
    conditions: Iterable[Any], start: Start, known: Mapping[str, Value] | None = None
) -> Level:
    """How surely an outsider gets past all of these `if`s.

    Args:
        conditions: as they are written; one that is empty is true.
        known: what contexts hold that the job and the steps before it fill.
    """
    found = start.level
    for condition in conditions:
        if found is Level.NO:
            break
        if isinstance(condition, str):
            found = min(
                found, _level(condition, start, known) if known else _fixed(condition, start)
            )
    return found


@lru_cache(maxsize=16_384)
def _fixed(condition: str, start: Start) -> Level:
    return _level(condition, start, {})


def _level(condition: str, start: Start, known: Mapping[str, Value]) -> Level:
    """How surely a condition is true after a start."""
    node = _whole(condition)
    if node is None:
        # Nothing, a text that is put together, or what GitHub refuses: it keeps no one out.
        return Level.YES
    context = {**contexts(start), **known} if known else contexts(start)
    return evaluated(node, names(context)).level(truth=True)


def admits(condition: Any, event: str, settings: Any = None) -> Level:
    """How certainly someone without write access can pass an `if` with this event."""
    return max(passes([condition], start) for start in starts_of(event, settings))


def concerns(condition: Any, event: str) -> bool:
    """Whether anyone at all can get past an `if` with this event, people with write access too."""
    node = _whole(condition) if isinstance(condition, str) else None
    if node is None:
        return True
    return evaluated(node, names(of_anyone(event))).level(truth=True) is not Level.NO


def survives_skipping(condition: Any) -> bool:
    """Whether a job with this `if` runs although one that it needs was skipped."""
    node = tree(condition)
    if node is None:
        return condition is not None
    return any(isinstance(part, FunctionCall) and part.name in ALWAYS for part in walk(node))


def tree(condition: Any) -> Node | None:
    """The tree of an `if`; None if there is none, or none that is understood.

    With anything around a fence, even a blank or the line break of a block, the value is a
    concatenated text. A text that is not empty is true. A value without a fence is an expression.
    Source: `ConvertToIfCondition` and `ParseScalar` in actions/runner.
    """
    return _simplified(condition) if isinstance(condition, str) else None


@lru_cache(maxsize=4096)
def _simplified(condition: str) -> Node | None:
    body = _body(condition)
    try:
        return None if body is None else parse(body)
    except ContentError:
        return None


def _body(condition: str) -> str | None:
    """The expression of an `if`; None if it is a text that is put together."""
    if OPEN not in condition:
        return condition
    found = list(bodies(condition))
    return found[0] if len(found) == 1 and condition == f"{OPEN}{found[0]}{CLOSE}" else None


@lru_cache(maxsize=4096)
def _whole(condition: str) -> Node | None:
    body = _body(condition)
    try:
        return None if body is None else exact(body)
    except ContentError:
        return None


def listed(node: Node) -> list[str] | None:
    """A list that is written out with `fromJSON('[…]')`, in lower case."""
    if not (isinstance(node, FunctionCall) and node.name == "fromjson" and len(node.parts) == 1):
        return None
    text = node.parts[0]
    if not (isinstance(text, Literal) and isinstance(text.value, str)):
        return None
    try:
        found = json.loads(text.value)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, list):
        return None
    return [str(item).lower() for item in found]
