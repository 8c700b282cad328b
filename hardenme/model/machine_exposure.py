"""Whether a bad version was downloaded or installed on this machine, and what was looked at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from hardenme.model.exposure import ExposureGrade, ExposureSign, graded


class MachinePlaceKind(StrEnum):
    """What a place on a machine is."""

    CACHE = "cache"
    """What a package manager downloaded: a cache or a store."""
    INSTALLED = "installed"
    """A folder into which a package manager installed."""
    PROJECT = "project"
    """A folder with projects, which was named."""


@dataclass(frozen=True, slots=True)
class MachinePlace:
    """A place on this machine that was looked at.

    Attributes:
        client: the package manager that fills it, such as `npm`; empty for a project folder.
        path: as reports have it.
        packages: how many packages it lists or holds.
        oldest: the earliest time in it; None if it has none. Times of files can be set by anyone.
        newest: the latest one.
        faults: what was not read in it; empty if all was.
        wants: the package managers for which it has projects.
    """

    kind: MachinePlaceKind
    client: str
    path: str
    packages: int = 0
    oldest: datetime | None = None
    newest: datetime | None = None
    faults: tuple[str, ...] = ()
    wants: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MachineRow:
    """What a file or folder shows of a version that was asked for.

    Attributes:
        grade: never "not seen".
        package: the version that was asked for.
        path: of the file or folder.
        why: what it shows, in a few words.
        at: when it was downloaded or installed, as far as a file shows it.
    """

    grade: ExposureGrade
    package: str
    path: str
    why: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class MachineExposure:
    """What was looked at on this machine, and what that comes to.

    Attributes:
        places: what was looked at.
        rows: what shows the versions that were asked for.
        faults: why it is not known of the machine as a whole; empty if it is.
        reach: the credentials that any program of the user can read, what can publish first.
    """

    places: tuple[MachinePlace, ...] = ()
    rows: tuple[MachineRow, ...] = ()
    faults: tuple[str, ...] = ()
    reach: tuple[str, ...] = ()

    @property
    def gaps(self) -> tuple[str, ...]:
        """All that was not read."""
        return (*self.faults, *(fault for one in self.places for fault in one.faults))

    @property
    def grade(self) -> ExposureGrade:
        """What the rows and gaps come to."""
        found = [ExposureSign(ExposureGrade.UNKNOWN, gap) for gap in self.gaps]
        return graded([*found, *(ExposureSign(row.grade, row.why) for row in self.rows)])

    def count(self, kind: MachinePlaceKind) -> int:
        """How many places were looked at that are such a one."""
        return sum(one.kind is kind for one in self.places)

    @property
    def packages(self) -> int:
        """How many installed packages were looked at."""
        return sum(one.packages for one in self.places if one.kind is not MachinePlaceKind.CACHE)
