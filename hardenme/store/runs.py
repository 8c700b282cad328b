"""The last runs, one file each, so that they can be shown again without asking anyone.

Nothing is compared with them: what `report` compares with is in a folder of its own. A file's name
has the run's number, when it was kept, its targets and accounts, and the selection. The number
decides the order, since clocks are set back. A file gets its name when it is complete and on the
disk.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Self

from hardenme.ground import clock
from hardenme.ground.errors import OutputError, UnsafeFileError
from hardenme.ground.files import PrivateFile
from hardenme.ground.private import held, opened, private_folder
from hardenme.model.accounts import accounts_of
from hardenme.model.report import Report
from hardenme.store.series import digest, folded

FOLDER, DEMO = "runs", "runs-demo"
"""Where runs lie, and those of the demo, which are never taken for the user's own."""
LATELY, LATELY_DEMO = "runs-recent", "runs-recent-demo"
"""Those of `recent`, which look at less than a check does and never replace one."""
MOST = 5
"""Runs of the same targets and accounts that are kept, however close together."""
DAYS, WEEKS = 4, 6
"""Beyond those, one run of each of the last days and of each of the last weeks with runs is kept.
So `recent` has one from before its window of 48 hours or of four weeks."""
MOST_IN_ALL = 100
"""Runs that are kept, of whatever: who checks a new package each day has no folder without end."""
NAME = re.compile(
    r"(?P<number>[0-9]{6,12})-(?P<at>[0-9]{8}T[0-9]{6}Z)-(?P<whose>[0-9a-f]{8})"
    r"-(?P<how>[0-9a-f]{8})\.json"
)
FORM = "%Y%m%dT%H%M%SZ"
DRAFT = "draft"
UNFINISHED = re.compile(rf"\.(?:{DRAFT}|shown)\..*")
LOCK, SHOWN = "lock", "shown"
"""The file that is held while a number is taken, and the one that names the run last shown."""
LEFT = 24 * 3600.0
"""Seconds after which an unfinished file is one of a run that was killed."""
LONGEST_NAME = 100
"""Bytes of a file's name."""


@dataclass(frozen=True, slots=True, order=True)
class KeptRun:
    """A run that was kept, by its file's name.

    Attributes:
        number: its place in the order, over all targets; a newer run has a greater one.
        at: when it was kept, by the clock of then.
        whose: the same for runs of the same targets, hosts and accounts.
        how: the same for runs that selected the same, as anyone who kept them says.
        path: the file.
    """

    number: int
    at: datetime
    whose: str
    how: str
    path: Path

    @classmethod
    def of(cls, path: Path) -> Self | None:
        """The parts of a file name; None if it is not the name of a run."""
        match = NAME.fullmatch(path.name)
        if match is None:
            return None
        try:
            at = datetime.strptime(match["at"], FORM).replace(tzinfo=UTC)
        except ValueError:
            return None
        return cls(int(match["number"]), at, match["whose"], match["how"], path)

    @property
    def size(self) -> int:
        """Bytes of the file; 0 if it is gone."""
        try:
            return self.path.lstat().st_size
        except OSError:
            return 0

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """The file, open for reading.

        Raises:
            UnsafeFileError: someone else may have written it.
            OSError: it cannot be read.
        """
        with opened(self.path, os.O_RDONLY) as handle, os.fdopen(os.dup(handle), "rb") as file:
            yield file


