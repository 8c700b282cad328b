"""Where a fleet's results and leases are: a folder, or an object store."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

from hardenme.ground import flock
from hardenme.ground.errors import OutputError, StoredError
from hardenme.ground.files import PrivateFile, create_once


class StorageLock(Protocol):
    """A lock that the system frees when the process ends, where there are such locks."""

    def take(self) -> bool:
        """Take it at once; returns whether it keeps others out.

        Raises:
            BlockingIOError: another process has it.
        """

    def let_go(self) -> None:
        """Let others take it."""


class Storage(Protocol):
    """Contents by their names, which have parts: `lanes/0a1b/lock`."""

    @property
    def creates_once(self) -> bool:
        """Whether one alone succeeds, of several that create the same name at once."""

    def shown(self, name: str) -> str:
        """The name in messages: where a person finds it."""

    def read(self, name: str, most: int) -> bytes | None:
        """At most so many bytes of a content; None if there is none.

        Raises:
            StoredError: it cannot be read.
        """

    def opened(self, name: str) -> AbstractContextManager[IO[bytes]]:
        """A content, to be read piece by piece.

        Raises:
            OSError: there is none, or it cannot be read.
            StoredError: the same, of a store.
        """

    def create(self, name: str, content: bytes) -> bool:
        """Give a content its name; returns whether no other has it.

        Raises:
            OutputError: it cannot be written.
            StoredError: it cannot be looked at.
        """

    def replace(self, name: str, content: bytes) -> None:
        """Put a content in place of one that is there; do nothing if there is none.

        Raises:
            OutputError: it cannot be written.
            StoredError: it cannot be looked at.
        """

    def fill(self, name: str, write: Callable[[IO[bytes]], None]) -> None:
        """Give what a function writes its name once it is complete, whatever had it before.

        Raises:
            OutputError: it cannot be written.
        """

    def names(self, parent: str) -> list[str]:
        """The last parts of all names directly below one.

        Raises:
            StoredError: they cannot be listed.
        """

    def remove(self, name: str) -> None:
        """Remove a content if it is there and can be removed."""

    def lock(self, name: str) -> AbstractContextManager[StorageLock]:
        """A lock of this name, not taken yet.

        Raises:
            OutputError: it cannot be written.
        """


class FileLock:
    """A lock on an open file.

    Args:
        handle: of the file.
    """

    def __init__(self, handle: int) -> None:
        self._handle = handle

    def take(self) -> bool:
        """Take it at once; returns whether it keeps others out."""
        try:
            flock.take(self._handle)
        except BlockingIOError:
            raise
        except OSError:
            # A file system without locks.
            return False
        return flock.EXIST

    def let_go(self) -> None:
        """Let others take it."""
        with suppress(OSError):
            flock.let_go(self._handle)


@dataclass(frozen=True, slots=True)
class FolderStorage:
    """A folder; its files are readable by their owner alone.

    Attributes:
        folder: need not be there yet.
    """

    folder: Path

    @property
    def creates_once(self) -> bool:
        """A name of a file is given once: link(2) fails where there is one."""
        return True

    def shown(self, name: str) -> str:
        """The path."""
        return str(self.folder / name)

    def read(self, name: str, most: int) -> bytes | None:
        """The first bytes of a file."""
        path = self.folder / name
        try:
            with path.open("rb") as file:
                return file.read(most)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise StoredError(f"{path} cannot be read: {error.strerror}") from None

    def opened(self, name: str) -> AbstractContextManager[IO[bytes]]:
        """The open file."""
        return (self.folder / name).open("rb")

    def create(self, name: str, content: bytes) -> bool:
        """Make a file that is complete from its beginning."""
        path = self.folder / name
        with _written(path):
            _make_parent(path)
            return create_once(path, content)

    def replace(self, name: str, content: bytes) -> None:
        """Replace a file by one that is complete from its beginning."""
        path = self.folder / name
        if path.exists():
            PrivateFile(path).write(content.decode("ascii"))

    def fill(self, name: str, write: Callable[[IO[bytes]], None]) -> None:
        """Write a temporary file, then give it its name."""
        path = self.folder / name
        with _written(path):
            _make_parent(path)
            handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".filled.")
            try:
                with os.fdopen(handle, "wb") as file:
                    write(file)
                Path(temporary).replace(path)
            finally:
                Path(temporary).unlink(missing_ok=True)

    def names(self, parent: str) -> list[str]:
        """The names in a folder."""
        path = self.folder / parent
        try:
            return [one.name for one in path.iterdir()]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise StoredError(f"{path} cannot be listed: {error.strerror}") from None

    def remove(self, name: str) -> None:
        """Remove a file."""
        with suppress(OSError):
            (self.folder / name).unlink()

    @contextmanager
    def lock(self, name: str) -> Iterator[StorageLock]:
        """Open a file that can be locked."""
        path = self.folder / name
        with _written(path.parent):
            _make_parent(path)
            handle = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
        try:
            yield FileLock(handle)
        finally:
            os.close(handle)


@contextmanager
def _written(path: Path) -> Iterator[None]:
    """Say of what the system refuses that this path cannot be written."""
    try:
        yield
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error.strerror}") from None


def _make_parent(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
