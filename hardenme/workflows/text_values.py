"""Values that become texts, or are made of texts: of variables, outputs, inputs and matrices."""

from __future__ import annotations

from typing import Any

from hardenme.workflows import values
from hardenme.workflows.evaluation import UNSEEN, Anything, HeldName, Value, merged, of
from hardenme.workflows.expressions import OPEN
from hardenme.workflows.level import Level

TYPED: dict[str, Any] = {"true": True, "false": False, "null": None}
MOST = 80
"""Texts that a value may be."""
EMPTY = of("")


def filled(pattern: str, found: list[Value]) -> Value:
    """A text with values filled in."""
    texts = [as_text(value) for value in found]
    options: list[tuple[Any, Level]] = [((), Level.YES)]
    for value in texts:
        options = [
            ((*done, option), min(level, own))
            for done, level in options
            for option, own in value.options
        ]
        if len(options) > MOST:
            return UNSEEN
    return merged((_put_in(pattern, done), level) for done, level in options)


def _put_in(pattern: str, done: tuple[Any, ...]) -> Any:
    known = all(isinstance(item, str) for item in done)
    found = values.called("format", (pattern, *done)) if known else values.UNKNOWN
    return Anything() if found is values.UNKNOWN else found


def as_text(value: Value) -> Value:
    """A value where it becomes a string: of an output, a variable, or an action's input."""
    return merged((_string(option), level) for option, level in value.options)


def _string(option: Any) -> Any:
    if isinstance(option, Anything | HeldName):
        return option
    found = values.text(option) if values.is_scalar(option) else values.UNKNOWN
    return Anything() if found is values.UNKNOWN else found


def or_empty(value: Value, *, late: bool) -> Value:
    """The same, or nothing if what gives it may have been skipped."""
    return merged((*value.options, *EMPTY.options)) if late else value


def typed(written: str, value: Value, kind: str = "") -> Value:
    """A value of a type; without a type it is a string, or what it is written like."""
    if kind == "string":
        return as_text(value)
    if OPEN in written:
        return value if kind else merged((*value.options, *as_text(value).options))
    number = values.number(written) if written.strip() else values.UNKNOWN
    plain = TYPED.get(written, number)
    if isinstance(plain, values.Lack) or plain != plain:  # noqa: PLR0124 (NaN is not itself)
        return of(written)
    return of(plain) if kind else of(written, plain)
