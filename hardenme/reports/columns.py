"""Text in terminal columns: how wide it is, and how it wraps."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

READABLE = 100
"""Columns of a line at most: longer lines are hard to read."""
OPTION = r"--?[a-z][a-z-]*"
ADDRESS = re.compile(r"\W*https?://\S")
"""How a word begins that is an address."""
OURS = (
    "attest|auth(?: (?:login|logout|status))?|cache(?: (?:clear|path|show))?|check|completion"
    "|config|demo|diff|doctor|drill|explain|exposed|fix|fleet(?: (?:merge|plan|run))?"
    "|incident(?: (?:attest|close|note|open|prove|status))?|list|move|people|permissions|person"
    "|recent|rehearse|report|runbook|schedule(?: print)?|show|trend|verify-request"
    "|waive(?: (?:add|list|prune|remove))?|watch"
)
"""The commands of hardenme, with their subcommands."""
OWN = (
    rf"hardenme (?:{OURS})(?![\w-])"
    r"(?: (?:--(?:since|depth|select|npm|name|how|from|from-exposed) [\w,.-]*\w"
    r"|(?:github|npm):\S*[\w*]|~?/\S*\w|" + OPTION + r"|[A-Z]{3}\d{3}(?:,[A-Z]{3}\d{3})*"
    r"|\d{4}-\d\d-\d\d[\w-]*|\d+(?:\.\d+)?|[a-z0-9]{6}"
    r"|[a-z][a-z-]*-\d[\w-]*|me|login|logout|status|open|prove|attest|N)(?!\w))*"
)
"""One of our own commands in a sentence."""
COMMAND = re.compile(
    rf"`(?:hardenme|npm|gh|git) [^`]+`|{OWN}"
    r"|npm org (?:rm|set)(?: --registry \S+)?(?: --)? [\w.-]+(?: --)? [\w-]+"
    r"(?: (?:admin|developer|owner)\b)?(?: --registry \S*[\w/])?"
    r"|npm config (?:delete|set)(?: (?=\S*[=-])[a-z-]+(?:=\S*\w)?)+"
    r"|npm (?:stage|trust|token|owner|access|org|team|dist-tag|profile|deprecate|audit)"
    r"(?: (?:--registry \S*[\w/]|" + OPTION + r"(?:=\S+)?"
    r"|[0-9a-f]{8}[0-9a-f-]{20,}|@[\w-]+/\S*\w"
    r"|add|create|download|get|grant|list|ls|approve|publish|read-only|read-write|reject|revoke|rm"
    r"|set|signatures|[a-z][\w-]*:[a-z][\w-]*)(?![\w/]))+"
)
"""A command in a sentence, with its options, codes, numbers, ids, targets and packages."""
COPIED = re.compile(r"\s*(?:hardenme|npm|gh|git|ssh-keygen|https?:)\S* ?\S")
"""How a line begins that is a command or an address."""
LABEL = re.compile(r" *\S+(?: \S+)* {2,}(?=\S)")
"""A label, and the space after it."""


def width_of(text: str) -> int:
    """Columns that the text takes: two for East Asian wide characters, none for combining marks."""
    return len(text) if text.isascii() else sum(_width(char) for char in text)


def _width(char: str) -> int:
    if unicodedata.combining(char) or unicodedata.category(char) in {"Mn", "Me"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in {"W", "F"} else 1


def wrap(
    text: str, columns: int, *, hang: int = 0, lead: int = 0, whole: bool = False
) -> list[str]:
    """The text in lines of at most that many columns; a word that is longer is broken.

    A command or an address stays whole, on a longer line of its own if it has to. So it can be
    copied, and no one runs the beginning of a command alone.

    Args:
        text: words; white space between them may become a line break.
        columns: at least two, so that every character has room.
        hang: spaces before every line but the first.
        lead: columns that are already taken on the first line.
        whole: a longer word, such as a path, gets a line of its own and is not broken.
    """
    lines: list[str] = []
    line = ""
    for word in _words(text):
        edge = " " * hang if lines else ""
        room = columns - (hang if lines else lead)
        if line and width_of(line) + 1 + width_of(word) <= room:
            line = f"{line} {word}"
            continue
        if line:
            lines.append(edge + line)
        # The first line has a width of its own: a word that has to be broken there may use it.
        kept = whole or " " in word or ADDRESS.match(word)
        room = width_of(word) if kept else columns - (hang if lines else lead)
        *full, line = _pieces(word, room, columns - hang)
        lines.extend((" " * hang if lines else "") + piece for piece in full)
    if line:
        lines.append((" " * hang if lines else "") + line)
    return lines


def paragraph(text: str, columns: int, *, indent: int = 0, hang: int = 0) -> list[str]:
    """The text in lines of at most that many columns, in which no long word is broken.

    Args:
        columns: with the indent.
        indent: spaces before every line.
        hang: spaces more before every line but the first.
    """
    edge = " " * indent
    return [edge + line for line in wrap(text, columns - indent, hang=hang, whole=True)]


def fitted(line: str, columns: int) -> list[str]:
    """A line in lines of at most that many columns, below its own beginning or below its label.

    A command or an address stays whole.
    """
    if width_of(line) <= columns or COPIED.match(line):
        return [line]
    label = LABEL.match(line)
    hang = len(label[0]) if label else len(line) - len(line.lstrip()) + 2
    if hang > columns // 2:
        return paragraph(line, columns, hang=2)
    head = line[:hang] if label else " " * (hang - 2)
    first, *others = paragraph(line[len(head) :], columns, indent=len(head), hang=hang - len(head))
    return [head + first[len(head) :], *others]


def _words(text: str) -> Iterator[str]:
    """The words of a text; each command counts as one."""
    text, end = " ".join(text.split()), 0
    for found in COMMAND.finditer(text):
        # Punctuation stays with the word that it follows.
        after = text.find(" ", found.end())
        close = len(text) if after < 0 else after
        if found.start() >= end:
            before = text.rfind(" ", 0, found.start()) + 1
            yield from text[end:before].split()
            yield text[before:close]
            end = close
    yield from text[end:].split()


def _pieces(word: str, first: int, others: int) -> Iterator[str]:
    piece, room, used = "", max(first, 2), 0
    for char in word:
        wide = _width(char)
        if used + wide > room:
            yield piece
            piece, room, used = "", max(others, 2), 0
        piece += char
        used += wide
    yield piece


def fit(text: str, columns: int, mark: str) -> str:
    """The text cut to that many columns, with one mark at its end where something was cut."""
    if width_of(text) <= columns:
        return text
    kept, used = "", width_of(mark)
    for char in text:
        used += _width(char)
        if used > columns:
            break
        kept += char
    return kept.rstrip(f" {mark}") + mark
