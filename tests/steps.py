"""Counts the steps of a function: lines of Python that run, and steps of its regular expressions.

Python's own engine shows no steps. So each call gets its answer from that engine, and a matcher
that backtracks in the same order goes through the pattern too.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from types import ModuleType
from typing import Any

DEEP = 200_000
"""Calls within one another: a repetition is one more for each time."""
Then = Callable[[int], bool]


class _Steps:
    """A matcher that gives nothing but the number of its steps."""

    def __init__(self, pattern: re.Pattern[str]) -> None:
        self.tree = list(re._parser.parse(pattern.pattern, pattern.flags))  # type: ignore[attr-defined]  # the parser
        self.fold = bool(pattern.flags & re.IGNORECASE)
        self.all = bool(pattern.flags & re.DOTALL)
        self.count = 0

    def run(self, text: str, start: int, *, whole: bool = False) -> bool:
        end = len(text)
        self.text = text
        self.groups: dict[Any, str] = {}
        return self.items(self.tree, 0, start, lambda at: not whole or at == end)

    def items(self, items: list[Any], index: int, at: int, then: Then) -> bool:
        self.count += 1
        if index == len(items):
            return then(at)
        name, given = items[index]
        rest: Then = lambda after: self.items(items, index + 1, after, then)  # noqa: E731
        kind = str(name).lower()
        return bool(
            getattr(self, f"{kind}_" if hasattr(self, f"{kind}_") else kind)(given, at, rest)
        )

    def one(self, name: str, given: Any, at: int) -> bool:
        """Whether one character fits."""
        self.count += 1
        if at >= len(self.text):
            return False
        char = self.text[at]
        if name == "ANY":
            return self.all or char != "\n"
        if name == "IN":
            return self.within(given, char)
        same = chr(given) == char or (self.fold and chr(given).lower() == char.lower())
        return same == (name == "LITERAL")

    def within(self, given: Any, char: str) -> bool:
        negated, found = False, False
        for kind, value in given:
            name = str(kind)
            if name == "NEGATE":
                negated = True
            elif name == "LITERAL":
                found |= chr(value) == char or (self.fold and chr(value).lower() == char.lower())
            elif name == "RANGE":
                found |= value[0] <= ord(char) <= value[1]
                found |= self.fold and value[0] <= ord(char.swapcase()[0]) <= value[1]
            else:
                found |= bool(CATEGORIES[str(value).removeprefix("CATEGORY_")].match(char))
        return found != negated

    def literal(self, given: Any, at: int, then: Then) -> bool:
        return self.one("LITERAL", given, at) and then(at + 1)

    def not_literal(self, given: Any, at: int, then: Then) -> bool:
        return self.one("NOT_LITERAL", given, at) and then(at + 1)

    def any(self, given: Any, at: int, then: Then) -> bool:
        return self.one("ANY", given, at) and then(at + 1)

    def in_(self, given: Any, at: int, then: Then) -> bool:
        return self.one("IN", given, at) and then(at + 1)

    def branch(self, given: Any, at: int, then: Then) -> bool:
        return any(self.items(list(way), 0, at, then) for way in given[1])

    def subpattern(self, given: Any, at: int, then: Then) -> bool:
        def ended(after: int) -> bool:
            self.groups[given[0]] = self.text[at:after]
            return then(after)

        return self.items(list(given[3]), 0, at, ended)

    def groupref(self, given: Any, at: int, then: Then) -> bool:
        found = self.groups.get(given)
        return found is not None and self.text.startswith(found, at) and then(at + len(found))

    def assert_(self, given: Any, at: int, then: Then) -> bool:
        return self.looks(given, at) and then(at)

    def assert_not(self, given: Any, at: int, then: Then) -> bool:
        return not self.looks(given, at) and then(at)

    def looks(self, given: Any, at: int) -> bool:
        ahead, part = given
        items = list(part)
        start = at if ahead > 0 else at - part.getwidth()[0]
        return start >= 0 and self.items(items, 0, start, lambda end: ahead > 0 or end == at)

    def atomic_group(self, given: Any, at: int, then: Then) -> bool:
        ends: list[int] = []
        return self.items(list(given), 0, at, lambda end: not ends.append(end)) and then(ends[0])  # type: ignore[func-returns-value]  # the first end

    def at_(self, given: Any, at: int, then: Then) -> bool:
        return bool(PLACES[str(given).removeprefix("AT_")](self.text, at)) and then(at)

    def repeated(self, given: Any, at: int) -> tuple[int, int]:
        """How often one character is repeated at most."""
        least, most, part = given
        ((name, value),) = part
        times = 0
        while times < most and self.one(str(name), value, at + times):
            times += 1
        return least, times

    def max_repeat(self, given: Any, at: int, then: Then) -> bool:
        least, most, part = given
        if len(part) == 1 and str(part[0][0]) in SINGLE:
            least, times = self.repeated(given, at)
            return any(then(at + n) for n in range(times, least - 1, -1))

        def again(n: int, here: int) -> bool:
            def more(after: int) -> bool:
                return (after > here or n < least) and again(n + 1, after)

            return (n < most and self.items(list(part), 0, here, more)) or (
                n >= least and then(here)
            )

        return again(0, at)

    def min_repeat(self, given: Any, at: int, then: Then) -> bool:
        least, most, part = given

        def again(n: int, here: int) -> bool:
            if n >= least and then(here):
                return True
            return n < most and self.items(
                list(part), 0, here, lambda after: after > here and again(n + 1, after)
            )

        return again(0, at)

    def possessive_repeat(self, given: Any, at: int, then: Then) -> bool:
        ends: list[int] = []
        self.max_repeat(given, at, lambda end: not ends.append(end))  # type: ignore[func-returns-value]  # the first end
        return bool(ends) and then(ends[0])


SINGLE = frozenset({"LITERAL", "NOT_LITERAL", "ANY", "IN"})
CATEGORIES = {
    "SPACE": re.compile(r"\s"),
    "NOT_SPACE": re.compile(r"\S"),
    "DIGIT": re.compile(r"\d"),
    "NOT_DIGIT": re.compile(r"\D"),
    "WORD": re.compile(r"\w"),
    "NOT_WORD": re.compile(r"\W"),
}


def _edge(text: str, at: int) -> bool:
    return re.compile(r"\b").match(text, at) is not None


PLACES: dict[str, Callable[[str, int], bool]] = {
    "BEGINNING": lambda text, at: at == 0 or text[at - 1] == "\n",
    "BEGINNING_STRING": lambda _text, at: at == 0,
    "END": lambda text, at: at == len(text) or text[at] == "\n",
    "END_STRING": lambda text, at: at == len(text),
    "BOUNDARY": _edge,
    "NON_BOUNDARY": lambda text, at: not _edge(text, at),
}


@cache
def _matcher(pattern: re.Pattern[str]) -> _Steps:
    return _Steps(pattern)


class _Counted:
    """A pattern that gives what the real one gives, and counts its steps."""

    def __init__(self, pattern: re.Pattern[str], counter: Counter) -> None:
        self.real, self.counter = pattern, counter

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)

    def tried(self, text: str, start: int, *, whole: bool = False) -> bool:
        matcher = _matcher(self.real)
        matcher.count = 0
        found = matcher.run(text, start, whole=whole)
        self.counter.steps += matcher.count
        return found

    def match(self, text: str, pos: int = 0) -> Any:
        self.tried(text, pos)
        return self.real.match(text, pos)

    def fullmatch(self, text: str, pos: int = 0) -> Any:
        self.tried(text, pos, whole=True)
        return self.real.fullmatch(text, pos)

    def search(self, text: str, pos: int = 0) -> Any:
        found = self.real.search(text, pos)
        end = len(text) if found is None else found.start()
        for start in range(pos, end + 1):
            self.tried(text, start)
        return found

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        pos = 0
        while pos <= len(text):
            found = self.search(text, pos)
            if found is None:
                return
            yield found
            pos = found.end() + (found.end() == found.start())

    def findall(self, text: str) -> list[Any]:
        list(self.finditer(text))
        return self.real.findall(text)

    def split(self, text: str, maxsplit: int = 0) -> list[Any]:
        list(self.finditer(text))
        return self.real.split(text, maxsplit)

    def sub(self, by: Any, text: str) -> str:
        list(self.finditer(text))
        return self.real.sub(by, text)


class Counter:
    """What was counted so far."""

    steps = 0

    def line(self, _frame: Any, event: str, _given: Any) -> Any:
        if event == "line":
            self.steps += 1
        return self.line


@contextmanager
def _counting(counter: Counter) -> Iterator[None]:
    """All patterns of our own modules, counted."""
    before: list[tuple[ModuleType, str, Any]] = []
    for name, module in list(sys.modules.items()):
        if name.startswith("hardenme.") and isinstance(module, ModuleType):
            for key, value in list(vars(module).items()):
                if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
                    before.append((module, key, value))
                    setattr(module, key, _Counted(value, counter))
    depth = sys.getrecursionlimit()
    sys.setrecursionlimit(DEEP)
    try:
        yield
    finally:
        sys.setrecursionlimit(depth)
        for module, key, value in before:
            setattr(module, key, value)


def steps(function: Callable[[], Any]) -> int:
    """How many steps a function takes, whether it returns or raises."""
    counter = Counter()
    traced = sys.gettrace()

    def ours(frame: Any, event: str, given: Any) -> Any:
        inside = "/hardenme/" in frame.f_code.co_filename
        return counter.line(frame, event, given) if inside else None

    with _counting(counter):
        sys.settrace(ours)
        try:
            function()
        except Exception:  # noqa: BLE001, S110 (what is refused has been looked at too)
            pass
        finally:
            sys.settrace(traced)
    return counter.steps


def is_linear(first: int, second: int, third: int) -> bool:
    """Whether the steps of an input, of twice and of four times as much grow no faster than it.

    Quadratic growth would be fourfold at each doubling. A parser that gives up at a limit takes
    fewer steps then: that is no growth, and the next doubling has to do with none either.
    """
    return third - second <= 2.9 * max(0, second - first) + 200
