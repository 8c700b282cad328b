"""Who can publish, as a graph for Graphviz."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hardenme.model.publishing import PackagePaths
from hardenme.model.report import Report
from hardenme.reports.closing import NOT_WHOLE, REDACTED
from hardenme.reports.drawing import PACKAGE, Drawing, Edge, EdgeStyle, Node
from hardenme.reports.publishing import worst_first
from hardenme.reports.style import Style

STYLES: dict[EdgeStyle, str] = {
    EdgeStyle.OPEN: 'style="bold", penwidth="3", color="red"',
    EdgeStyle.UNKNOWN: 'style="dotted", color="orange"',
    EdgeStyle.INTENDED: 'style="solid", color="darkgreen"',
    EdgeStyle.CLOSED: 'style="dashed", color="gray"',
}
LEGEND = "bold: open, dotted: unknown, dashed: closed, green: the intended path"
ENDS: Mapping[str, str] = {}
PLAIN = frozenset(" ,@/-_.:()")
NOTHING = "no package was looked at"


def render(report: Report, style: Style) -> str:  # noqa: ARG001  (every format takes a style)
    """The drawing, in ASCII."""
    lines = ["digraph publishing {", *([f"  // {REDACTED}"] if report.redacted else [])]
    packages = worst_first(report.publishing.packages) if report.publishing else []
    if packages:
        lines += drawn(packages, whole=not report.partial)
    else:
        lines.append(f"  // {NOTHING}")
    return "\n".join([*lines, "}"]) + "\n"


def drawn(
    packages: Sequence[PackagePaths],
    *,
    whole: bool = True,
    ends: Mapping[str, str] = ENDS,
    legend: str = LEGEND,
) -> list[str]:
    """Packages, or what else paths end in, with the paths to them: the lines within the graph.

    Args:
        packages: those that matter most first.
        whole: the run went to its end.
        ends: what the paths end in, by its name, where that is not a package.
        legend: what the lines mean.
    """
    drawing = Drawing(packages, ends)
    lines = [f"  // {legend}", '  rankdir="LR";', '  node [shape="box"];']
    lines += [] if whole else [f'  part [label="{NOT_WHOLE}"];']
    lines += [f"  {_node(node)}" for node in drawing.nodes]
    return lines + [f"  {_edge(edge)}" for edge in drawing.edges]


def _node(node: Node) -> str:
    shape = ', shape="box3d"' if node.kind == PACKAGE else ""
    return f'n{node.number} [label="{escape(f"{node.kind} {node.name}")}"{shape}];'


def _edge(edge: Edge) -> str:
    label = f'label="{edge.line}", ' if edge.last else ""
    return f"n{edge.start} -> n{edge.end} [{label}{STYLES[edge.line]}];"


def escape(text: str) -> str:
    r"""The text for a quoted label.

    Graphviz replaces HTML entities first and `\N` and the like after that: so a backslash stands
    twice, and every other sign that could mean something is an entity.
    """
    return "".join("\\\\" if char == "\\" else _sign(char) for char in text)


def _sign(char: str) -> str:
    plain = char.isascii() and (char.isalnum() or char in PLAIN)
    return char if plain else f"&#{ord(char)};"
