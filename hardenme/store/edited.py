"""Changes a text file that people edit, too: whole or not at all, and one at a time."""

from __future__ import annotations

import hashlib
import os
import secrets
import stat
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from hardenme.ground.errors import OutputError, UnsafeFileError
from hardenme.ground.private import PLAIN, held, opened, read_whole

LARGEST = 256 * 1024
"""Bytes of a file that is changed."""
PRIVATE, PUBLIC = 0o600, 0o666
"""The rights of a file that is made; of the second the process's mask is taken away."""


@dataclass(frozen=True, slots=True)
class _Before:
    """What was there.

    Attributes:
        text: what it held.
        status: of the file; None if there was none.
    """

    text: str
    status: os.stat_result | None = None


def edit(path: Path, change: Callable[[str], str], *, locks: Path, private: bool) -> bool:
    """Change a file; whether it was changed. A file that is not there holds nothing.

    A file keeps its permissions. If its lines end with a carriage return and a line feed, `change`
    sees line feeds only. Its result is written with the file's line ends.

    Args:
        change: from the text to another one.
        locks: the folder of locks, so that two of us do not change it at once.
        private: whether it, and its folder, is for its owner alone, where it has to be made.

    Raises:
        OutputError: others than its owner could have written it, it cannot be written, or someone
            changed it at the same time. What was there stays.
    """
    try:
        with _turn(locks, path):
            before = _read(path)
            crlf = before.text.count("\n") == before.text.count("\r\n") > 0
            text = before.text.replace("\r\n", "\n") if crlf else before.text
            changed = change(text)
            if changed == text:
                return False
            data = (changed.replace("\n", "\r\n") if crlf else changed).encode()
            if private:
                path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _replace(path, data, before.status, PRIVATE if private else PUBLIC)
            return True
    except UnsafeFileError as error:
        raise OutputError(str(error)) from None
    except OSError as error:
        raise OutputError(str(error.strerror)) from None


@contextmanager
def _turn(locks: Path, path: Path) -> Iterator[None]:
    """While it lasts, no other process of this user changes the file through this function.

    Where there is no place for a lock there is none; what someone else wrote is found out.
    """
    name = hashlib.sha256(os.fsencode(os.path.abspath(path))).hexdigest()[:32]  # noqa: PTH100 (links stay)
    with ExitStack() as stack:
        try:
            locks.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = opened(locks / f"edit-{name}.lock", os.O_RDWR | os.O_CREAT)
            handle = stack.enter_context(lock)
        except OSError:
            yield
            return
        stack.enter_context(held(handle))
        yield


def _read(path: Path) -> _Before:
    """What the file holds.

    Raises:
        UnsafeFileError: it is none that can be changed.
        OSError: it cannot be read.
    """
    if path.is_symlink():
        raise UnsafeFileError("it is a link to elsewhere")
    try:
        # Opening a device or a pipe can do something: those are not opened at all.
        _demand_regular(path.lstat())
        handle = os.open(path, os.O_RDONLY | PLAIN)
    except FileNotFoundError:
        return _Before("")
    try:
        status = os.fstat(handle)
        _demand_regular(status)
        _demand_own(status)
        text = read_whole(handle, LARGEST).decode("utf-8")
    except UnicodeDecodeError:
        raise UnsafeFileError("it is not UTF-8 text") from None
    finally:
        os.close(handle)
    return _Before(text, status)


def _demand_regular(status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise UnsafeFileError("it is not a regular file")


def _demand_own(status: os.stat_result) -> None:
    if hasattr(os, "getuid") and status.st_uid != os.getuid():
        raise UnsafeFileError("it belongs to someone else")
    if not status.st_mode & stat.S_IWUSR:
        raise UnsafeFileError("it is read-only")
    if hasattr(os, "getuid") and status.st_mode & stat.S_IWOTH:
        raise UnsafeFileError("everybody can write it; run: chmod o-w on it")


def _replace(path: Path, data: bytes, before: os.stat_result | None, mode: int) -> None:
    """Give the data the file's name, once they are on the disk.

    Raises:
        UnsafeFileError: the file is another one than was read.
        OSError: it cannot be written.
    """
    beside = path.with_name(f".{path.name[:50]}.{secrets.token_hex(6)}")
    mode = mode if before is None else stat.S_IMODE(before.st_mode) & 0o777
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | PLAIN, mode)
    try:
        with os.fdopen(handle, "wb") as file:
            if before is not None and hasattr(os, "fchmod"):
                # What the process's mask took away was there.
                os.fchmod(handle, mode)
            file.write(data)
            file.flush()
            os.fsync(handle)
        _demand_same(before, _status(path))
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def _demand_same(before: os.stat_result | None, now: os.stat_result | None) -> None:
    if _identity(before) != _identity(now):
        raise UnsafeFileError("something else changed it at the same time; try again")


def _status(path: Path) -> os.stat_result | None:
    try:
        return path.lstat()
    except FileNotFoundError:
        return None


def _identity(status: os.stat_result | None) -> tuple[int, ...]:
    """What distinguishes this file and its content from another."""
    if status is None:
        return ()
    return (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)
