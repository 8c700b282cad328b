"""Whether a ruleset's pattern names a reference.

GitHub takes Ruby's `File.fnmatch` with `FNM_PATHNAME`: `*` and `?` stop at a slash, `**/` stands
for any folders. It documents two constructs as not supported, backslashes and complemented sets;
and `**` that is no folder is documented nowhere. With these a pattern decides nothing for sure, so
that a match is asked for twice: what it names at least, and what it names at most.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ALL = "~ALL"
SPECIAL = "~"
SPECIALS = {ALL: True, "~DEFAULT_BRANCH": False}
"""The patterns that are no names, and whether each stands for a tag."""


@dataclass(frozen=True, slots=True)
class _Token:
    """One step of a pattern.

    Attributes:
        kind: `one` character of a set, `any` one, `star` within a folder, `folders`, or `rest`
            for any text, slashes included.
        ranges: of `one`: the first and the last character of each range.
    """

    kind: Literal["one", "any", "star", "folders", "rest"]
    ranges: tuple[tuple[str, str], ...] = ()

    def takes(self, character: str) -> bool:
        """Whether the character can be part of it."""
        if self.kind == "one":
            return any(first <= character <= last for first, last in self.ranges)
        return self.kind in {"folders", "rest"} or character != "/"


def names(pattern: str, reference: str, *, at_most: bool) -> bool:
    """Whether a pattern names a full reference such as `refs/tags/v1.2.3`.

    Args:
        pattern: as it stands in a ruleset.
        reference: the full name.
        at_most: answer yes where the pattern is not understood for sure; else no.
    """
    if pattern.startswith(SPECIAL):
        return SPECIALS.get(pattern, at_most)
    tokens = _tokens(pattern, "rest" if at_most else "star")
    return at_most if tokens is None else _match(tokens, reference)


def _tokens(pattern: str, double: Literal["rest", "star"]) -> list[_Token] | None:
    """The steps of a pattern; None where it has what GitHub does not support."""
    tokens: list[_Token] = []
    place = 0
    while place < len(pattern):
        left = pattern[place:]
        character = left[0]
        width = 1
        if left.startswith("**/") and (place == 0 or pattern[place - 1] == "/"):
            tokens.append(_Token("folders"))
            width = 3
        elif left.startswith("**"):
            tokens.append(_Token(double))
            width = 2
        elif character == "*":
            tokens.append(_Token("star"))
        elif character == "?":
            tokens.append(_Token("any"))
        elif character == "[":
            end = left.find("]")
            ranges = _ranges(left[1:end]) if end > 0 else None
            if ranges is None:
                return None
            tokens.append(_Token("one", ranges))
            width = end + 1
        elif character == "\\":
            return None
        else:
            tokens.append(_Token("one", ((character, character),)))
        place += width
    return tokens


def _ranges(inner: str) -> tuple[tuple[str, str], ...] | None:
    """The ranges of a set; None of one that is empty, complemented, or names a slash."""
    if not inner or inner[0] in "!^" or "/" in inner or "[" in inner:
        return None
    found: list[tuple[str, str]] = []
    place = 0
    while place < len(inner):
        last = inner[place + 2 : place + 3] if inner[place + 1 : place + 2] == "-" else ""
        found.append((inner[place], last or inner[place]))
        place += 3 if last else 1
    # A range of which the bounds embrace the slash would cross folders.
    return None if any(first <= "/" <= last for first, last in found) else tuple(found)


def _match(tokens: list[_Token], reference: str) -> bool:
    """All ways through the pattern at once, so that no pattern takes long."""
    states = _onward(tokens, {0}, boundary=True)
    for character in reference:
        following: set[int] = set()
        for state in states:
            if state < len(tokens) and tokens[state].takes(character):
                stays = tokens[state].kind in {"star", "folders", "rest"}
                following.add(state if stays else state + 1)
        states = _onward(tokens, following, boundary=character == "/")
    return len(tokens) in states


def _onward(tokens: list[_Token], states: set[int], *, boundary: bool) -> set[int]:
    """The states with all that can be gone on to without a character."""
    reached, waiting = set(states), list(states)
    while waiting:
        state = waiting.pop()
        if state == len(tokens):
            continue
        kind = tokens[state].kind
        passable = kind in {"star", "rest"} or (kind == "folders" and boundary)
        if passable and state + 1 not in reached:
            reached.add(state + 1)
            waiting.append(state + 1)
    return reached
