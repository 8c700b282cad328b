"""Where npm's client and its settings files are. Nothing is run to find out."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hardenme.collectors.local.workstation import Workstation, tidy
from hardenme.collectors.npmrc.ini import settings
from hardenme.facts.local.npmrc import BUILT_IN, COPY, GLOBAL, PNPM, PROJECT, USER

MOST_COPIES = 20
DEEPEST = 64
"""Folders that are climbed from the current one."""
ENTRY = "npm-cli.js"
PROJECT_MARKS = ("package.json", "node_modules")


@dataclass(frozen=True, slots=True)
class Place:
    """A settings file that may be there.

    Attributes:
        level: as in `NpmrcFile`.
        path: where.
    """

    level: str
    path: Path


def places(station: Workstation) -> tuple[Place, ...]:
    """Every settings file that may be there, each once: the first level that names it counts."""
    found: dict[Path, str] = {}
    for place in _places(station):
        found.setdefault(place.path, place.level)
    return tuple(Place(level, path) for path, level in found.items())


def _places(station: Workstation) -> Iterator[Place]:
    yield Place(USER, user_file(station))
    yield Place(PROJECT, project_folder(station) / ".npmrc")
    yield Place(GLOBAL, global_file(station))
    client = npm_folder(station)
    if client is not None:
        yield Place(BUILT_IN, client / "npmrc")
    for folder in _pnpm_folders(station):
        yield Place(PNPM, folder / "rc")
        yield Place(PNPM, folder / "auth.ini")
    try:
        beside = sorted(path for path in station.home.iterdir() if path.name.startswith(".npmrc"))
    except OSError:
        beside = []
    yield from (Place(COPY, path) for path in beside[:MOST_COPIES])


def _pnpm_folders(station: Workstation) -> Iterator[Path]:
    yield station.config / "pnpm"
    if station.system == "darwin":
        yield station.home / "Library" / "Preferences" / "pnpm"
    if station.windows:
        yield station.folder("LOCALAPPDATA", "AppData", "Local") / "pnpm" / "config"


def user_file(station: Workstation) -> Path:
    """The user's own file."""
    named = station.variable("NPM_CONFIG_USERCONFIG", "npm_config_userconfig")
    return _absolute(station, named) if named else station.home / ".npmrc"


def project_folder(station: Workstation) -> Path:
    """The project around the current folder, as npm finds it; else the current folder."""
    for folder in [station.cwd, *station.cwd.parents][:DEEPEST]:
        if any(os.path.lexists(folder / mark) for mark in PROJECT_MARKS):
            return folder
    return station.cwd


def global_file(station: Workstation) -> Path:
    """The file of the npm installation."""
    named = station.variable("NPM_CONFIG_GLOBALCONFIG", "npm_config_globalconfig")
    if named:
        return _absolute(station, named)
    return prefix(station) / "etc" / "npmrc"


def prefix(station: Workstation) -> Path:
    """The folder that npm installs globally to."""
    named = station.variable("NPM_CONFIG_PREFIX", "npm_config_prefix", "PREFIX")
    own = _user_prefix(station)
    if named or own:
        return _absolute(station, named or own)
    if station.windows:
        return station.folder("APPDATA", "AppData", "Roaming") / "npm"
    node = _on_path(station, "node")
    # npm goes by where the program itself is, behind all links.
    return Path(os.path.realpath(node)).parent.parent if node else Path("/usr/local")


def _user_prefix(station: Workstation) -> str:
    found = station.text(user_file(station))
    if not isinstance(found, tuple):
        return ""
    named = [item for item in settings(found[0]) if item.name == "prefix"]
    return named[-1].expanded(station.environ) if named else ""


def npm_command(station: Workstation) -> Path | None:
    """The `npm` that a shell would start; None where there is none."""
    return _on_path(station, "npm")


def npm_folder(station: Workstation) -> Path | None:
    """The installed package behind `npm`; None where there is none, or where it is hidden.

    A version manager puts a program of its own in the place of `npm`, which picks the package when
    it runs.
    """
    command = npm_command(station)
    if command is None:
        return None
    real = Path(os.path.realpath(command))
    if real.name == ENTRY:
        return real.parent.parent
    guesses = (
        command.parent / "node_modules" / "npm",
        command.parent.parent / "lib" / "node_modules" / "npm",
    )
    return next((guess for guess in guesses if station.is_file(guess / "package.json")), None)


def _on_path(station: Workstation, name: str) -> Path | None:
    ends = (".cmd", ".exe") if station.windows else ("",)
    separator = ";" if station.windows else ":"
    for folder in station.environ.get("PATH", "").split(separator):
        # A relative entry means another place in each folder.
        if folder and Path(folder).is_absolute():
            for end in ends:
                path = Path(folder) / f"{name}{end}"
                if station.is_file(path) and (station.windows or os.access(path, os.X_OK)):
                    return path
    return None


def _absolute(station: Workstation, text: str) -> Path:
    if text.startswith("~/"):
        return tidy(station.home / text[2:])
    return tidy(station.cwd / text)
