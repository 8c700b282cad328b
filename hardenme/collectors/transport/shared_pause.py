"""A pause that all processes of this machine keep, where one of them was asked for it.

GitHub does not say whether it counts its secondary limits by token, by app or by address: "Rate
limits for the REST API". So what one installation of an app is asked for, the others keep as well.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from pathlib import Path

from hardenme.collectors.transport.pace import LONGEST_WAIT
from hardenme.ground import clock
from hardenme.ground.errors import OutputError, UnsafeFileError
from hardenme.ground.files import PrivateFile
from hardenme.ground.private import private_folder

MOST = 40
"""Characters of a time."""


class SharedPause:
    """Until when no process asks with one credential, or with one that shares its limit.

    It is kept in a file. Where none can be kept, each process only has its own pauses.

    Args:
        folder: where pauses are kept; it is made when it is needed.
        whose: the address that is asked, and what shares the limit.
    """

    def __init__(self, folder: Path, whose: str) -> None:
        self._folder = folder
        self._name = hashlib.sha256(whose.encode()).hexdigest()[:32] + ".until"
        self._seen = 0.0

    def extend(self, seconds: float) -> None:
        """No one asks for so long."""
        until = clock.now().timestamp() + seconds
        self._seen = max(self._seen, until)
        with suppress(OSError, OutputError, UnsafeFileError):
            folder = private_folder(self._folder.parent, self._folder.name)
            if until > self._until():
                PrivateFile(folder / self._name).write(f"{until:.3f}")

    def news(self) -> float:
        """The seconds of a pause that another process was asked for since the last look, or 0."""
        until = self._until()
        if until <= self._seen:
            return 0.0
        self._seen = until
        return max(until - clock.now().timestamp(), 0.0)

    def _until(self) -> float:
        """When the pause ends, since the epoch; 0 if there is none, or none that can be."""
        try:
            with (self._folder / self._name).open(encoding="ascii") as file:
                until = float(file.read(MOST))
        except (OSError, ValueError):
            return 0.0
        return until if until - clock.now().timestamp() <= LONGEST_WAIT else 0.0
