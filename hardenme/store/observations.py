"""What was read while a person was there, in a file, for the runs that go on without one.

The file is readable by its owner only and written whole. Each entry carries a digest of itself, so
that one that was changed or cut is not used; that it was read, and what it said, is all it tells.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from hardenme.collectors.npm.observed import Observed
from hardenme.ground.files import OutputError, PrivateFile
from hardenme.model.secret import holds_secret

NAME = "observations.json"
FORMAT = 1
LARGEST = 32 * 1024 * 1024
"""Bytes; a larger file is not one of ours."""
FORGOTTEN = timedelta(days=90)
"""Until then it is told that an answer is too old; after that, that there is none."""
Key = tuple[str, str, str]


class ObservationFile:
    """Answers by registry, account and package.

    Attributes:
        path: where they lie; made when the first answer is kept.
        failure: why the last answer could not be kept; empty where it could.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME
        self.failure = ""
        self._lock = threading.Lock()

    def find(self, registry: str, account: str, package: str) -> Observed | None:
        """The newest answer, whatever its age; None where there is none that can be trusted."""
        with self._lock:
            return self._read().get((registry, account, package))

    def keep(self, registry: str, account: str, package: str, observed: Observed) -> None:
        """Put an answer in the place of the last one; why it could not stands in `failure`."""
        with self._lock:
            entries = self._read() | {(registry, account, package): observed}
            newest = max(found.at for found in entries.values())
            kept = {k: found for k, found in entries.items() if newest - found.at < FORGOTTEN}
            self.failure = self._write(kept)

    def _write(self, entries: dict[Key, Observed]) -> str:
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            text = json.dumps({"version": FORMAT, "entries": [_entry(*e) for e in entries.items()]})
            if holds_secret(text.encode()):
                return "an answer holds a token"
            PrivateFile(self.path).write(text)
        except (OSError, OutputError) as error:
            return str(error)
        return ""

    def _read(self) -> dict[Key, Observed]:
        """Everything in the file that is whole; nothing where others could have written it."""
        try:
            data = json.loads(_text(self.path))
        except (OSError, ValueError, RecursionError):
            return {}
        if not isinstance(data, dict) or data.get("version") != FORMAT:
            return {}
        listed = data.get("entries")
        found = (_whole(raw) for raw in (listed if isinstance(listed, list) else ()))
        return dict(item for item in found if item is not None)


def _text(path: Path) -> str:
    """The text of a file of one's own.

    Raises:
        OSError: it is not there, or not only its owner can write to it.
        ValueError: it is not text.
    """
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    with os.fdopen(handle, "rb") as file:
        about = os.fstat(file.fileno())
        own = not hasattr(os, "getuid") or about.st_uid == os.getuid()
        if not (stat.S_ISREG(about.st_mode) and own) or about.st_size > LARGEST:
            raise OSError("not a file of one's own")
        if os.name == "posix" and about.st_mode & 0o022:
            raise OSError("others can write to it")
        return file.read(LARGEST).decode()


def _entry(key: Key, observed: Observed) -> dict[str, Any]:
    registry, account, package = key
    entry = {
        "registry": registry,
        "account": account,
        "package": package,
        "at": observed.at.astimezone(UTC).isoformat(),
        "body": observed.body,
    }
    return entry | {"digest": _digest(entry)}


def _digest(entry: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(entry, sort_keys=True).encode()).hexdigest()


def _whole(raw: Any) -> tuple[Key, Observed] | None:
    """An entry as it was written; None for any other."""
    if not isinstance(raw, dict):
        return None
    entry = {name: value for name, value in raw.items() if name != "digest"}
    if raw.get("digest") != _digest(entry):
        return None
    named = [entry.get(name) for name in ("registry", "account", "package", "at")]
    texts = [text for text in named if isinstance(text, str)]
    if len(texts) != len(named) or "body" not in entry:
        return None
    try:
        at = datetime.fromisoformat(texts[3])
    except ValueError:
        return None
    if at.tzinfo is None:
        return None
    return (texts[0], texts[1], texts[2]), Observed(at.astimezone(UTC), entry["body"])
