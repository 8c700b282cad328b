"""A printed command as plain calls of known programs, or as none: what else a script might run.

Names in a command come from providers, and the report that holds it may come from anyone. This
module rejects what either could have injected: a second command, an option, an invisible character,
a file, a path upwards or a secret. It also rejects anything that no check prints. Placeholders that
the reader has to fill in are rejected, too. Such a command is left for a person to look at.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from hardenme.reports import shapes
from hardenme.reports.plain import plain

LONGEST = 100_000
PLACEHOLDER = re.compile(r"(?<![A-Za-z0-9_.~-])(?:_[A-Z]{2,}_|[A-Z]{2,})(?![A-Za-z0-9_.-])")
"""A word in capitals: a placeholder that the reader fills in. A name that looks like one is also
left for a person to look at."""
METHODS = frozenset({"DELETE", "PATCH", "POST", "PUT"})
BODY = ("--input", "-")
AND, PIPE = "&&", "|"


@dataclass(frozen=True, slots=True)
class ProgramCall:
    """One call of a program.

    Attributes:
        words: the program and its arguments.
        body: what it gets by standard input; empty for nothing of ours.
        reads: the call whose answer it gets by standard input; empty for none.
    """

    words: tuple[str, ...]
    body: str = ""
    reads: tuple[str, ...] = ()


def plain_call(command: str) -> tuple[str, ...]:
    """The words of a command that is one plain call of a known program; else none."""
    calls = plain_calls(command)
    alone = len(calls) == 1 and not calls[0].body and not calls[0].reads
    return calls[0].words if alone else ()


def plain_calls(command: str) -> tuple[ProgramCall, ...]:
    """The calls of a command that is nothing but plain calls of known programs; else none.

    They may be joined by `&&` or be on separate lines. A body may come from `echo`, or from a
    read-only gh call.
    """
    lines = command.split("\n")
    if not command.isascii() or any(plain(line, longest=LONGEST) != line for line in lines):
        return ()
    found = [_parts(line) for line in lines]
    if not all(found):
        return ()
    calls = [_call(part) for parts in found for part in parts]
    return tuple(call for call in calls if call is not None) if None not in calls else ()


def placeholders(command: str) -> tuple[str, ...]:
    """What the reader has to fill in, each once."""
    return tuple(
        word for word in dict.fromkeys(PLACEHOLDER.findall(command)) if word not in METHODS
    )


@lru_cache(maxsize=256)
def _parts(command: str) -> Sequence[Sequence[Sequence[str]]]:
    """The words of a command: by `&&`, then by `|`. None if it is spelled in any other way.

    Quoted words cannot be distinguished from operators here, so the command is joined again and
    compared with the original. A fix plan asks about the same few commands again and again.
    """
    lexer = shlex.shlex(command, posix=True, punctuation_chars="&|;<>()")
    lexer.whitespace_split = True
    lexer.commenters = ""
    try:
        words = list(lexer)
    except ValueError:
        return []
    parts = [list(_split(part, PIPE)) for part in _split(words, AND)]
    again = f" {AND} ".join(f" {PIPE} ".join(map(shlex.join, part)) for part in parts)
    return parts if again == command else []


def _split(words: Sequence[str], operator: str) -> Iterator[list[str]]:
    part: list[str] = []
    for word in words:
        if word == operator:
            yield part
            part = []
        else:
            part.append(word)
    yield part


def _call(part: Sequence[Sequence[str]]) -> ProgramCall | None:
    """One call, or two of which the first makes what the second gets."""
    *before, last = (tuple(words) for words in part)
    if not before:
        return ProgramCall(last) if last and not _unclear(last) and shapes.alone(last) else None
    if len(before) > 1 or last[-2:] != BODY or not all((last, *before)):
        return None
    (source,) = before
    if any(map(_unclear, (source, last))):
        return None
    if source[0] == "echo":
        text = " ".join(source[1:])
        whole = len(source) == 2 and not placeholders(text)  # noqa: PLR2004
        return ProgramCall(last, body=text) if whole and shapes.with_body(last[:-2], text) else None
    return ProgramCall(last, reads=source) if shapes.rewritten(source, last[:-2]) else None


def _unclear(words: Sequence[str]) -> bool:
    """Whether a word has still to be filled in, or may not be what it looks like."""
    if words[0] == "echo":
        return False
    return any(not word or "\\" in word or bool(placeholders(word)) for word in words)
