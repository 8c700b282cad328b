"""The lines of `recent` that a person can confirm by their id, in a private file."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from hardenme.codec.text import parsed, spaced
from hardenme.codec.typed import Codec
from hardenme.codec.version import versioned
from hardenme.ground.errors import ContentError, OutputError, StoredError, UnsafeFileError
from hardenme.ground.files import PrivateFile
from hardenme.ground.private import ABSENT, held, opened, read_whole
from hardenme.model.confirm import ConfirmLine
from hardenme.model.secret import redacted

NAME, LOCK = "to-confirm.json", "to-confirm.lock"
FORMAT = 1
LARGEST = 16 * 1024 * 1024
FORGOTTEN = timedelta(days=30)
"""After that, a line that no run has shown again cannot be confirmed."""
MOST = 500
"""Lines that are kept, the newest."""


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line, and when it was last shown."""

    at: datetime
    line: ConfirmLine


@dataclass(frozen=True, slots=True)
class _ShownLines:
    lines: tuple[ShownLine, ...]


FORM = Codec()


def lines(folder: Path) -> tuple[ShownLine, ...]:
    """All lines that can be confirmed, the last shown first.

    Raises:
        StoredError: the file is not one that only its owner can write, or cannot be read.
    """
    path = folder / NAME
    try:
        with opened(path, os.O_RDONLY) as handle:
            raw = versioned(parsed(read_whole(handle, LARGEST)), FORMAT)
        return FORM.read(_ShownLines, raw).lines
    except ABSENT:
        return ()
    except (OSError, UnsafeFileError, ContentError) as error:
        raise StoredError(_unusable(path, error)) from None


def keep(folder: Path, shown: Sequence[ConfirmLine], now: datetime) -> None:
    """Keep lines with those that were shown before.

    Raises:
        StoredError: the file cannot be written.
    """
    path = folder / NAME
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with opened(folder / LOCK, os.O_RDWR | os.O_CREAT) as handle, held(handle):
            new = [ShownLine(now, one) for one in shown]
            there = {one.line for one in new}
            old = [one for one in _usable(folder) if one.line not in there]
            recent = [one for one in old if now - one.at < FORGOTTEN]
            raw = FORM.write(_ShownLines((*new, *recent)[:MOST]))
            PrivateFile(path).write(spaced(redacted({"version": FORMAT, **raw})))
    except (OSError, UnsafeFileError, OutputError) as error:
        raise StoredError(_unusable(path, error)) from None


def _usable(folder: Path) -> tuple[ShownLine, ...]:
    """What is there; nothing if it cannot be read, since the next run shows it again."""
    try:
        return lines(folder)
    except StoredError:
        return ()


def _unusable(path: Path, error: Exception) -> str:
    told = error.strerror if isinstance(error, OSError) else str(error)
    return f"{path} cannot be used: {told}"
