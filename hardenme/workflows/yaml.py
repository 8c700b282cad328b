"""Reads YAML as GitHub Actions does, within bounds: a hostile file is refused, and fast.

Only the events of the parser are used. Nothing is guessed from how a scalar looks: `on` is a key
and not a boolean, and `1.20` is not a number. The only special plain scalar is null. What GitHub
itself refuses (the same key twice, a merge key, a second document) is refused here too, since its
meaning is not known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceStartEvent,
)

from hardenme.ground.errors import ContentError

LARGEST = 512 * 1024
"""Bytes of a file."""
MOST_NODES = 50_000
"""Nodes of a file, those that an alias repeats counted each time."""
DEEPEST = 100
"""How deep nodes are nested."""
ODD_BREAKS = ("\x85", "\u2028", "\u2029")
"""Characters that some parsers take for the end of a line and others do not."""
NULL = frozenset({"", "~", "null", "Null", "NULL"})
MERGE = "<<"


@dataclass(frozen=True, slots=True)
class YamlBounds:
    """How much of a file is read.

    Attributes:
        largest: bytes of it.
        most_nodes: of all its documents, those that an alias repeats counted each time.
        exact: keys that differ in upper and lower case alone are different keys.
    """

    largest: int = LARGEST
    most_nodes: int = MOST_NODES
    exact: bool = False


OF_WORKFLOWS = YamlBounds()


class _Parser(YAML):
    """The library without its plug-ins, which it would look for on the disk at each file."""

    def official_plug_ins(self) -> list[str]:
        return []


class PlacedMapping(dict[str, Any]):
    """A mapping of a file that keeps where it is.

    Attributes:
        lines: of its keys, counted from 1.
        end: the last line that belongs to it.
    """

    __slots__ = ("end", "lines")

    def __init__(self) -> None:
        super().__init__()
        self.lines: dict[str, int] = {}
        self.end = 0


def line_of(holder: Any, key: str = "") -> int:
    """The line of a mapping's key, else of its first one; 0 where it is not known."""
    lines = lines_of(holder)
    return lines.get(key) or min(lines.values(), default=0)


def lines_of(holder: Any) -> Mapping[str, int]:
    """The lines of a mapping's keys; none where they are not known."""
    return holder.lines if isinstance(holder, PlacedMapping) else {}


@dataclass(slots=True)
class _Anchored:
    """What an anchor names: a value, with its size and depth once it is complete."""

    value: Any = None
    nodes: int = 0
    height: int = 0
    whole: bool = False


@dataclass(slots=True)
class _Reader:
    """Makes a value of the parser's events, and counts while it does."""

    events: Iterator[Any]
    bounds: YamlBounds = OF_WORKFLOWS
    nodes: int = 0
    anchors: dict[str, _Anchored] = field(default_factory=dict)

    def documents(self) -> Iterator[Any]:
        """Each document of the stream."""
        for event in self.events:
            if isinstance(event, DocumentStartEvent):
                self.anchors.clear()
                yield self.node(next(self.events), 1)[0]

    def node(self, event: Any, depth: int) -> tuple[Any, int]:
        """A value and its height."""
        if isinstance(event, AliasEvent):
            return self.alias(event, depth)
        before = self.nodes
        self.count(1)
        if depth > DEEPEST:
            raise ContentError(f"it is nested more than {DEEPEST} deep")
        if not isinstance(event, NodeEvent):
            raise ContentError("it is not YAML that hardenme can read")
        if getattr(event, "tag", None) is not None:
            raise ContentError("it has a tag")
        found = _Anchored()
        if event.anchor is not None:
            self.anchors[str(event.anchor)] = found
        value, height = self.content(event, depth)
        found.value, found.nodes, found.height = value, self.nodes - before, height
        found.whole = True
        return value, height

    def content(self, event: Any, depth: int) -> tuple[Any, int]:
        """What a scalar, a list or a mapping holds, and its height."""
        if isinstance(event, ScalarEvent):
            plain = event.implicit[0] and event.value in NULL
            return (None if plain else str(event.value)), 1
        if isinstance(event, SequenceStartEvent):
            return self.sequence(depth)
        if isinstance(event, MappingStartEvent):
            return self.mapping(depth)
        raise ContentError("it is not YAML that hardenme can read")

    def sequence(self, depth: int) -> tuple[list[Any], int]:
        """A list, up to its end."""
        values, height = [], 0
        while isinstance(event := next(self.events), NodeEvent):
            value, high = self.node(event, depth + 1)
            values.append(value)
            height = max(height, high)
        return values, height + 1

    def mapping(self, depth: int) -> tuple[PlacedMapping, int]:
        """A mapping, up to its end."""
        values = PlacedMapping()
        seen: set[str] = set()
        height = 0
        while isinstance(event := next(self.events), NodeEvent):
            line = event.start_mark.line + 1
            key, _ = self.node(event, depth + 1)
            if not isinstance(key, str) or key == MERGE:
                raise ContentError("it has a key that is not a plain name")
            name = key if self.bounds.exact else key.lower()
            if name in seen:
                raise ContentError("it has the same key twice")
            seen.add(name)
            values.lines[key] = line
            values[key], high = self.node(next(self.events), depth + 1)
            height = max(height, high)
        # A block ends without a sign, on the line before what follows it; others end with a brace.
        values.end = event.start_mark.line + (event.end_mark.column > event.start_mark.column)
        return values, height + 1

    def alias(self, event: AliasEvent, depth: int) -> tuple[Any, int]:
        """The node that an anchor names, counted as if it were repeated here."""
        found = self.anchors.get(str(event.anchor))
        if found is None or not found.whole:
            raise ContentError("it has an alias without an anchor before it")
        self.count(found.nodes)
        if depth + found.height > DEEPEST:
            raise ContentError(f"it is nested more than {DEEPEST} deep")
        return found.value, found.height

    def count(self, nodes: int) -> None:
        """Count nodes, and give up where there are too many."""
        self.nodes += nodes
        if self.nodes > self.bounds.most_nodes:
            raise ContentError(f"it holds more than {self.bounds.most_nodes} values")


def load(text: str) -> Any:
    """The value of a file: mappings, lists, strings as they were written, and None.

    Raises:
        ContentError: it is not YAML, or more or other than is read here.
    """
    found = load_all(text)
    if len(found) > 1:
        raise ContentError("it holds more than one document")
    return found[0]


def load_all(text: str, bounds: YamlBounds = OF_WORKFLOWS) -> list[Any]:
    """The values of all documents of a file.

    Raises:
        ContentError: it is not YAML, has no document, or more or other than is read here.
    """
    largest = bounds.largest
    if len(text) > largest or len(text.encode(errors="replace")) > largest:
        raise ContentError(f"it is larger than {largest // 1024} KiB")
    if any(sign in text for sign in ODD_BREAKS):
        raise ContentError("it contains a line break that parsers read differently")
    try:
        return _documents(text, bounds, pure=False)
    except ContentError:
        raise
    except (YAMLError, ValueError, StopIteration, RuntimeError):
        # The parser in C follows YAML 1.1, in which `{a: https://b}` is an error.
        pass
    try:
        return _documents(text, bounds, pure=True)
    except ContentError:
        raise
    except (YAMLError, ValueError, StopIteration, RuntimeError) as error:
        raise ContentError("it is not valid YAML") from error


def _documents(text: str, bounds: YamlBounds, *, pure: bool) -> list[Any]:
    events = iter(_Parser(typ="safe", pure=pure).parse(text))
    found = list(_Reader(events, bounds).documents())
    if not found:
        raise ContentError("it is empty")
    return found
