"""Writes files whole or not at all, with mode 0600."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from hardenme.ground.errors import OutputError


class PrivateFile:
    """A file that takes its name only when it is complete.

    It opens a temporary file next to the target, so that an unwritable place is found before the
    work and not after it.

    Raises:
        OutputError: the place is not writable, or the target is not a regular file.
    """

    def __init__(self, target: Path) -> None:
        self.target = target
        try:
            if target.exists() and not target.is_file():
                raise OutputError(f"{target} is not a regular file")
            self._handle, self._temporary = tempfile.mkstemp(
                dir=target.parent, prefix=f".{target.name[:50]}."
            )
        except OSError as error:
            raise OutputError(f"{target} cannot be written: {error.strerror}") from None
        self._open = True
        self._kept = False

    def write(self, text: str | Iterable[str]) -> None:
        """Write the text, whole or in pieces, and give the file its name.

        Raises:
            OutputError: the disk is full, or the place went away; what was there before stays.
        """
        self.fill(text)
        self.keep()

    def fill(self, text: str | Iterable[str]) -> None:
        """Write the text, whole or in pieces; the file has no name yet.

        Raises:
            OutputError: the disk is full, or the place went away; what was there before stays.
        """
        self._open = False
        try:
            with os.fdopen(self._handle, "w", encoding="utf-8", newline="\n") as file:
                file.writelines((text,) if isinstance(text, str) else text)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            self.discard()
            raise OutputError(f"{self.target} cannot be written: {error.strerror}") from None
        except BaseException:
            self.discard()
            raise

    def keep(self) -> None:
        """Give the file its name, in place of what had it before.

        Raises:
            OutputError: the place went away; what was there before stays.
        """
        try:
            Path(self._temporary).replace(self.target)
        except OSError as error:
            self.discard()
            raise OutputError(f"{self.target} cannot be written: {error.strerror}") from None
        self._kept = True
        # The name lasts through a power failure once its folder is on the disk as well.
        with contextlib.suppress(OSError):
            folder = os.open(self.target.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)

    def discard(self) -> None:
        """Leave no trace, unless the file has its name already."""
        if self._open:
            self._open = False
            os.close(self._handle)
        if not self._kept:
            self._kept = True
            Path(self._temporary).unlink(missing_ok=True)


def create_once(target: Path, content: bytes) -> bool:
    """Give a file its name once it is complete; returns whether no other file had the name.

    Raises:
        OSError: it cannot be written.
    """
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:50]}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(temporary, target)
        except FileExistsError:
            return False
        return True
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()


def write_parts(first: PrivateFile, parts: Iterable[str | Iterable[str]]) -> tuple[Path, ...]:
    """Write several files: the first under its name, the others as `NAME-2`, `NAME-3`, and so on.

    They take their names when all of them are complete. Each part is read to its end before the
    next.

    Raises:
        OutputError: one of them cannot be written; what was there before stays.
    """
    files: list[PrivateFile] = []
    try:
        for number, part in enumerate(parts, 1):
            file = first if number == 1 else PrivateFile(part_of(first.target, number))
            files.append(file)
            file.fill(part)
        # The first is the one that is looked for: when it has its name, the others are there.
        for file in reversed(files):
            file.keep()
    finally:
        for file in files:
            file.discard()
    return tuple(file.target for file in files)


def part_of(target: Path, number: int) -> Path:
    """The name of a further part: `report-2.sarif` next to `report.sarif`."""
    return target.with_name(f"{target.stem}-{number}{target.suffix}")
