"""What was asked for, and what shows it: shared by the readers of all package managers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from hardenme.collectors.local.packages.bounds import BoundedReader
from hardenme.locks.contents import PackageVersion, leads_to
from hardenme.model.exposure import ExposureGrade
from hardenme.model.machine_exposure import MachinePlace, MachinePlaceKind, MachineRow

CONFIRMED, POSSIBLE, UNKNOWN = (
    ExposureGrade.CONFIRMED,
    ExposureGrade.POSSIBLE,
    ExposureGrade.UNKNOWN,
)
FIRST = datetime(2010, 1, 1, tzinfo=UTC)
"""Archives of npm have files of 1985, and file systems begin in 1970."""
DECORATION = re.compile(r"^[\s=v]+|\+.*$")
"""What a version in a `package.json` may have around it; the registry has it without."""
LARGEST_MANIFEST = 4 << 20
"""Bytes of a `package.json` that is read."""


@dataclass(slots=True)
class PlaceReading:
    """A place while it is read.

    Attributes:
        asked: the versions that are looked for.
        within: the folder out of which no link is followed; the place's parent where it is None.
        packages: how many packages were looked at.
        oldest: the earliest time in it.
        newest: the latest one.
        rows: what shows a version.
        stores: where the packages of the place were taken from, as the client wrote it down.
        wants: the package managers for which it has projects.
    """

    asked: Sequence[PackageVersion]
    reader: BoundedReader
    kind: MachinePlaceKind
    client: str
    path: Path
    within: Path | None = None
    packages: int = 0
    oldest: datetime | None = None
    newest: datetime | None = None
    rows: list[MachineRow] = field(default_factory=list)
    stores: list[Path] = field(default_factory=list)
    wants: set[str] = field(default_factory=set)

    @property
    def root(self) -> Path:
        """The folder out of which no link is followed."""
        return self.within or self.path.parent

    def add(
        self,
        grade: ExposureGrade,
        asked: PackageVersion,
        path: Path,
        why: str,
        *,
        at: datetime | None = None,
    ) -> None:
        """Take what shows a version."""
        shown = self.reader.station.shown(path)
        self.rows.append(MachineRow(grade, str(asked), shown, why, at))

    def dated(self, at: datetime | None) -> None:
        """Take a time in it; one from before there was npm was set by a program."""
        if at is not None and at >= FIRST:
            self.oldest = at if self.oldest is None else min(at, self.oldest)
            self.newest = at if self.newest is None else max(at, self.newest)

    def named(self, *names: str) -> Iterator[PackageVersion]:
        """Those of the versions asked for that are of a package of one of these names."""
        return (one for one in self.asked if one.name in names)

    @property
    def place(self) -> MachinePlace:
        """The place, when it was read."""
        return MachinePlace(
            self.kind,
            self.client,
            self.reader.station.shown(self.path),
            self.packages,
            self.oldest,
            self.newest,
            self.reader.noted,
            tuple(sorted(self.wants)),
        )


@dataclass(frozen=True, slots=True)
class Manifest:
    """The name and version that a `package.json` has; empty for what it does not have."""

    name: str
    version: str
    bundles: bool = False


def manifest(reader: BoundedReader, path: Path) -> Manifest | None:
    """What a `package.json` says; None if it is not there, or was not read."""
    data = reader.read(path, LARGEST_MANIFEST)
    if data is None:
        return None
    found = json_object(data)
    if found is None:
        reader.fault(path, "it is not a JSON object")
        return None
    return manifest_of(found)


def json_object(data: bytes) -> dict[str, Any] | None:
    """The object in a file that Node reads: of a name that is there twice, the last one counts."""
    try:
        found = json.loads(data.decode("utf-8-sig", errors="replace"))
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def manifest_of(data: dict[str, Any]) -> Manifest:
    """What the object of a `package.json` says."""
    name, version = data.get("name"), data.get("version")
    bundled = data.get("bundleDependencies", data.get("bundledDependencies"))
    return Manifest(
        name if isinstance(name, str) else "",
        plain_version(version) if isinstance(version, str) else "",
        bool(bundled),
    )


def plain_version(text: str) -> str:
    """A version as the registry has it."""
    return DECORATION.sub("", text.strip())


def fetched(address: str, asked: Iterable[PackageVersion]) -> Iterator[PackageVersion]:
    """The versions whose archive is at an address, on whatever registry."""
    plain = unquote(address)
    for one in asked:
        # GitHub's registry has the name and the version as folders.
        if leads_to(address, one) or f"/{one.name}/{one.version}/" in f"{plain}/":
            yield one
