"""How a check fails: the simplest facts with which it does, found by calling it.

A check is a pure function, so this follows from the check alone. It is called with placeholders,
then with one value after the other changed, until it fails. Only fields that it reads are changed,
and a text becomes one of the words that its own code knows.
"""

from __future__ import annotations

import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from functools import cache
from heapq import heappop, heappush
from itertools import count
from types import UnionType
from typing import Any, Literal, get_args, get_origin

from docs.making.placeholders import NUMBER, TEXTS, label, subject_of, text_of, within
from docs.making.words import words
from hardenme.model.check import Check, Parameter
from hardenme.model.fact import Every, Fact
from hardenme.model.given import Given, Limits, NeededScopes, Now, SafeVersions, Targets
from hardenme.model.known import READS
from hardenme.model.profile import PROFILES
from hardenme.model.publishing import ClosingStep
from hardenme.model.unknown import NotKnownError, Reason, Unknown
from hardenme.model.verdict import Failed, Manual, Verdict

NOW = datetime(2026, 1, 1, tzinfo=UTC)
TIMES = tuple(NOW + timedelta(days=days) for days in (-1000, 0, 1000, -60))
NUMBERS = (1, 0, 0o644, 2, 1_000_000)
USUAL = frozenset({"default", "offered", "owned", "public"})
"""What is so, unless it is changed."""
LENGTHS = (0, 1, 12)
"""What is in a list: nothing, one, or more than any threshold allows."""
FILLED = (1, 0, 12)
GIVEN: dict[type[Given], Given] = {
    Now: Now(NOW),
    Limits: PROFILES["strict"].limits,
    NeededScopes: NeededScopes(frozenset()),
    Targets: Targets(frozenset({"owner"}), frozenset()),
    SafeVersions: SafeVersions(lambda *_: "SAFE_VERSION"),
}
"""What the engine gives besides facts."""
NOT_ASKED = Unknown(Reason.NOT_ASKED, "nothing")
MOST = 2000
"""Calls of a check after which it is given up."""

Path = tuple[str | int, ...]
"""Where a value stands: the parameter, which fact of it, the field, and so on."""
FIELD = 2
Choices = frozenset[tuple[Path, int]]
"""Which of its values a place has, where that is not the first."""


def simplest(check: Check) -> Failed | Manual:
    """What a check says where it fails, or what it asks where it never fails by itself.

    Raises:
        LookupError: no facts were found with which it does.
    """
    question = None
    for verdict in _verdicts(check):
        if isinstance(verdict, Failed):
            return verdict
        if question is None and isinstance(verdict, Manual):
            question = verdict
    if question is None:
        raise LookupError(f"nothing makes {check.code} fail: see docs/making/placeholders.py")
    return question


def _verdicts(check: Check) -> Iterator[Verdict | Unknown]:
    """What a check says of one set of facts after the other, those with fewer changes first."""
    texts = words(check)
    order = count()
    first: Choices = frozenset()
    queue = [(0, next(order), filled, first) for filled in (True, False)]
    known = {(filled, first) for filled in (True, False)}
    for _ in range(MOST):
        if not queue:
            return
        cost, _, filled, choices = heappop(queue)
        values = Values(texts, dict(choices), filled=filled)
        verdict, read = _called(check, values)
        yield verdict
        for path, number in values.places:
            if path in values.choices or (path[FIELD:] and path[FIELD] not in read):
                continue
            for index in range(1, number):
                then = choices | {(path, index)}
                if (filled, then) not in known:
                    known.add((filled, then))
                    # The later ones of many values are tried later.
                    more = 1 + (index.bit_length() - 1) // 3
                    heappush(queue, (cost + more, next(order), filled, then))


def _called(check: Check, values: Values) -> tuple[Verdict | Unknown, set[str]]:
    """What a check says, and the names of the fields that it read."""
    arguments = {item.name: values.argument(item) for item in check.parameters}
    reads: set[tuple[str, str]] = set()
    token = READS.set(reads)
    try:
        verdict = check(**arguments)
    except NotKnownError as error:
        verdict = error.unknown
    except ValueError:
        # There are no such facts.
        verdict = NOT_ASKED
    finally:
        READS.reset(token)
    return verdict, {name for _, name in reads}


