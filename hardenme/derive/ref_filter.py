r"""The patterns of `on.push.branches`, which differ from those of rulesets.

`*` stops at a slash, `**` does not, and `**/` matches any folders or none. `?` and `+` match none
or one, and one or more, of the character before. `[…]` lists letters, digits and ranges of these,
and `\` makes a character literal. The last pattern that matches a name counts, and one with `!`
before it excludes it.

Source: "Filter pattern cheat sheet" in GitHub's "Workflow syntax for GitHub Actions".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from hardenme.derive.ref_machine import FOLDERS, REST, STAR, Machine, PatternToken, Ranges, one
from hardenme.facts.github.branch_names import BranchNames

NOT = "!"
MANY = {"*": STAR, "**": REST, "**/": FOLDERS}
EVERYTHING, NOTHING = Machine((REST,)), Machine((PatternToken(()),))


@dataclass(frozen=True, slots=True)
class RefFilter:
    """A list of patterns.

    Attributes:
        machines: what takes the names of each, in order.
        takes_away: of each, whether it takes names away.
        any_case: whether the case of letters does not matter.
    """

    machines: tuple[Machine, ...]
    takes_away: tuple[bool, ...]
    any_case: bool

    def takes(self, name: str) -> bool:
        """Whether it lets a name in."""
        said = name.lower() if self.any_case else name
        let_in = False
        for machine, away in zip(self.machines, self.takes_away, strict=True):
            if machine.takes(said):
                let_in = not away
        return let_in


@lru_cache(maxsize=4096)
def compiled(names: BranchNames, *, at_most: bool) -> RefFilter:
    """What lets in the names of branches.

    Args:
        names: their patterns.
        at_most: let in all that a pattern which is not understood could; else none.
    """
    machines, takes_away = [], []
    for pattern in names.patterns:
        away = pattern.startswith(NOT)
        bare = pattern.removeprefix(NOT)
        tokens = _tokens(bare.lower() if names.any_case else bare)
        unsure = EVERYTHING if at_most is not away else NOTHING
        machines.append(unsure if tokens is None else Machine(tuple(tokens)))
        takes_away.append(away)
    return RefFilter(tuple(machines), tuple(takes_away), names.any_case)


def _tokens(pattern: str) -> list[PatternToken] | None:
    """The steps of a pattern; None if it is not understood."""
    tokens: list[PatternToken] = []
    quantified = True
    for kind, text in _pieces(pattern):
        if kind in {"?", "+"}:
            # What has no single character before it is documented nowhere.
            if quantified or not tokens:
                return None
            last = tokens.pop()
            if kind == "?":
                tokens.append(replace(last, passable=True))
            else:
                tokens += [last, replace(last, stays=True, passable=True)]
            quantified = True
            continue
        quantified = kind in MANY
        if kind in MANY:
            tokens.append(MANY[kind])
        elif kind == "[":
            ranges = _ranges(text)
            if ranges is None:
                return None
            tokens.append(PatternToken(ranges))
        elif kind == "one":
            tokens.append(one(text))
        else:
            return None
    return tokens


def _pieces(pattern: str) -> Iterator[tuple[str, str]]:
    """The parts of a pattern; one of unknown kind if it is not understood."""
    place = 0
    while place < len(pattern):
        left = pattern[place:]
        width, kind, text = 1, "one", left[0]
        if left.startswith("***"):
            kind = "unknown"
        elif left.startswith("**/") and (place == 0 or pattern[place - 1] == "/"):
            width, kind = 3, "**/"
        elif left.startswith("**"):
            width, kind = 2, "**"
        elif text in "*?+":
            kind = text
        elif text == "\\":
            width, kind, text = 2, "one" if left[1:] else "unknown", left[1:2]
        elif text == "[":
            end = left.find("]")
            width, kind, text = (end + 1, "[", left[1:end]) if end > 0 else (1, "unknown", "")
        elif text == "]":
            kind = "unknown"
        yield kind, text
        place += width


def _ranges(inner: str) -> Ranges | None:
    """The ranges of a set; only letters, digits and ranges of these are documented."""
    found: list[tuple[str, str]] = []
    place = 0
    while place < len(inner):
        first = inner[place]
        last = inner[place + 2 : place + 3] if inner[place + 1 : place + 2] == "-" else first
        if not all(end.isascii() and end.isalnum() for end in (first, last)) or not last:
            return None
        if not any(kind(first) and kind(last) for kind in (str.isdigit, str.islower, str.isupper)):
            return None
        found.append((first, last))
        place += 3 if inner[place + 1 : place + 2] == "-" else 1
    return tuple(found) if found and all(a <= b for a, b in found) else None
