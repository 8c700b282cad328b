"""The reports of earlier runs, one file each, for the runs that compare with them.

A file's name has the time when the run began, its number, and its accounts. The number decides the
order, since clocks are set back. A file gets its name when it is complete and on the disk. Anything
that is not a report is reported, and moved away if that helps. Only the oldest reports beyond the
limit are deleted, and the unfinished files of killed runs.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import BinaryIO, Self

from hardenme.ground import clock
from hardenme.ground.errors import ContentError, OtherVersionError, OutputError, UnsafeFileError
from hardenme.ground.files import PrivateFile
from hardenme.ground.private import opened, private_folder
from hardenme.model.accounts import Accounts, accounts_of, contradict, joined
from hardenme.model.report import Identity, Report
from hardenme.store.series import Series, digest, folded

FOLDER = "history"
ASIDE = "aside"
"""Where files go that are not a whole report of this series."""
NAME = re.compile(r"(?P<at>[0-9]{8}T[0-9]{6}Z)-(?P<number>[0-9]{6,12})-(?P<who>[0-9a-f]{8})\.json")
UNFINISHED = re.compile(r"\.[0-9]{8}T[0-9]{6}Z-.*")
LEFT = 24 * 3600.0
"""Seconds after which an unfinished file is one of a run that was killed."""
Reader = Callable[[BinaryIO], Report]
"""Makes a report of a file. It raises a `ContentError` where the file holds no whole one, and an
`OtherVersionError` where another version of hardenme reads it."""


@dataclass(frozen=True, slots=True, order=True)
class StoredReport:
    """A stored report, by its file's name.

    Attributes:
        number: its place in the order.
        at: when the run began, by the clock of then.
        who: identifies the accounts.
        path: the file.
    """

    number: int
    at: str
    who: str
    path: Path

    @classmethod
    def of(cls, path: Path) -> Self | None:
        """The parts of a file name; None if it is not the name of a report."""
        match = NAME.fullmatch(path.name)
        return cls(int(match["number"]), match["at"], match["who"], path) if match else None


class History:
    """The stored reports of one series.

    Attributes:
        folder: where they lie.
        problems: a sentence for each file that could not be used.
        skipped: whether a newer report of the accounts was passed over in `last`, for it could not
            be used.
        others: how many other accounts there are reports of.
    """

    def __init__(
        self,
        state: Path,
        series: Series,
        read: Reader,
        *,
        folder: str = "",
        tidy: bool = True,
    ) -> None:
        """One in a state folder.

        Args:
            series: whose reports.
            read: makes a report of a file.
            folder: the name of another folder than the series has, with the same targets.
            tidy: whether what is not a report is set aside, which is for a run that holds the lock.
        """
        self._name = folder or series.folder
        self.folder = state / FOLDER / self._name
        self.problems: list[str] = []
        self.skipped = False
        self.others = 0
        self._state = state
        self._series = series
        self._read = read
        self._tidy = tidy
        self._accounts: Accounts = {}

    def last(self, identities: Iterable[Identity]) -> Report | None:
        """The newest report of these accounts; None if there is none that can be read."""
        return next(self._newest_first(accounts_of(identities)), None)

    def last_complete(self, identities: Iterable[Identity]) -> Report | None:
        """The newest one of a run that went to its end."""
        found = self._newest_first(accounts_of(identities))
        return next((one for one in found if not one.partial and one.halted is None), None)

    def reports(self, identities: Iterable[Identity] = ()) -> Iterator[Report]:
        """All of these accounts, the oldest first, one in memory at a time."""
        for entry in reversed(self._of(accounts_of(identities))):
            if (report := self._load(entry)) is not None:
                yield report

    def accounts(self, identities: Iterable[Identity]) -> Accounts:
        """The accounts of a run's history: by the run itself, and by earlier runs.

        It counts after `last`, and for the same identities.
        """
        return joined(self._accounts, accounts_of(identities))

    def draft(self, report: Report, pieces: Iterable[str]) -> Draft:
        """Write a report down, whole; it counts when it is kept.

        Raises:
            OutputError: it cannot be written; what is there stays.
        """
        try:
            private_folder(self._state, FOLDER, self._name)
        except UnsafeFileError as error:
            raise OutputError(str(error)) from None
        except OSError as error:
            raise OutputError(f"{self.folder} cannot be made: {error.strerror}") from None
        number = max((entry.number for entry in self._entries()), default=0) + 1
        who = digest_of(self.accounts(report.identities))
        at = report.started.astimezone(UTC)
        file = PrivateFile(self.folder / f"{at:%Y%m%dT%H%M%SZ}-{number:06}-{who}.json")
        file.fill(pieces)
        return Draft(self, file, who, number)

    def thin(self, who: str, keep: int) -> None:
        """Delete the oldest reports of some accounts, and what killed runs left unfinished."""
        entries = [entry for entry in self._entries() if entry.who == who]
        try:
            for entry in entries[: max(len(entries) - keep, 0)]:
                entry.path.unlink(missing_ok=True)
            for path in self.folder.iterdir():
                if UNFINISHED.fullmatch(path.name) and _age(path) > LEFT:
                    path.unlink(missing_ok=True)
        except OSError as error:
            self.problems.append(
                f"the oldest reports in {self.folder} stay beyond those to keep: {error.strerror}"
            )

    def newest(self) -> StoredReport | None:
        """What was stored last, of whatever account; None if nothing is."""
        return max(self._entries(), default=None)

    def _newest_first(self, accounts: Accounts) -> Iterator[Report]:
        for entry in self._of(accounts):
            if (report := self._load(entry)) is None:
                self.skipped = True
            else:
                yield report

    def _of(self, accounts: Accounts) -> Sequence[StoredReport]:
        """The reports that go with these accounts, the newest first."""
        self.others, self.skipped, self._accounts = 0, False, {}
        groups: dict[str, list[StoredReport]] = {}
        for entry in sorted(self._entries(), reverse=True):
            groups.setdefault(entry.who, []).append(entry)
        chosen: list[StoredReport] = []
        for who, entries in groups.items():
            theirs = accounts if who == digest_of(accounts) else self._whose(entries)
            if theirs is None:
                self.skipped = True
                continue
            if contradict(joined(accounts, self._accounts), theirs):
                self.others += 1
            else:
                self._accounts = joined(self._accounts, theirs)
                chosen += entries
        return sorted(chosen, reverse=True)

    def _whose(self, entries: Sequence[StoredReport]) -> Accounts | None:
        """The accounts of reports, the newest of which may be of a run without a credential."""
        first: Accounts | None = None
        for entry in entries:
            if (report := self._load(entry)) is not None:
                found = accounts_of(report.identities)
                if digest_of(found) == entry.who:
                    return found
                first = found if first is None else first
        return first

    def _entries(self) -> list[StoredReport]:
        """What the folder holds, in its order."""
        try:
            if self.folder.is_symlink() or self.folder.parent.is_symlink():
                self._tell(f"{self.folder} is a link to elsewhere, and is not read")
                return []
            paths = list(self.folder.iterdir())
        except FileNotFoundError:
            return []
        except OSError as error:
            self._tell(f"{self.folder} cannot be read: {error.strerror}")
            return []
        found = []
        for path in paths:
            if entry := StoredReport.of(path):
                found.append(entry)
            elif path.name != ASIDE and not UNFINISHED.fullmatch(path.name):
                self._tell(f"{path} is not a stored report, and is left alone")
        return sorted(found)

    def _load(self, entry: StoredReport) -> Report | None:
        """A report; None, and a sentence among the problems, where it cannot be used."""
        path = entry.path
        try:
            with opened(path, os.O_RDONLY) as handle, os.fdopen(os.dup(handle), "rb") as file:
                report = self._read(file)
        except OtherVersionError as error:
            self._tell(f"{path} is left alone: {error}")
        except UnsafeFileError as error:
            if path.is_symlink():
                self._set_aside(path, "is a link to elsewhere")
            else:
                self._tell(f"a stored report is not used: {error}")
        except ContentError as error:
            self._set_aside(path, f"is not a whole report: {error}")
        except OSError as error:
            self._tell(f"{path} cannot be read: {error.strerror}")
        else:
            if folded(report.targets) == folded(self._series.targets) and not report.redacted:
                return report
            self._set_aside(path, "is a report of something else")
        return None

    def _set_aside(self, path: Path, why: str) -> None:
        if not self._tidy:
            self._tell(f"{path} {why}")
            return
        try:
            aside = private_folder(self._state, FOLDER, self._name, ASIDE) / path.name
            while aside.is_symlink() or aside.exists():
                aside = aside.with_name(f"{aside.name}.more")
            path.rename(aside)
        except (OSError, UnsafeFileError):
            self._tell(f"{path} {why}, and cannot be set aside")
        else:
            self._tell(f"{path} {why}; it was set aside, into {ASIDE}/")

    def _tell(self, problem: str) -> None:
        if problem not in self.problems:
            self.problems.append(problem)


class Draft:
    """A report that is on the disk, whole, and has no name yet.

    Attributes:
        path: its name when it is kept.
        who: identifies its accounts.
        number: its place in the order.
    """

    def __init__(self, history: History, file: PrivateFile, who: str, number: int) -> None:
        self.path = file.target
        self.who = who
        self.number = number
        self._history = history
        self._file = file

    def keep(self, most: int) -> None:
        """Let it count from now on, and `most` of its accounts be kept.

        Raises:
            OutputError: the place went away.
        """
        self._file.keep()
        self._history.thin(self.who, most)

    def discard(self) -> None:
        """Leave no trace of it, unless it is kept."""
        self._file.discard()


def digest_of(accounts: Accounts) -> str:
    """The part of a file's name that identifies accounts."""
    return digest({name: sorted(logins) for name, logins in sorted(accounts.items())})


def other_series(state: Path, series: Series) -> tuple[str, ...]:
    """The folders of reports of the same targets with another selection, the last used first."""
    paths: list[Path] = []
    with suppress(OSError):
        paths = [path for path in (state / FOLDER).glob(f"{series.place}-*") if path.is_dir()]
        paths.sort(key=lambda path: -path.lstat().st_mtime)
    return tuple(path.name for path in paths if path.name != series.folder)


def _age(path: Path) -> float:
    """Seconds since a file was written; none if the clock was set back since."""
    return max(clock.now().timestamp() - path.lstat().st_mtime, 0.0)