@dataclass
class Values:
    """Makes the arguments of a call.

    Attributes:
        words: texts that may be values.
        choices: which of its values a place has, where that is not the first.
        filled: lists have something in them at first.
        places: every place that has a choice, with the number of its values.
    """

    words: list[str]
    choices: Mapping[Path, int]
    filled: bool
    places: list[tuple[Path, int]] = field(default_factory=list)

    def argument(self, item: Parameter) -> Any:
        """What is given for a parameter."""
        if item.given:
            return GIVEN[item.kind]
        path: Path = (item.name,)
        if item.optional and not self._one((*path, "?"), (True, False)):
            return NOT_ASKED
        if not item.every:
            return self._fact(item.kind, (*path, 0))
        number = self._one((*path, "#"), FILLED)
        return Every(tuple(self._fact(item.kind, (*path, at)) for at in range(number)))

    def _one(self, path: Path, values: tuple[Any, ...]) -> Any:
        self.places.append((path, len(values)))
        return values[self.choices.get(path, 0)]

    def _fact(self, kind: type[Fact], path: Path) -> Fact:
        subject = subject_of(kind)
        parts: dict[str, Any] = {
            "subject": subject,
            "within": within(kind),
            "label": label(subject),
        }
        for name, hint in hints(kind).items():
            if name in {*parts, "web", "registry"}:
                continue
            own = f"{kind.__name__}.{name}"
            called = own if own in TEXTS else parts["label"] if name == "name" else name
            parts[name] = self._value(hint, (*path, name), called)
        return kind(**parts)

    def _value(self, hint: Any, path: Path, name: str) -> Any:
        origin, inner = get_origin(hint), get_args(hint)
        if origin in {UnionType, typing.Union}:
            kinds = tuple(sorted(inner, key=lambda kind: (kind is type(None)) is self.filled))
            kind = self._one((*path, "|"), kinds)
            return self._value(kind, (*path, str(kind)), name)
        if origin in {tuple, frozenset, Mapping}:
            if ClosingStep in inner:
                return ()  # A run makes its fix.
            number = self._one((*path, "#"), FILLED if self.filled else LENGTHS)
            items = [self._value(inner[0], (*path, at), name) for at in range(number)]
            if origin is Mapping:
                return {item: self._value(inner[1], (*path, "of"), f"of {name}") for item in items}
            made = (Asked if origin is frozenset else tuple)(items)
            if isinstance(made, Asked):
                made.words = self.words
            return made
        if is_dataclass(hint):
            parts = hints(hint).items()
            return hint(**{key: self._value(of, (*path, key), key) for key, of in parts})
        return self._one(path, self._plain(hint, path, name))

    def _plain(self, hint: Any, path: Path, name: str) -> tuple[Any, ...]:
        """All values of a plain type."""
        if get_origin(hint) is Literal:
            return get_args(hint)
        if hint is str:
            place = next((part for part in reversed(path[FIELD:]) if isinstance(part, int)), 0)
            return (text_of(name, place), "", *self.words)
        if hint is int and name == "number":
            return (NUMBER,)
        if hint is bool and name in USUAL:
            return (True, False)
        if isinstance(hint, type) and issubclass(hint, Enum):
            return tuple(hint)
        return PLAIN[hint]


PLAIN: dict[Any, tuple[Any, ...]] = {
    bool: (False, True),
    int: NUMBERS,
    datetime: TIMES,
    type(None): (None,),
}


class Asked(frozenset[Any]):
    """A set that adds what it is asked for to the words."""

    words: list[str]

    def __contains__(self, item: object) -> bool:
        if isinstance(item, str) and item not in self.words:
            self.words.append(item)
        return super().__contains__(item)


@cache
def hints(kind: type[Any]) -> dict[str, Any]:
    """The types of a dataclass's fields."""
    every = typing.get_type_hints(kind)
    return {item.name: every[item.name] for item in fields(kind)}
