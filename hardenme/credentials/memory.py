"""Keeps tokens in memory from ending up on the disk: no core dump, and no look from outside.

Source: setrlimit(2), prctl(2) PR_SET_DUMPABLE. Children inherit the limit. What runs as the same
user and means harm can still get at a token by other ways, such as reading where it came from.
"""

from __future__ import annotations

import contextlib
import sys
from functools import cache

PR_SET_DUMPABLE = 4


def forbid_core_dumps() -> None:
    """Let no core file be written, by this process or a child; where there is none, do nothing."""
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 (Windows has no such module, and no core files)

        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


@cache
def close_to_others() -> None:
    """On Linux, keep the memory from dumps of every kind and from other processes of the user.

    A dump that goes to a program instead of a file heeds no limit, but it heeds this.
    """
    forbid_core_dumps()
    if sys.platform == "linux":
        import ctypes  # noqa: PLC0415 (start-up is a feature)

        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
