"""Whether a ruleset's pattern names a reference.

GitHub uses Ruby's `File.fnmatch` with `FNM_PATHNAME`: `*` and `?` stop at a slash, `**/` matches
any folders. It documents two constructs as not supported, backslashes and complemented sets, and
does not document `**` that is not a folder. A pattern with these decides nothing for sure, so there
are two matches: what it names at least, and what it names at most.
"""

from __future__ import annotations

from functools import lru_cache

from hardenme.derive.ref_machine import (
    FOLDERS,
    NO_SLASH,
    REST,
    STAR,
    Machine,
    PatternToken,
    Ranges,
    one,
)

ALL = "~ALL"
SPECIAL = "~"
SPECIALS = {ALL: True, "~DEFAULT_BRANCH": False}
"""The patterns that are not names, and whether each means a reference other than the default
branch."""
EVERYTHING, NOTHING = Machine((REST,)), Machine((PatternToken(()),))


def names(pattern: str, reference: str, *, at_most: bool) -> bool:
    """Whether a pattern names a full reference such as `refs/tags/v1.2.3`.

    Args:
        pattern: as written in a ruleset.
        reference: the full name; of a branch that is not the default one.
        at_most: answer yes where the pattern is not understood for sure; else no.
    """
    return machine(pattern, at_most=at_most).takes(reference)


@lru_cache(maxsize=4096)
def machine(pattern: str, *, at_most: bool) -> Machine:
    """What takes the references that a pattern names.

    Args:
        pattern: as written in a ruleset.
        at_most: take all where the pattern is not understood for sure; else none.
    """
    if pattern.startswith(SPECIAL):
        return EVERYTHING if SPECIALS.get(pattern, at_most) else NOTHING
    tokens = _tokens(pattern, REST if at_most else STAR)
    if tokens is None:
        return EVERYTHING if at_most else NOTHING
    return Machine(tuple(tokens))


def _tokens(pattern: str, double: PatternToken) -> list[PatternToken] | None:
    """The steps of a pattern; None if it has what GitHub does not support."""
    tokens: list[PatternToken] = []
    place = 0
    while place < len(pattern):
        left = pattern[place:]
        character = left[0]
        width = 1
        if left.startswith("**/") and (place == 0 or pattern[place - 1] == "/"):
            tokens.append(FOLDERS)
            width = 3
        elif left.startswith("**"):
            tokens.append(double)
            width = 2
        elif character == "*":
            tokens.append(STAR)
        elif character == "?":
            tokens.append(PatternToken(NO_SLASH))
        elif character == "[":
            end = left.find("]")
            ranges = _ranges(left[1:end]) if end > 0 else None
            if ranges is None:
                return None
            tokens.append(PatternToken(ranges))
            width = end + 1
        elif character == "\\":
            return None
        else:
            tokens.append(one(character))
        place += width
    return tokens


def _ranges(inner: str) -> Ranges | None:
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
