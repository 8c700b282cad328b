"""Reads folders and files within bounds; no link is followed, and what was not read is a fault."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from hardenme.collectors.local.workstation import Workstation

MOST_ENTRIES = 5_000_000
"""Files and folders of a machine that are looked at."""
MOST_BYTES = 4 << 30
"""Bytes of a machine that are read."""
LARGEST = 32 << 20
"""Bytes of a file that is read."""
MOST_FAULTS = 50
"""Faults of a place that are named; the rest is counted."""
ABSENT = (FileNotFoundError, NotADirectoryError)
FLAGS = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


@dataclass(slots=True)
class ReadBudget:
    """How much of a machine may still be read."""

    entries: int = MOST_ENTRIES
    bytes: int = MOST_BYTES


@dataclass(slots=True)
class BoundedReader:
    """Reads what is in a place.

    Attributes:
        station: whose machine it is.
        budget: shared by all places.
        faults: what was not read, each in a sentence.
    """

    station: Workstation
    budget: ReadBudget = field(default_factory=ReadBudget)
    faults: list[str] = field(default_factory=list)

    def beside(self) -> BoundedReader:
        """A reader of another place, within the same bounds."""
        return BoundedReader(self.station, self.budget)

    def fault(self, path: Path, why: str) -> None:
        """Note that something was not read."""
        self.faults.append(f"{self.station.shown(path)}: {why}")

    @property
    def noted(self) -> tuple[str, ...]:
        """The faults, the first of them named and the others counted."""
        found = list(dict.fromkeys(self.faults))
        more = len(found) - MOST_FAULTS
        return (*found[:MOST_FAULTS], *([f"{more:,} more were not read"] if more > 0 else []))

    def entries(self, folder: Path) -> list[os.DirEntry[str]]:
        """What is in a folder, by name; nothing if it is not there."""
        found: list[os.DirEntry[str]] = []
        try:
            if folder.is_symlink():
                self.fault(folder, "it is a link, which is not followed")
                return []
            with os.scandir(folder) as listed:
                for one in listed:
                    self.budget.entries -= 1
                    if self.budget.entries < 0:
                        self.fault(folder, "there are more files than hardenme looks at")
                        return []
                    found.append(one)
        except ABSENT:
            return []
        except (OSError, ValueError) as error:
            self.fault(folder, _why(error))
            return []
        return sorted(found, key=lambda one: one.name)

    def folders(self, folder: Path) -> Iterator[Path]:
        """The folders in a folder; a link to one elsewhere is a fault, as it is not followed."""
        for one in self.entries(folder):
            if self.is_folder(one):
                yield Path(one.path)
            elif one.is_symlink() and self.has_folder(Path(one.path)):
                real = Path(os.path.realpath(one.path))
                if not real.is_relative_to(os.path.realpath(folder)):
                    self.fault(Path(one.path), "it is a link, which is not followed")

    def is_folder(self, entry: os.DirEntry[str]) -> bool:
        """Whether an entry is a folder and no link; a fault if that cannot be seen."""
        try:
            return entry.is_dir(follow_symlinks=False)
        except OSError as error:
            self.fault(Path(entry.path), _why(error))
            return False

    def has_folder(self, path: Path) -> bool:
        """Whether a folder is there, by whatever links; a fault if that cannot be seen."""
        try:
            return stat.S_ISDIR(path.stat().st_mode)
        except ABSENT:
            return False
        except (OSError, ValueError) as error:
            self.fault(path, _why(error))
            return False

    def read(self, path: Path, largest: int = LARGEST) -> bytes | None:
        """A regular file, whole; None if it is not there, or was not read."""
        try:
            handle = os.open(path, FLAGS)
        except ABSENT:
            return None
        except (OSError, ValueError) as error:
            link = path.is_symlink()
            self.fault(path, "it is a link, which is not followed" if link else _why(error))
            return None
        most = min(largest, self.budget.bytes)
        try:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                self.fault(path, "it is not a regular file")
                return None
            with os.fdopen(os.dup(handle), "rb") as file:
                data = file.read(most + 1)
        except OSError as error:
            self.fault(path, _why(error))
            return None
        finally:
            os.close(handle)
        if len(data) > most:
            self.fault(path, "it is larger than what hardenme reads")
            return None
        self.budget.bytes -= len(data)
        return data

    def changed(self, path: Path) -> datetime | None:
        """When a file or folder was last changed, as its file system says; None if not known."""
        try:
            return moment(os.lstat(path).st_mtime)
        except (OSError, ValueError):
            return None


def moment(seconds: float) -> datetime | None:
    """A time of seconds since 1970; None if there is no such time."""
    try:
        return datetime.fromtimestamp(seconds, UTC).replace(microsecond=0)
    except (OverflowError, ValueError, OSError):
        return None


def _why(error: Exception) -> str:
    told = error.strerror if isinstance(error, OSError) else ""
    return (told or "it has no such name").lower()
