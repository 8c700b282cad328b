"""A pattern of references as a state machine that consumes characters.

All paths through a pattern are followed at once, so that no pattern takes long.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

LAST = "\U0010ffff"
States = frozenset[int]
Ranges = tuple[tuple[str, str], ...]
ANY: Ranges = (("\0", LAST),)
NO_SLASH: Ranges = (("\0", "."), ("0", LAST))


@dataclass(frozen=True, slots=True)
class PatternToken:
    """One step of a pattern.

    Attributes:
        ranges: the first and the last character of each range that it takes.
        stays: it takes any number of them.
        passable: it may take none.
        folders: it takes whole folders, so that it is left where one begins.
    """

    ranges: Ranges
    stays: bool = False
    passable: bool = False
    folders: bool = False

    def takes(self, character: str) -> bool:
        """Whether the character can be part of it."""
        return any(first <= character <= last for first, last in self.ranges)


def one(character: str) -> PatternToken:
    """The step that takes this character alone."""
    return PatternToken(((character, character),))


STAR = PatternToken(NO_SLASH, stays=True, passable=True)
REST = PatternToken(ANY, stays=True, passable=True)
FOLDERS = PatternToken(ANY, stays=True, folders=True)


@dataclass(frozen=True, slots=True)
class Machine:
    """The steps of a pattern, all of which a reference has to go.

    Attributes:
        tokens: the steps.
    """

    tokens: tuple[PatternToken, ...]

    def begin(self) -> States:
        """The states before the first character."""
        return self._onward({0}, boundary=True)

    def step(self, states: States, character: str) -> States:
        """The states after a character; none if it cannot be consumed."""
        if not states:
            return states
        following: set[int] = set()
        for state in states:
            if state < len(self.tokens) and self.tokens[state].takes(character):
                following.add(state if self.tokens[state].stays else state + 1)
        return self._onward(following, boundary=character == "/")

    def run(self, text: str) -> States:
        """The states after a text."""
        states = self.begin()
        for character in text:
            states = self.step(states, character)
        return states

    def ends(self, states: States) -> bool:
        """Whether a reference may end there."""
        return len(self.tokens) in states

    def takes_all(self, states: States) -> bool:
        """Whether it accepts any continuation: the rest of the pattern matches any text."""
        end = len(self.tokens)
        return end in states and end - 1 in states and self.tokens[-1] == REST

    def takes(self, reference: str) -> bool:
        """Whether it takes a reference as a whole."""
        return self.ends(self.run(reference))

    def _onward(self, states: set[int], *, boundary: bool) -> States:
        """The states with all that can be reached without a character."""
        reached, waiting = set(states), list(states)
        while waiting:
            state = waiting.pop()
            if state == len(self.tokens):
                continue
            token = self.tokens[state]
            passable = token.passable or (token.folders and boundary)
            if passable and state + 1 not in reached:
                reached.add(state + 1)
                waiting.append(state + 1)
        return frozenset(reached)


def turns(machines: Iterable[Machine]) -> Iterator[str]:
    """The characters at which one of the patterns begins, or stops, to take them."""
    for machine in machines:
        for token in machine.tokens:
            for first, last in token.ranges:
                yield first
                if last != LAST:
                    yield chr(ord(last) + 1)
