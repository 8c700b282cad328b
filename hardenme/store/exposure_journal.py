"""The journal of `hardenme exposed`: each run and repository on disk as soon as it was looked at.

A search that was interrupted or killed is resumed from there. A line is a run of a workflow or a
repository. The last one may be incomplete, and is left out then.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from io import BufferedRandom
from pathlib import Path
from threading import Lock
from typing import Self

from hardenme.codec.text import line, parsed
from hardenme.codec.typed import Codec
from hardenme.model.exposure import LookedAtRun, RepositoryExposure, RunAttempt
from hardenme.model.secret import redacted
from hardenme.store.journal_head import JournalRun, append, begin_journal, continue_journal

FORMAT = 1
"""Of the file's form; a reader takes no other."""
CODEC = Codec()


Runs = Mapping[tuple[str, RunAttempt], LookedAtRun]
"""Runs that were looked at, by their repository and record: one that changed since is another."""


@dataclass(frozen=True, slots=True)
class JournalLine:
    """What a line has: a repository, or a run of one that is not done."""

    repository: RepositoryExposure | None = None
    run: LookedAtRun | None = None


class ExposureJournal:
    """A file of mode 0600 with the runs and repositories that need not be asked about again.

    Attributes:
        begun: when the search began of which they are.
        done: the repositories of the interrupted search, by name.
        runs: the runs of its other repositories.
        kept: how many repositories are in it.
    """

    def __init__(
        self,
        path: Path,
        file: BufferedRandom,
        begun: datetime,
        done: Mapping[str, RepositoryExposure],
        runs: Runs,
    ) -> None:
        self.begun = begun
        self.done = done
        self.runs = runs
        self.kept = len(done)
        self._runs = Counter(name for name, _attempt in runs)
        self._path = path
        self._file = file
        self._lock = Lock()

    @classmethod
    def start(cls, path: Path, run: JournalRun, now: datetime) -> Self:
        """Begin a new one; an older one of the same name goes.

        Raises:
            OSError: the place is not writable.
        """
        file, begun = begin_journal(path, run, now, FORMAT)
        return cls(path, file, begun, {}, {})

    @classmethod
    def resume(cls, path: Path, run: JournalRun, now: datetime) -> Self:
        """Resume one.

        Raises:
            StoredError: there is none, it is of another run, it is too old, or others may have
                written it.
        """
        file, begun = continue_journal(path, run, now, FORMAT)
        done: dict[str, RepositoryExposure] = {}
        runs: dict[tuple[str, RunAttempt], LookedAtRun] = {}
        end = file.tell()
        while (text := file.readline()).endswith(b"\n"):
            try:
                one = CODEC.read(JournalLine, parsed(text))
            except ValueError:
                break
            if one.repository is not None:
                done[one.repository.name] = one.repository
            if one.run is not None:
                runs[one.run.repository, one.run.row.attempt] = one.run
            end += len(text)
        file.truncate(end)
        return cls(path, file, begun, done, runs)

    def put(self, one: RepositoryExposure) -> None:
        """Write a repository."""
        if self._write(JournalLine(repository=one)):
            self.kept += 1
            self._runs.pop(one.name, None)

    def put_run(self, one: LookedAtRun) -> None:
        """Write a run; several threads may do so at once."""
        if self._write(JournalLine(run=one)):
            self._runs[one.repository] += 1

    @property
    def kept_runs(self) -> int:
        """How many runs of other repositories are in it."""
        return self._runs.total()

    def _write(self, one: JournalLine) -> bool:
        """Write a line; a command in a workflow may hold a secret, which is not kept.

        Returns:
            Whether it was written. A full disk stops no search: what is missing is asked again.
        """
        text = line(redacted(CODEC.write(one))).encode() + b"\n"
        with self._lock:
            if self._file.closed:
                return False
            try:
                append(self._file, text)
            except OSError:
                return False
            return True

    def close(self, *, keep: bool) -> None:
        """Close it. One that no run needs to resume is removed."""
        with self._lock:
            self._file.close()
        if not keep:
            self._path.unlink(missing_ok=True)
