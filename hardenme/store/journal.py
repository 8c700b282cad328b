"""The journal of a run: the findings of each repository, on disk as soon as they are known.

A run that was interrupted or killed is resumed from there. The first line identifies the run; each
further one is a repository with its findings, and with what was seen in it. An incomplete line is
left out.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO, Self

from hardenme.codec.findings import FindingLines, read_places, write_places
from hardenme.codec.text import line, parsed
from hardenme.codec.typed import Codec
from hardenme.codec.version import demand_version
from hardenme.ground.errors import OtherVersionError, StoredError, UnsafeFileError
from hardenme.ground.private import opened
from hardenme.model.finding import Finding
from hardenme.model.inventory import Place
from hardenme.model.secret import Secret
from hardenme.model.subject import Subject

LONGEST = timedelta(hours=24)
"""An answer that is older is asked for again."""
FORMAT = 4
"""Of the file's form; a reader takes no other."""


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


FORM = Codec()
ENTRY = FORM.shape(tuple[str, bool])
"""The beginning of a record: a repository's name, and whether asking again would show no more."""


class Journal:
    """A drawer of findings that is a file of mode 0600.

    Attributes:
        path: its file.
        begun: when the run began whose findings are in it.
    """

    def __init__(
        self, path: Path, file: BinaryIO, found: dict[Subject, int], begun: datetime
    ) -> None:
        self.path = path
        self.begun = begun
        self._file = file
        self._places = found
        self._final = frozenset(found)
        self._lines = FindingLines()

    @classmethod
    def start(cls, path: Path, run: JournalRun, now: datetime) -> Self:
        """Begin a new one; an older one of the same name goes.

        Raises:
            OSError: the place is not writable.
        """
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        file = os.fdopen(handle, "w+b")
        salt = secrets.token_bytes(16)
        head = JournalHead(FORMAT, now.astimezone(UTC), salt.hex(), run.digest(salt))
        file.write(line(FORM.write(head)).encode() + b"\n")
        file.flush()
        return cls(path, file, {}, head.started)

    @classmethod
    def resume(cls, path: Path, run: JournalRun, now: datetime) -> Self:
        """Resume one.

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
            begun = _same(file.readline(), run, now)
            found, end = _final_records(file)
        except StoredError:
            file.close()
            raise
        file.truncate(end)
        return cls(path, file, found, begun)

    def put(
        self,
        repository: Subject,
        findings: tuple[Finding, ...],
        places: tuple[Place, ...] = (),
        *,
        final: bool,
    ) -> None:
        """Write them; `final` is whether asking again would show no more."""
        self._places[repository] = self._file.seek(0, os.SEEK_END)
        # JSON holds a tab as its escape, so that none within a part ends it.
        parts = (self._lines.write(findings).encode(), write_places(places).encode())
        head = line([repository.name, final]).encode()
        self._file.write(b"\t".join((head, *parts)) + b"\n")
        # A process that is killed loses nothing that it has written to the system.
        self._file.flush()

    def get(self, repository: Subject) -> tuple[Finding, ...]:
        """Read the findings back."""
        return self._lines.read(self._part(repository, 1))

    def places(self, repository: Subject) -> tuple[Place, ...]:
        """Read back what was seen."""
        return read_places(self._part(repository, 2))

    def _part(self, repository: Subject, number: int) -> bytes:
        self._file.seek(self._places[repository])
        return self._file.readline().rstrip(b"\n").split(b"\t")[number]

    def known(self) -> Iterable[Subject]:
        """The repositories that the interrupted run has left final findings of."""
        return self._final

    def close(self, *, keep: bool) -> None:
        """Close it. One that no run needs to resume is removed."""
        self._file.close()
        if not keep:
            self.path.unlink(missing_ok=True)


def _same(text: bytes, run: JournalRun, now: datetime) -> datetime:
    """When the resumed run began; it is the same run.

    Raises:
        StoredError: it is another one, or too old.
    """
    try:
        raw = parsed(text)
        if isinstance(raw, dict):
            demand_version(raw.get("format"), FORMAT)
        head = FORM.read(JournalHead, raw)
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


def _final_records(file: BinaryIO) -> tuple[dict[Subject, int], int]:
    """Where the final records start, and where the last whole one ends."""
    found: dict[Subject, int] = {}
    end = file.tell()
    lines = FindingLines()
    while (text := file.readline()).endswith(b"\n"):
        try:
            head, findings, places = text.split(b"\t")
            name, final = ENTRY.read(parsed(head))
            lines.read(findings)
            read_places(places)
        except ValueError:
            break
        if final:
            found[Subject("github", "repo", name)] = end
        end += len(text)
    return found, end
