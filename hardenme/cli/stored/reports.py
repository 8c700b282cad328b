"""Reads a stored report from a file or standard input."""

from __future__ import annotations

import shlex
from dataclasses import replace
from pathlib import Path
from typing import TextIO

from hardenme.ground.errors import ContentError, StoredError
from hardenme.model.report import Report
from hardenme.model.text import visible
from hardenme.reports.reading import load

STDIN = "-"


def stored(source: str, stdin: TextIO | None) -> Report:
    """The report of a file, or of standard input where the file is `-`.

    Raises:
        StoredError: it cannot be read.
    """
    name = "standard input" if source == STDIN else visible(source)
    try:
        if source != STDIN:
            with Path(source).open("rb") as file:
                return replace(load(file), file=shlex.quote(source))
        if stdin is None or stdin.isatty():
            raise StoredError(
                "name a report that `hardenme check -f json -o FILE` wrote, or pipe one in"
            )
        return replace(load(stdin.buffer), file=STDIN)
    except ContentError as error:
        raise StoredError(f"{name} is not a report to read: {error}") from None
    except (OSError, ValueError) as error:
        # A file's name may hold what no file's name can.
        why = getattr(error, "strerror", None) or "no file has such a name"
        raise StoredError(f"{name} cannot be read: {why}") from None
