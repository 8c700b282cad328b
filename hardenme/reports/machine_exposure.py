"""Whether a bad version was on this machine: its sentence, its sections and its JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hardenme.model.exposure import RANKS, ExposureGrade
from hardenme.model.machine_exposure import MachineExposure, MachinePlaceKind, MachineRow
from hardenme.model.severity import Severity
from hardenme.reports.header import minute
from hardenme.reports.outline.parts import EVERY, Detail, Entry, Group, Most, Section, sentence
from hardenme.reports.plain import counted

FIRST = Most(8, 200)
"""Rows and credentials that are printed on a terminal."""
TITLE = "On this machine"
REACH = "Rotate in this order: any program could read these"
NEVER_HERE = (
    "what was removed: cleaned caches, deleted projects, what a bad version erased or changed",
    "caches that a command was given for once, such as `npm --cache`",
    "other users, containers, virtual machines, editors and their extensions",
    "package managers other than npm, pnpm, yarn and bun",
)
"""What is never read of a machine."""
BRIEF_HERE = "Never read here: what was removed, other users, containers, editors (--full)"
BAD = frozenset({ExposureGrade.CONFIRMED, ExposureGrade.POSSIBLE})


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedMachinePlace:
    """A place that was looked at.

    Attributes:
        kind: `cache`, `installed` or `project`.
        client: the package manager that fills it; empty for a project folder.
        path: of the folder.
        packages: how many packages it lists or holds.
        oldest: the earliest time in it; null if it has none.
        newest: the latest one; null if it has none.
        faults: what was not read in it.
    """

    kind: str
    client: str
    path: str
    packages: int
    oldest: str | None
    newest: str | None
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedMachineRow:
    """What a file or folder shows of a version.

    Attributes:
        grade: `confirmed`, `possible` or `unknown`.
        package: the version that was asked for.
        path: of the file or folder.
        why: what it shows.
        at: when it was downloaded or installed; null if nothing shows it.
    """

    grade: str
    package: str
    path: str
    why: str
    at: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedMachine:
    """This machine.

    Attributes:
        grade: the heaviest of its rows, or unknown.
        faults: why it is not known as a whole.
        packages: how many installed packages were looked at.
        places: what was looked at.
        rows: what shows the versions that were asked for.
        reach: the credentials that any program of the user can read, what can publish first.
    """

    grade: str
    faults: tuple[str, ...]
    packages: int
    places: tuple[PrintedMachinePlace, ...]
    rows: tuple[PrintedMachineRow, ...]
    reach: tuple[str, ...]


def machine_headline(found: MachineExposure) -> str:
    """What the machine comes to, with its scope in numbers."""
    parts = []
    for grade in ExposureGrade:
        number = sum(row.grade is grade for row in found.rows)
        if number:
            parts.append(f"{grade.value} in {counted(number, 'place')}")
    if parts:
        return f"On this machine {', '.join(parts)}; {scope(found)} were looked at."
    rest = ", and not all was read" if found.gaps else ""
    return f"Nothing was seen in {scope(found)} of this machine{rest}."


def scope(found: MachineExposure) -> str:
    """What was looked at, in numbers."""
    caches = counted(found.count(MachinePlaceKind.CACHE), "cache")
    folders = counted(found.count(MachinePlaceKind.PROJECT), "folder")
    return f"{caches}, {folders} and {counted(found.packages, 'installed package')}"


def machine_sections(found: MachineExposure, *, full: bool) -> Iterator[Section]:
    """What was seen, and what to rotate for it."""
    most = EVERY if full else FIRST
    rows = sorted(found.rows, key=lambda row: RANKS[row.grade])
    entries = tuple(map(_entry, rows))
    if entries:
        group = Group(entries=entries, most=most, thing="place", all_by="--full")
        yield Section(TITLE, (), (group,))
    if found.reach and found.grade is not ExposureGrade.NOT_SEEN:
        listed = tuple(Entry((sentence(one),), whole=True) for one in found.reach)
        group = Group(entries=listed, most=most, thing="credential", all_by="--full")
        yield Section(REACH, (), (group,))


def _entry(row: MachineRow) -> Entry:
    when = f", {minute(row.at)}" if row.at else ""
    return Entry(
        (sentence(f"{row.grade.value}: {row.package} in {row.path}"),),
        tone=Severity.HIGH if row.grade in BAD else None,
        whole=True,
        beside=(Detail("why", ((sentence(f"{row.why}{when}"),),)),),
    )


def printed_machine(found: MachineExposure) -> PrintedMachine:
    """The machine as JSON has it."""
    return PrintedMachine(
        grade=found.grade.value,
        faults=found.faults,
        packages=found.packages,
        places=tuple(
            PrintedMachinePlace(
                kind=one.kind.value,
                client=one.client,
                path=one.path,
                packages=one.packages,
                oldest=one.oldest.isoformat() if one.oldest else None,
                newest=one.newest.isoformat() if one.newest else None,
                faults=one.faults,
            )
            for one in found.places
        ),
        rows=tuple(
            PrintedMachineRow(
                grade=row.grade.value,
                package=row.package,
                path=row.path,
                why=row.why,
                at=row.at.isoformat() if row.at else None,
            )
            for row in found.rows
        ),
        reach=found.reach,
    )
