"""Evaluates expressions of which the contexts are known in part.

Everything that a value may be is kept, each with how surely an outsider can bring it about. So a
condition keeps outsiders out only where nothing that it may come to counts as true.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

from hardenme.workflows import values
from hardenme.workflows.expressions import AT, EVERY, FunctionCall, Literal, Node, Path
from hardenme.workflows.level import Level
from hardenme.workflows.values import UNKNOWN, Lack, ListValue, ObjectValue

MOST = 64
"""Combinations of values that are looked at; more are anything."""
BOT = "[bot]"


@dataclass(frozen=True, slots=True)
class Anything:
    """Any value at all.

    Attributes:
        kept: people with write access alone choose it, so that it names no outsider.
        parsed: it was parsed from a text, so that a list in it holds whole names.
        counts: whether it is known to count as true or false.
    """

    kept: bool = False
    parsed: bool = False
    counts: bool | None = None


@dataclass(frozen=True, slots=True)
class HeldName:
    """A name, number or address that is not written out: a text, and never an empty one.

    Attributes:
        holder: whose it is.
        key: what it is, by the key of GitHub's payloads.
        begins: what it can begin with, in lower case; anything where there are none.
        never: what it cannot begin with, in lower case.
    """

    holder: str
    key: str
    begins: tuple[str, ...] = ()
    never: str = ""

    def may_begin(self, text: str) -> bool:
        """Whether it can begin with a text."""
        written = text.lower()
        if self.never and written.startswith(self.never):
            return False
        return not self.begins or any(
            written.startswith(begin) or begin.startswith(written) for begin in self.begins
        )


OUTSIDER, AUTHOR, HOLDER = "outsider", "author", "holder of the fork"
"""Holders who are outsiders: who acted last, who wrote what the event brings, whose fork it is."""
OUTSIDE = frozenset({OUTSIDER, AUTHOR, HOLDER})
"""They may be one person."""
BOTS, FORK, OWN, OWNER = "bot", "fork", "own", "owner"
"""Further holders: a bot that can be made to act, an outsider's repository, this one, its owner."""
LOGIN, FULL_NAME, ID = "login", "full_name", "id"
ADDRESSES = frozenset({"url", "html_url", "clone_url", "git_url", "ssh_url", "svn_url"})
IDENTITIES = frozenset({LOGIN, FULL_NAME, ID, "node_id", *ADDRESSES})
"""Keys of which the values of two holders differ."""


@dataclass(frozen=True, slots=True)
class Value:
    """What an expression may come to.

    Attributes:
        options: each value that it may have, with how surely an outsider can bring it about.
    """

    options: tuple[tuple[Any, Level], ...]

    def level(self, *, truth: bool) -> Level:
        """How surely it counts as true, or as false: what it cannot fail to be is sure."""
        found = {True: Level.NO, False: Level.NO}
        for option, level in self.options:
            for counts in truths(option):
                found[counts] = max(found[counts], level)
        certain = found[truth] is not Level.NO and found[not truth] is Level.NO
        return Level.YES if certain else found[truth]


def of(*options: Any, level: Level = Level.YES) -> Value:
    """A value that is one of these."""
    return Value(tuple((option, level) for option in options))


FREE = of(Anything())
"""What outsiders choose, or what any run may have."""
UNSEEN = of(Anything(), level=Level.MAYBE)
"""What was not seen."""
KEPT = of(Anything(kept=True), level=Level.MAYBE)
"""What people with write access choose, and was not seen."""
NULL = of(None)
EITHER = of(True, False)  # noqa: FBT003 (options)


@dataclass(frozen=True, slots=True, eq=False)
class PartialObject:
    """An object of which members are known.

    Attributes:
        members: by their keys in lower case.
        rest: what other keys hold.
    """

    members: Mapping[str, Value]
    rest: Value = FREE


Names = Callable[[str], Value]
"""From the name of a context in lower case to what it holds."""


def truths(option: Any) -> tuple[bool, ...]:
    """What one value may count as."""
    if isinstance(option, Anything):
        return (True, False) if option.counts is None else (option.counts,)
    return (True,) if isinstance(option, HeldName | PartialObject) else (values.truthy(option),)


