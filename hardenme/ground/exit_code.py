"""The exit codes of the commands."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """What a command says by its exit code."""

    CLEAN = 0
    FINDINGS = 1
    USAGE = 2
    UNKNOWN = 3
    NO_CREDENTIAL = 4
    NOTHING_MATCHED = 5
    UNDELIVERED = 6
    LOCKED = 75
    INTERRUPTED = 130
    TERMINATED = 143
