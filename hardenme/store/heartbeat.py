"""When runs for a timer last went well, so that a timer that stopped is noticed.

Each series of reports has a file next to the history, not in it. If the reports are lost, it still
shows that there were some.
"""

from __future__ import annotations

import os
import re
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any, Self

from hardenme.codec.layout import Layout
from hardenme.codec.shape import Shape, simple
from hardenme.codec.text import parsed, spaced
from hardenme.codec.typed import Codec
from hardenme.codec.version import versioned
from hardenme.ground.errors import ContentError, OutputError, UnsafeFileError
from hardenme.ground.files import PrivateFile
from hardenme.ground.private import ABSENT, opened, private_folder, read_whole
from hardenme.model.accounts import Accounts

FOLDER = "heartbeat"
NAME = re.compile(r"[^.].*\.json")
FORMAT = 1
LARGEST = 256 * 1024
WEEK = 7 * 24 * 3600
"""Seconds between two runs if neither a setting nor the runs themselves show it."""
PATIENCE = 3
"""Intervals without a complete run after which something is wrong."""
GAPS = 8
"""Times between complete runs that are kept."""
LONGEST = 10 * 366 * 24 * 3600
"""Seconds between two runs, than which no timer waits longer."""
EARLY = 0.5
"""The part of the usual time between runs before which a run is not the timer's. A timer that runs
more often than it did is learnt by and by, since the time is measured from its last run."""
ENOUGH = 3
"""Times between complete runs from which their usual length is taken."""
AHEAD = timedelta(minutes=5)
"""Further than this a time of before is not ahead of a clock that no one set."""


@dataclass(frozen=True, slots=True)
class Beat:
    """The stored data about the runs of one series.

    Attributes:
        name: the file's, without its end.
        targets: what is looked at.
        accounts: of whom.
        first: when the first run began.
        ran: when the last run began that was stored.
        complete: when the last run began that went to its end; None if none did.
        number: of the last report that was stored.
        interval: seconds between runs, as the user says; 0 if the user does not.
        gaps: seconds between the last complete runs of the timer, the oldest first.
        timed: when the last of these began; None if none did.
    """

    name: str
    targets: tuple[str, ...]
    accounts: Accounts
    first: datetime
    ran: datetime
    complete: datetime | None = None
    number: int = 0
    interval: int = 0
    gaps: tuple[int, ...] = field(default=())
    timed: datetime | None = None

    @property
    def every(self) -> int:
        """Seconds between runs: as the user set it, as the runs show, or a week."""
        if self.interval:
            return self.interval
        return max(int(median(self.gaps)), 1) if len(self.gaps) >= ENOUGH else WEEK

    def late(self, now: datetime) -> bool:
        """Whether the last complete run is older than three intervals."""
        since = self.complete or self.first
        return now - since > timedelta(seconds=PATIENCE * self.every)

    def ahead(self, now: datetime) -> bool:
        """Whether its time is in the future: a clock was set."""
        return max(self.ran, self.complete or self.ran) > now + AHEAD

    def beaten(self, began: datetime, *, whole: bool, number: int, by_hand: bool = False) -> Self:
        """The same after a run that began then.

        Args:
            whole: whether it went to its end.
            number: of its report.
            by_hand: whether a person began it, which says nothing of how often the timer does.
        """
        after = replace(self, ran=began, number=number)
        if not whole:
            return after
        after = replace(after, complete=began)
        gap = int((began - self.timed).total_seconds()) if self.timed else 0
        # If nothing shows that a person started a run, its coming long before its time does.
        if by_hand or (gap > 0 and gap < self._soonest):
            return after
        return replace(after, timed=began, gaps=(*self.gaps, gap)[-GAPS:] if gap > 0 else self.gaps)

    @property
    def _soonest(self) -> float:
        """Seconds after the timer's last run before which it does not run again."""
        usual = self.interval or (median(self.gaps[-ENOUGH:]) if self.gaps else 0)
        return usual * EARLY


class Heartbeats:
    """The files of all series.

    Attributes:
        problems: a sentence for each that cannot be read.
    """

    def __init__(self, state: Path) -> None:
        self.folder = state / FOLDER
        self.problems: list[str] = []
        self._state = state

    def all(self) -> tuple[Beat, ...]:
        """The stored data of every series, by name."""
        if self.folder.is_symlink():
            self.problems.append(f"{self.folder} is a link to elsewhere, and is not read")
            return ()
        try:
            paths = sorted(path for path in self.folder.iterdir() if NAME.fullmatch(path.name))
        except OSError as error:
            if not isinstance(error, ABSENT) or self.folder.exists():
                self.problems.append(
                    f"when the last runs were is not known: {self.folder} cannot be read:"
                    f" {error.strerror}"
                )
            return ()
        return tuple(beat for beat in map(self._read, paths) if beat is not None)

    def of(self, series: str) -> tuple[Beat, ...]:
        """The stored data of the series with that folder, for each of its accounts."""
        return tuple(beat for beat in self.all() if beat.name.startswith(f"{series}-"))

    def put(self, beat: Beat, instead: str = "") -> None:
        """Remember it, in place of another one where that has another name.

        Raises:
            OutputError: it cannot be written; what was there stays.
        """
        try:
            private_folder(self._state, FOLDER)
        except UnsafeFileError as error:
            raise OutputError(str(error)) from None
        except OSError as error:
            raise OutputError(f"{self.folder} cannot be made: {error.strerror}") from None
        text = spaced({"format": FORMAT, **FORM.write(beat)})
        PrivateFile(self.folder / f"{beat.name}.json").write(f"{text}\n")
        if instead and instead != beat.name:
            with suppress(OSError):
                (self.folder / f"{instead}.json").unlink(missing_ok=True)

    def _read(self, path: Path) -> Beat | None:
        try:
            with opened(path, os.O_RDONLY) as handle:
                return _beat(path.stem, read_whole(handle, LARGEST))
        except UnsafeFileError as error:
            self.problems.append(f"when the last run was is not known: {error}")
        except (OSError, ContentError):
            self.problems.append(f"when the last run was is not known: {path} cannot be read")
        return None


def _beat(name: str, data: bytes) -> Beat:
    """What a file remembers.

    Raises:
        ContentError: it is none of this version.
    """
    raw = versioned(parsed(data), FORMAT, "format")
    # Files of earlier versions do not show whose run was the last.
    return Beat(name, **FORM.members(Beat, {"timed": raw.get("complete"), **raw}))


def _bounded(raw: Any) -> int:
    number: int = WHOLE.read(raw)
    return min(max(number, 0), LONGEST)


WHOLE = simple(int)
FORM = Codec(
    shapes={int: Shape(WHOLE.write, _bounded, WHOLE.forms)},
    objects=True,
    closed=False,
    records={
        Beat: Layout(
            (
                *("targets", "accounts", "first", "ran", "complete", "number", "interval"),
                *("gaps", "timed"),
            ),
            given=("name",),
        )
    },
)
