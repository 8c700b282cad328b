"""Expressions in scripts whose values cannot be commands.

GitHub puts the value of `${{ … }}` into the text of a script before a shell reads it. A value that
a person or another program chose can so be any command.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/contexts
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from hardenme.workflows.expressions import CLOSE, OPEN, bodies, strings

HARMLESS = re.compile(
    r"github\.(?:sha|run_id|run_number|run_attempt|repository|repository_owner|repository_id"
    r"|workspace|event_name|ref_type|job|actor|actor_id|server_url|api_url|graphql_url|workflow_sha"
    r"|token|action_path|event\.number|event\.(?:before|after)"
    r"|event\.pull_request\.(?:number|head\.sha|base\.sha))"
    r"|runner\.(?:os|arch|temp|tool_cache|name)"
    r"|job\.status|strategy\.job-(?:index|total)"
    r"|(?:steps|needs)\.[\w-]+\.(?:outcome|conclusion|result)"
    r"|secrets\.\w+"
    r"|hashFiles\((?:'[^']*'(?:,\s*)?)+\)"
)
"""Numbers, digests, names that GitHub restricts, and secrets."""
OF_MATRIX = re.compile(r"matrix(?:\.[\w-]+)+")
VALUE = "__VALUE__"
"""In place of such an expression."""
UNKNOWN = "__EXPRESSION__"
"""In place of any other one: no program and no folder has this name."""
PLAIN = re.compile(r"[\w@%+=:,./ ~^<>-]*")
"""A value that has no meaning to a shell, apart from being words."""


def plain_matrix(raw: Any) -> bool:
    """Whether all values of a job's matrix are written out, and are words."""
    strategy = raw.get("strategy") if isinstance(raw, dict) else None
    matrix = strategy.get("matrix") if isinstance(strategy, dict) else None
    return isinstance(matrix, dict) and all(map(PLAIN.fullmatch, strings(matrix)))


def values_of(raw: Any, expression: str) -> Iterator[str] | None:
    """The values of an expression that looks up the matrix; None if they are not written out."""
    if not (plain_matrix(raw) and OF_MATRIX.fullmatch(expression)):
        return None
    key = expression.split(".")[1].lower()
    return (
        text for name, part in _parts(raw["strategy"]["matrix"]) if name == key for text in part
    )


def _parts(matrix: dict[str, Any]) -> Iterator[tuple[str, Iterable[str]]]:
    for name, part in matrix.items():
        if name in {"include", "exclude"} and isinstance(part, list):
            for one in part:
                if isinstance(one, dict):
                    yield from ((str(k).lower(), strings([v])) for k, v in one.items())
        else:
            yield str(name).lower(), strings([part])


def filled(script: str, *, matrix: bool) -> tuple[str, list[str]]:
    """A script with a word for each expression, and the expressions that can be commands.

    Args:
        matrix: whether the values of the job's matrix are words that are written out.
    """
    unknown: list[str] = []
    for body in bodies(script):
        plain = body.strip()
        of_matrix = OF_MATRIX.fullmatch(plain) is not None and matrix
        known = of_matrix or HARMLESS.fullmatch(plain) is not None
        script = script.replace(f"{OPEN}{body}{CLOSE}", VALUE if known else UNKNOWN)
        unknown += [] if known else [f"{OPEN} {plain} {CLOSE}"]
    return script, unknown
