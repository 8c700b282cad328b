"""What a watch keeps from one cycle to the next, in a private file of its own for each watch."""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from hardenme.codec.text import parsed
from hardenme.codec.typed import Codec
from hardenme.codec.version import versioned
from hardenme.ground import clock
from hardenme.ground.errors import (
    ContentError,
    OtherVersionError,
    OutputError,
    StoredError,
    UnsafeFileError,
)
from hardenme.ground.files import PrivateFile
from hardenme.ground.private import ABSENT, opened, private_folder, read_whole
from hardenme.model.inventory import InventoryItem, Place
from hardenme.model.secret import redacted
from hardenme.model.subject import Subject
from hardenme.model.watch import AlertMemory, LastLooks, WatchMemory

FOLDER = "watch"
FORMAT = 1
LARGEST = 512 * 1024 * 1024
"""Bytes; ten thousand repositories take a tenth of that."""
DIGEST = "digest"
UNFINISHED = timedelta(days=1)
"""After which a file that never took its name is removed."""
FORM = Codec(rows=(Subject, Place, InventoryItem, LastLooks, AlertMemory))


@dataclass(frozen=True, slots=True)
class LoadedMemory:
    """What a file held.

    Attributes:
        memory: None if there is none that can be used.
        fault: why one that is there cannot be used; empty if it can, or there is none.
    """

    memory: WatchMemory | None = None
    fault: str = ""


class WatchMemoryFile:
    """The file of one watch.

    Args:
        state: the state folder.
        series: the name of what is watched, for the file.
    """

    def __init__(self, state: Path, series: str) -> None:
        self._state = state
        self.path = state / FOLDER / f"{series}.json"

    def load(self) -> LoadedMemory:
        """What the cycles before left; a file that was changed or cut is not used, and named.

        Raises:
            StoredError: another version of hardenme wrote it.
        """
        try:
            with opened(self.path, os.O_RDONLY) as handle:
                raw = versioned(parsed(read_whole(handle, LARGEST)), FORMAT)
            body = raw.get("memory")
            if raw.get(DIGEST) != _digest(body):
                return LoadedMemory(fault=f"{self.path} was changed or cut")
            return LoadedMemory(FORM.read(WatchMemory, body))
        except ABSENT:
            return LoadedMemory()
        except OtherVersionError as error:
            raise StoredError(f"{self.path} cannot be used: {error}") from None
        except (OSError, UnsafeFileError, ContentError) as error:
            told = error.strerror if isinstance(error, OSError) else str(error)
            return LoadedMemory(fault=f"{self.path} cannot be used: {told}")

    def keep(self, memory: WatchMemory) -> None:
        """Put it in the place of what was there, as a whole.

        Raises:
            OutputError: it cannot be written; what was there stays.
        """
        try:
            private_folder(self._state, FOLDER)
        except (UnsafeFileError, OSError) as error:
            raise OutputError(f"{self.path} cannot be written: {error}") from None
        body = redacted(FORM.write(memory))
        text = json.dumps(
            {"version": FORMAT, DIGEST: _digest(body), "memory": body}, separators=(",", ":")
        )
        PrivateFile(self.path).write(f"{text}\n")
        self._clear_unfinished()

    def _clear_unfinished(self) -> None:
        """Remove what runs left that were killed while they wrote; a young one may be at work."""
        before = (clock.now() - UNFINISHED).timestamp()
        for one in self.path.parent.glob(".*"):
            with suppress(OSError):
                if one.is_file() and one.stat().st_mtime < before:
                    one.unlink()


def _digest(body: Any) -> str:
    text = json.dumps(body, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
