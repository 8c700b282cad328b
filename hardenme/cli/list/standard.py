"""The controls of a published standard, as `hardenme list --standard` shows them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from hardenme.cli.terminal.console import Console
from hardenme.codec.layout import Layout
from hardenme.engine.standards import find_standard
from hardenme.model.standard import Control, Standard, Support
from hardenme.reports.columns import paragraph
from hardenme.reports.form import EMPTY
from hardenme.reports.printed import PrintedDocument, as_json, printed

INDENT = "    "
READABLE = 100
"""Columns of a sentence at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardDocument(PrintedDocument):
    """The controls of a published standard.

    Attributes:
        standard: its members are merged into this object.
    """

    standard: Standard


FORM = printed(
    {
        StandardDocument: Layout(flat="standard"),
        Control: Layout(("key", "title", "support", "checks", "gap"), shapes={"gap": EMPTY}),
    }
)


def show(console: Console, name: str, form: str, codes: Collection[str] | None) -> int:
    """Print a standard's controls; returns the exit code.

    Args:
        form: `table` or `json`.
        codes: of the controls, those that one of these checks answers; None for all.
    """
    standard = find_standard(name)
    controls = [
        control
        for control in standard.controls
        if codes is None or not set(codes).isdisjoint(control.checks)
    ]
    if form == "json":
        shown = StandardDocument(standard=replace(standard, controls=tuple(controls)))
        console.print(as_json(shown, FORM))
    else:
        for line in _table(console, standard, controls):
            console.print(f"{line}\n")
    return 0


def _table(console: Console, standard: Standard, controls: list[Control]) -> Iterator[str]:
    """One line a control for a pipe; on a terminal, its checks follow below."""
    wide = max((len(control.key) for control in controls), default=0)
    least = max(map(len, Support))
    for control in controls:
        checks = " ".join(control.checks)
        if console.wraps:
            yield from _lines(f"{control.key}  {control.title}", console, "")
            yield from _lines(f"{control.support}{f': {checks}' if checks else ''}", console)
            if control.gap:
                yield from _lines(control.gap, console)
        else:
            head = f"{control.key:<{wide}}  {control.support:<{least}}  {control.title}"
            yield "  ".join(filter(None, (head, checks and f"[{checks}]", control.gap)))
    yield from _lines(_closing(standard, controls), console, "")


def _lines(text: str, console: Console, indent: str = INDENT) -> list[str]:
    if not console.wraps:
        return [text]
    hang = 0 if indent else len(INDENT)
    return paragraph(text, min(console.width, READABLE), indent=len(indent), hang=hang)


def _closing(standard: Standard, controls: list[Control]) -> str:
    counted = Counter(control.support for control in controls)
    how = ", ".join(f"{counted[support]} {support}" for support in Support)
    number = f"{len(controls)} control" if len(controls) == 1 else f"{len(controls)} controls"
    return (
        f"{number} of {standard.title}, {standard.version}: {how};"
        f" read on {standard.read.isoformat()}, {standard.page}"
    )
