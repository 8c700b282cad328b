"""A Markdown report that is written into a file that holds more."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from hardenme.cli.terminal.console import Console
from hardenme.ground.errors import OutputError
from hardenme.reports.inplace import has_marks, reopened, updated

LARGEST = 1 << 24
"""Bytes of a file that is searched for marks."""


def before(target: Path) -> str:
    """The text of a file that has a place for a report; empty if there is no such file.

    A link is replaced, not followed, so what it leads to is not looked at.

    Raises:
        OutputError: it cannot be read, or it is not clear where the place begins and ends.
    """
    try:
        if target.is_symlink() or not target.is_file():
            return ""
        too_large = target.stat().st_size > LARGEST
        data = b"" if too_large else target.read_bytes()
    except OSError as error:
        raise OutputError(f"{target} cannot be read: {error.strerror}") from None
    if too_large:
        raise OutputError(f"{target} is too large to be searched for the marks of a report")
    if b"hardenme:begin" not in data and b"hardenme:end" not in data:
        return ""
    try:
        text = data.decode()
        return text if has_marks(text) else ""
    except UnicodeDecodeError:
        raise OutputError(f"{target} has marks of a report and is not text in UTF-8") from None
    except OutputError as error:
        raise OutputError(f"{target} is left as it is: {error}") from None


def in_place(console: Console, pieces: Iterable[str], target: Path) -> Iterable[str]:
    """The new content of the file: the report, and around it what was there before.

    Raises:
        OutputError: the file was changed since the run began, so that its marks are not clear.
    """
    text = before(target)
    if not text:
        return pieces
    report = "".join(pieces)
    if again := reopened(text, report):
        boxes = "1 ticked box was" if again == 1 else f"{again} ticked boxes were"
        console.say(f"{boxes} cleared in {target}: their findings are still there")
    return (updated(text, report),)
