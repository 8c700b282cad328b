"""Finds another program that may be started: by its absolute path, and put there by no other user.

It is looked for in the absolute folders of `PATH`, never in the working directory. It, and the
folders above it, belong to the user or the administrator, and no one else can write to them. On
Windows that is not looked at.
"""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

from hardenme.ground.errors import UnsafeFileError

WINDOWS = sys.platform == "win32"


def find(name: str, path: str) -> Path | None:
    """The first program of that name in the absolute folders of a `PATH`; None for none.

    An empty or relative entry means the working directory or a folder below it, and is passed over.
    """
    file = f"{name}.exe" if WINDOWS else name
    for entry in path.split(os.pathsep):
        place = Path(entry)
        if entry and place.is_absolute():
            program = place / file
            if program.is_file() and os.access(program, os.X_OK):
                return program
    return None


def demand_own(found: Path) -> Path:
    """The program behind any links, once no one else can have put it there.

    Raises:
        UnsafeFileError: someone else could have.
    """
    name = found.stem
    try:
        program = found.resolve(strict=True)
        if not WINDOWS:
            _demand_unshared(name, program)
            for folder in dict.fromkeys((found.parent.resolve(), program.parent)):
                _demand_unshared(name, folder)
                for above in folder.parents:
                    _demand_unshared(name, above, sticky=True)
    except OSError as error:
        raise UnsafeFileError(f"{found} was not run: {error.strerror}") from None
    return program


def _demand_unshared(name: str, path: Path, *, sticky: bool = False) -> None:
    """In a sticky folder, as /tmp is one, no one can put anything in another's place."""
    status = path.stat()
    if not hasattr(os, "getuid") or status.st_uid not in {os.getuid(), 0}:
        raise UnsafeFileError(f"{name} was not run: {path} belongs to someone else")
    if sticky and status.st_mode & stat.S_ISVTX:
        return
    if status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise UnsafeFileError(
            f"{name} was not run: others can write to {path}; run: chmod go-w {path}"
        )
