"""Writes files whole or not at all, with mode 0600."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path


class OutputError(Exception):
    """A file that cannot be written; the text says which and why."""


class PrivateFile:
    """A file that takes its name only when it is whole.

    Making one opens a temporary file beside the target, so that an unwritable place is found out
    before the work and not after it.

    Raises:
        OutputError: the place is not writable, or the target is no regular file.
    """

    def __init__(self, target: Path) -> None:
        self.target = target
        try:
            if target.exists() and not target.is_file():
                raise OutputError(f"{target} is no regular file")
            self._handle, self._temporary = tempfile.mkstemp(
                dir=target.parent, prefix=f".{target.name[:50]}."
            )
        except OSError as error:
            raise OutputError(f"{target} cannot be written: {error.strerror}") from None
        self._open = True

    def write(self, text: str | Iterable[str]) -> None:
        """Write the text, whole or in pieces, and give the file its name.

        Raises:
            OutputError: the disk is full, or the place went away; what was there before stays.
        """
        self._open = False
        try:
            with os.fdopen(self._handle, "w", encoding="utf-8", newline="\n") as file:
                file.writelines((text,) if isinstance(text, str) else text)
                file.flush()
                os.fsync(file.fileno())
            Path(self._temporary).replace(self.target)
        except OSError as error:
            Path(self._temporary).unlink(missing_ok=True)
            raise OutputError(f"{self.target} cannot be written: {error.strerror}") from None
        except BaseException:
            Path(self._temporary).unlink(missing_ok=True)
            raise

    def discard(self) -> None:
        """Leave no trace, unless the file has its name already."""
        if self._open:
            self._open = False
            os.close(self._handle)
            Path(self._temporary).unlink(missing_ok=True)
