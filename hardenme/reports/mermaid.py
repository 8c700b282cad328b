"""Who can publish, as a flowchart for Mermaid."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from hardenme.model.publishing import PackagePaths
from hardenme.model.report import Report
from hardenme.reports.closing import NOT_WHOLE, REDACTED
from hardenme.reports.drawing import PACKAGE, Drawing, Edge, EdgeStyle, Node
from hardenme.reports.publishing import worst_first
from hardenme.reports.style import Style

MOST_EDGES, MOST_TEXT = 450, 45_000
"""Mermaid's default limits: 500 edges and 50,000 characters."""
PLAIN = re.compile(r"[A-Za-z0-9 ,@/]|(?<=[A-Za-z0-9])-(?=[A-Za-z0-9])")
"""What means nothing to Mermaid, to the Markdown in its labels, or to HTML."""
ARROWS: dict[EdgeStyle, str] = {
    EdgeStyle.OPEN: "==>",
    EdgeStyle.UNKNOWN: "-.->",
    EdgeStyle.INTENDED: "-->",
    EdgeStyle.CLOSED: "-->",
}
STYLES: dict[EdgeStyle, str] = {
    EdgeStyle.OPEN: "stroke:red",
    EdgeStyle.UNKNOWN: "stroke:orange",
    EdgeStyle.INTENDED: "stroke:green",
    EdgeStyle.CLOSED: "stroke:gray,stroke-dasharray:8 4",
}
LEGEND = "thick: open, dotted: unknown, dashed: closed, green: the intended path"
RELEASES = "release: whether npm accepts the next release that way"
NOTHING = "No package was looked at"
ENDS: Mapping[str, str] = {}


def render(report: Report, style: Style) -> str:  # noqa: ARG001  (every format takes a style)
    """The drawing, in ASCII. What is too much for Mermaid is counted in a node of its own."""
    packages = worst_first(report.publishing.packages) if report.publishing else []
    start = f"flowchart LR\n  %% {REDACTED}" if report.redacted else "flowchart LR"
    if not packages:
        return f"{start}\n  %% {NOTHING}\n"
    return drawn(packages, start, whole=not report.partial)


def drawn(
    packages: Sequence[PackagePaths],
    start: str = "flowchart LR",
    *,
    whole: bool = True,
    ends: Mapping[str, str] = ENDS,
    legend: str = LEGEND,
) -> str:
    """Packages, or what else paths end in, with the paths to them.

    Args:
        packages: those that matter most first.
        start: the first lines.
        whole: the run went to its end.
        ends: what the paths end in, by its name, where that is not a package.
        legend: what the lines mean.
    """
    number = len(packages)
    while True:
        drawing = Drawing(packages[:number], ends)
        first = f"{start}\n  %% {legend}"
        if any(edge.release for edge in drawing.edges):
            first += f"\n  %% {RELEASES}"
        text = _text(first, drawing, len(packages) - number, whole=whole)
        if number == 1 or (len(drawing.edges) <= MOST_EDGES and len(text) <= MOST_TEXT):
            return text
        number = number * 3 // 4


def _text(start: str, drawing: Drawing, left_out: int, *, whole: bool) -> str:
    lines = [start]
    if not whole:
        lines.append(f'  part["{NOT_WHOLE}"]')
    lines += [f"  {_node(node)}" for node in drawing.nodes]
    if left_out:
        lines.append(f'  rest["and {left_out} more packages, in the JSON report"]')
    lines += [f"  {_edge(edge)}" for edge in drawing.edges]
    for line, look in STYLES.items():
        numbers = [str(at) for at, edge in enumerate(drawing.edges) if edge.line is line]
        if numbers:
            lines.append(f"  linkStyle {','.join(numbers)} {look}")
    return "\n".join(lines) + "\n"


def _node(node: Node) -> str:
    label = f'"{escape(f"{node.kind} {node.name}")}"'
    return f"n{node.number}[[{label}]]" if node.kind == PACKAGE else f"n{node.number}[{label}]"


def _edge(edge: Edge) -> str:
    mark = ""
    if edge.last:
        mark = (
            f"|{edge.line}|" if edge.release is None else f"|{edge.line}, release {edge.release}|"
        )
    return f"n{edge.start} {ARROWS[edge.line]}{mark} n{edge.end}"


def escape(text: str) -> str:
    """The text for a quoted label: every character that could mean something, by its number."""
    return "".join(
        text[at] if PLAIN.match(text, at) else f"#{ord(text[at])};" for at in range(len(text))
    )
