"""The folder that each command of a shell's script runs in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from hardenme.facts.npm.workspaces import UNCLEAR, joined
from hardenme.workflows.scripts import SEPARATORS, Words, program, readings, words_of

PARTED = re.compile(f"({SEPARATORS.pattern})")
ENTERS = frozenset({"cd", "pushd"})
MAYBE = frozenset({"then", "else", "do"})
"""Words after which a command runs under a condition, or several times."""


def placed_commands(script: str) -> Iterator[tuple[Words, str]]:
    """The commands of a script, each with its folder; empty for the one that the script starts in.

    What parentheses enclose changes the folder within them alone. A command that only one reading
    of the script shows comes last.
    """
    first, *others = [list(_placed(lines)) for lines in readings(script)]
    yield from first
    seen = {(*words, folder) for words, folder in first}
    for other in others:
        yield from (one for one in other if (*one[0], one[1]) not in seen)


def _placed(lines: Iterable[str]) -> Iterator[tuple[Words, str]]:
    folder, outer = "", list[str]()
    for line in lines:
        for part in PARTED.split(line):
            if part in {"(", "$("}:
                outer.append(folder)
            elif part == ")":
                folder = outer.pop() if outer else folder
            elif words := words_of(part):
                yield words, folder
                folder = _after(folder, words)


def _after(folder: str, words: Words) -> str:
    """The folder after a command."""
    maybe = words[0] in MAYBE
    words = words[1:] if maybe or words[0] == "{" else words
    name = program(words[0]) if words else ""
    if name == "popd":
        return UNCLEAR
    if name not in ENTERS:
        return folder
    target = next((word for word in words[1:] if not word.startswith("-")), UNCLEAR)
    return UNCLEAR if maybe else joined(folder, target)
