"""What bash computes: the value of a variable in it is computed as well, with commands in it.

Where X is `a[$(id)]`, bash runs `id` for `$((X))`, `[[ $X -eq 1 ]]`, `${LIST[X]}` and `${Y:X}`. So
what is computed is known only if it names variables that the script itself sets to numbers.

Source: https://www.gnu.org/software/bash/manual/html_node/Shell-Arithmetic.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from hardenme.workflows.shell import ShellScript, unquoted

OF_SHELL = frozenset(
    """
    BASHPID EPOCHSECONDS EUID GITHUB_RUN_ATTEMPT GITHUB_RUN_ID GITHUB_RUN_NUMBER LINENO PPID RANDOM
    SECONDS SHLVL UID
    """.split()  # noqa: SIM905 (words, not a list of strings)
)
"""Variables that are numbers."""
NAME = re.compile(r"(?<![\w$#])\$?\{?(?P<name>[A-Za-z_]\w*)")
ASSIGNED = re.compile(r"(?P<name>[A-Za-z_]\w*)\+?=(?P<value>.*)", re.DOTALL)
PRINTED = re.compile(
    r"\$\(seq [\d ]+\)|\$\((?:nproc|date \+[\"']?%[sYmdHMSjuwV]+[\"']?)\)"
    r"|\$\((?:[^()]*\|\s*)?(?:wc -[clmw](?:\s*<[^|<>()]+)?"
    r"|grep -[civEFwx]*c[civEFwx]*\s[^|()]+)\s*\)"
)
"""The output of a program that prints a number."""
NUMBER = re.compile(
    rf"-?\d*|\$\(\(.*\)\)|\$[#?]|\$\{{#\w+(?:\[[@*]\])?\}}|\{{\d+\.\.\d+\}}|{PRINTED.pattern}",
    re.DOTALL,
)
"""A value that is a number."""
COMPARES = re.compile(r"-(?:eq|ne|lt|le|gt|ge)")
INDEX = re.compile(r"\$\{[#!]?\w+\[(?![@*]\])(?P<computed>[^]]*)\]|\b\w+\[(?P<set>[^]]*)\]\+?=")
PART = re.compile(r"\$\{(?:\w+(?:\[[@*]\])?|[@*]):(?![-+=?])(?P<computed>[^}]*)\}")
"""A part of a value, from one place to another."""
INDIRECT = re.compile(r"\$\{(?:!\w+(?:\}|:|[#%/^,])|\w+(?:\[[@*]\])?@P\})")
"""What fills in the variable that a variable names, or runs what a value holds."""
READS = frozenset({"read", "mapfile", "readarray", "getopts"})
EITHER = "[["
GROUPS = frozenset("()")


def computes_unknown(script: ShellScript) -> Iterator[str]:
    """What a script computes of values that may be commands."""
    words = [word for one in script.commands for word in (*one.words, *one.writes, *one.fed)]
    numbers = OF_SHELL | numbers_of(script)
    computed = list(script.arithmetic)
    for word in words:
        yield from (found[0] for found in INDIRECT.finditer(word))
        for form in (INDEX, PART):
            computed += [
                part for found in form.finditer(word) for part in filter(None, found.groups())
            ]
    for command in script.commands:
        if command.words[:1] == [EITHER]:
            computed += _compared(command.words)
    yield from (text for text in computed if not _is_number(text, numbers))


def _compared(words: Sequence[str]) -> Iterator[str]:
    """The sides of each comparison of numbers, and the variable that `-v` looks for."""
    for part in re.split(r"&&|\|\|", " ".join(words[1:-1])):
        inner = part.split()
        compares = any(map(COMPARES.fullmatch, inner))
        if compares or any(part.count(quote) % 2 for quote in "\"'"):
            yield " ".join(
                word
                for word in inner
                if word not in GROUPS | {"!"} and not COMPARES.fullmatch(word)
            )
        for before, word in pairwise(inner):
            if before in {"-v", "-R"} and {"[", "$", "`"} & set(word):
                yield word


def _is_number(text: str, numbers: frozenset[str]) -> bool:
    plain = PRINTED.sub("0", unquoted(text))
    hidden = {"`", "["} & set(plain) or "$(" in plain.removeprefix("$((")
    return not hidden and all(found["name"] in numbers for found in NAME.finditer(plain))


def numbers_of(script: ShellScript) -> frozenset[str]:
    """The variables that a script sets, and to nothing but numbers."""
    found: dict[str, bool] = {}
    for command in script.commands:
        words = command.words
        if words[:1] == ["for"] and words[2:3] == ["in"]:
            values = [(words[1], word) for word in words[3:]]
        elif READS & set(words):
            values = [(word, "?") for word in words]
        else:
            each = (ASSIGNED.fullmatch(word) for word in words)
            values = [(one["name"], one["value"]) for one in each if one is not None]
        for name, value in values:
            found[name] = found.get(name, True) and NUMBER.fullmatch(unquoted(value)) is not None
    return frozenset(name for name, is_number in found.items() if is_number)
