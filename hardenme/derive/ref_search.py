"""A name of a branch that filters let in and no rule is for, if there is one.

Names are not tried out: all ways through all patterns are gone together, so that where none is
found there is none. What is found is a name that a branch can have.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, pairwise

from hardenme.derive.ref_filter import Filter, compiled
from hardenme.derive.ref_machine import LAST, Machine, States, turns
from hardenme.derive.ref_pattern import machine
from hardenme.facts.github.branch_names import BranchNames

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
"""A character that cannot follow another one, or stand first: it, then the other."""
BORDERS = "./09AZaz@{}\x80"
"""Characters at which what is readable, or allowed, begins or ends."""
READABLE = "nabcdefghijklmopqrstuvwxyzNABCDEFGHIJKLMOPQRSTUVWXYZ0123456789/-_."
"""Characters of examples, those first that are taken first."""


@dataclass(frozen=True, slots=True)
class Cover:
    """The references that a rule is for, by patterns as rulesets have them.

    Attributes:
        include: patterns of what it is for.
        exclude: patterns of what it is not for.
        lead: what stands before a branch's name in these.
    """

    include: tuple[str, ...]
    exclude: tuple[str, ...] = ()
    lead: str = HEADS

    def takes(self, name: str, *, at_most: bool) -> bool:
        """Whether it is for a branch.

        Args:
            name: the branch.
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


class TooManyError(ValueError):
    """The patterns have too many places to look at all of them."""


def lets_in(names: Collection[BranchNames], name: str, *, at_most: bool) -> bool:
    """Whether filters let a name in, as `compiled` takes what is not understood."""
    return all(compiled(item, at_most=at_most).takes(name) for item in names)


def allowed(name: str) -> bool:
    """Whether a branch can have a name, as far as one character after the other says."""
    pairs = {character + before for before, character in pairwise(name)}
    fits = NEVER.isdisjoint(name) and FORBIDDEN.isdisjoint({name[:1], *pairs})
    return bool(name) and fits and name[-1] not in LAST_NEVER


@lru_cache(maxsize=4096)
def outside(
    names: tuple[BranchNames, ...],
    covers: tuple[Cover, ...],
    apart: frozenset[str],
    *,
    at_most: bool,
) -> str | None:
    """A name that all filters let in and no rule is for; None where there is none.

    Args:
        names: the filters; none for any name.
        covers: the rules.
        apart: names that are looked at elsewhere.
        at_most: take each rule for all that it could be for, and each filter for no more than it
            lets in for sure, so that what is found is outside for sure. Else the other way round,
            so that there is none for sure where none is found.

    Raises:
        TooManyError: there are too many patterns, or too many ways through them.
    """
    filters = [compiled(item, at_most=not at_most) for item in names]
    rules = [_Rule.of(cover, at_most=at_most) for cover in covers]
    machines = [*chain(*(item.machines for item in filters)), *chain(*(r.machines for r in rules))]
    if len(machines) > MOST_PATTERNS:
        raise TooManyError
    alphabet = _alphabet(machines, apart, any_case=any(item.any_case for item in filters))
    first = _Place(
        tuple(item.begin() for item in filters), tuple(rule.begun for rule in rules), "", ""
    )
    beginnings = {name[:end] for name in apart for end in range(1, len(name) + 1)}
    if first.is_settled(filters, rules):
        return None
    seen, waiting, left = {first}, [(first, "")], MOST_STEPS
    for place, name in waiting:
        for character in alphabet:
            if character + place.last in FORBIDDEN:
                continue
            longer = place.after(character, filters, rules, beginnings)
            left -= 1 + longer.width
            if left < 0:
                raise TooManyError
            if longer in seen or longer.is_settled(filters, rules):
                continue
            if longer.is_outside(filters, rules, apart):
                return name + character
            seen.add(longer)
            waiting.append((longer, name + character))
    return None


@dataclass(frozen=True, slots=True)
class _Rule:
    """A cover: the patterns of what it includes, then those of what it excludes."""

    machines: tuple[Machine, ...]
    including: int
    begun: tuple[States, ...]

    @classmethod
    def of(cls, cover: Cover, *, at_most: bool) -> _Rule:
        including, excluding = cover.machines(at_most=at_most)
        machines = (*including, *excluding)
        begun = tuple(item.run(cover.lead) for item in machines)
        return cls(machines, len(including), begun)

    def step(self, states: tuple[States, ...], character: str) -> tuple[States, ...]:
        pairs = zip(self.machines, states, strict=True)
        return tuple(item.step(state, character) for item, state in pairs)

    def takes(self, states: tuple[States, ...]) -> bool:
        ends = [item.ends(state) for item, state in zip(self.machines, states, strict=True)]
        return any(ends[: self.including]) and not any(ends[self.including :])

    def takes_all(self, states: tuple[States, ...]) -> bool:
        """Whether it is for each name that begins so."""
        return not any(states[self.including :]) and any(
            item.takes_all(state)
            for item, state in zip(self.machines[: self.including], states, strict=False)
        )


@dataclass(frozen=True, slots=True)
class _Place:
    """Where one stands in all patterns after the same characters.

    Attributes:
        filters: in the filters.
        rules: in the rules.
        last: the last character, of those of which not every one may follow another.
        apart: the characters, as long as a name that is looked at elsewhere begins with them.
    """

    filters: tuple[tuple[States, ...], ...]
    rules: tuple[tuple[States, ...], ...]
    last: str
    apart: str | None

    def after(
        self, character: str, filters: list[Filter], rules: list[_Rule], beginnings: Collection[str]
    ) -> _Place:
        begun = None if self.apart is None else self.apart + character
        return _Place(
            tuple(f.step(s, character) for f, s in zip(filters, self.filters, strict=True)),
            tuple(r.step(s, character) for r, s in zip(rules, self.rules, strict=True)),
            character if character in "/." else "a",
            begun if begun in beginnings else None,
        )

    @property
    def width(self) -> int:
        """In how many places it stands."""
        return sum(map(len, chain(*self.filters, *self.rules)))

    def is_settled(self, filters: list[Filter], rules: list[_Rule]) -> bool:
        """Whether no longer name is outside: a filter lets none in, or a rule is for each."""
        return any(f.lost(s) for f, s in zip(filters, self.filters, strict=True)) or any(
            r.takes_all(s) for r, s in zip(rules, self.rules, strict=True)
        )

    def is_outside(self, filters: list[Filter], rules: list[_Rule], apart: Collection[str]) -> bool:
        return (
            self.last not in LAST_NEVER
            and self.apart not in apart
            and all(f.ends(s) for f, s in zip(filters, self.filters, strict=True))
            and not any(r.takes(s) for r, s in zip(rules, self.rules, strict=True))
        )


def _alphabet(machines: list[Machine], apart: Collection[str], *, any_case: bool) -> list[str]:
    """One character of each kind that the patterns tell from others, the readable ones first."""
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
