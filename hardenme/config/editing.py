"""Changes the waivers in the text of a configuration file, and leaves the rest as it is.

An entry of `[[waivers]]` is the lines from its head to its last value, with the comment directly
above or below it. Only these lines are changed. The result is parsed again and compared with what
was meant: a text with any other meaning is not returned.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from hardenme.ground.errors import OutputError

NAME = "waivers"
LINE = re.compile(r"[^\n]*\n|[^\n]+")
HARD = "it is written in a way that cannot be changed without changing more"
Entry = Mapping[str, Any]


def entries(text: str, table: tuple[str, ...]) -> list[dict[str, Any]]:
    """The waivers that a text holds.

    Args:
        text: of the file.
        table: the keys that lead to hardenme's settings in it; none if they are at its top.

    Raises:
        OutputError: it is not TOML, or its waivers are not a list of tables.
    """
    try:
        found: Any = tomllib.loads(text)
    except (ValueError, RecursionError):
        raise OutputError("it is not TOML") from None
    for key in (*table, NAME):
        found = found.get(key, {}) if isinstance(found, dict) else {}
    if not found:
        return []
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise OutputError(f"what it calls {NAME} is not a list of tables")
    return found


def add(text: str, table: tuple[str, ...], entry: Entry) -> str:
    """The text with one more waiver, behind the others or at its end.

    Raises:
        OutputError: that cannot be done without changing something else.
    """
    before = entries(text, table)
    inline, lines = _inline(text, table), _lines(text)
    if inline is not None:
        changed = inline.changed(lambda array: array.append(_inline_entry(entry)))
    else:
        spans = _spans(lines, table, len(before))
        at = spans[-1].end if spans else len(lines)
        head = f"[[{'.'.join((*table, NAME))}]]\n"
        above, below = lines[:at], lines[at:]
        if above and not above[-1].endswith("\n"):
            above[-1] += "\n"
        gap = "\n" if above and above[-1].strip() else ""
        end = "\n" if below and below[0].strip() else ""
        changed = "".join([*above, gap, head, _dumped(entry), end, *below])
    return _verified(text, changed, table, [*before, dict(entry)])


def change(text: str, table: tuple[str, ...], number: int, parts: Entry) -> str:
    """The text with other parts of one waiver; its other parts and its comments stay.

    Args:
        text: of the file.
        table: the keys that lead to hardenme's settings in it.
        parts: what it says instead.

    Raises:
        OutputError: that cannot be done without changing something else.
    """
    before = entries(text, table)
    inline, lines = _inline(text, table), _lines(text)
    if inline is not None:
        changed = inline.changed(lambda array: array[number].update(parts))
    else:
        span = _spans(lines, table, len(before))[number]
        own = "".join(lines[span.head : span.end])
        written = _Document(own, (*table, NAME)).changed(lambda found: found[0].update(parts))
        changed = "".join([*lines[: span.head], written, *lines[span.end :]])
    after = [{**one, **parts} if at == number else one for at, one in enumerate(before)]
    return _verified(text, changed, table, after)


def remove(text: str, table: tuple[str, ...], numbers: Collection[int]) -> str:
    """The text without some waivers, each with its own comment.

    Args:
        text: of the file.
        table: the keys that lead to hardenme's settings in it.

    Raises:
        OutputError: that cannot be done without changing something else.
    """
    before = entries(text, table)
    inline, lines = _inline(text, table), _lines(text)
    if inline is not None:

        def cut(array: Any) -> None:
            for number in sorted(numbers, reverse=True):
                del array[number]

        changed = inline.changed(cut)
    else:
        spans = _spans(lines, table, len(before))
        for number in sorted(numbers, reverse=True):
            _cut(lines, spans[number])
        changed = "".join(lines)
    after = [one for at, one in enumerate(before) if at not in numbers]
    return _verified(text, changed, table, after)


@dataclass(frozen=True, slots=True)
class _Span:
    """The lines of an entry.

    Attributes:
        start: of its comment, or of its head.
        end: behind its last value, and the comment that belongs to that.
    """

    start: int
    head: int
    end: int


class _Document:
    """A text that keeps its comments and its layout while a list of tables in it changes."""

    def __init__(self, text: str, path: tuple[str, ...]) -> None:
        # No one who changes no file waits for this library.
        import tomlkit  # noqa: PLC0415 (start-up)

        self._document = tomlkit.parse(text)
        self._path = path
        if self._document.as_string() != text:
            raise OutputError(HARD)

    def changed(self, edit: Callable[[Any], Any]) -> str:
        """The text after an edit of the list."""
        found: Any = self._document
        for key in self._path:
            found = found[key]
        edit(found)
        return self._document.as_string()


def _inline(text: str, table: tuple[str, ...]) -> _Document | None:
    """The document, if its waivers are an array in square brackets; else None."""
    import tomlkit  # noqa: PLC0415 (start-up)
    from tomlkit.exceptions import TOMLKitError  # noqa: PLC0415
    from tomlkit.items import Array  # noqa: PLC0415

    try:
        found: Any = tomlkit.parse(text)
        for key in (*table, NAME):
            if key not in found:
                return None
            found = found[key]
    except (TOMLKitError, TypeError, ValueError, RecursionError):
        # The lines can be changed without it.
        return None
    return _Document(text, (*table, NAME)) if isinstance(found, Array) else None


def _inline_entry(entry: Entry) -> Any:
    import tomlkit  # noqa: PLC0415 (start-up)

    made = tomlkit.inline_table()
    made.update(dict(entry))
    return made


def _dumped(entry: Entry) -> str:
    import tomlkit  # noqa: PLC0415 (start-up)

    return tomlkit.dumps(dict(entry))


def _lines(text: str) -> list[str]:
    """The lines with their ends. A line ends with a line feed alone, as TOML has it."""
    return LINE.findall(text)


def _spans(lines: list[str], table: tuple[str, ...], count: int) -> list[_Span]:
    """The lines of each entry.

    Raises:
        OutputError: another number of entries is found than the file is known to hold.
    """
    heads = [number for number, line in enumerate(lines) if _path(line)]
    found = [number for number in heads if _path(lines[number]) == (*table, NAME, "")]
    if len(found) != count:
        raise OutputError(f"its {NAME} are not written as [[{'.'.join((*table, NAME))}]]")
    ends = dict(zip(heads, [*heads[1:], len(lines)], strict=False))
    return [_span(lines, head, ends[head]) for head in found]


def _span(lines: list[str], head: int, limit: int) -> _Span:
    """The entry whose head is there, and which ends before the next one at the latest."""
    start = head
    while start and _is_comment(lines[start - 1]):
        start -= 1
    end = max(at for at in range(head, limit) if lines[at].strip() and not _is_comment(lines[at]))
    end += 1
    below = end
    while below < limit and _is_comment(lines[below]):
        below += 1
    # A comment that touches what comes next is about that.
    free = below == len(lines) or not lines[below].strip()
    return _Span(start, head, below if free else end)


def _cut(lines: list[str], span: _Span) -> None:
    """Take an entry out, with one of the empty lines around it."""
    start, end = span.start, span.end
    blank_above = start == 0 or not lines[start - 1].strip()
    if end < len(lines) and not lines[end].strip() and blank_above:
        end += 1
    elif end == len(lines) and start and blank_above:
        start -= 1
    del lines[start:end]


def _is_comment(line: str) -> bool:
    return line.lstrip().startswith("#")


def _path(line: str) -> tuple[str, ...]:
    """The keys of a table's head, with an empty one at the end for `[[…]]`; none for no head."""
    if not line.lstrip().startswith("["):
        return ()
    try:
        found: Any = tomllib.loads(line)
    except (ValueError, RecursionError):
        return ()
    keys: list[str] = []
    while isinstance(found, dict) and found:
        ((key, found),) = found.items()
        keys.append(key)
    return tuple([*keys, ""] if isinstance(found, list) else keys)


def _verified(before: str, after: str, table: tuple[str, ...], meant: list[dict[str, Any]]) -> str:
    """The text, once it is known to say what was meant and nothing else."""
    try:
        same = _without(after, table) == _without(before, table)
        if same and entries(after, table) == meant:
            return after
    except (ValueError, RecursionError, OutputError):
        pass
    raise OutputError(HARD)


def _without(text: str, table: tuple[str, ...]) -> dict[str, Any]:
    """A text's settings other than its waivers; an otherwise empty table counts as absent."""
    whole = tomllib.loads(text)
    _drop(whole, (*table, NAME))
    return whole


def _drop(document: dict[str, Any], path: tuple[str, ...]) -> None:
    key, *rest = path
    inner = document.get(key)
    if rest and isinstance(inner, dict):
        _drop(inner, tuple(rest))
    if not rest or inner == {}:
        document.pop(key, None)
