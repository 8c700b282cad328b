"""Reads the settings of editors and agents: in the current folder, and the user's own."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from hardenme.collectors.autorun import (
    CONTAINER,
    CONTAINERS,
    FILES,
    TASKS,
    WORKSPACE,
    TextReader,
    of_json,
    reader_of,
    runs,
    tasks,
)
from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.local.answering import each, of_text
from hardenme.collectors.local.workstation import Workstation
from hardenme.collectors.protocol import Collector
from hardenme.facts.local.autorun import AutorunFile
from hardenme.ground.errors import ContentError
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.model.unknown import Unknown

CLAUDE = ".claude/"
EDITORS = ("Code", "Code - Insiders", "VSCodium", "Cursor")
"""Folders of VS Code and of editors made from it, in which the user's own tasks lie."""


@each(AutorunFile)
def settings(station: Workstation, _: Subject, __: FactStore) -> Iterator[Answer[Any]]:
    """What each file starts by itself."""

    def build(path: Path, read: TextReader, text: str) -> dict[str, Any] | Unknown:
        try:
            return {"runs": runs(text, read)}
        except ContentError as error:
            return station.odd(path, f"is not understood: {error}")

    for path, read in _files(station).items():
        yield of_text(AutorunFile, station, "autorun", path, partial(build, path, read))


def _files(station: Workstation) -> dict[Path, TextReader]:
    """Each file once, with what reads it."""
    found: dict[Path, TextReader] = {}
    for folder in (station.cwd, station.home):
        found |= {folder / path: read for path, read in FILES.items()}
    found |= dict(_chosen(station.cwd))
    named = station.variable("CLAUDE_CONFIG_DIR")
    if named:
        found |= {
            station.named(named) / path.removeprefix(CLAUDE): read
            for path, read in FILES.items()
            if path.startswith(CLAUDE)
        }
    return found | {_editors(station) / name / "User" / TASKS: of_json(tasks) for name in EDITORS}


def _chosen(folder: Path) -> Iterator[tuple[Path, TextReader]]:
    """Workspace files and development containers of a folder, of which someone chooses one."""
    for pattern in (f"*{WORKSPACE}", f"{CONTAINERS}/*/{CONTAINER}"):
        for path in sorted(folder.glob(pattern)):
            reader = reader_of(path.relative_to(folder).as_posix())
            if reader is not None:
                yield path, reader


def _editors(station: Workstation) -> Path:
    """Where editors keep what is the user's own."""
    if station.windows:
        return station.folder("APPDATA", "AppData", "Roaming")
    if station.system == "darwin":
        return station.home / "Library" / "Application Support"
    return station.config


COLLECTORS = (Collector("editor settings", (AutorunFile,), settings),)
