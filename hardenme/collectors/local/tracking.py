"""Whether git keeps a file."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from hardenme.collectors.local.git_index import holds
from hardenme.collectors.local.workstation import Absent, Content, Workstation, tidy
from hardenme.model.evidence import Atom
from hardenme.model.unknown import Reason, Unknown

LARGEST_INDEX = 64 * 1024 * 1024
DEEPEST = 64
"""Folders that are climbed from the file."""
FOLDS_CASE = frozenset({"darwin", "win32"})


@dataclass(frozen=True, slots=True)
class Tracking:
    """Whether git keeps a file.

    Attributes:
        tracked: the repository around it has it in its index.
        place: the file that was looked for in it: the one itself, or what it leads to.
        evidence: what was read or looked for.
    """

    tracked: bool
    place: Path
    evidence: tuple[Atom, ...]


def tracking(station: Workstation, path: Path) -> Tracking | Unknown:
    """Look in the index of the repository around a file; of its true place too, if it is a link."""
    evidence: list[Atom] = []
    missing: Unknown | None = None
    for place in dict.fromkeys((path, Path(os.path.realpath(path)))):
        found = _look(station, place)
        if isinstance(found, Unknown):
            missing = found
            continue
        evidence.extend(found.evidence)
        if found.tracked:
            return Tracking(tracked=True, place=place, evidence=tuple(evidence))
    return missing or Tracking(tracked=False, place=path, evidence=tuple(evidence))


def repository(station: Workstation, folder: Path) -> tuple[Path, Path] | Unknown | None:
    """The work tree around a folder and its git folder; None if there is none."""
    for above in [folder, *folder.parents][:DEEPEST]:
        mark = above / ".git"
        if not os.path.lexists(mark):
            continue
        if os.path.isdir(mark):  # noqa: PTH112 (it never raises)
            return above, mark
        found = station.text(mark)
        if isinstance(found, Unknown):
            return found
        if isinstance(found, Absent) or not found[0].startswith("gitdir:"):
            return station.odd(mark, "names no git folder")
        return above, tidy(above / found[0].removeprefix("gitdir:").strip())
    return None


def _look(station: Workstation, path: Path) -> Tracking | Unknown:
    found = repository(station, path.parent)
    if isinstance(found, Unknown):
        return found
    if found is None:
        looked = station.atom(path.parent / ".git", 404)
        return Tracking(tracked=False, place=path, evidence=(looked,))
    top, folder = found
    index = station.read(folder / "index", LARGEST_INDEX)
    if isinstance(index, Unknown):
        return index
    if isinstance(index, Absent):
        return Tracking(tracked=False, place=path, evidence=(index.atom,))
    return _search(station, index, top, path)


def _search(station: Workstation, index: Content, top: Path, path: Path) -> Tracking | Unknown:
    data, name = index.data, os.fsencode(path.relative_to(top).as_posix())
    try:
        told = holds(data, name, any_case=station.system in FOLDS_CASE)
        return Tracking(tracked=told, place=path, evidence=(index.atom,))
    except ValueError as error:
        return Unknown(
            Reason.MALFORMED,
            f"whether git keeps {station.shown(path)}: run git ls-files there",
            str(error),
            (index.atom,),
        )
