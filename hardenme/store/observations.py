"""What was read while a person was there, in a file, for the runs that go on without one.

The file is readable by its owner only and written atomically. Each entry has a digest of itself, so
that one that was changed or cut is not used. All it reveals is that something was read, and its
content.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from hardenme.codec.shape import Shape, demand
from hardenme.codec.text import parsed, spaced
from hardenme.codec.typed import Codec
from hardenme.codec.version import versioned
from hardenme.collectors.npm.observed import KeptObservation
from hardenme.ground.errors import ContentError, OutputError
from hardenme.ground.files import PrivateFile
from hardenme.model.secret import holds_secret

NAME = "observations.json"
FORMAT = 1
LARGEST = 32 * 1024 * 1024
"""Bytes; a larger file is not one of ours."""
FORGOTTEN = timedelta(days=90)
"""Until then an answer is reported as too old; after that, as missing."""
Key = tuple[str, str, str]


DIGEST = "digest"


@dataclass(frozen=True, slots=True)
class ObservedEntry:
    """An answer, and what it is about; the body is as the registry gave it."""

    registry: str
    account: str
    package: str
    at: datetime
    body: Any


FORM = Codec(shapes={Any: Shape(lambda body: body, lambda body: body, frozenset())})


class ObservationFile:
    """Answers by registry, account and package.

    Attributes:
        path: where they lie; made when the first answer is kept.
        failure: why the last answer could not be kept; empty if it could.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME
        self.failure = ""
        self._lock = threading.Lock()

    def find(self, registry: str, account: str, package: str) -> KeptObservation | None:
        """The newest answer, whatever its age; None if there is none that can be trusted."""
        with self._lock:
            return self._read().get((registry, account, package))

    def keep(self, registry: str, account: str, package: str, observed: KeptObservation) -> None:
        """Replace the last answer; a failure to do so is in `failure`."""
        with self._lock:
            entries = self._read() | {(registry, account, package): observed}
            newest = max(found.at for found in entries.values())
            kept = {k: found for k, found in entries.items() if newest - found.at < FORGOTTEN}
            self.failure = self._write(kept)

    def forget(self) -> None:
        """Treat everything that was read before as unknown; a failure to do so is in `failure`."""
        with self._lock:
            try:
                self.path.unlink(missing_ok=True)
            except OSError as error:
                self.failure = str(error.strerror)

    def _write(self, entries: dict[Key, KeptObservation]) -> str:
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            told = [_written(ObservedEntry(*key, one.at, one.body)) for key, one in entries.items()]
            text = spaced({"version": FORMAT, "entries": told})
            if holds_secret(text.encode()):
                return "an answer holds a token"
            PrivateFile(self.path).write(text)
        except (OSError, OutputError, ValueError) as error:
            return str(error)
        return ""

    def _read(self) -> dict[Key, KeptObservation]:
        """Everything in the file that is complete; nothing where others could have written it."""
        try:
            listed = demand(list, versioned(parsed(_data(self.path)), FORMAT).get("entries"))
        except (OSError, ContentError):
            return {}
        found = filter(None, map(_whole, listed))
        return {
            (one.registry, one.account, one.package): KeptObservation(one.at, one.body)
            for one in found
        }


def _data(path: Path) -> bytes:
    """The content of a private file.

    Raises:
        OSError: it is not there, or not only its owner can write to it.
    """
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    with os.fdopen(handle, "rb") as file:
        about = os.fstat(file.fileno())
        own = not hasattr(os, "getuid") or about.st_uid == os.getuid()
        if not (stat.S_ISREG(about.st_mode) and own) or about.st_size > LARGEST:
            raise OSError("not a file of one's own")
        if os.name == "posix" and about.st_mode & 0o022:
            raise OSError("others can write to it")
        return file.read(LARGEST)


def _written(entry: ObservedEntry) -> dict[str, Any]:
    raw: dict[str, Any] = FORM.write(entry)
    return raw | {DIGEST: _digest(raw)}


def _digest(raw: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(raw, sort_keys=True).encode()).hexdigest()


def _whole(raw: Any) -> ObservedEntry | None:
    """An entry as it was written; None for any other."""
    try:
        entry = {name: value for name, value in demand(dict, raw).items() if name != DIGEST}
        return FORM.read(ObservedEntry, entry) if raw.get(DIGEST) == _digest(entry) else None
    except ContentError:
        return None
