"""Values of GitHub's expressions: how they are compared, turned into one another, and put together.

Only what GitHub's runner and its library for editors agree on is known; all else is `UNKNOWN`.
Sources: https://docs.github.com/en/actions/reference/workflows-and-actions/expressions,
`Sdk/DTExpressions2` of actions/runner, and `@actions/expressions` 0.3.61.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final


class Lack(Enum):
    """The mark of a value that is not known."""

    UNKNOWN = "unknown"


UNKNOWN: Final = Lack.UNKNOWN
Scalar = str | float | bool | None


@dataclass(frozen=True, slots=True, eq=False)
class ListValue:
    """A list; it equals itself alone."""

    of: tuple[Any, ...]


@dataclass(frozen=True, slots=True, eq=False)
class ObjectValue:
    """An object, keys in lower case; it equals itself alone."""

    of: Mapping[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class FilteredList(ListValue):
    """What `.*` gives: a list of which a key looks into each item."""


NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
BASED = re.compile(r"0[xX][0-9a-fA-F]+|0[oO][0-7]+")
DISPUTED = re.compile(r"[-+]?0[bB]|[-+]0[xXoO]|infinity|[-+]infinity|nan", re.IGNORECASE)
"""Texts that GitHub's two implementations turn into different numbers."""
FORMATTED = re.compile(r"\{\{|\}\}|\{(\d+)\}|[{}]")
LONGEST = 100_000
"""Characters of a text that is put together."""
MOST_EXACT = 10.0**15
"""Larger numbers are written differently by GitHub's two implementations."""
FIXED = 6
"""Digits behind the point up to which they agree."""


def is_scalar(value: Any) -> bool:
    """Whether a value is a string, a number, true, false or null."""
    return value is None or isinstance(value, str | float | bool)


def truthy(value: Any) -> bool:
    """Whether a value counts as true."""
    if isinstance(value, float):
        return not math.isnan(value) and value != 0
    return value is not None and value is not False and value != ""


def number(value: Any) -> float | Lack:
    """A value as a number; NaN for what is none."""
    if value is None:
        return 0.0
    if isinstance(value, bool | float):
        return float(value)
    if not isinstance(value, str):
        return math.nan
    text = value.strip(" \t\r\n")
    if not text:
        return 0.0
    if DISPUTED.match(text) or not text.isascii():
        return UNKNOWN
    if BASED.fullmatch(text):
        return float(int(text, 0))
    return float(text) if NUMBER.fullmatch(text) else math.nan


def text(value: Any) -> str | Lack:
    """A value as a part of a text."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        if value.is_integer() and abs(value) < MOST_EXACT:
            return str(int(value))
        short = f"{value:.{FIXED}f}".rstrip("0")
        return short if math.isfinite(value) and float(short) == value else UNKNOWN
    return UNKNOWN if value is UNKNOWN else "Array" if isinstance(value, ListValue) else "Object"


def equal(left: Any, right: Any) -> bool | Lack:
    """GitHub's loose equality: letters' case does not matter, unlike kinds become numbers."""
    if isinstance(left, str) and isinstance(right, str):
        return _same(left, right)
    if isinstance(left, ListValue | ObjectValue) or isinstance(right, ListValue | ObjectValue):
        return left is right
    if type(left) is type(right):
        return bool(left == right)
    first, second = number(left), number(right)
    if UNKNOWN in (first, second):
        return UNKNOWN
    return first == second


def less(left: Any, right: Any) -> bool | Lack:
    """Whether a value is less than another; false where they cannot be compared."""
    if isinstance(left, str) and isinstance(right, str):
        if not (left + right).isascii():
            return UNKNOWN
        return left.upper() < right.upper()
    if isinstance(left, ListValue | ObjectValue) or isinstance(right, ListValue | ObjectValue):
        return False
    first, second = number(left), number(right)
    if isinstance(first, Lack) or isinstance(second, Lack):
        return UNKNOWN
    return first < second


def compared(sign: str, left: Any, right: Any) -> bool | Lack:
    """The result of one of `==`, `!=`, `<`, `<=`, `>` and `>=`."""
    if UNKNOWN in (left, right):
        return UNKNOWN
    if sign in {"==", "!="}:
        found = equal(left, right)
        return found if found is UNKNOWN or sign == "==" else not found
    strict = less(left, right) if sign[0] == "<" else less(right, left)
    if strict is UNKNOWN or len(sign) == 1:
        return strict
    found = equal(left, right)
    return found if found is UNKNOWN else strict or found


def member(value: Any, key: Any) -> Any:
    """The value of a key in a list or an object; null if there is none."""
    if value is UNKNOWN or key is UNKNOWN:
        return UNKNOWN
    if isinstance(value, FilteredList):
        return _of_each(value, key)
    if isinstance(value, ObjectValue):
        name = text(key) if is_scalar(key) else None
        if isinstance(name, Lack):
            return UNKNOWN
        return None if name is None else value.of.get(name.lower())
    if isinstance(value, ListValue):
        at = number(key) if is_scalar(key) else math.nan
        if isinstance(at, Lack):
            return UNKNOWN
        return value.of[int(at)] if 0 <= at < len(value.of) else None
    return None


def every(value: Any) -> FilteredList:
    """What `.*` gives of a value."""
    if isinstance(value, FilteredList):
        return FilteredList(tuple(inner for item in value.of for inner in _inner(item)))
    return FilteredList(_inner(value))


def called(name: str, given: tuple[Any, ...]) -> Any:
    """What a function gives; not known if it is none of these, or fails."""
    function = FUNCTIONS.get(name)
    if function is None or UNKNOWN in given:
        return UNKNOWN
    try:
        return function(*given)
    except (TypeError, ValueError, IndexError, RecursionError):
        return UNKNOWN


def from_json(value: Any) -> Any:
    """What `fromJSON` makes of a text that was parsed."""
    if isinstance(value, dict):
        folded: dict[str, Any] = {}
        for key, item in value.items():
            folded.setdefault(key.lower(), from_json(item))
        return ObjectValue(folded)
    if isinstance(value, list):
        return ListValue(tuple(map(from_json, value)))
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _inner(value: Any) -> tuple[Any, ...]:
    if isinstance(value, ObjectValue):
        return tuple(value.of.values())
    return value.of if isinstance(value, ListValue) else ()


def _of_each(value: FilteredList, key: Any) -> FilteredList | Lack:
    name = text(key) if is_scalar(key) else None
    at = number(key) if is_scalar(key) else math.nan
    if isinstance(name, Lack) or isinstance(at, Lack):
        return UNKNOWN
    found = []
    for item in value.of:
        if isinstance(item, ObjectValue) and name is not None and name.lower() in item.of:
            found.append(item.of[name.lower()])
        elif isinstance(item, ListValue) and 0 <= at < len(item.of):
            found.append(item.of[int(at)])
    return FilteredList(tuple(found))


def _same(left: str, right: str) -> bool | Lack:
    if left == right:
        return True
    if (left + right).isascii():
        return left.upper() == right.upper()
    # Outside of ASCII it depends on the implementation which letters are each other's capitals.
    alike = left.upper() == right.upper() or left.casefold() == right.casefold()
    return UNKNOWN if alike else False


def _texts(function: Callable[[str, str], bool]) -> Callable[[Any, Any], bool | Lack]:
    """A test of two texts that does not look at letters' case."""

    def test(left: Any, right: Any) -> bool | Lack:
        if not (is_scalar(left) and is_scalar(right)):
            return False
        where, what = text(left), text(right)
        if isinstance(where, Lack) or isinstance(what, Lack):
            return UNKNOWN
        if not (where + what).isascii():
            return True if function(where, what) else UNKNOWN
        return function(where.upper(), what.upper())

    return test


