"""The first line of a journal: the run that a journal is of, and when it began.

What is written belongs to one run. Another run, with other options or another token, does not
take it for its own.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BufferedRandom
from pathlib import Path

from hardenme.codec.text import line, parsed
from hardenme.codec.typed import Codec
from hardenme.codec.version import demand_version
from hardenme.ground.errors import OtherVersionError, StoredError, UnsafeFileError
from hardenme.ground.private import opened
from hardenme.model.secret import Secret

LONGEST = timedelta(hours=24)
"""An answer that is older is asked for again."""
CODEC = Codec()


@dataclass(frozen=True, slots=True)
class JournalRun:
    """What a journal is bound to: another run must not take its findings for its own.

    Attributes:
        version: of hardenme.
        hosts: the addresses that are asked.
        settings: everything that changes what is asked or judged, as text.
        tokens: the credentials; the journal holds a keyed digest of them, which reveals nothing.
    """

    version: str
    hosts: tuple[str, ...]
    settings: str
    tokens: tuple[Secret, ...]

    def digest(self, salt: bytes) -> str:
        """A keyed digest of all of it."""
        parts = [self.version, *self.hosts, self.settings, *(t.reveal() for t in self.tokens)]
        text = json.dumps(parts).encode(errors="surrogatepass")
        return hmac.new(salt, text, hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True)
class JournalHead:
    """The first line.

    Attributes:
        format: the version of the form.
        started: when the run did.
        salt: what the digest is made with, in hex digits.
        run: the digest of what the run is bound to.
    """

    format: int
    started: datetime
    salt: str
    run: str


def begin_journal(
    path: Path, run: JournalRun, now: datetime, version: int
) -> tuple[BufferedRandom, datetime]:
    """Begin a file, which has its first line; an older one of the same name goes.

    Args:
        version: of the form of what follows.

    Raises:
        OSError: the place is not writable.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    file = os.fdopen(handle, "w+b")
    salt = secrets.token_bytes(16)
    head = JournalHead(version, now.astimezone(UTC), salt.hex(), run.digest(salt))
    file.write(line(CODEC.write(head)).encode() + b"\n")
    file.flush()
    return file, head.started


def continue_journal(
    path: Path, run: JournalRun, now: datetime, version: int
) -> tuple[BufferedRandom, datetime]:
    """Open a file after its first line; returns when its run began.

    Raises:
        StoredError: there is none, it is of another run, it is too old, or others may have
            written it.
    """
    try:
        with opened(path, os.O_RDWR) as handle:
            file = os.fdopen(os.dup(handle), "r+b")
    except UnsafeFileError as error:
        raise StoredError(f"what the interrupted run left is not read: {error}") from None
    except OSError:
        text = "there is no interrupted run to continue; run again without --resume"
        raise StoredError(text) from None
    try:
        return file, _same(file.readline(), run, now, version)
    except StoredError:
        file.close()
        raise


def append(file: BufferedRandom, text: bytes) -> int:
    """Write a line at the end; returns where it begins.

    A process that is killed loses nothing that it has written to the system.

    Raises:
        OSError: it cannot be written whole, as where the disk is full; the file is as it was.
    """
    raw = file.raw
    at, end = raw.tell(), raw.seek(0, os.SEEK_END)
    rest = memoryview(text)
    try:
        while rest:
            rest = rest[raw.write(rest) or 0 :]
    except OSError:
        raw.truncate(end)
        raise
    finally:
        # The next read begins where the last one ended.
        raw.seek(at)
    return end


def _same(text: bytes, run: JournalRun, now: datetime, version: int) -> datetime:
    """When the resumed run began; it is the same run.

    Raises:
        StoredError: it is another one, or too old.
    """
    try:
        raw = parsed(text)
        if isinstance(raw, dict):
            demand_version(raw.get("format"), version)
        head = CODEC.read(JournalHead, raw)
        salt = bytes.fromhex(head.salt)
    except OtherVersionError as error:
        raise StoredError(f"the interrupted run left a journal that is not read: {error}") from None
    except ValueError:
        raise StoredError("the interrupted run left no journal that can be read") from None
    if not hmac.compare_digest(head.run.encode(), run.digest(salt).encode()):
        raise StoredError("the interrupted run had another token, host, version or other options")
    if not timedelta(0) <= now - head.started < LONGEST:
        raise StoredError("the interrupted run is more than a day old")
    return head.started
