"""What a watch keeps from one cycle to the next, in a private file of its own for each watch."""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from hardenme.codec.text import parsed
from hardenme.codec.typed import Codec
from hardenme.codec.version import versioned
from hardenme.ground import clock
from hardenme.ground.errors import ContentError, OutputError, StoredError, UnsafeFileError
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
DIGEST, MEMORY = "digest", "memory"
UNFINISHED = timedelta(days=1)
"""After which a file that never took its name is removed."""
FORM = Codec(rows=(Subject, Place, InventoryItem, LastLooks, AlertMemory))
REFUSED = (
    "what earlier runs kept cannot be used: {why}. Nothing was looked at. Move {path} away to start"
    " again without it"
)


class WatchMemoryFile:
    """The file of one watch.

    Args:
        state: the state folder.
        series: the name of what is watched, for the file.

    Attributes:
        path: the file.
    """

    def __init__(self, state: Path, series: str) -> None:
        self._state = state
        self.path = state / FOLDER / f"{series}.json"
        self._refusal = self.path.with_suffix(".refused")

    def load(self) -> WatchMemory | None:
        """What the cycles before left; None if there were none.

        Raises:
            StoredError: the file is not one that this version of hardenme wrote. It stays.
        """
        try:
            with opened(self.path, os.O_RDONLY) as handle:
                raw = versioned(parsed(read_whole(handle, LARGEST)), FORMAT)
            return _memory(raw)
        except ABSENT:
            return None
        except (OSError, UnsafeFileError, ContentError) as error:
            why = error.strerror if isinstance(error, OSError) else str(error)
            raise StoredError(REFUSED.format(path=self.path, why=why)) from None

    @property
    def refused(self) -> bool:
        """Whether a refusal of the file was noted since it was last kept."""
        return self._refusal.exists()

    def note_refusal(self) -> None:
        """Note that the file was refused, and that this was sent; `keep` clears it."""
        with suppress(OutputError):
            PrivateFile(self._refusal).write("")

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
            {"version": FORMAT, DIGEST: _digest(body), MEMORY: body}, separators=(",", ":")
        )
        PrivateFile(self.path).write(f"{text}\n")
        with suppress(OSError):
            self._refusal.unlink(missing_ok=True)
        self._clear_unfinished()

    def _clear_unfinished(self) -> None:
        """Remove what runs left that were killed while they wrote; a young one may be at work."""
        before = (clock.now() - UNFINISHED).timestamp()
        for one in self.path.parent.glob(".*"):
            with suppress(OSError):
                if one.is_file() and one.stat().st_mtime < before:
                    one.unlink()


def _memory(raw: dict[str, Any]) -> WatchMemory:
    if raw.keys() != {DIGEST, MEMORY} or raw[DIGEST] != _digest(raw[MEMORY]):
        raise ContentError("it was changed or cut")
    return FORM.read(WatchMemory, raw[MEMORY])


def _digest(body: Any) -> str:
    text = json.dumps(body, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
