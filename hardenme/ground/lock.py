"""One run at a time for the same targets."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hardenme.ground import flock
from hardenme.ground.errors import LockedError


@contextmanager
def lock(folder: Path, name: str) -> Iterator[None]:
    """Hold the lock of that name in a folder; the system lets go of it when the process ends.

    Where the folder cannot be written, and on Windows, there is no lock and nothing is raised.

    Raises:
        LockedError: another process holds it.
    """
    handle = _open(folder, name)
    if handle is None:
        yield
        return
    try:
        try:
            flock.take(handle)
        except OSError as error:
            raise LockedError("another run for the same targets is under way") from error
        yield
    finally:
        os.close(handle)


def _open(folder: Path, name: str) -> int | None:
    file = hashlib.sha256(name.encode()).hexdigest()[:32] + ".lock"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return os.open(folder / file, os.O_CREAT | os.O_RDWR | getattr(os, "O_NOFOLLOW", 0), 0o600)
    except OSError:
        return None
