"""A name of a branch that filters let in and no rule is for, if there is one.

Names are not tried out: all ways through all patterns are gone together, so that where none is
found there is none. What is found is a name that a branch can have.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, pairwise

from hardenme.derive.ref_filter import compiled
from hardenme.derive.ref_machine import LAST, Machine, States, turns
from hardenme.derive.ref_pattern import machine
from hardenme.facts.github.branch_names import BranchNames
from hardenme.ground.errors import ContentError

HEADS = "refs/heads/"
MOST_STEPS = 200_000
"""Places within patterns that are stepped to; where it takes more it is not sure."""
MOST_PATTERNS = 200
"""Patterns that are looked at together."""
NEVER = frozenset(" ~^:?*[\\\x7f") | {chr(code) for code in range(32)}
"""Characters that no name of a branch holds. Source: `git help check-ref-format`."""
LAST_NEVER = frozenset("/.")
"""Characters that end no name."""
FORBIDDEN = frozenset({"/", "//", ".", "./", ".."})
"""A character that cannot follow another one, or come first: it, then the other."""
BORDERS = "./09AZaz@{}\x80"
"""Characters at which what is readable, or allowed, begins or ends."""
READABLE = "nabcdefghijklmopqrstuvwxyzNABCDEFGHIJKLMOPQRSTUVWXYZ0123456789/-_."
"""Characters of examples, those first that are taken first."""
TOO_MANY = "holds too many patterns, or too many ways through them"


@dataclass(frozen=True, slots=True)
class Cover:
    """The references that a rule is for, by patterns as rulesets have them.

    Attributes:
        include: patterns of what it is for.
        exclude: patterns of what it is not for.
        lead: the prefix before a branch's name in these.
    """

    include: tuple[str, ...]
    exclude: tuple[str, ...] = ()
    lead: str = HEADS

    def takes(self, name: str, *, at_most: bool) -> bool:
        """Whether it is for a branch.

        Args:
            at_most: say yes where a pattern is not understood for sure; else no.
        """
        reference = self.lead + name
        including, excluding = self.machines(at_most=at_most)
        return any(item.takes(reference) for item in including) and not any(
            item.takes(reference) for item in excluding
        )

    def machines(self, *, at_most: bool) -> tuple[list[Machine], list[Machine]]:
        """What takes the references that it includes and excludes."""
        return (
            [machine(pattern, at_most=at_most) for pattern in self.include],
            [machine(pattern, at_most=not at_most) for pattern in self.exclude],
        )


EVERYTHING = Cover(("~ALL",))


def matches(names: Collection[BranchNames], name: str, *, at_most: bool) -> bool:
    """Whether filters let a name in, as `compiled` takes what is not understood."""
    return all(compiled(item, at_most=at_most).takes(name) for item in names)


def allowed(name: str) -> bool:
    """Whether a branch can have a name, judged by each pair of characters."""
    pairs = {character + before for before, character in pairwise(name)}
    fits = NEVER.isdisjoint(name) and FORBIDDEN.isdisjoint({name[:1], *pairs})
    return bool(name) and fits and name[-1] not in LAST_NEVER


@lru_cache(maxsize=4096)
def find_uncovered_name(
    names: tuple[BranchNames, ...],
    covers: tuple[Cover, ...],
    apart: frozenset[str],
    *,
    at_most: bool,
) -> str | None:
    """A name that all filters let in and no rule is for; None if there is none.

    Args:
        names: the filters; none for any name.
        apart: names that are looked at elsewhere.
        at_most: read each rule as broadly and each filter as narrowly as possible, so that a result
            is surely outside. Otherwise the reverse, so that no result means that there surely is
            none.

    Raises:
        ContentError: there are too many patterns, or too many ways through them.
    """
    search = _Search.of(names, covers, at_most=at_most)
    if len(search.machines) > MOST_PATTERNS:
        raise ContentError(TOO_MANY)
    alphabet = _alphabet(search.machines, apart, any_case=any(item.any_case for item in names))
    beginnings = {name[:end] for name in apart for end in range(1, len(name) + 1)}
    first = _Place(search.begin(), "", "")
    if search.is_settled(first.live):
        return None
    seen, waiting, left = {first}, [(first, "")], MOST_STEPS
    for place, name in waiting:
        for character in alphabet:
            if character + place.last in FORBIDDEN:
                continue
            begun = None if place.apart is None else place.apart + character
            longer = _Place(
                search.step(place.live, character),
                character if character in LAST_NEVER else "a",
                begun if begun in beginnings else None,
            )
            left -= 1 + sum(len(states) for _, states in longer.live)
            if left < 0:
                raise ContentError(TOO_MANY)
            if longer in seen or search.is_settled(longer.live):
                continue
            fits = longer.last not in LAST_NEVER and longer.apart not in apart
            if fits and search.is_outside(longer.live):
                return name + character
            seen.add(longer)
            waiting.append((longer, name + character))
    return None


Live = tuple[tuple[int, States], ...]
"""The states of each pattern that can still match a name, by the pattern's number."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the same characters lead to.

    Attributes:
        live: in the patterns.
        last: the last character, of those of which not every one may follow another.
        apart: the characters, as long as a name that is looked at elsewhere begins with them.
    """

    live: Live
    last: str
    apart: str | None


@dataclass(frozen=True, slots=True)
class _Search:
    """All patterns together.

    Attributes:
        machines: of the filters, then those of the rules.
        begun: the states of each before the first character of a name.
        any_case: of each, whether the case of letters does not matter.
        filters: of each filter, its patterns by number, and those of them that take names away.
        rules: of each rule, the patterns of what it includes and of what it excludes, by number.
    """

    machines: list[Machine]
    begun: list[States]
    any_case: list[bool]
    filters: list[tuple[range, frozenset[int]]]
    rules: list[tuple[range, range]]

    @classmethod
    def of(cls, names: Iterable[BranchNames], covers: Iterable[Cover], *, at_most: bool) -> _Search:
        found = cls([], [], [], [], [])
        for item in names:
            filtered = compiled(item, at_most=not at_most)
            numbers = found._add(filtered.machines, "", any_case=item.any_case)
            away = zip(numbers, filtered.takes_away, strict=True)
            found.filters.append(
                (numbers, frozenset(number for number, is_away in away if is_away))
            )
        for cover in covers:
            including, excluding = cover.machines(at_most=at_most)
            found.rules.append(
                (found._add(including, cover.lead), found._add(excluding, cover.lead))
            )
        return found

    def _add(self, machines: Iterable[Machine], lead: str, *, any_case: bool = False) -> range:
        first = len(self.machines)
        for item in machines:
            self.machines.append(item)
            self.begun.append(item.run(lead))
            self.any_case.append(any_case)
        return range(first, len(self.machines))

    def begin(self) -> Live:
        """The states before the first character."""
        return tuple((number, states) for number, states in enumerate(self.begun) if states)

    def step(self, live: Live, character: str) -> Live:
        """The states after a character."""
        lower = character.lower()
        stepped = (
            (
                number,
                self.machines[number].step(states, lower if self.any_case[number] else character),
            )
            for number, states in live
        )
        return tuple((number, states) for number, states in stepped if states)

    def is_settled(self, live: Live) -> bool:
        """Whether no longer name is outside: a filter lets none in, or a rule is for each."""
        alive = dict(live)
        if any(alive.keys().isdisjoint({*numbers} - away) for numbers, away in self.filters):
            return True
        return any(
            alive.keys().isdisjoint(excluding)
            and any(n in alive and self.machines[n].takes_all(alive[n]) for n in including)
            for including, excluding in self.rules
        )

    def is_outside(self, live: Live) -> bool:
        """Whether each filter lets in a name that ends there, and no rule is for it."""
        ends = [number for number, states in live if self.machines[number].ends(states)]
        for numbers, away in self.filters:
            last = max((number for number in ends if number in numbers), default=None)
            if last is None or last in away:
                return False
        return not any(
            any(n in including for n in ends) and not any(n in excluding for n in ends)
            for including, excluding in self.rules
        )


def _alphabet(machines: list[Machine], apart: Collection[str], *, any_case: bool) -> list[str]:
    """One character of each class that the patterns distinguish, the readable ones first."""
    borders = {*turns(machines), *_around(chain(BORDERS, NEVER, *apart))}
    if any_case:
        borders |= set(_around(c.upper() for c in borders if len(c.upper()) == 1))
    ordered = sorted({"\0", *borders})
    found = []
    for first, following in zip(ordered, [*ordered[1:], None], strict=True):
        readable = (c for c in READABLE if c >= first and (following is None or c < following))
        chosen = next(readable, first)
        if chosen not in NEVER:
            found.append(chosen)
    return sorted(found, key=lambda c: READABLE.find(c) if c in READABLE else len(READABLE))


def _around(characters: Iterable[str]) -> Iterator[str]:
    for character in characters:
        yield character
        if character < LAST:
            yield chr(ord(character) + 1)
