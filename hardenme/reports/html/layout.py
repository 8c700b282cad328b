"""Where the stations of publish paths stand in a drawing: in columns, the package at the right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hardenme.reports.drawing import Drawing, Edge, Node

BOX, TALL = 160, 46
"""Units of a box."""
GAP, LAST, BETWEEN = 52, 122, 16
"""Units between columns, before the package, and between boxes."""
MARGIN = 6


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
class DrawingLayout:
    """A drawing whose stations have places.

    Attributes:
        boxes: the stations by their number.
        edges: what joins them.
        arrivals: the height at which a line comes to its end, by the line's two ends.
        width: of the whole.
        height: of the whole.
    """

    boxes: Mapping[int, Placed]
    edges: Sequence[Edge]
    arrivals: Mapping[tuple[int, int], float]
    width: float
    height: float


def laid_out(drawing: Drawing) -> DrawingLayout:
    """Give each station a place: left of the package by its longest way, near what follows."""
    behind: dict[int, list[int]] = {}
    for edge in drawing.edges:
        behind.setdefault(edge.start, []).append(edge.end)
    depth = _depths([node.number for node in drawing.nodes], behind)
    columns: list[list[Node]] = [[] for _ in range(max(depth.values()) + 1)]
    for node in drawing.nodes:
        columns[depth[node.number]].append(node)
    rows = max(map(len, columns))
    height = rows * (TALL + BETWEEN) - BETWEEN + 2 * MARGIN
    width = len(columns) * (BOX + GAP) - GAP + 2 * MARGIN
    width += LAST - GAP if len(columns) > 1 else 0
    boxes: dict[int, Placed] = {}
    for number, column in enumerate(columns):
        left = width - MARGIN - BOX - number * (BOX + GAP) - (LAST - GAP if number else 0)
        column.sort(key=lambda node: (_mean(behind.get(node.number, ()), boxes), node.number))
        used = len(column) * (TALL + BETWEEN) - BETWEEN
        top = (height - used) / 2
        for node in column:
            boxes[node.number] = Placed(node, left, top)
            top += TALL + BETWEEN
    return DrawingLayout(boxes, drawing.edges, _arrivals(drawing.edges, boxes), width, height)


def _arrivals(edges: Sequence[Edge], boxes: Mapping[int, Placed]) -> dict[tuple[int, int], float]:
    """Lines to one box come in at different heights, in the order in which they start."""
    coming: dict[int, list[int]] = {}
    for edge in edges:
        coming.setdefault(edge.end, []).append(edge.start)
    found: dict[tuple[int, int], float] = {}
    for end, starts in coming.items():
        starts.sort(key=lambda start: boxes[start].middle)
        step = min((TALL - 10) / len(starts), 11)
        first = boxes[end].middle - step * (len(starts) - 1) / 2
        found |= {(start, end): first + step * number for number, start in enumerate(starts)}
    return found


def _mean(followers: Sequence[int], boxes: Mapping[int, Placed]) -> float:
    heights = [boxes[one].middle for one in followers if one in boxes]
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
