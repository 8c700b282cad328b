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
BY_GROUP = 0o040
"""That its group can read it."""
ROOT = 0


def private_text(path: Path, forbidden: int = OTHERS) -> str:
    """The text of a regular file that its owner alone can read.

    The administrator may also let a group read it that this process is in. Kubernetes mounts a
    secret so for a pod with an `fsGroup`: owner root, mode 0440.

    Args:
        forbidden: the rights that the file must not give.

    Raises:
        CredentialError: it is none.
    """
    close_to_others()
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except PermissionError as error:
        raise CredentialError(f"{path} cannot be read: {_why(path, error)}") from None
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
        if status.st_uid not in {os.geteuid(), 0}:
            raise CredentialError(f"{path} belongs to someone else")
        if status.st_mode & forbidden & ~_granted(status):
            raise CredentialError(f"{path} can be read by others; run: chmod 600 {path}")


def _granted(status: os.stat_result) -> int:
    """The rights of others that root gives on purpose: to read a file of its own, to our group.

    To root itself, a file that it can write is one of its own, and a mount is read-only.
    """
    mounted = status.st_uid == ROOT and (os.geteuid() != ROOT or not status.st_mode & stat.S_IWUSR)
    ours = status.st_gid in {os.getegid(), *os.getgroups()}
    return BY_GROUP if mounted and ours else 0


def _why(path: Path, error: OSError) -> str:
    """Why a file is refused to this process, with what resolves it."""
    try:
        owner = path.stat().st_uid
    except OSError:
        owner = None
    if not hasattr(os, "getuid") or owner in {None, os.geteuid()}:
        return f"{error.strerror}"
    return (
        f"it belongs to the user with the ID {owner}, and this process runs as {os.geteuid()}. In"
        " Kubernetes, set `fsGroup` in the pod's `securityContext`"
    )
