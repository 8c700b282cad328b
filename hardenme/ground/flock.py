"""Locks on open files, which the system lets go of when the process ends.

Source: flock(2). Windows has no such lock, and none is taken there: two runs cost only additional
requests, and interleaved lines are detected.
"""

from __future__ import annotations

import sys

if sys.platform == "win32":
    EXIST = False

    def take(handle: int, *, shared: bool = False) -> None:
        """Do nothing."""

    def let_go(handle: int) -> None:
        """Do nothing."""

else:
    import fcntl

    EXIST = True

    def take(handle: int, *, shared: bool = False) -> None:
        """Take the lock at once; `shared` lets others do so, too.

        Raises:
            BlockingIOError: another process holds it.
            OSError: there is no lock on such a file.
        """
        fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)

    def let_go(handle: int) -> None:
        """Let others take it."""
        fcntl.flock(handle, fcntl.LOCK_UN)
