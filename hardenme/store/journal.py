"""The journal of a run: what was found of each repository, on disk as soon as it is known.

A run that was interrupted or killed is gone on with from there. The first line says of what run it
is; each further one is a repository with its findings, and with what was seen in it. A line that
was not written to its end is left out.
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
from typing import Any, BinaryIO, Self

from hardenme.model.finding import Finding
from hardenme.model.inventory import Place
from hardenme.model.secret import Secret
from hardenme.model.subject import Subject
from hardenme.store import seen
from hardenme.store.findings import RecordError, read, write

LONGEST = timedelta(hours=24)
"""An answer that is older is asked for again."""
FORMAT = 3


class JournalError(Exception):
    """There is nothing to go on with; the text says why."""


@dataclass(frozen=True, slots=True)
class Run:
    """What a journal is bound to: another run must not take its findings for its own.

    Attributes:
        version: of hardenme.
        hosts: the addresses that are asked.
        settings: everything that changes what is asked or judged, as text.
        tokens: the credentials; the journal holds a keyed digest of them, which tells nothing.
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


class Journal:
    """A drawer of findings that is a file of mode 0600.

    Attributes:
        path: where it lies.
    """

    def __init__(self, path: Path, file: BinaryIO, found: dict[Subject, int]) -> None:
        self.path = path
        self._file = file
        self._places = found
        self._final = frozenset(found)

    @classmethod
    def start(cls, path: Path, run: Run, now: datetime) -> Self:
        """Begin a new one; an older one of the same name goes.

        Raises:
            OSError: the place is not writable.
        """
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        file = os.fdopen(handle, "w+b")
        salt = secrets.token_bytes(16)
        head = {
            "format": FORMAT,
            "started": now.astimezone(UTC).isoformat(),
            "salt": salt.hex(),
            "run": run.digest(salt),
        }
        file.write(json.dumps(head).encode() + b"\n")
        file.flush()
        return cls(path, file, {})

    @classmethod
    def resume(cls, path: Path, run: Run, now: datetime) -> Self:
        """Go on with one.

        Raises:
            JournalError: there is none, it is of another run, or it is too old.
        """
        try:
            file = path.open("r+b")
        except OSError:
            raise JournalError("there is no interrupted run to go on with") from None
        try:
            _demand_same(file.readline(), run, now)
            found, end = _final_records(file)
        except JournalError:
            file.close()
            raise
        file.truncate(end)
        return cls(path, file, found)

    def put(
        self,
        repository: Subject,
        findings: tuple[Finding, ...],
        places: tuple[Place, ...] = (),
        *,
        final: bool,
    ) -> None:
        """Write them down; `final` is whether asking again would not tell more."""
        head = json.dumps([repository.name, final]).encode()
        self._places[repository] = self._file.seek(0, os.SEEK_END)
        # JSON holds a tab as its escape, so that none within a part ends it.
        parts = (head, write(findings).encode(), seen.write(places).encode())
        self._file.write(b"\t".join(parts) + b"\n")
        # A process that is killed loses nothing that it has handed to the system.
        self._file.flush()

    def get(self, repository: Subject) -> tuple[Finding, ...]:
        """Read the findings back."""
        return read(self._part(repository, 1))

    def places(self, repository: Subject) -> tuple[Place, ...]:
        """Read back what was seen."""
        return seen.read(self._part(repository, 2))

    def _part(self, repository: Subject, number: int) -> str:
        self._file.seek(self._places[repository])
        return self._file.readline().split(b"\t")[number].decode()

    def known(self) -> Iterable[Subject]:
        """The repositories that the interrupted run has left final findings of."""
        return self._final

    def close(self, *, keep: bool) -> None:
        """Close it. One that nobody needs to go on with goes."""
        self._file.close()
        if not keep:
            self.path.unlink(missing_ok=True)


def _demand_same(line: bytes, run: Run, now: datetime) -> None:
    try:
        head: dict[str, Any] = json.loads(line)
        started = datetime.fromisoformat(head["started"])
        salt = bytes.fromhex(head["salt"])
        same = head["format"] == FORMAT and hmac.compare_digest(head["run"], run.digest(salt))
    except (ValueError, KeyError, TypeError):
        raise JournalError("the interrupted run left no journal that can be read") from None
    if not same:
        raise JournalError("the interrupted run had another token, host, version or other options")
    if not timedelta(0) <= now - started < LONGEST:
        raise JournalError("the interrupted run is more than a day old")


def _final_records(file: BinaryIO) -> tuple[dict[Subject, int], int]:
    """Where the final records start, and where the last whole one ends."""
    found: dict[Subject, int] = {}
    end = file.tell()
    while (line := file.readline()).endswith(b"\n"):
        try:
            head, findings, places = line.split(b"\t")
            name, final = json.loads(head)
            subject = Subject("github", "repo", name)
            read(findings.decode())
            seen.read(places.decode())
        except (ValueError, TypeError, RecordError):
            break
        if final is True:
            found[subject] = end
        end += len(line)
    return found, end