def evaluated(node: Node, names: Names) -> Value:
    """What an expression may come to.

    Args:
        node: its tree, as `exact` gives it.
        names: what the contexts hold.
    """
    if isinstance(node, Literal):
        return of(node.value)
    if isinstance(node, Path):
        found = names(node.parts[0])
        for part in node.parts[1:]:
            found = _each(_member, found, of(part))
        return found
    if node.name == EVERY:
        return _each(_every, evaluated(node.parts[0], names))
    if node.name == AT:
        return _each(_member, *(evaluated(part, names) for part in node.parts))
    if node.name in {"&&", "||"}:
        return _joined(node, names)
    inner_call = node.parts[0] if len(node.parts) == 1 else None
    if isinstance(inner_call, FunctionCall) and (node.name, inner_call.name) == UNDONE:
        return _each(_anew, *(evaluated(part, names) for part in inner_call.parts))
    given = [evaluated(part, names) for part in node.parts]
    if node.name == "!":
        return merged((not truth, given[0].level(truth=truth)) for truth in (True, False))
    if node.name in STATES:
        return STATES[node.name]
    return _each(lambda *parts: _called(node.name, parts), *given)


STATES = {
    "always": of(True),  # noqa: FBT003 (an option)
    "success": EITHER,
    "failure": EITHER,
    "cancelled": EITHER,
    "hashfiles": FREE,
}
"""Functions of how the run goes and of its files: an outsider's run may go either way."""


def _joined(node: FunctionCall, names: Names) -> Value:
    """`a && b` is `a` where that counts as false, else `b`; `a || b` the other way round."""
    ends = node.name == "||"
    options: list[tuple[Any, Level]] = []
    reached = Level.YES
    for number, part in enumerate(node.parts, 1):
        found = evaluated(part, names)
        last = number == len(node.parts)
        for option, level in found.options:
            if last or ends in truths(option):
                options.append((option if last else _only(option, ends), min(level, reached)))
        reached = min(reached, found.level(truth=not ends))
        if reached is Level.NO:
            break
    return merged(options)


def _only(option: Any, truth: bool) -> Any:  # noqa: FBT001 (how it counts)
    """A value reduced to what it counts as."""
    return replace(option, counts=truth) if isinstance(option, Anything) else option


def _each(function: Callable[..., Any], *given: Value) -> Value:
    """What a function gives for all that its arguments may be."""
    count = 1
    for value in given:
        count *= len(value.options)
    if count > MOST:
        return UNSEEN
    options: list[tuple[Any, Level]] = []
    for chosen in product(*(value.options for value in given)):
        level = min((level for _option, level in chosen), default=Level.YES)
        found = function(*(option for option, _level in chosen))
        if isinstance(found, Value):
            options.extend((option, min(level, own)) for option, own in found.options)
        else:
            options.append((found, level))
    return merged(options)


def merged(options: Iterable[tuple[Any, Level]]) -> Value:
    """The same options, each once."""
    found: dict[tuple[type, Any], tuple[Any, Level]] = {}
    for option, level in options:
        if level is Level.NO:
            continue
        place = (type(option), option)
        if place not in found or found[place][1] < level:
            found[place] = (option, level)
    return Value(tuple(found.values()))


def _anew(option: Any, *more: Any) -> Any:
    """A value after a round trip through JSON: an object becomes another object."""
    if more or (isinstance(option, float) and not math.isfinite(option)):
        return UNSEEN
    copied = isinstance(option, ListValue | ObjectValue | PartialObject)
    return replace(option) if copied else option


def _member(option: Any, key: Any) -> Any:
    if isinstance(option, PartialObject):
        return option.members.get(key.lower(), option.rest) if isinstance(key, str) else FREE
    if isinstance(option, Anything):
        return option if option.counts is None else replace(option, counts=None)
    if isinstance(key, Anything | HeldName | PartialObject):
        return FREE if isinstance(option, ListValue | ObjectValue) else None
    found = values.member(option, key)
    return UNSEEN if found is UNKNOWN else found


