"""A printed command as plain calls of known programs, or as none: what else a script might run.

Names in a command come from providers. What such a name could have brought in ends here: a second
command, an option, a character that cannot be seen, a file, another host, a path upwards or a
secret. So does what the reader has still to fill in. Such a command is for a person to look at.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from hardenme.reports.plain import plain

LONGEST = 100_000
OPTIONS = frozenset(
    {
        *("--allow-publish", "--allow-stage-publish", "--dry-run", "--env", "--environment"),
        *("--file", "--hostname", "--id", "--org", "--registry", "--repo", "--repository"),
        *("--method", "--raw-field", "--field", "-X", "-f", "-F", "--yes", "-y", "--location"),
    }
)
"""Options that our commands use. A name that starts with a dash would be taken for one."""
PLACEHOLDER = re.compile(r"(?<![A-Za-z0-9_.~-])[A-Z]{2,}(?![A-Za-z0-9_.-])")
"""A word in capitals: it stands for what the reader has to fill in. A name that looks like one is
for a person to look at, too."""
METHODS = frozenset({"DELETE", "PATCH", "POST", "PUT"})
TYPED = re.compile(r"[^=]+=(?:true|false|null|-?\d+)")
"""What gh turns into another type by `-F`; of anything else it might read a file."""
FILTER = re.compile(r"[a-z_. =|(),\"]+")
"""What a filter of gh's may hold: names of fields, and values to set."""
BODY = ("--input", "-")
AND, PIPE = "&&", "|"


@dataclass(frozen=True, slots=True)
class Call:
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


def plain_calls(command: str) -> tuple[Call, ...]:
    """The calls of a command that is nothing but plain calls of known programs; else none.

    They may be joined by `&&`. A body may come from `echo`, or from a reading call of gh's.
    """
    if not command.isascii() or plain(command, longest=LONGEST) != command:
        return ()
    parts = _parts(command)
    calls = [_call(part) for part in parts]
    return tuple(call for call in calls if call is not None) if None not in calls else ()


def placeholders(command: str) -> tuple[str, ...]:
    """What the reader has to fill in, each once."""
    return tuple(
        word for word in dict.fromkeys(PLACEHOLDER.findall(command)) if word not in METHODS
    )


def _parts(command: str) -> list[list[list[str]]]:
    """The words of a command: by `&&`, then by `|`. None where it is spelled in any other way.

    Words that are quoted cannot be told from operators here. So it is put together again, and has
    to be what it was.
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


def _call(part: Sequence[Sequence[str]]) -> Call | None:
    """One call, or two of which the first makes what the second gets."""
    *before, last = (tuple(words) for words in part)
    if not before:
        return Call(last) if _harmless(last) else None
    if len(before) > 1 or last[-2:] != BODY or last[:2] != ("gh", "api"):
        return None
    (source,) = before
    if not _harmless(last[:-2]):
        return None
    if source[0] == "echo":
        text = " ".join(source[1:])
        return Call(last, body=text) if len(source) == 2 and _is_body(text) else None  # noqa: PLR2004
    *asked, option, wanted = source if len(source) > 3 else ("", "", "", "")  # noqa: PLR2004
    reading = option == "--jq" and bool(FILTER.fullmatch(wanted)) and _reads(asked)
    return Call(last, reads=source) if reading else None


def _reads(words: Sequence[str]) -> bool:
    options = {word for word in words if word.startswith("-")}
    return list(words[:2]) == ["gh", "api"] and options <= {"--hostname"} and _harmless(words)


def _is_body(text: str) -> bool:
    """Whether it is a JSON object with nothing to fill in."""
    if placeholders(text):
        return False
    try:
        return isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False


def _harmless(words: Sequence[str]) -> bool:
    """Whether it is a call of a known program, with known options and whole names."""
    if len(words) < 2 or any("\\" in word or not word for word in words):  # noqa: PLR2004
        return False
    options = {word.partition("=")[0] for word in words if word.startswith("-")}
    if not OPTIONS.issuperset(options) or any(map(placeholders, words)):
        return False
    if words[0] == "gh":
        return _of_gh(words)
    return words[0] == "npm"


def _of_gh(words: Sequence[str]) -> bool:
    """Whether gh takes it as it stands: it fills in `{owner}`, reads files, and takes addresses."""
    for before, word in pairwise(words):
        if before in {"-F", "--field"} and not TYPED.fullmatch(word):
            return False
        if before not in {"-f", "--raw-field"} and (
            "{" in word or "://" in word or {".", ".."} & set(word.split("/"))
        ):
            return False
    return True
