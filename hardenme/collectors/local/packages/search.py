"""Looks at all places of this machine, and at the folders that were named."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from hardenme.collectors.local.packages.bounds import BoundedReader, ReadBudget
from hardenme.collectors.local.packages.found import PlaceReading
from hardenme.collectors.local.packages.places import known_places, unread_places
from hardenme.collectors.local.packages.projects import KnownPlace, projects
from hardenme.collectors.local.workstation import Workstation
from hardenme.locks.contents import PackageVersion
from hardenme.model.machine_exposure import MachinePlace, MachineRow


@dataclass(frozen=True, slots=True)
class MachinePackages:
    """What was looked at, and what shows the versions that were asked for.

    Attributes:
        faults: what was not read that is in no place.
    """

    places: tuple[MachinePlace, ...]
    rows: tuple[MachineRow, ...]
    faults: tuple[str, ...]


def machine_packages(
    station: Workstation,
    folders: Sequence[Path],
    asked: Sequence[PackageVersion],
    say: Callable[[str], None] = lambda _text: None,
) -> MachinePackages:
    """Look at this machine.

    Args:
        folders: those with projects, which the user named.
        asked: the versions that are looked for.
        say: takes the place that is being looked at.
    """
    first = BoundedReader(station, ReadBudget())
    made = _Search(station, asked, first, say, {}, [])
    for place in known_places(station, first):
        made.take(place)
    for folder in folders:
        for one in projects(folder, first.beside(), asked):
            made.take(one)
    for client, path in unread_places(station, first):
        first.fault(path, f"hardenme does not read what {client} downloaded")
    made.missing_stores()
    places = tuple(one.place for one in made.read)
    rows = dict.fromkeys(row for one in made.read for row in one.rows)
    return MachinePackages(places, tuple(rows), first.noted)


@dataclass(slots=True)
class _Search:
    station: Workstation
    asked: Sequence[PackageVersion]
    first: BoundedReader
    say: Callable[[str], None]
    seen: dict[tuple[Path, str], PlaceReading]
    read: list[PlaceReading]

    def take(self, one: KnownPlace | PlaceReading) -> None:
        """Read a place, unless it was read already."""
        if isinstance(one, PlaceReading):
            self.read.append(one)
            return
        key = (Path(os.path.realpath(one.path)), one.read.__name__)
        if key in self.seen:
            return
        self.say(self.station.shown(one.path))
        reader = self.first.beside()
        made = PlaceReading(self.asked, reader, one.kind, one.client, one.path, one.within)
        self.seen[key] = made
        one.read(made)
        self.read.append(made)

    def missing_stores(self) -> None:
        """Stores from which packages were installed, and that were not looked at."""
        looked = {path for path, _name in self.seen}
        for place in self.read:
            for store in place.stores:
                if Path(os.path.realpath(store)) not in looked and place.reader.has_folder(store):
                    place.reader.fault(store, "pnpm's store was not looked at; name its folder")
