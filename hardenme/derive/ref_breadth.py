"""Whether patterns of branches or tags leave names out at all.

A selection names what it is for: `main`, `release/*`, `v*`. Patterns that together name most names
of some kind select nothing, since anyone who can push chooses a name among these. So patterns are
compared with names that were invented for it: of each kind some for each letter of the alphabet, in
several forms. What is a selection names next to none of them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import lru_cache
from string import ascii_lowercase, ascii_uppercase

from hardenme.derive.ref_pattern import names

SPECIAL = re.compile(r"[*?\[\]\\]")
"""Characters with a special meaning. A pattern without any names a single reference."""
MOST_PATTERNS = 40
"""Patterns with special characters that are looked at together; of more it is not sure."""
MOST_SPECIAL = 12
"""Special characters of a pattern that is looked at."""
PART = 4
"""One in this many invented names of one kind: a pattern that matches all but so few leaves too
little out."""
FORMS = ("{0}{1}-{2}", "{1}{0}{2}_{1}", "{0}7{1}", "{2}{0}.{1}")
STRIDE = 7
"""How far the letters within a name lie apart, so that all of them occur in all places."""


def _words(letters: str) -> tuple[str, ...]:
    """For each letter two words that begin with it: one of letters alone, and one with others."""
    found: list[str] = []
    for place, first in enumerate(letters):
        more = [ascii_lowercase[(place * STRIDE + step) % len(letters)] for step in (3, 11, 18)]
        found += ["".join((first, *more)), first + FORMS[place % len(FORMS)].format(*more)]
    return tuple(found)


def _within(firsts: Sequence[str], folders: int) -> tuple[str, ...]:
    """Names that lie so many folders deep."""
    size = len(firsts)
    return tuple(
        "/".join(firsts[(at + STRIDE * step) % size] for step in range(folders + 1))
        for at in range(size)
    )


LOWER, UPPER = _words(ascii_lowercase), _words(ascii_uppercase)
KINDS = tuple(
    _within(words, folders)
    for words, folders in ((LOWER, 0), (UPPER, 0), (LOWER, 1), (UPPER, 1), (LOWER, 2), (LOWER, 3))
)
"""Invented names, by how they begin and how deep they lie."""


def leaves_out(patterns: Collection[str]) -> bool | None:
    """Whether patterns leave out most names of each kind; None if that is not sure.

    Args:
        patterns: of branches, or of tags; each without `refs/heads/` or `refs/tags/`.
    """
    return _leave_out(frozenset(pattern for pattern in patterns if SPECIAL.search(pattern)))


@lru_cache(maxsize=1024)
def _leave_out(patterns: frozenset[str]) -> bool | None:
    """Whether these do; the repositories of an owner mostly have the same few."""
    wild = sorted(patterns)
    near = [one for one in wild[:MOST_PATTERNS] if len(SPECIAL.findall(one)) <= MOST_SPECIAL]
    if _most(near, at_most=False):
        return False
    if len(near) < len(wild) or _most(near, at_most=True):
        return None
    return True


def _most(patterns: Collection[str], *, at_most: bool) -> bool:
    """Whether the patterns name most names of some kind."""
    return any(
        PART * sum(any(_names(one, name, at_most=at_most) for one in patterns) for name in kind)
        >= len(kind)
        for kind in KINDS
    )


def _names(pattern: str, name: str, *, at_most: bool) -> bool:
    """Whether a pattern names a reference.

    Prefix and suffix are compared first: that is quick, and independent of what is between them.
    """
    begin, *_, end = SPECIAL.split(pattern)
    return name.startswith(begin) and name.endswith(end) and names(pattern, name, at_most=at_most)
