"""Reads npm's settings files, which are INI files with npm's own rules."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

COMMENT = re.compile(r"(?<!\\)[;#].*$")
VARIABLE = re.compile(r"(?<!\\)(\\\\)*\$\{([^${}?]+)(\?)?\}")
"""A reference like `${NPM_TOKEN}`, or `${NPM_TOKEN?}` for empty where it is not set."""
QUOTES = ('"', "'")
ARRAY = "[]"


@dataclass(frozen=True, slots=True)
class Setting:
    """One line of a file.

    Attributes:
        line: counted from 1.
        name: the key.
        value: as text; `true` for a key without a value.
    """

    line: int
    name: str
    value: str

    @property
    def literal(self) -> str:
        """What stands there itself, without references to variables."""
        return VARIABLE.sub("", self.value).strip()

    def expanded(self, environ: Mapping[str, str]) -> str:
        """The value with its references resolved, as npm does; an unset one stays as it is."""

        def value_of(match: re.Match[str]) -> str:
            unset = "" if match[3] else match[0]
            return (match[1] or "") + environ.get(match[2], unset)

        return VARIABLE.sub(value_of, self.value)


def settings(text: str) -> tuple[Setting, ...]:
    """The settings of a file, in its order; a later one of the same name counts."""
    found = []
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.strip()
        if not line or line[0] in ";#" or (line[0] == "[" and line[-1] == "]"):
            continue
        name, equals, value = line.partition("=")
        key = _plain(name).removesuffix(ARRAY)
        found.append(Setting(number, key, _plain(value) if equals else "true"))
    return tuple(found)


def _plain(text: str) -> str:
    """A part without quotes, or without the comment that follows it."""
    text = text.strip()
    if len(text) > 1 and text[0] in QUOTES and text[-1] == text[0]:
        inner = text[1:-1]
        try:
            return str(json.loads(f'"{inner}"'))
        except ValueError:
            return inner
    return COMMENT.sub("", text).replace("\\;", ";").replace("\\#", "#").strip()
