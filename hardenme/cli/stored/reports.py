"""From a stored report to its reader."""

from __future__ import annotations

from pathlib import Path
from typing import TextIO

from hardenme.cli.options.subjects import suggestion
from hardenme.cli.output.delivery import Delivery, place_of, show
from hardenme.cli.terminal.console import Console
from hardenme.codec.error import CodecError
from hardenme.ground.files import OutputError
from hardenme.model.exit_code import Exit
from hardenme.model.report import Report
from hardenme.model.text import visible
from hardenme.reports import FORMATS
from hardenme.reports.reading import load

STDIN = "-"


class UnreadableError(Exception):
    """A report that cannot be read; the text says which and why."""


def render(console: Console, source: str, delivery: Delivery, stdin: TextIO | None) -> int:
    """Read a report and hand it out; returns the exit code.

    Args:
        console: where it is printed, and where talk goes.
        source: the file, or `-` for standard input.
        delivery: where it goes, and how.
        stdin: standard input; None where it is closed.
    """
    if delivery.output_format not in FORMATS:
        names = ", ".join(FORMATS)
        near = suggestion(delivery.output_format, FORMATS)
        console.say(f"--format takes one of: {names}; not {delivery.output_format!r}{near}")
        return Exit.USAGE
    try:
        place = place_of(delivery)
    except OutputError as error:
        console.say(str(error))
        return Exit.USAGE
    try:
        return show(console, stored(source, stdin), delivery, place)
    except UnreadableError as error:
        console.say(str(error))
        return Exit.USAGE
    finally:
        if place is not None:
            place.discard()


def stored(source: str, stdin: TextIO | None) -> Report:
    """The report of a file, or of standard input where the file is `-`.

    Raises:
        UnreadableError: it cannot be read.
    """
    name = "standard input" if source == STDIN else visible(source)
    try:
        if source != STDIN:
            with Path(source).open("rb") as file:
                return load(file)
        if stdin is None or stdin.isatty():
            raise UnreadableError(
                "name a report that `hardenme check -f json -o FILE` wrote, or pipe one in"
            )
        return load(stdin.buffer)
    except CodecError as error:
        raise UnreadableError(f"{name} is not a report to read: {error}") from None
    except (OSError, ValueError) as error:
        # A file's name may hold what no file's name can.
        why = getattr(error, "strerror", None) or "no file has such a name"
        raise UnreadableError(f"{name} cannot be read: {why}") from None
