"""Opens files that no one but their owner may have touched, and holds them while they are used."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hardenme.ground import flock
from hardenme.ground.errors import UnsafeFileError

ABSENT = (FileNotFoundError, NotADirectoryError)
"""What opening a file raises where there is none, and where there is no folder for it."""
PATIENCE = 10.0
"""Seconds that another process may keep a file."""
BREATH = 0.02
PLAIN = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


@contextmanager
def opened(path: Path, flags: int) -> Iterator[int]:
    """A handle to a regular file that only its owner can read and write; no link is followed.

    Raises:
        UnsafeFileError: it is none.
        OSError: it cannot be opened.
    """
    if path.is_symlink():
        raise UnsafeFileError(f"{path} is a link to elsewhere")
    handle = os.open(path, flags | PLAIN, 0o600)
    try:
        _demand_private(path, os.fstat(handle))
        yield handle
    finally:
        os.close(handle)


def _demand_private(path: Path, status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise UnsafeFileError(f"{path} is not a regular file")
    _demand_own(path, status)
    if hasattr(os, "getuid") and status.st_mode & 0o077:
        raise UnsafeFileError(f"{path} is open to others; run: chmod 600 {path}")


def _demand_own(path: Path, status: os.stat_result) -> None:
    if hasattr(os, "getuid") and status.st_uid != os.getuid():
        raise UnsafeFileError(f"{path} belongs to someone else")


def private_folder(base: Path, *names: str) -> Path:
    """A folder below another, for its owner alone; what is missing is made, whatever the umask.

    The base may be reached by a link, which is the user's own choice; below it none is followed.

    Raises:
        UnsafeFileError: someone else could put something there.
        OSError: it cannot be made.
    """
    _make(base)
    status = base.stat()
    _demand_own(base, status)
    if os.name == "posix" and status.st_mode & 0o022:
        raise UnsafeFileError(f"others can write {base}; run: chmod go-w {base}")
    path = base
    for name in names:
        path = path / name
        _make(path)
        if path.is_symlink():
            raise UnsafeFileError(f"{path} is a link to elsewhere")
        status = path.stat()
        _demand_own(path, status)
        if os.name == "posix" and status.st_mode & 0o077:
            path.chmod(0o700)
    return path


def demand_private_folder(path: Path) -> None:
    """See to it that a folder is there, and that no one else can put something there or read it.

    Raises:
        UnsafeFileError: someone else can.
        OSError: there is none.
    """
    if path.is_symlink():
        raise UnsafeFileError(f"{path} is a link to elsewhere")
    status = path.stat()
    if not stat.S_ISDIR(status.st_mode):
        raise NotADirectoryError(f"{path} is not a folder")
    _demand_own(path, status)
    if os.name == "posix" and status.st_mode & 0o077:
        raise UnsafeFileError(f"{path} is open to others; run: chmod 700 {path}")


def _make(path: Path) -> None:
    missing = [one for one in (path, *path.parents) if not one.exists()]
    for one in reversed(missing):
        one.mkdir(mode=0o700, exist_ok=True)


@contextmanager
def held(handle: int, *, shared: bool = False) -> Iterator[None]:
    """Keep other processes from writing, and from reading unless `shared`.

    Raises:
        UnsafeFileError: another process keeps it for too long.
    """
    end = time.monotonic() + PATIENCE
    while True:
        try:
            flock.take(handle, shared=shared)
            break
        except BlockingIOError:
            if time.monotonic() > end:
                raise UnsafeFileError("another process keeps it") from None
            time.sleep(BREATH)
    try:
        yield
    finally:
        flock.let_go(handle)


def read_whole(handle: int, largest: int) -> bytes:
    """All that a file holds.

    Raises:
        UnsafeFileError: it holds more than `largest` bytes.
    """
    pieces: list[bytes] = []
    size = 0
    while piece := os.read(handle, 1 << 16):
        pieces.append(piece)
        size += len(piece)
        if size > largest:
            raise UnsafeFileError(f"it is larger than {largest} bytes")
    return b"".join(pieces)
