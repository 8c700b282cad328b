"""Evaluates an `if` as GitHub documents it, with values for what it looks up.

Written from the documentation of expressions and of `if`, and from nothing of the product: a value
with a fence in it is put together as a text unless the fence is all there is, and a text that is
not empty is true.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from typing import Any

TOKENS = re.compile(
    r"\s*('(?:[^']|'')*'|0x[0-9a-fA-F]+|-?\d+(?:\.\d+)?|[A-Za-z_][\w-]*|&&|\|\||[=!<>]=|[()\[\].,*!<>])"
)


OF_TEXTS: dict[str, Callable[..., Any]] = {
    "startswith": lambda text, begin: text.lower().startswith(begin.lower()),
    "endswith": lambda text, end: text.lower().endswith(end.lower()),
    "format": lambda text, value: text.replace("{0}", value),
}
"""Functions of texts."""


class RefusedError(Exception):
    """GitHub does not take the file."""


def holds(condition: Any, values: dict[str, Any]) -> bool:
    """Whether a job or step with this `if` runs, given what contexts hold; no `if` means yes."""
    if condition is None or not condition.strip():
        return True
    pieces = list(fences(condition))
    if not pieces:
        return truthy(value_of(condition, values))
    if len(pieces) == 1 and pieces[0] == (0, len(condition)):
        return truthy(value_of(condition[3:-2], values))
    text, position = "", 0
    for start, end in pieces:
        text += condition[position:start] + as_text(
            value_of(condition[start + 3 : end - 2], values)
        )
        position = end
    return truthy(text + condition[position:])


def fences(text: str) -> list[tuple[int, int]]:
    """Where `${{ … }}` stands in a text."""
    found, position = [], 0
    while (start := text.find("${{", position)) >= 0:
        quoted, end = False, start + 3
        while end < len(text) and (quoted or not text.startswith("}}", end)):
            quoted ^= text[end] == "'"
            end += 1
        if end >= len(text):
            raise RefusedError
        found.append((start, end + 2))
        position = end + 2
    return found


def truthy(value: Any) -> bool:
    """Whether a value counts as true."""
    if isinstance(value, float):
        return not math.isnan(value) and value != 0
    return value not in (None, False, "")


def as_text(value: Any) -> str:
    """A value within a text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, str | float) else "Object"


def number(value: Any) -> float:
    """A value where it is compared with one of another type."""
    if value is None:
        return 0.0
    if isinstance(value, bool | float):
        return float(value)
    if isinstance(value, str):
        try:
            return float(value) if value.strip() else 0.0
        except ValueError:
            return math.nan
    return math.nan


def equal(left: Any, right: Any) -> bool:
    """GitHub's loose equality: letters' case does not matter, unlike types become numbers."""
    if isinstance(left, str) and isinstance(right, str):
        return left.lower() == right.lower()
    if type(left) is type(right):
        return bool(left == right) if not isinstance(left, dict | list) else left is right
    return number(left) == number(right)


def value_of(text: str, values: dict[str, Any]) -> Any:
    """The value of an expression."""
    tokens, position = [], 0
    stripped = text.rstrip()
    while position < len(stripped):
        match = TOKENS.match(stripped, position)
        if match is None:
            raise RefusedError
        tokens.append(match[1])
        position = match.end()
    machine = _Machine(tokens, values)
    value = machine.any_of()
    if machine.tokens:
        raise RefusedError
    return value


class _Machine:
    def __init__(self, tokens: list[str], values: dict[str, Any]) -> None:
        self.tokens = tokens
        self.values = values

    def next(self, wanted: str = "") -> str:
        if not self.tokens or (wanted and self.tokens[0] != wanted):
            raise RefusedError
        return self.tokens.pop(0)

    def sees(self, *signs: str) -> bool:
        return bool(self.tokens) and self.tokens[0] in signs

    def any_of(self) -> Any:
        value = self.all_of()
        while self.sees("||"):
            self.next()
            other = self.all_of()
            value = value if truthy(value) else other
        return value

    def all_of(self) -> Any:
        value = self.compared()
        while self.sees("&&"):
            self.next()
            other = self.compared()
            value = other if truthy(value) else value
        return value

    def compared(self) -> Any:
        value = self.negated()
        while self.sees("==", "!="):
            same = self.next() == "=="
            value = equal(value, self.negated()) is same
        return value

    def negated(self) -> Any:
        if self.sees("!"):
            self.next()
            return not truthy(self.negated())
        return self.single()

    def single(self) -> Any:
        if self.sees("("):
            self.next()
            value = self.any_of()
            self.next(")")
            return value
        word = self.next()
        if word.startswith("'"):
            return word[1:-1].replace("''", "'")
        if re.fullmatch(r"-?\d+(?:\.\d+)?", word):
            return float(word)
        if not re.fullmatch(r"[A-Za-z_][\w-]*", word):
            raise RefusedError
        if self.sees("("):
            return self.call(word.lower())
        if word in {"true", "false", "null"}:
            return {"true": True, "false": False, "null": None}[word]
        path = [word.lower()]
        while self.sees(".", "["):
            if self.next() == ".":
                path.append(self.next().lower())
            else:
                path.append(str(self.any_of()).lower())
                self.next("]")
        return self.values.get(".".join(path))

    def call(self, name: str) -> Any:
        self.next("(")
        given = []
        while not self.sees(")"):
            given.append(self.any_of())
            if not self.sees(")"):
                self.next(",")
        self.next(")")
        if name in {"always", "success"}:
            return True
        if name in {"failure", "cancelled"}:
            return False
        if name == "fromjson":
            return json.loads(given[0])
        if name == "contains":
            where, what = given
            if isinstance(where, list):
                return any(equal(item, what) for item in where)
            return as_text(what).lower() in as_text(where).lower()
        if name in OF_TEXTS:
            return OF_TEXTS[name](*map(as_text, given))
        raise RefusedError
