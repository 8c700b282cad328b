"""Reads npm's settings files, which are INI files with npm's own rules.

Sources: the packages `ini` and `@npmcli/config` of the npm client, and pnpm's
`@pnpm/config.env-replace` for references with a value to fall back on.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

COMMENT = re.compile(r"(?<!\\)[;#].*$")
VARIABLE = re.compile(r"(?<!\\)(\\\\)*\$\{([^${}?]+)(\?)?\}")
"""A reference like `${NPM_TOKEN}`, or `${NPM_TOKEN?}` for empty if it is not set."""
FALLBACK = re.compile(r"[^:-]*(?::?-)?")
"""The separator in a reference before the default that pnpm uses if the variable is not set."""
LINE = re.compile(r"\r\n|\r|\n")
SECTION = re.compile(r"\[([^\]]*)\]")
QUOTES = ('"', "'")
ARRAY = "[]"
SPACE = " \t\n\v\f\r\xa0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff" + "".join(
    map(chr, range(0x2000, 0x200B))
)
"""What JavaScript's `trim` takes away: a mark of the byte order, too."""


@dataclass(frozen=True, slots=True)
class IniLine:
    """One line of a file.

    Attributes:
        line: counted from 1.
        name: the key.
        value: as text; `true` for a key without a value.
        section: the heading above it; npm does not read such lines; empty for none.
    """

    line: int
    name: str
    value: str
    section: str = ""

    @property
    def literal(self) -> str:
        """The literal part, without references to variables."""
        return VARIABLE.sub(lambda match: FALLBACK.sub("", match[2], count=1), self.value).strip()

    def expanded(self, environ: Mapping[str, str]) -> str:
        """The value with its references resolved, as npm does; an unset one stays as it is."""

        def value_of(match: re.Match[str]) -> str:
            unset = "" if match[3] else match[0]
            return (match[1] or "") + environ.get(match[2], unset)

        return VARIABLE.sub(value_of, self.value)


def settings(text: str) -> tuple[IniLine, ...]:
    """The lines of a file, in its order; a later one of the same name counts."""
    return tuple(_lines(text))


def in_effect(text: str) -> tuple[IniLine, ...]:
    """The lines that are settings for npm: lines below a heading are not."""
    return tuple(item for item in _lines(text) if not item.section)


def _lines(text: str) -> Iterator[IniLine]:
    section = ""
    for number, raw in enumerate(LINE.split(text), start=1):
        line = raw.strip(SPACE)
        if not line or line[0] in ";#":
            continue
        heading = SECTION.fullmatch(raw.rstrip(SPACE))
        if heading:
            section = heading[1].strip(SPACE) or ARRAY
            continue
        name, equals, value = line.partition("=")
        key = _plain(name).removesuffix(ARRAY)
        yield IniLine(number, key, _plain(value) if equals else "true", section)


def _plain(text: str) -> str:
    """A part without quotes, or without the comment that follows it."""
    text = text.strip(SPACE)
    if len(text) > 1 and text[0] in QUOTES and text[-1] == text[0]:
        inner = text[1:-1]
        try:
            return str(json.loads(f'"{inner}"'))
        except ValueError:
            return inner
    return COMMENT.sub("", text).replace("\\;", ";").replace("\\#", "#").strip(SPACE)
