"""Expressions in scripts whose values cannot be commands.

GitHub puts the value of `${{ … }}` into the text of a script before a shell reads it. A value that
a person or another program chose can so be any command.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/contexts
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import product
from math import prod
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
MOST = 32
"""Values of the matrix, or combinations of several, with which a script is judged."""
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
    matrix = raw["strategy"]["matrix"]
    found = [text for name, part in _parts(matrix) if name == key for text in part]
    listed = key in {str(name).lower() for name in matrix.keys() - {"include", "exclude"}}
    # What only an entry of `include` has is empty in all others.
    return iter(dict.fromkeys(found if listed else [*found, ""]))


def _words(value: Any) -> Iterator[str]:
    """Every value that is written out, as an expression shows it."""
    if isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _words(part)
    elif value is not None:
        yield str(value).lower() if isinstance(value, bool) else str(value)


def variants(text: str, raw: Any) -> list[str]:
    """A text with each combination of the values that it takes from a job's matrix.

    A value that is not written out stays an expression, as all do if they are too many.
    """
    named = [body for body in dict.fromkeys(bodies(text)) if OF_MATRIX.fullmatch(body.strip())]
    values = {body: list(values_of(raw, body.strip()) or ()) for body in named}
    values = {body: listed for body, listed in values.items() if listed}
    if prod(map(len, values.values())) > MOST:
        return [text]
    found: list[str] = []
    for chosen in product(*values.values()):
        one = text
        for body, value in zip(values, chosen, strict=True):
            one = one.replace(f"{OPEN}{body}{CLOSE}", value)
        found.append(one)
    return list(dict.fromkeys(found))


def _parts(matrix: dict[str, Any]) -> Iterator[tuple[str, Iterable[str]]]:
    for name, part in matrix.items():
        if name in {"include", "exclude"} and isinstance(part, list):
            for one in part:
                if isinstance(one, dict):
                    yield from ((str(k).lower(), _words(v)) for k, v in one.items())
        else:
            yield str(name).lower(), _words(part)


def filled(script: str) -> tuple[str, list[str]]:
    """A script with a word for each expression, and the expressions that can be commands."""
    unknown: list[str] = []
    for body in bodies(script):
        plain = body.strip()
        known = HARMLESS.fullmatch(plain) is not None
        script = script.replace(f"{OPEN}{body}{CLOSE}", VALUE if known else UNKNOWN)
        unknown += [] if known else [f"{OPEN} {plain} {CLOSE}"]
    return script, unknown