_within = _texts(lambda where, what: what in where)


def _contains(where: Any, what: Any) -> bool | Lack:
    if not isinstance(where, ListValue):
        return _within(where, what)
    found = [equal(item, what) for item in where.of]
    return True if True in found else UNKNOWN if UNKNOWN in found else False


def _format(pattern: Any, *given: Any) -> str | Lack:
    written, values = text(pattern), [text(value) for value in given]
    if isinstance(written, Lack) or len(written) > LONGEST:
        return UNKNOWN
    parts, end = [], 0
    for found in FORMATTED.finditer(written):
        parts.append(written[end : found.start()])
        end = found.end()
        sign = found[0]
        filled = values[int(found[1])] if found[1] else sign[0] if len(sign) > 1 else UNKNOWN
        if isinstance(filled, Lack):
            return UNKNOWN
        parts.append(filled)
    return "".join((*parts, written[end:]))


def _join(items: Any, separator: Any = ",") -> str | Lack:
    if not isinstance(items, ListValue):
        return text(items) if is_scalar(items) else ""
    between = text(separator) if is_scalar(separator) else ","
    parts = [text(item) for item in items.of]
    if isinstance(between, Lack) or UNKNOWN in parts:
        return UNKNOWN
    return between.join(map(str, parts))


def _parsed(value: Any) -> Any:
    written = text(value)
    if isinstance(written, Lack) or not written.strip() or len(written) > LONGEST:
        return UNKNOWN
    return from_json(json.loads(written, parse_constant=_refused))


def _refused(name: str) -> Any:
    raise ValueError(name)


def _written(value: Any) -> str | Lack:
    # How lists and objects are laid out, and letters' case in keys, is of no use to a condition.
    if isinstance(value, str):
        return json.dumps(value) if value.isascii() and value.isprintable() else UNKNOWN
    return "null" if value is None else text(value) if is_scalar(value) else UNKNOWN


def _chosen(*given: Any) -> Any:
    if len(given) % 2 == 0:
        return UNKNOWN
    for test, value in zip(given[:-1:2], given[1::2], strict=True):
        if not isinstance(test, bool):
            return UNKNOWN
        if test:
            return value
    return given[-1]


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "case": _chosen,
    "contains": _contains,
    "endswith": _texts(str.endswith),
    "format": _format,
    "fromjson": _parsed,
    "join": _join,
    "startswith": _texts(str.startswith),
    "tojson": _written,
}
"""Functions that look at nothing but what they are given, by their names in lower case."""