class Runs:
    """The runs that are kept in a state folder.

    Args:
        demo: those of the demo, in place of the user's own.
        lately: those of `recent`, in place of those of a check.
    """

    def __init__(self, state: Path, *, demo: bool = False, lately: bool = False) -> None:
        own, invented = (LATELY, LATELY_DEMO) if lately else (FOLDER, DEMO)
        self.name = invented if demo else own
        self._demo = demo
        self.folder = state / self.name
        self._state = state

    def all(self) -> tuple[KeptRun, ...]:
        """What is kept, the newest first.

        Raises:
            UnsafeFileError: the folder is a link to elsewhere.
            OSError: it cannot be read.
        """
        if self.folder.is_symlink():
            raise UnsafeFileError(f"{self.folder} is a link to elsewhere")
        try:
            found = [KeptRun.of(path) for path in self.folder.iterdir()]
        except (FileNotFoundError, NotADirectoryError):
            return ()
        return tuple(sorted((one for one in found if one is not None), reverse=True))

    def keep(self, report: Report, pieces: Iterable[str], how: str = "") -> KeptRun:
        """Keep a run, and let go of the oldest ones of the same targets and accounts.

        Args:
            pieces: the text that is kept of it, without secrets.
            how: what was selected, as text.

        Raises:
            OutputError: it cannot be kept; what is there stays.
        """
        try:
            folder = private_folder(self._state, self.name)
            file = PrivateFile(folder / DRAFT)
            try:
                file.fill(pieces)
                with self._alone():
                    kept = self._named(report, how)
                    file.target = kept.path
                    file.keep()
                    self._thin(kept)
            finally:
                file.discard()
        except UnsafeFileError as error:
            raise OutputError(str(error)) from None
        except OSError as error:
            raise OutputError(f"{self.folder} cannot be written: {error.strerror}") from None
        return kept

    def note_shown(self, run: KeptRun) -> None:
        """Remember which run was shown last; where that cannot be written, none was."""
        with suppress(OutputError):
            PrivateFile(self.folder / SHOWN).write(f"{run.path.name}\n")

    def last_shown(self) -> KeptRun | None:
        """The run that was shown last, whether it is still there or not; None if there is none."""
        try:
            with opened(self.folder / SHOWN, os.O_RDONLY) as handle:
                name = os.read(handle, LONGEST_NAME).decode("ascii").rstrip("\n")
        except (OSError, UnsafeFileError, ValueError):
            return None
        # What is not a name of a run, such as a path to elsewhere, fits no pattern.
        return KeptRun.of(self.folder / name) if NAME.fullmatch(name) else None

    def clear(self) -> int:
        """Remove all of them, and what killed runs left; returns how many runs there were.

        Raises:
            UnsafeFileError: the folder is a link to elsewhere.
            OSError: one cannot be removed.
        """
        runs = self.all()
        for run in runs:
            run.path.unlink(missing_ok=True)
        if self.folder.is_dir():
            (self.folder / SHOWN).unlink(missing_ok=True)
            for path in self._unfinished():
                path.unlink(missing_ok=True)
        return len(runs)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """While it lasts, no other process takes a number."""
        with opened(self.folder / LOCK, os.O_RDWR | os.O_CREAT) as handle, held(handle):
            yield

    def _named(self, report: Report, how: str) -> KeptRun:
        number = max((run.number for run in self.all()), default=0) + 1
        at = clock.now().astimezone(UTC).replace(microsecond=0)
        name = f"{number:06}-{at.strftime(FORM)}-{whose(report)}-{digest(how)}.json"
        return KeptRun(number, at, whose(report), digest(how), self.folder / name)

    def _thin(self, kept: KeptRun) -> None:
        """Let go of what is old. What cannot be removed stays: the new run is kept all the same."""
        with suppress(OSError):
            runs = self.all()
            # The demo's servers have other ports each time, which makes no other accounts of it.
            same = [run for run in runs if self._demo or run.whose == kept.whose]
            lasting = same[:MOST] if self._demo or self.name == LATELY else _lasting(same)
            for run in ({*same} - {*lasting}) | {*runs[MOST_IN_ALL:]}:
                run.path.unlink(missing_ok=True)
            for path in self._unfinished():
                if clock.now().timestamp() - path.lstat().st_mtime > LEFT:
                    path.unlink(missing_ok=True)

    def _unfinished(self) -> list[Path]:
        return [path for path in self.folder.iterdir() if UNFINISHED.fullmatch(path.name)]


def _lasting(runs: Sequence[KeptRun]) -> Iterator[KeptRun]:
    """Of runs of the same targets, the newest first, those that are kept.

    Of a day and of a week it is the largest: a run that read more has more to compare with.
    """
    yield from runs[:MOST]
    for most, period in ((DAYS, _day), (WEEKS, _week)):
        found: dict[object, KeptRun] = {}
        for run in runs:
            best = found.setdefault(period(run.at), run)
            if (run.size, run.number) > (best.size, best.number):
                found[period(run.at)] = run
        yield from [*found.values()][:most]


def _day(at: datetime) -> object:
    return at.date()


def _week(at: datetime) -> object:
    return at.isocalendar()[:2]


def whose(report: Report) -> str:
    """The part of a file's name that identifies targets and accounts."""
    accounts = {
        name: sorted(logins) for name, logins in sorted(accounts_of(report.identities).items())
    }
    hosts = sorted({f"{one.provider} {one.host}" for one in report.identities})
    return digest(folded(report.targets), hosts, accounts)
