"""The journal of a run: the findings of each repository, on disk as soon as they are known.

A run that was interrupted or killed is resumed from there. The first line identifies the run; each
further one is a repository with its findings, and with what was seen in it. An incomplete line is
left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from io import BufferedRandom
from pathlib import Path
from typing import Self

from hardenme.codec.findings import FindingLines, read_places, write_places
from hardenme.codec.text import line, parsed
from hardenme.codec.typed import Codec
from hardenme.model.finding import Finding
from hardenme.model.inventory import Place
from hardenme.model.subject import Subject
from hardenme.store.journal_head import JournalRun, append, begin_journal, continue_journal

FORMAT = 5
"""Of the file's form; a reader takes no other."""
ENTRY = Codec().shape(tuple[str, bool])
"""The beginning of a record: a repository's name, and whether asking again would show no more."""


class Journal:
    """A drawer of findings that is a file of mode 0600.

    Attributes:
        path: its file.
        begun: when the run began whose findings are in it.
    """

    def __init__(
        self, path: Path, file: BufferedRandom, found: dict[Subject, int], begun: datetime
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
        file, begun = begin_journal(path, run, now, FORMAT)
        return cls(path, file, {}, begun)

    @classmethod
    def resume(cls, path: Path, run: JournalRun, now: datetime) -> Self:
        """Resume one.

        Raises:
            StoredError: there is none, it is of another run, it is too old, or others may have
                written it.
        """
        file, begun = continue_journal(path, run, now, FORMAT)
        found, end = _final_records(file)
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
        """Write them; `final` is whether asking again would show no more.

        Raises:
            OSError: they cannot be written, as where the disk is full; the rest stays.
        """
        # JSON holds a tab as its escape, so that none within a part ends it.
        parts = (self._lines.write(findings).encode(), write_places(places).encode())
        head = line([repository.name, final]).encode()
        self._places[repository] = append(self._file, b"\t".join((head, *parts)) + b"\n")

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


def _final_records(file: BufferedRandom) -> tuple[dict[Subject, int], int]:
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
