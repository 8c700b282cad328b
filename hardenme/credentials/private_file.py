"""Files that hold a credential: read only where no one but their owner can read them."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from hardenme.credentials.memory import close_to_others
from hardenme.ground.errors import CredentialError

LARGEST = 64 * 1024
OTHERS = 0o077
"""What no one but the owner may do."""


def private_text(path: Path, forbidden: int = OTHERS) -> str:
    """The text of a regular file that its owner alone can read.

    Args:
        forbidden: the rights that the file must not give.

    Raises:
        CredentialError: it is none.
    """
    close_to_others()
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except OSError as error:
        raise CredentialError(f"{path} cannot be read: {error.strerror}") from None
    try:
        _demand_private(path, os.fstat(handle), forbidden)
    except CredentialError:
        os.close(handle)
        raise
    with os.fdopen(handle, encoding="utf-8", errors="replace") as file:
        return file.read(LARGEST)


def _demand_private(path: Path, status: os.stat_result, forbidden: int) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise CredentialError(f"{path} is not a regular file")
    if hasattr(os, "getuid"):
        if status.st_uid not in {os.getuid(), 0}:
            raise CredentialError(f"{path} belongs to someone else")
        if status.st_mode & forbidden:
            raise CredentialError(f"{path} can be read by others; run: chmod 600 {path}")
