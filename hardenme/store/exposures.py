"""The last document of `hardenme exposed`, from which an incident can be opened."""

from __future__ import annotations

import os
from pathlib import Path

from hardenme.ground.errors import StoredError, UnsafeFileError
from hardenme.ground.files import PrivateFile
from hardenme.ground.private import ABSENT, opened, private_folder, read_whole

FOLDER, NAME = "exposed", "last.json"
LARGEST = 64 * 1024 * 1024
"""Bytes of a document."""
NONE = "No answer of `hardenme exposed` is kept. Run it first."


def keep_exposure(state: Path, text: str) -> None:
    """Keep a document in place of the one before.

    Raises:
        OutputError: it cannot be written.
        UnsafeFileError: someone else could change it.
        OSError: the folder cannot be made.
    """
    PrivateFile(private_folder(state, FOLDER) / NAME).write(text)


def last_exposure(state: Path) -> bytes:
    """The document that was kept last.

    Raises:
        StoredError: there is none, or it cannot be read.
    """
    path = state / FOLDER / NAME
    try:
        with opened(path, os.O_RDONLY) as handle:
            return read_whole(handle, LARGEST)
    except ABSENT:
        raise StoredError(NONE) from None
    except (OSError, UnsafeFileError) as error:
        told = error.strerror if isinstance(error, OSError) else str(error)
        raise StoredError(f"{path} cannot be read: {told}") from None
