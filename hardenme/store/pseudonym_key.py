"""The key that pseudonyms are made with: one for each user of a machine."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

from hardenme.ground.errors import StoredError, UnsafeFileError
from hardenme.ground.private import opened, read_whole

NAME = "pseudonyms.key"
LENGTH = 32


def pseudonym_key(folder: Path) -> bytes:
    """The key in a folder; it is made where there is none.

    Raises:
        StoredError: it cannot be read or made.
    """
    path = folder / NAME
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            _make(path)
        with opened(path, os.O_RDONLY) as handle:
            key = read_whole(handle, LENGTH)
    except UnsafeFileError as error:
        raise StoredError(f"the key of pseudonyms is not used: {error}") from None
    except OSError as error:
        raise StoredError(
            f"the key of pseudonyms, {path}, cannot be kept: {error.strerror}"
        ) from None
    if len(key) != LENGTH:
        raise StoredError(f"{path} holds no whole key; remove it, and pseudonyms begin anew")
    return key


def has_pseudonym_key(folder: Path) -> bool:
    """Whether there is a key, and so pseudonyms that someone may have."""
    return (folder / NAME).is_file()


def _make(path: Path) -> None:
    """Write a key to a temporary file and link it: the first writer wins, and the key is complete.

    Raises:
        FileExistsError: there is one.
    """
    if path.is_symlink() or path.exists():
        raise FileExistsError
    temporary = path.with_name(f".{NAME}.{secrets.token_hex(8)}")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        try:
            os.write(handle, secrets.token_bytes(LENGTH))
            os.fsync(handle)
        finally:
            os.close(handle)
        os.link(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
