"""The files of a run, read once: what they say, and what in them is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from hardenme.config.files import FoundFile, files
from hardenme.config.places import SearchPlaces, named
from hardenme.config.trust import Trust
from hardenme.model.waiver import Waiver


@dataclass(frozen=True, slots=True)
class Problem:
    """Something for which a file cannot be used as it is.

    Attributes:
        place: the file, and the line where that is known.
        text: what is wrong, and what to do.
    """

    place: str
    text: str

    def __str__(self) -> str:
        return f"{self.place}: {self.text}"


@dataclass(frozen=True, slots=True)
class FoundSetting:
    """What one file says of a setting.

    Attributes:
        value: the setting's value.
        place: the file, and the line where that is known.
        origin: the file, in words that fit into a sentence.
        trusted: whether it counts even where less is found by it.
        own: whether it is the user's own file.
    """

    value: Any
    place: str
    origin: str
    trusted: bool
    own: bool


@dataclass(frozen=True, slots=True)
class Loaded:
    """The settings in the files of a run.

    Attributes:
        where: where they were looked for.
        files: those that are there: the user's own or the one that is named, then the folder's.
        missing: the file that is named, where it is not there.
    """

    where: SearchPlaces
    files: tuple[FoundFile, ...] = ()
    missing: Path | None = None

    def says(self, name: str) -> Iterator[FoundSetting]:
        """What the files say of a setting, the most trusted first."""
        for found in self.files:
            if found.admission is not None and name in found.admission.values:
                yield FoundSetting(
                    found.admission.values[name],
                    self.place(found, name),
                    self.origin(found),
                    not found.untrusted,
                    found.trust >= Trust.USER,
                )

    def place(self, found: FoundFile, name: str = "") -> str:
        """A file, and the line of a setting where that is known."""
        line = found.lines.get(name) or found.lines.get(name.partition(".")[0])
        shown = self.where.shown(found.source.path)
        return f"{shown}:{line}" if line else shown

    def origin(self, found: FoundFile) -> str:
        """A file, in words that fit into a sentence."""
        shown = self.where.shown(found.source.path)
        here = found.source.trust < Trust.USER and found.source.folder == self.where.cwd
        return f"{shown} of the working directory" if here else shown

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All for which a run does not begin, in the order of the files."""
        if self.missing is not None:
            return (Problem("--config", f"there is no {self.where.shown(self.missing)}"),)
        return tuple(problem for found in self.files for problem in self._problems(found))

    def _problems(self, found: FoundFile) -> Iterator[Problem]:
        if found.problem:
            if found.source.ours or found.source.trust >= Trust.USER:
                yield Problem(self.place(found), found.problem)
            return
        refusals = found.admission.refusals if found.admission else ()
        if found.lowered and any(refusal.beyond for refusal in refusals):
            beyond = ", ".join(refusal.key for refusal in refusals if refusal.beyond)
            yield Problem(self.place(found), f"{found.lowered}; until then, refused: {beyond}")
            refusals = tuple(refusal for refusal in refusals if not refusal.beyond)
        for refusal in refusals:
            yield Problem(self.place(found, refusal.key), str(refusal))

    @property
    def notes(self) -> tuple[str, ...]:
        """Remarks on the files, in addition to their settings."""
        told = []
        for found in self.files:
            if found.problem and not found.source.ours and found.source.trust < Trust.USER:
                told.append(f"{self.place(found)} is not read: {found.problem}")
            elif found.lowered:
                told.append(
                    f"{self.place(found)} is trusted as a file in the working directory is:"
                    f" {found.lowered}"
                )
            if found.ignored:
                others = ", ".join(map(self.where.shown, found.ignored))
                told.append(f"{self.place(found)} counts, {others} next to it does not")
        return tuple(told)

    @property
    def waivers(self) -> tuple[Waiver, ...]:
        """The findings that are accepted."""
        return tuple(
            replace(waiver, origin=self.origin(found))
            for found in self.files
            if found.admission is not None
            for waiver in found.admission.waivers
        )

    @property
    def proposed(self) -> tuple[Waiver, ...]:
        """The findings that a folder's file wants accepted."""
        return tuple(
            replace(proposal.asked, origin=self.origin(found))
            for found in self.files
            if found.admission is not None
            for proposal in found.admission.proposals
        )


def load(where: SearchPlaces, instead: Path | None = None) -> Loaded:
    """Read the files that count.

    Args:
        where: where they may be.
        instead: the file that the user names in place of their own; None for none.
    """
    if instead is not None:
        where = replace(where, own=named(instead, where.cwd))
    found = tuple(files(where))
    path = where.own.path if where.own and instead is not None else None
    there = any(one.source.path == path for one in found)
    return Loaded(where, found, None if there else path)


def nothing(where: SearchPlaces) -> Loaded:
    """What is known without reading any file."""
    return Loaded(where)
