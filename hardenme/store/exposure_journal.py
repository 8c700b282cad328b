"""The journal of `hardenme exposed`: each repository on disk as soon as it was looked at.

A run that was interrupted or killed is resumed from there. A line is a repository. The last one
may be incomplete, and is left out then.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Self

from hardenme.codec.text import line, parsed
from hardenme.codec.typed import Codec
from hardenme.model.exposure import RepositoryExposure
from hardenme.model.secret import redacted
from hardenme.store.journal_head import JournalRun, begin_journal, continue_journal

FORMAT = 1
"""Of the file's form; a reader takes no other."""
CODEC = Codec()


class ExposureJournal:
    """A file of mode 0600 with the repositories that need not be asked about again.

    Attributes:
        begun: when the run began whose repositories are in it.
        done: those of the interrupted run, by name.
        kept: how many are in it.
    """

    def __init__(
        self, path: Path, file: BinaryIO, begun: datetime, done: Mapping[str, RepositoryExposure]
    ) -> None:
        self.begun = begun
        self.done = done
        self.kept = len(done)
        self._path = path
        self._file = file

    @classmethod
    def start(cls, path: Path, run: JournalRun, now: datetime) -> Self:
        """Begin a new one; an older one of the same name goes.

        Raises:
            OSError: the place is not writable.
        """
        file, begun = begin_journal(path, run, now, FORMAT)
        return cls(path, file, begun, {})

    @classmethod
    def resume(cls, path: Path, run: JournalRun, now: datetime) -> Self:
        """Resume one.

        Raises:
            StoredError: there is none, it is of another run, it is too old, or others may have
                written it.
        """
        file, begun = continue_journal(path, run, now, FORMAT)
        done: dict[str, RepositoryExposure] = {}
        end = file.tell()
        while (text := file.readline()).endswith(b"\n"):
            try:
                one = CODEC.read(RepositoryExposure, parsed(text))
            except ValueError:
                break
            done[one.name] = one
            end += len(text)
        file.truncate(end)
        return cls(path, file, begun, done)

    def put(self, one: RepositoryExposure) -> None:
        """Write a repository; a command in its workflows may hold a secret, which is not kept."""
        self._file.seek(0, os.SEEK_END)
        self._file.write(line(redacted(CODEC.write(one))).encode() + b"\n")
        # A process that is killed loses nothing that it has written to the system.
        self._file.flush()
        self.kept += 1

    def close(self, *, keep: bool) -> None:
        """Close it. One that no run needs to resume is removed."""
        self._file.close()
        if not keep:
            self._path.unlink(missing_ok=True)
