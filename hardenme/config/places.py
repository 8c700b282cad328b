"""Where configuration files may be, and how far each is trusted. Nothing of them is read here."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from hardenme.config.trust import Trust
from hardenme.model.text import visible

FILE = "hardenme.toml"
OWN_FILE = "config.toml"
PYTHON_PROJECT = "pyproject.toml"
IN_A_FOLDER = (FILE, f".github/{FILE}", PYTHON_PROJECT)
"""The names in a folder, the first that is there counts."""
DEEPEST = 64
"""Folders that are climbed from the current one."""


@dataclass(frozen=True, slots=True)
class SettingsSource:
    """A file that may be there.

    Attributes:
        trust: how far it is trusted, if it is where it should be.
        table: the keys that lead to the settings in it; none if they are at its top.
    """

    path: Path
    trust: Trust
    table: tuple[str, ...] = ()

    @property
    def folder(self) -> Path:
        """The folder that it speaks for."""
        inner = self.path.parent
        return inner.parent if inner.name == ".github" else inner

    @property
    def ours(self) -> bool:
        """Whether it is a file of hardenme's alone; others have a table for it, or none."""
        return not self.table


@dataclass(frozen=True, slots=True)
class SearchPlaces:
    """Where files are looked for.

    Attributes:
        own: the user's own file; None if there is no place for one.
        folders: the files in folders, the nearest first: the first that is there counts alone.
        top: the folder up to which they are looked for.
        cwd: the current folder.
        home: the user's home; None if there is none.
    """

    own: SettingsSource | None
    folders: tuple[SettingsSource, ...]
    top: Path
    cwd: Path
    home: Path | None

    def shown(self, path: Path) -> str:
        """A path as messages name it: short, and in visible characters.

        What a folder's file is called hangs on no name that others have chosen: it is one of
        `IN_A_FOLDER`, from the working directory on.
        """
        for steps, folder in enumerate([self.cwd, *self.cwd.parents][:DEEPEST]):
            name = path.relative_to(folder).as_posix() if path.is_relative_to(folder) else ""
            if name in IN_A_FOLDER:
                return "../" * steps + name
        if self.home is not None and path.is_relative_to(self.home):
            path = Path("~") / path.relative_to(self.home)
        return visible(str(path))


def places(cwd: Path, home: Path | None, own_folder: Path | None) -> SearchPlaces:
    """The places where settings files for this folder may be.

    Folders are climbed from the current one to the root of its git repository. Where there is none
    below the home, or below the file system's root, the current folder is all.

    Args:
        cwd: the current folder.
        home: the user's home; None if there is none.
        own_folder: the folder of the user's own configuration; None if there is none.
    """
    climbed = _climbed(cwd, home)
    folders = (_source(folder, name) for folder in climbed for name in IN_A_FOLDER)
    own = SettingsSource(own_folder / OWN_FILE, Trust.USER) if own_folder else None
    return SearchPlaces(own, tuple(folders), climbed[-1], cwd, home)


def named(path: Path, cwd: Path) -> SettingsSource:
    """The file that the user names in place of their own."""
    return SettingsSource(cwd / path, Trust.USER, _table(path.name))


def _source(folder: Path, name: str) -> SettingsSource:
    return SettingsSource(folder / name, Trust.FOLDER, _table(name))


def _table(name: str) -> tuple[str, ...]:
    return ("tool", "hardenme") if name == PYTHON_PROJECT else ()


def _climbed(cwd: Path, home: Path | None) -> list[Path]:
    """The folders from the current one to the root of its repository."""
    last = Path(os.path.realpath(home)) if home else None
    climbed: list[Path] = []
    for folder in [cwd, *cwd.parents][:DEEPEST]:
        if folder == folder.parent:
            break
        climbed.append(folder)
        if _is_root(folder):
            return climbed
        if folder == last:
            break
    return [cwd]


def _is_root(folder: Path) -> bool:
    """Whether git would take it for the root of a repository that no one else has put there."""
    try:
        status = os.lstat(folder / ".git")
    except (OSError, ValueError):
        return False
    if hasattr(os, "getuid") and status.st_uid not in {os.getuid(), 0}:
        return False
    return stat.S_ISDIR(status.st_mode) or stat.S_ISREG(status.st_mode)
