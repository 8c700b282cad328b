"""The line of a file on which a setting is that starts something by itself.

The line is for the address of the file alone, and decides nothing: 0 where it is not found.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from hardenme.collectors.autorun import TOKEN
from hardenme.collectors.editor_settings import envrc

ENVRC, TOML, XML = ".envrc", ".toml", ".xml"
FOLLOWED = re.compile(r'\s*+:\s*+("(?:[^"\\]|\\.)*+")?', re.DOTALL)
"""What makes a key of a string, with the string that is its value."""


@dataclass(frozen=True, slots=True)
class _Key:
    """A key of a JSON file.

    Attributes:
        name: as it is meant, without escapes.
        value: the string behind it; empty for another value.
        line: counted from 1.
    """

    name: str
    value: str
    line: int


def line_of(text: str, path: str, what: str) -> int:
    """The line of a setting; 0 where it is not found.

    Args:
        text: of the file.
        path: of the file.
        what: the setting, as a reader of `FILES` names it.
    """
    name, _, detail = what.partition(": ")
    if path.endswith((ENVRC, XML)):
        return _first(text, lambda line: _is_in(line, path, name))
    if path.endswith(TOML):
        last = re.compile(rf"(?<![\w-])[\"']?{re.escape(name.split('.')[-1])}[\"']?\s*[=\]]")
        return _first(text, lambda line: last.search(line.partition("#")[0]) is not None)
    return _nested(list(_keys(text)), name, detail)


def _first(text: str, fits: Callable[[str], bool]) -> int:
    """The first line that fits; 0 for none."""
    lines = enumerate(text.split("\n"), 1)
    return next((number for number, line in lines if fits(line)), 0)


def _is_in(line: str, path: str, name: str) -> bool:
    """Whether one line of a file without keys has a setting."""
    return name in envrc(line) if path.endswith(ENVRC) else f"<{name}" in line


def _keys(text: str) -> Iterator[_Key]:
    """The keys of a JSON file with comments, in its order."""
    line, counted = 1, 0
    for token in TOKEN.finditer(text):
        after = FOLLOWED.match(text, token.end())
        if token["kept"] and after:
            line += text.count("\n", counted, token.start())
            counted = token.start()
            value = _string(after[1]) if after[1] else ""
            yield _Key(_string(token["kept"]), value, line)


def _string(written: str) -> str:
    try:
        return str(json.loads(written))
    except ValueError:
        return written


def _nested(keys: list[_Key], name: str, detail: str) -> int:
    """The line of a name with those around it, each after the one before; its own may have dots."""
    line, parts = 0, name.split(".")
    while parts:
        spans = range(len(parts), 0, -1)
        found = next((one for one in (_place(keys, parts[:n], detail) for n in spans) if one), None)
        if found is None:
            parts = parts[1:]
            continue
        place, taken = found
        line, keys, parts = keys[place].line, keys[place + 1 :], parts[taken:]
    return line


def _place(keys: list[_Key], parts: list[str], detail: str) -> tuple[int, int] | None:
    """The place of the key that the parts name, and how many parts; one with the value first."""
    name = ".".join(parts)
    places = [place for place, one in enumerate(keys) if one.name == name]
    exact = [place for place in places if detail and keys[place].value == detail]
    return ((exact or places)[0], len(parts)) if places else None
