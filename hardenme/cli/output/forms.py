"""Forms of a command's own on their way to the reader: one `--format`, `--output` and style."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

from hardenme.cli.options.given import OptionValues
from hardenme.cli.output.delivery import Delivery, Made, hand_out
from hardenme.cli.terminal.console import Console
from hardenme.config.table.result import FORMAT, OUTPUT
from hardenme.ground.exit_code import Exit
from hardenme.ground.files import PrivateFile
from hardenme.reports.style import Style

T = TypeVar("T")


def form_asked(given: OptionValues, forms: Iterable[str]) -> Delivery:
    """In which form, and where to, by the options.

    Raises:
        UsageError: there is no form of that name.
    """
    return Delivery(
        given.one_of(FORMAT, forms),
        None if given[OUTPUT] in {"", "-"} else Path(given[OUTPUT]),
        named=given.stated(FORMAT),
    )


def style_of(
    console: Console, *, filed: bool = False, quiet: bool = False, lines: bool = False
) -> Style:
    """How a text for the terminal looks, or for a file, which has neither colours nor escapes."""
    return Style(
        console.width,
        color=console.color and not filed,
        ascii_only=console.ascii_only and not filed,
        quiet=quiet,
        lines=lines,
    )


def show_form(
    console: Console,
    delivery: Delivery,
    place: PrivateFile | None,
    shown: T,
    render: Callable[[T, str, Style], str],
) -> Exit:
    """Print or write it in the form that is wanted; the exit code is about that alone."""
    text = render(shown, delivery.output_format, style_of(console, filed=place is not None))
    return hand_out(console, Made.of(text), delivery, place)
