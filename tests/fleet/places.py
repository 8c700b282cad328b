"""Places of results: a folder, and stores that can and cannot keep a name for the first."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import fsspec
from fsspec.implementations.memory import MemoryFileSystem

from hardenme.fleet.objects import ObjectStorage
from hardenme.fleet.opening import storage_at
from hardenme.fleet.storage import FolderStorage, Storage


class CreatingFileSystem(MemoryFileSystem):  # type: ignore[misc]  # fsspec has no types
    """A store that refuses a second object of a name, whoever comes at the same moment."""

    moments: ClassVar[threading.Lock] = threading.Lock()

    def pipe_file(self, path: str, value: bytes, mode: str = "overwrite", **others: Any) -> None:
        with self.moments:
            super().pipe_file(path, value, mode, **others)


class IgnoringFileSystem(MemoryFileSystem):  # type: ignore[misc]  # fsspec has no types
    """A store that takes the condition for one that it does not know."""

    def pipe_file(self, path: str, value: bytes, mode: str = "overwrite", **others: Any) -> None:
        del mode
        super().pipe_file(path, value, **others)


@dataclass(frozen=True, slots=True)
class Place:
    """A place of results, and what lies there, for tests that break it.

    Attributes:
        storage: the same as the program sees it.
        files: fsspec's file system.
        root: the beginning of all names.
    """

    storage: Storage
    files: Any
    root: str

    def find(self, end: str, within: str = "") -> list[str]:
        """The names of all contents that end so, and are in such a part."""
        found = sorted(map(str, self.files.find(self.root)))
        return [name for name in found if name.endswith(end) and f"/{within}" in name]

    def read(self, name: str) -> bytes:
        return bytes(self.files.cat_file(name))

    def write(self, name: str, content: bytes) -> None:
        self.files.pipe_file(name, content)

    def remove(self, name: str) -> None:
        self.files.rm_file(name)


def folder(path: Path) -> Place:
    return Place(FolderStorage(path), fsspec.filesystem("file"), str(path))


def memory(path: Path) -> Place:
    """As the program opens it."""
    return Place(storage_at(f"memory:/{path}"), MemoryFileSystem(), str(path))


def store(path: Path, files: MemoryFileSystem) -> Place:
    """A store of a kind that can create once, as far as is known."""
    return Place(ObjectStorage(files, str(path), f"s3:/{path}", creates=True), files, str(path))


def creating(path: Path) -> Place:
    return store(path, CreatingFileSystem())


def ignoring(path: Path) -> Place:
    return store(path, IgnoringFileSystem())


MakePlace = Callable[[Path], Place]


@contextmanager
def empty(make: MakePlace, path: Path) -> Iterator[Place]:
    """A place with nothing in it, also afterwards: the memory is one for all."""
    yield make(path / "results")
    MemoryFileSystem.store.clear()
    del MemoryFileSystem.pseudo_dirs[1:]


KEEPING: tuple[MakePlace, ...] = (folder, creating)
"""Those in which one of many is the first."""
OVERWRITING: tuple[MakePlace, ...] = (memory, ignoring)
"""Those in which the last writer wins."""
EACH = (*KEEPING, *OVERWRITING)
