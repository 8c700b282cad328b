"""Conditions of jobs and steps: whether they keep out people without write access.

What is not understood keeps no one out. A condition that depends on another step's result is such a
thing: what that step looked at is not known.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from hardenme.collectors.workflows.expressions import (
    CLOSE,
    OPEN,
    FunctionCall,
    Literal,
    Node,
    NoExpressionError,
    Path,
    bodies,
    parse,
    walk,
)

OUTSIDERS = (
    "none",
    "first_timer",
    "first_time_contributor",
    "contributor",
    "mannequin",
)
"""Associations of people who need not have write access. Someone whose pull request was merged
once is a `CONTRIBUTOR`."""
INSIDE = frozenset(
    {"push", "schedule", "workflow_dispatch", "repository_dispatch", "release", "merge_group"}
    | {"create", "delete", "deployment", "page_build", "registry_package", "milestone"}
)
"""Events that take write access, or no one at all."""
ACTORS = frozenset({"github.actor", "github.triggering_actor", "github.event.sender.login"})
"""Who acted last: a bot can be made to act on someone else's pull request."""
ABOUT = {
    "issues": "issue",
    "issue_comment": "comment",
    "discussion": "discussion",
    "discussion_comment": "comment",
    "pull_request_target": "pull_request",
    "pull_request_review": "review",
    "pull_request_review_comment": "comment",
}
"""What an event brings that has an author. Whose issue a comment stands under says nothing of who
wrote the comment."""
FORK = ("github.event.pull_request.head.repo.", "github.event.workflow_run.head_repository.")
HERE = {
    "full_name": "github.repository",
    "id": "github.repository_id",
    "owner.login": "github.repository_owner",
    "owner.id": "github.repository_owner_id",
}
"""What of the repository that a pull request comes from names the repository itself."""
MERGED = "github.event.pull_request.merged"
ALWAYS = frozenset({"always", "failure", "cancelled"})
"""Functions with which a job runs although one that it needs was skipped."""


def admits(condition: Any, event: str) -> bool:
    """Whether someone without write access can get past an `if` with this event."""
    node = tree(condition)
    return node is None or _may(node, event)


def concerns(condition: Any, event: str) -> bool:
    """Whether anyone at all can get past an `if` with this event, people with write access too."""
    node = tree(condition)
    return node is None or _may(_of_events(node), event)


def survives_skipping(condition: Any) -> bool:
    """Whether a job with this `if` runs although one that it needs was skipped."""
    node = tree(condition)
    if node is None:
        return condition is not None
    return any(isinstance(part, FunctionCall) and part.name in ALWAYS for part in walk(node))


def tree(condition: Any) -> Node | None:
    """The tree of an `if`; None where there is none, or none that is understood.

    With anything around a fence, a blank or a line break of a block too, the value is a text that
    is put together, and a text that is not empty is true. A value without a fence is an expression.
    Source: `ConvertToIfCondition` and `ParseScalar` in actions/runner.
    """
    if not isinstance(condition, str):
        return None
    if OPEN in condition:
        found = list(bodies(condition))
        if len(found) != 1 or condition != f"{OPEN}{found[0]}{CLOSE}":
            return None
        condition = found[0]
    try:
        return parse(condition)
    except NoExpressionError:
        return None


def _of_events(node: Node) -> Node:
    """The same condition, but for what it asks apart from the event's name."""
    if isinstance(node, Path):
        return node if str(node) == "github.event_name" else Path(("unknown",))
    if isinstance(node, FunctionCall):
        return FunctionCall(node.name, tuple(_of_events(part) for part in node.parts))
    return node


def _may(node: Node, event: str) -> bool:
    """Whether it can be true for someone from outside."""
    if isinstance(node, Literal):
        return bool(node.value)
    if isinstance(node, Path):
        return str(node) != MERGED
    if node.name == "||":
        return any(_may(part, event) for part in node.parts)
    if node.name == "&&":
        return all(_may(part, event) for part in node.parts)
    if node.name == "!":
        return _may_not(node.parts[0], event)
    if node.name == "==":
        return not _settles(node.parts, event)
    if node.name == "!=":
        return not _excludes(node.parts, event)
    if node.name == "contains" and len(node.parts) == 2:  # noqa: PLR2004 (where, and what)
        return not _lists_insiders(*node.parts, event)
    return True


def _may_not(node: Node, event: str) -> bool:
    """Whether it can be false for someone from outside."""
    if isinstance(node, Path):
        return str(node) not in {f"{prefix}fork" for prefix in FORK}
    if isinstance(node, FunctionCall) and node.name == "==":
        return not _excludes(node.parts, event)
    if isinstance(node, FunctionCall) and node.name == "!=":
        return not _settles(node.parts, event)
    if isinstance(node, FunctionCall) and node.name == "||":
        return all(_may_not(part, event) for part in node.parts)
    if isinstance(node, FunctionCall) and node.name == "!":
        return _may(node.parts[0], event)
    return True


def _settles(sides: tuple[Node, ...], event: str) -> bool:
    """Whether an equality holds for insiders only, or for another event."""
    left, right = sides
    return _settled(left, right, event) or _settled(right, left, event)


def _settled(looked_up: Node, value: Node, event: str) -> bool:
    if not isinstance(looked_up, Path):
        return False
    name = str(looked_up)
    if isinstance(value, Path):
        return any(
            name == f"{prefix}{key}" and str(value) == here
            for prefix in FORK
            for key, here in HERE.items()
        )
    if not isinstance(value, Literal):
        return False
    said = str(value.value).lower()
    kinds: tuple[tuple[Callable[[], bool], bool], ...] = (
        (lambda: name == "github.event_name", said != event),
        (lambda: name in {f"{prefix}fork" for prefix in FORK}, said == "false"),
        (lambda: name == MERGED, said == "true"),
        (lambda: name == "github.event.workflow_run.event", said in INSIDE),
        (lambda: name == _of_author(event, "author_association"), said not in {"", *OUTSIDERS}),
        (lambda: name in ACTORS, bool(said) and not said.endswith("[bot]")),
        (lambda: name == _of_author(event, "user.login"), bool(said)),
    )
    return any(matches() and settled for matches, settled in kinds)


def _excludes(sides: tuple[Node, ...], event: str) -> bool:
    """Whether an inequality holds for another event only, or for what comes from inside."""
    left, right = sides
    for looked_up, value in ((left, right), (right, left)):
        if isinstance(looked_up, Path) and isinstance(value, Literal):
            name, said = str(looked_up), str(value.value).lower()
            if name == "github.event_name" and said == event:
                return True
            if name == "github.event.workflow_run.event" and said == "pull_request":
                return True
            if name in {f"{prefix}fork" for prefix in FORK} and said == "true":
                return True
    return False


def _of_author(event: str, key: str) -> str:
    return f"github.event.{ABOUT.get(event, '')}.{key}"


def _lists_insiders(where: Node, what: Node, event: str) -> bool:
    """Whether `contains(…)` looks for a person, or for an association, in a list of insiders."""
    if not isinstance(what, Path):
        return False
    name = str(what)
    named = listed(where)
    if name == _of_author(event, "author_association"):
        return bool(named) and not set(named or ()) & {"", *OUTSIDERS}
    if name in ACTORS or name == _of_author(event, "user.login"):
        if named is None:
            return isinstance(where, FunctionCall) and where.name == "fromjson"
        return not (name in ACTORS and any(item.endswith("[bot]") for item in named))
    return False


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
