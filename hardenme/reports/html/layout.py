"""The layout of publish paths in a drawing: stations in columns, the package at the right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from hardenme.reports.drawing import Drawing, Edge, Node

BOX, TALL = 160, 46
"""Units of a box."""
GAP, LAST, BETWEEN = 52, 122, 16
"""Units between columns, before the package, and between boxes."""
MARGIN = 6
LANE = 20
"""Units of the height that a line has where it passes a column of boxes."""

Ends = tuple[int, int]
"""Of a line: the numbers of the stations where it starts and ends."""
Slot = tuple[int, int, int]
"""What has a place in a column: a station by its number, or the line between two by theirs and the
column's."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A station and where its upper left corner is."""

    node: Node
    left: float
    top: float

    @property
    def middle(self) -> float:
        """The height at which lines come and go."""
        return self.top + TALL / 2


@dataclass(frozen=True, slots=True)
class Lane:
    """Where a line passes a column: between the boxes, never behind them."""

    left: float
    top: float

    @property
    def middle(self) -> float:
        """The height at which the line passes."""
        return self.top + LANE / 2


@dataclass(frozen=True, slots=True)
class DrawingLayout:
    """A drawing whose stations have places.

    Attributes:
        boxes: the stations by their number.
        edges: what joins them.
        lanes: where a line passes columns, from its start to its end, by the line's two ends.
        arrivals: the height at which a line comes to its end, by the line's two ends.
        width: of the whole.
        height: of the whole.
    """

    boxes: Mapping[int, Placed]
    edges: Sequence[Edge]
    lanes: Mapping[Ends, Sequence[Lane]]
    arrivals: Mapping[Ends, float]
    width: float
    height: float


def laid_out(drawing: Drawing) -> DrawingLayout:
    """Give each station a place: left of the package by its longest way, near what follows."""
    behind: dict[int, list[int]] = {}
    for edge in drawing.edges:
        behind.setdefault(edge.start, []).append(edge.end)
    depth = _depths([node.number for node in drawing.nodes], behind)
    nodes = {_station(node.number): node for node in drawing.nodes}
    columns: list[list[Slot]] = [[] for _ in range(max(depth.values()) + 1)]
    for node in drawing.nodes:
        columns[depth[node.number]].append(_station(node.number))
    ahead: dict[Slot, list[Slot]] = {}
    ways: dict[Ends, list[Slot]] = {}
    for edge in drawing.edges:
        between = range(depth[edge.start] - 1, depth[edge.end], -1)
        way = [(edge.start, edge.end, number) for number in between]
        ways[edge.start, edge.end] = way
        for slot in way:
            columns[slot[2]].append(slot)
        stops = [_station(edge.start), *way, _station(edge.end)]
        for one, following in pairwise(stops):
            ahead.setdefault(one, []).append(following)
    height = max(sum(map(_tall, column)) + BETWEEN * (len(column) - 1) for column in columns)
    width = len(columns) * (BOX + GAP) - GAP + 2 * MARGIN
    width += LAST - GAP if len(columns) > 1 else 0
    placed: dict[Slot, Placed | Lane] = {}
    for number, column in enumerate(columns):
        left = width - MARGIN - BOX - number * (BOX + GAP) - (LAST - GAP if number else 0)
        column.sort(key=lambda slot: (_mean(ahead.get(slot, ()), placed), slot))
        used = sum(map(_tall, column)) + BETWEEN * (len(column) - 1)
        top = (height - used) / 2 + MARGIN
        for slot in column:
            placed[slot] = Placed(nodes[slot], left, top) if slot in nodes else Lane(left, top)
            top += _tall(slot) + BETWEEN
    boxes = {one.node.number: one for one in placed.values() if isinstance(one, Placed)}
    lanes = {
        ends: [lane for slot in way if isinstance(lane := placed[slot], Lane)]
        for ends, way in ways.items()
    }
    arrivals = _arrivals(boxes, lanes)
    return DrawingLayout(boxes, drawing.edges, lanes, arrivals, width, height + 2 * MARGIN)


def _station(number: int) -> Slot:
    return number, -1, -1


def _tall(slot: Slot) -> int:
    return TALL if slot[1] < 0 else LANE


def _arrivals(
    boxes: Mapping[int, Placed], lanes: Mapping[Ends, Sequence[Lane]]
) -> dict[Ends, float]:
    """Lines to one box come in at different heights, in the order in which they come from."""
    coming: dict[int, list[Ends]] = {}
    for ends in lanes:
        coming.setdefault(ends[1], []).append(ends)
    found: dict[Ends, float] = {}
    for end, lines in coming.items():
        heights = {
            ends: lanes[ends][-1].middle if lanes[ends] else boxes[ends[0]].middle for ends in lines
        }
        lines.sort(key=heights.__getitem__)
        step = min((TALL - 10) / len(lines), 11)
        first = boxes[end].middle - step * (len(lines) - 1) / 2
        found |= {ends: first + step * number for number, ends in enumerate(lines)}
    return found


def _mean(followers: Sequence[Slot], placed: Mapping[Slot, Placed | Lane]) -> float:
    heights = [placed[one].middle for one in followers if one in placed]
    return sum(heights) / len(heights) if heights else 0.0


def _depths(numbers: Sequence[int], behind: Mapping[int, Sequence[int]]) -> dict[int, int]:
    """How many steps it is to the package at the longest. A way that turns back on itself ends."""
    depth: dict[int, int] = {}
    for first in numbers:
        waiting = [first]
        entered: set[int] = set()
        while waiting:
            one = waiting[-1]
            ahead = [after for after in behind.get(one, ()) if after not in depth]
            fresh = [after for after in ahead if after not in entered and after != one]
            entered.add(one)
            if one not in depth and fresh:
                waiting += fresh
                continue
            waiting.pop()
            known = [depth[after] for after in behind.get(one, ()) if after in depth]
            depth.setdefault(one, 1 + max(known, default=-1))
    return depth
