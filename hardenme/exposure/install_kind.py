"""How a command installs packages of npm."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from hardenme.locks.ranges import VersionRange

LONGEST = 100
"""Characters of a command that are shown."""


class InstallKind(Enum):
    """How a command installs."""

    LOCKED = auto()
    """What the lock file says, or nothing."""
    FROM_MANIFEST = auto()
    """What the lock file says where it fits `package.json`, else what the ranges admit."""
    NEWEST = auto()
    """What the ranges of `package.json` admit."""
    NAMED = auto()
    """Packages that the command names."""
    UNREAD = auto()
    """It runs something that was not read."""


@dataclass(frozen=True, slots=True)
class Install:
    """A command that installs, or may.

    Attributes:
        text: the command, shortened.
        named: what it names, like `axios@^1.0.0`.
        client: whose lock file decides, by its key in `locks.reading.CLIENTS`; empty for none.
        versions: what the client can be, one span for each; none where that is not known.
    """

    kind: InstallKind
    text: str
    named: tuple[str, ...] = ()
    client: str = ""
    versions: tuple[VersionRange, ...] = ()
