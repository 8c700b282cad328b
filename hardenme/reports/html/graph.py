"""The publish paths of one package as inline SVG.

The style of a line shows its state without colours. An open path is thick with a filled arrow, an
unknown one dotted with an open arrow. A closed one is dashed and ends at a bar, and the intended
one is thin and double.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardenme.model.publishing import PackagePaths
from hardenme.reports.drawing import PACKAGE, Drawing, Edge, EdgeStyle
from hardenme.reports.html.element import Element, element
from hardenme.reports.html.layout import BOX, TALL, DrawingLayout, Placed, laid_out
from hardenme.reports.html.words import wide
from hardenme.reports.publishing import headline

STATIONS = 60
"""The number of stations above which a drawing would not help; the list next to it has all
paths."""
LETTERS = 19
"""Characters of a name that fit in a box."""
BELOW = 15
"""Units from a line to the word below it: whether the next release is accepted."""
WORD = 66
"""Units that the word of a state takes on a line."""
RELEASES = "below a line: whether npm accepts the next release that way"
HEADS: dict[EdgeStyle, tuple[str, str]] = {
    EdgeStyle.OPEN: ("M0 0 L10 5 L0 10 Z", "head filled"),
    EdgeStyle.UNKNOWN: ("M1 1 L9 5 L1 9", "head"),
    EdgeStyle.INTENDED: ("M1 1 L9 5 L1 9", "head"),
    EdgeStyle.CLOSED: ("M5 0 L5 10", "head"),
}


def graph(
    package: PackagePaths,
    key: str,
    *,
    kind: str = PACKAGE,
    title: str = "Ways to publish {}",
    told: str = "",
) -> Element | None:
    """The drawing; nothing if there is no path, or more than a drawing can show.

    Args:
        key: what begins the ids of its parts.
        kind: what the paths end in.
        title: what it is called, with its name.
        told: a sentence in its place; empty for the number of open paths.
    """
    drawing = Drawing([package], {package.package: kind})
    if not package.paths or len(drawing.nodes) > STATIONS:
        return None
    layout = laid_out(drawing)
    name = next(node.name for node in drawing.nodes if node.kind == kind)
    # The word below the lowest line needs room.
    height = layout.height + (BELOW if any(edge.release for edge in layout.edges) else 0)
    desc = told or f"{headline(package)}. The list below describes each."
    svg = element(
        "svg",
        element("title", title.format(name), id=f"{key}-title"),
        element("desc", desc, id=f"{key}-desc"),
        *(part for edge in layout.edges for part in _line(edge, layout)),
        *(_box(placed) for placed in layout.boxes.values()),
        viewBox=f"0 0 {layout.width:g} {height:g}",
        width=f"{layout.width:g}",
        height=f"{height:g}",
        role="img",
        aria_labelledby=f"{key}-title {key}-desc",
        class_="graph",
    )
    return wide(f"Drawing of {name}", svg)


def legend(*, releases: bool = False) -> Element:
    """What the lines mean; the arrows that all drawings use are in it.

    Args:
        releases: words below the lines show whether npm accepts the next release.
    """
    return element(
        "ul",
        *(
            element(
                "li",
                element(
                    "svg",
                    element("defs", _marker(line)),
                    *_stroke("M2 8 H44", line),
                    viewBox="0 0 56 16",
                    width=56,
                    height=16,
                    aria_hidden="true",
                    class_="graph",
                ),
                line.value,
            )
            for line in EdgeStyle
        ),
        element("li", RELEASES) if releases else None,
        class_="legend",
    )


def _marker(line: EdgeStyle) -> Element:
    shape, look = HEADS[line]
    return element(
        "marker",
        element("path", d=shape, class_=f"{look} {line.value}"),
        id=f"arrow-{line.value}",
        viewBox="0 0 10 10",
        refX=8 if line is EdgeStyle.OPEN else 7,
        refY=5,
        markerWidth=12,
        markerHeight=12,
        markerUnits="userSpaceOnUse",
        orient="auto",
    )


def _line(edge: Edge, layout: DrawingLayout) -> Iterator[Element]:
    start, end = layout.boxes[edge.start], layout.boxes[edge.end]
    x, y = start.left + BOX, start.middle
    shape = f"M{x:g} {y:g}"
    for lane in layout.lanes[edge.start, edge.end]:
        shape += f"{_bend(x, y, lane.left, lane.middle)} H{lane.left + BOX:g}"
        x, y = lane.left + BOX, lane.middle
    if edge.last:
        yield element(
            "text",
            edge.line.value,
            x=f"{x + 6:g}",
            y=f"{y - 6:g}",
            class_=f"mark {edge.line.value}",
        )
        if edge.release is not None:
            yield element(
                "text",
                edge.release.value,
                x=f"{x + 6:g}",
                y=f"{y + BELOW:g}",
                class_=f"mark {edge.release.value}",
            )
        # The last line of a path runs straight below its word.
        x += WORD
        shape += f" H{x:g}"
    shape += _bend(x, y, end.left - 4, layout.arrivals[edge.start, edge.end])
    yield from _stroke(shape, edge.line)


def _bend(x: float, y: float, right: float, height: float) -> str:
    """A curve that leaves and arrives level."""
    middle = (x + right) / 2
    return f" C{middle:g} {y:g} {middle:g} {height:g} {right:g} {height:g}"


def _stroke(shape: str, line: EdgeStyle) -> Iterator[Element]:
    if line is EdgeStyle.INTENDED:
        # A thin line on a thicker one is two lines; the arrow would grow with the thicker one.
        yield element("path", d=shape, class_="line wide-line")
        yield element("path", d=shape, class_="line gap-line")
        return
    yield element("path", d=shape, class_=f"line {line.value}")


def _box(placed: Placed) -> Element:
    node = placed.node
    cut = len(node.name) > LETTERS
    return element(
        "g",
        element("title", f"{node.kind} {node.name}") if cut else None,
        element("rect", width=BOX, height=TALL),
        element("text", node.kind, x=11, y=18, class_="kind"),
        element("text", f"{node.name[: LETTERS - 1]}\u2026" if cut else node.name, x=11, y=35),
        transform=f"translate({placed.left:g} {placed.top:g})",
        class_="package" if node.kind == PACKAGE else None,
    )
