"""The publish paths as one graph, which every drawing is made from.

Nodes are numbered in the order in which they come: no name of theirs is ever an identifier.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from hardenme.model.acceptance import AcceptanceState
from hardenme.model.publishing import Hop, PackagePaths, PublishPath, State
from hardenme.reports.plain import flowing, plain

LONGEST = 60
"""Characters of a name that are drawn."""
PACKAGE = "package"
SHARED = frozenset({"person", "team", "token", "repository", PACKAGE})
"""Kinds whose names mean the same thing everywhere. A workflow or an environment belongs to what
precedes it."""

Key = tuple[str, ...]
NOTHING: Mapping[str, str] = {}


class EdgeStyle(StrEnum):
    """How an edge is drawn, the most important first: shared edges show the first of theirs."""

    OPEN = "open"
    UNKNOWN = "unknown"
    INTENDED = "intended"
    CLOSED = "closed"


RANK = {line: rank for rank, line in enumerate(EdgeStyle)}


@dataclass(frozen=True, slots=True)
class Node:
    """One station.

    Attributes:
        number: the order in which it came.
        name: what is written on it, on one line, without secrets and hidden characters.
    """

    number: int
    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Edge:
    """From one station to the next.

    Attributes:
        start: the number of the node where it starts.
        end: the number of the node where it ends.
        line: how it is drawn.
        last: it ends in a package, where a path's state is written on it.
        release: whether npm accepts the next release by it; None where that was not looked at.
    """

    start: int
    end: int
    line: EdgeStyle
    last: bool
    release: AcceptanceState | None = None


WORST = (AcceptanceState.REFUSED, AcceptanceState.UNKNOWN, AcceptanceState.ACCEPTED, None)
"""The order in which an edge that several paths share shows the first of theirs."""


class Drawing:
    """Takes packages and makes nodes and edges of them, each once.

    Args:
        packages: with their paths.
        ends: what the paths end in, by its name, where that is not a package.
    """

    def __init__(self, packages: Iterable[PackagePaths], ends: Mapping[str, str] = NOTHING) -> None:
        self._nodes: dict[Key, Node] = {}
        self._edges: dict[tuple[int, int], Edge] = {}
        for package in packages:
            kind = ends.get(package.package, PACKAGE)
            end = self._node(Hop(kind, package.package), ())
            releases = {way.key: way.verdict for way in package.releases}
            for path in package.paths:
                self._draw(path, end, releases.get(path.key))

    @property
    def nodes(self) -> tuple[Node, ...]:
        """All nodes in the order in which they came."""
        return tuple(self._nodes.values())

    @property
    def edges(self) -> tuple[Edge, ...]:
        """All edges in the order in which they came."""
        return tuple(self._edges.values())

    def _draw(self, path: PublishPath, end: int, release: AcceptanceState | None) -> None:
        hops = path.hops or (Hop(path.way, path.name),)
        line = _line(path)
        # A first station that belongs to another, as a secret does, belongs to the one behind it.
        before: Key = (hops[1].kind, hops[1].name) if len(hops) > 1 else (str(end),)
        previous = -1
        for hop in hops:
            key = self._key(hop, before)
            number = self._node(hop, before)
            if previous not in {-1, number}:
                self._join(previous, number, line, last=False)
            previous, before = number, key
        self._join(previous, end, line, last=True)
        drawn = self._edges[previous, end]
        worst = min(drawn.release, release, key=WORST.index)
        self._edges[previous, end] = replace(drawn, release=worst)

    @staticmethod
    def _key(hop: Hop, before: Key) -> Key:
        own = (hop.kind, hop.name)
        return own if hop.kind in SHARED else (*own, *before)

    def _node(self, hop: Hop, before: Key) -> int:
        key = self._key(hop, before)
        if key not in self._nodes:
            name = plain(flowing(hop.name), longest=LONGEST) or "(no name)"
            kind = plain(flowing(hop.kind), longest=LONGEST)
            self._nodes[key] = Node(len(self._nodes), kind, name)
        return self._nodes[key].number

    def _join(self, start: int, end: int, line: EdgeStyle, *, last: bool) -> None:
        drawn = self._edges.get((start, end))
        if drawn is None or RANK[line] < RANK[drawn.line]:
            release = None if drawn is None else drawn.release
            self._edges[start, end] = Edge(start, end, line, last, release)


def _line(path: PublishPath) -> EdgeStyle:
    if path.intended and path.state is State.OPEN:
        return EdgeStyle.INTENDED
    return EdgeStyle(path.state.value)
