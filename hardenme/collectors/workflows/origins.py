"""Which expressions name the code of a pull request, and which hold text that strangers choose."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from hardenme.collectors.workflows.expressions import (
    ANY,
    OPEN,
    NoExpressionError,
    Path,
    bodies,
    parse,
    walk,
)
from hardenme.collectors.workflows.scripts import PULL

HEADS = (
    "github.head_ref",
    "github.event.pull_request.head",
    "github.event.pull_request.merge_commit_sha",
    "github.event.workflow_run.head_sha",
    "github.event.workflow_run.head_branch",
    "github.event.workflow_run.head_commit",
    "github.event.workflow_run.head_repository",
    "github.event.workflow_run.pull_requests",
)
"""What names the code of a pull request, with all that lies below it."""
COMPUTED = frozenset({"steps", "needs"})
"""Contexts of which the value is known at run time only."""
TEXTS = (
    "github.head_ref",
    "github.event.comment.body",
    "github.event.discussion.body",
    "github.event.discussion.title",
    "github.event.issue.body",
    "github.event.issue.title",
    "github.event.pages",
    "github.event.pull_request.body",
    "github.event.pull_request.head.label",
    "github.event.pull_request.head.ref",
    "github.event.pull_request.head.repo.default_branch",
    "github.event.pull_request.title",
    "github.event.review.body",
    "github.event.review_comment.body",
    "github.event.workflow_run.display_title",
    "github.event.workflow_run.head_branch",
    "github.event.workflow_run.head_commit.author.email",
    "github.event.workflow_run.head_commit.author.name",
    "github.event.workflow_run.head_commit.message",
)
"""Text that whoever opens an issue or a pull request chooses.
Source: GitHub Security Lab, "Keeping your GitHub Actions and workflows secure", part 2."""
INPUTS = "inputs"
"""With this and a dot before its name an input stands among the variables."""
CHAIN = 5
"""How many variables may stand for one another."""


def names_head(
    text: str, env: Mapping[str, str], *, inputs: bool = False, surely: bool = False
) -> bool:
    """Whether a string names the code of a pull request.

    Args:
        text: a string that may hold expressions.
        env: the variables of its step.
        inputs: whether inputs are chosen by another file.
        surely: whether only what is certain counts: a value that is known at run time alone does
            not, then.
    """
    if PULL.search(text):
        return True
    for body in bodies(text):
        try:
            looked_up = _paths(body)
        except NoExpressionError:
            if not surely:
                return True
            continue
        if any(_is_head(path, env, inputs=inputs, surely=surely) for path in looked_up):
            return True
    return False


def holds_foreign_text(text: str, env: Mapping[str, str], depth: int = CHAIN) -> bool:
    """Whether expressions of a string give text that strangers choose, variables looked through."""
    if OPEN not in text or not depth:
        return False
    for body in bodies(text):
        try:
            tree = parse(body)
        except NoExpressionError:
            continue
        if getattr(tree, "name", "") in {"==", "!=", "!", "contains", "startswith", "endswith"}:
            continue
        for path in _paths(body):
            if _below(path, TEXTS):
                return True
            name = str(path).removeprefix("env.")
            if name in env and holds_foreign_text(env[name], env, depth - 1):
                return True
    return False


def variables(*levels: object) -> dict[str, str]:
    """The variables of a workflow, a job and a step together, by name in lower case."""
    found: dict[str, str] = {}
    for level in levels:
        if isinstance(level, dict):
            found |= {
                name.lower(): value for name, value in level.items() if isinstance(value, str)
            }
    return found


def _paths(body: str) -> list[Path]:
    return [node for node in walk(parse(body)) if isinstance(node, Path)]


def _is_head(path: Path, env: Mapping[str, str], *, inputs: bool, surely: bool) -> bool:
    root = path.parts[0]
    if root == "env":
        value = env.get(path.parts[1]) if path.parts[1:] else None
        if value is None:
            return not surely
        rest = {name: text for name, text in env.items() if name != path.parts[1]}
        return names_head(value, rest, inputs=inputs, surely=surely)
    if _below(path, HEADS):
        return True
    if surely:
        return False
    return root in COMPUTED or (root == "inputs" and inputs) or ANY in path.parts[:3]


def _below(path: Path, known: Iterable[str]) -> bool:
    """Whether a path is one of these, or below one, parts that are chosen at run time included."""
    for name in known:
        wanted = name.split(".")
        if len(path.parts) >= len(wanted) and all(
            part in {word, ANY} for part, word in zip(path.parts, wanted, strict=False)
        ):
            return True
    return False
