"""Where npm's client and its settings files are. Nothing is run to find out."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hardenme.collectors.local.npm_workspaces import project_folders
from hardenme.collectors.local.workstation import Workstation
from hardenme.collectors.npmrc.ini import IniLine, in_effect
from hardenme.collectors.npmrc.variables import from_environment
from hardenme.facts.local.npmrc import BUILT_IN, COPY, GLOBAL, PNPM, PROJECT, USER

MOST_COPIES = 20
ENTRY = "npm-cli.js"
SETTINGS = ".npmrc"


@dataclass(frozen=True, slots=True)
class NpmrcPlace:
    """A settings file that may be there.

    Attributes:
        level: as in `NpmrcFile`.
    """

    level: str
    path: Path


def places(station: Workstation) -> tuple[NpmrcPlace, ...]:
    """Every settings file that may be there, each once: the first level that names it counts."""
    found: dict[Path, str] = {}
    for place in _places(station):
        found.setdefault(place.path, place.level)
    return tuple(NpmrcPlace(level, path) for path, level in found.items())


def _places(station: Workstation) -> Iterator[NpmrcPlace]:
    yield NpmrcPlace(USER, user_file(station))
    for path in _project_files(station):
        yield NpmrcPlace(PROJECT, path)
    yield NpmrcPlace(GLOBAL, global_file(station))
    client = npm_folder(station)
    if client is not None:
        yield NpmrcPlace(BUILT_IN, _built_in(client))
    for folder in pnpm_folders(station):
        yield NpmrcPlace(PNPM, folder / "rc")
        yield NpmrcPlace(PNPM, folder / "auth.ini")
    try:
        beside = sorted(path for path in station.home.iterdir() if path.name.startswith(SETTINGS))
    except OSError:
        beside = []
    yield from (NpmrcPlace(COPY, path) for path in beside[:MOST_COPIES])


def pnpm_folders(station: Workstation) -> Iterator[Path]:
    """Where pnpm has its own settings."""
    yield station.config / "pnpm"
    if station.system == "darwin":
        yield station.home / "Library" / "Preferences" / "pnpm"
    if station.windows:
        yield station.folder("LOCALAPPDATA", "AppData", "Local") / "pnpm" / "config"


def user_file(station: Workstation) -> Path:
    """The user's own file."""
    named = _last(station, "userconfig", from_environment(station.environ))
    return station.named(named) if named else station.home / SETTINGS


def _project_files(station: Workstation) -> Iterator[Path]:
    """The files of the project, and those that it names in place of the user's and the global."""
    for folder in project_folders(station):
        own = folder / SETTINGS
        yield own
        lines = _read(station, own)
        for name in ("userconfig", "globalconfig"):
            if named := _last(station, name, lines):
                yield station.named(named)
        if named := _last(station, "prefix", lines):
            yield station.named(named) / "etc" / "npmrc"


def global_file(station: Workstation) -> Path:
    """The file of the npm installation."""
    named = _own(station, "globalconfig")
    return station.named(named) if named else prefix(station) / "etc" / "npmrc"


def prefix(station: Workstation) -> Path:
    """The folder that npm installs globally to."""
    named = _own(station, "prefix") or station.variable("PREFIX")
    if named:
        return station.named(named)
    if station.windows:
        return station.folder("APPDATA", "AppData", "Roaming") / "npm"
    node = _on_path(station, "node")
    # npm goes by where the program itself is, behind all links.
    found = Path(os.path.realpath(node)).parent.parent if node else Path("/usr/local")
    return Path(f"{station.variable('DESTDIR')}{found}")


def folders_named(station: Workstation, *names: str) -> tuple[Path, ...]:
    """Every folder that a setting of one of these names has, in whatever file or variable."""
    levels = (
        from_environment(station.environ),
        *(_read(station, at.path) for at in places(station)),
    )
    found = (_last(station, name, lines) for lines in levels for name in names)
    return tuple(dict.fromkeys(station.named(one) for one in found if one))


def _own(station: Workstation, name: str) -> str:
    """A setting by the environment, else the user's file, else the built-in one; empty for none."""
    client = npm_folder(station)
    levels = (
        from_environment(station.environ),
        _read(station, user_file(station)),
        () if client is None else _read(station, _built_in(client)),
    )
    return next((named for lines in levels if (named := _last(station, name, lines))), "")


def _read(station: Workstation, path: Path) -> tuple[IniLine, ...]:
    found = station.text(path)
    return in_effect(found[0]) if isinstance(found, tuple) else ()


def _last(station: Workstation, name: str, lines: tuple[IniLine, ...]) -> str:
    named = [item for item in lines if item.name == name]
    return named[-1].expanded(station.environ) if named else ""


def _built_in(client: Path) -> Path:
    return client / "npmrc"


def npm_command(station: Workstation) -> Path | None:
    """The `npm` that a shell would start; None if there is none."""
    return _on_path(station, "npm")


def npm_folder(station: Workstation) -> Path | None:
    """The installed package behind `npm`; None if there is none, or where it is hidden.

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
    return next(on_path(station, name), None)


def on_path(station: Workstation, name: str) -> Iterator[Path]:
    """Every program of a name that a shell could start, the one that it starts first."""
    ends = (".cmd", ".exe") if station.windows else ("",)
    separator = ";" if station.windows else ":"
    for folder in station.environ.get("PATH", "").split(separator):
        # A relative entry means another place in each folder.
        if folder and Path(folder).is_absolute():
            for end in ends:
                path = Path(folder) / f"{name}{end}"
                if station.is_file(path) and (station.windows or os.access(path, os.X_OK)):
                    yield path