def _every(option: Any) -> Any:
    """What `.*` gives: a list of which later keys are those of its items."""
    if isinstance(option, Anything):
        return replace(option, counts=True)
    return FREE if isinstance(option, PartialObject) else values.every(option)


def _called(name: str, parts: tuple[Any, ...]) -> Any:
    if not any(isinstance(part, Anything | HeldName | PartialObject) for part in parts):
        signed = name in SIGNS and len(parts) == 2  # noqa: PLR2004 (left and right)
        found = values.compared(name, *parts) if signed else values.called(name, parts)
        return UNSEEN if found is UNKNOWN else found
    if len(parts) == 2 and name in TESTS:  # noqa: PLR2004 (where, and what)
        return TESTS[name](*parts)
    if name == "format" and len(parts) == 2 and parts[0] == "{0}":  # noqa: PLR2004 (one is filled in)
        return replace(parts[1], counts=None) if isinstance(parts[1], Anything) else parts[1]
    kept = all(
        values.is_scalar(part) or (isinstance(part, Anything) and part.kept) for part in parts
    )
    return Anything(kept=kept, parsed=name == "fromjson")


def _same(left: Any, right: Any) -> bool | None:
    """Whether two values are equal; None if they may be."""
    if isinstance(right, HeldName) and not isinstance(left, HeldName):
        left, right = right, left
    if not isinstance(left, HeldName):
        if any(isinstance(side, Anything | PartialObject) for side in (left, right)):
            # An object is not a number, so it equals nothing but itself.
            plain = any(values.is_scalar(side) for side in (left, right))
            whole = any(isinstance(side, PartialObject) for side in (left, right))
            return False if plain and whole else None
        found = values.equal(left, right)
        return None if isinstance(found, Lack) else found
    if isinstance(right, HeldName):
        if left == right:
            return True
        differ = left.key == right.key and left.key in IDENTITIES
        one = left.holder == right.holder or {left.holder, right.holder} <= OUTSIDE
        return False if differ and not one else None
    if isinstance(right, Anything):
        # A name reserved for insiders is not an outsider's; it may be a bot's.
        return False if right.kept and left.holder in {*OUTSIDE, FORK} else None
    if isinstance(right, str):
        return _named(left, right)
    return False if left.key == FULL_NAME or (left.holder in OUTSIDE and left.key == ID) else None


def _named(name: HeldName, text: str) -> bool | None:
    """Whether a name can be one that is written out, which are insiders'; None if it may."""
    if not text or not name.may_begin(text):
        return False
    if name.holder == BOTS and name.key == LOGIN:
        return None if text.lower().endswith(BOT) else False
    return False if name.holder in OUTSIDE and name.key in {LOGIN, ID} else None


def _answer(found: bool | None, *, turned: bool = False) -> Any:  # noqa: FBT001 (an answer)
    return EITHER if found is None else found is not turned


def _contains(where: Any, what: Any) -> Any:
    if isinstance(where, ListValue):
        found = [_same(item, what) for item in where.of]
        return True if True in found else EITHER if None in found else False
    if isinstance(where, Anything) and where.parsed and isinstance(what, HeldName):
        return _answer(_same(what, where))
    return EITHER


def _begins(where: Any, what: Any) -> Any:
    fixed = isinstance(where, HeldName) and isinstance(what, str)
    return EITHER if not fixed or where.may_begin(what) else False


TESTS: dict[str, Callable[[Any, Any], Any]] = {
    "==": lambda left, right: _answer(_same(left, right)),
    "!=": lambda left, right: _answer(_same(left, right), turned=True),
    "<": lambda _left, _right: EITHER,
    "<=": lambda _left, _right: EITHER,
    ">": lambda _left, _right: EITHER,
    ">=": lambda _left, _right: EITHER,
    "contains": _contains,
    "startswith": _begins,
    "endswith": lambda _where, _what: EITHER,
}
"""What compares two values, of which one is not known."""
SIGNS = frozenset({"==", "!=", "<", "<=", ">", ">="})
UNDONE = ("fromjson", "tojson")
"""A call, and the one within it that it undoes."""
