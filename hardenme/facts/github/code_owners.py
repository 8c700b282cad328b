"""Reads a CODEOWNERS file as GitHub does: the last pattern that matches a path counts.

Source: GitHub's "About code owners". Patterns are those of `.gitignore`, without negation and
without ranges of characters; `docs/*` does not reach into the folders of `docs`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

TOKEN = re.compile(r"(?:\\.|[^\s\\])+", re.ASCII)
ESCAPED = re.compile(r"\\(.)")
ANY = "**"
EVERYTHING = frozenset({"*", "**", "/**", "**/*"})
"""Patterns of every path."""


@dataclass(frozen=True, slots=True)
class OwnersRule:
    """A line that GitHub accepts.

    Attributes:
        pattern: of the paths that it is for.
        owned: it names an owner; a line without one takes the owners of its paths away.
        owners: whom it names: logins and teams with their `@`, and addresses.
        line: where it is in its file, counted from 1.
    """

    pattern: str
    owned: bool
    owners: tuple[str, ...] = ()
    line: int = 0


def rules_of(text: str) -> tuple[OwnersRule, ...]:
    """The lines that GitHub takes, in their order."""
    found = (_rule(line, number) for number, line in enumerate(text.split("\n"), 1))
    return tuple(rule for rule in found if rule is not None)


def owns(rules: Sequence[OwnersRule], path: str) -> bool:
    """Whether someone owns a path: the last line that matches it decides."""
    last = deciding(rules, path)
    return last is not None and last.owned


def deciding(rules: Sequence[OwnersRule], path: str) -> OwnersRule | None:
    """The last line that matches a path; None where none does."""
    return next((rule for rule in reversed(rules) if _matches(rule.pattern, path)), None)


def owns_everything(rules: Sequence[OwnersRule]) -> bool:
    """Whether every possible path has an owner, whatever files the repository has."""
    for rule in reversed(rules):
        if not rule.owned or rule.pattern in EVERYTHING:
            return rule.owned
    return False


def _rule(line: str, number: int) -> OwnersRule | None:
    """What a line says; None if GitHub skips it."""
    if line.lstrip().startswith("#"):
        return None
    words: list[str] = []
    for word in TOKEN.findall(line):
        if words and word.startswith("#"):
            break
        words.append(word)
    if not words or words[0].startswith("!") or "[" in words[0]:
        return None
    if not all(_is_owner(word) for word in words[1:]):
        return None
    pattern = ESCAPED.sub(_literal, words[0])
    return OwnersRule(pattern, len(words) > 1, tuple(words[1:]), number)


def _literal(escaped: re.Match[str]) -> str:
    """An escaped character as a literal."""
    return f"[{escaped[1]}]" if escaped[1] in "*?" else escaped[1]


def _is_owner(word: str) -> bool:
    """Whether a word is formed like a login, a team or an address."""
    name, at, rest = word.partition("@")
    return bool(at and rest and "@" not in rest and (not name or "." in rest))


def _matches(pattern: str, path: str) -> bool:
    """Whether a pattern matches a path, or a folder that contains it."""
    bare = pattern.strip("/")
    if not bare:
        return False
    parts = bare.split("/")
    anchored = len(parts) > 1 or pattern.startswith("/")
    flat = anchored and parts[-1] == "*"
    if not anchored:
        parts = [ANY, *parts]
    steps = path.split("/")
    for length in range(1, len(steps) + 1):
        whole = length == len(steps)
        if (whole and pattern.endswith("/")) or (flat and not whole):
            continue
        if _same(parts, steps[:length]):
            return True
    return False


def _same(parts: list[str], steps: list[str]) -> bool:
    """Whether the parts of a pattern match exactly these steps of a path.

    `reached` holds how many steps the parts so far can match. `**` matches any number, and at least
    one at the end.
    """
    reached = {0}
    for index, part in enumerate(parts):
        if part == ANY:
            last = index == len(parts) - 1
            least = min(reached, default=len(steps) + 1) + last
            reached = set(range(least, len(steps) + 1))
        else:
            reached = {at + 1 for at in reached if at < len(steps) and fnmatchcase(steps[at], part)}
        if not reached:
            return False
    return len(steps) in reached
