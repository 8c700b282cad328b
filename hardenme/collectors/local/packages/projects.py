"""Looks through a folder that was named: lock files, installed packages, and caches in it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from hardenme.collectors.local.packages.bounds import BoundedReader
from hardenme.collectors.local.packages.bun_cache import bun_cache
from hardenme.collectors.local.packages.found import POSSIBLE, UNKNOWN, PlaceReading
from hardenme.collectors.local.packages.node_modules import MODULES, node_modules
from hardenme.collectors.local.packages.npm_cache import CONTENT, npm_cache
from hardenme.collectors.local.packages.pnpm_store import FILES, STORE, pnpm_store
from hardenme.collectors.local.packages.yarn_cache import berry_cache
from hardenme.locks.contents import PackageVersion, Resolved
from hardenme.locks.reading import CLIENTS, is_lock, lock_file
from hardenme.model.machine_exposure import MachinePlaceKind

SKIPPED = frozenset({".git", ".hg", ".svn"})
"""Folders of version control, which hold no installed package."""
CACHE, INSTALLED, PROJECT = (
    MachinePlaceKind.CACHE,
    MachinePlaceKind.INSTALLED,
    MachinePlaceKind.PROJECT,
)
ZIPPED = re.compile(r".+-npm-.+-[0-9a-f]{10}(?:-[^-]+)?\.zip")
"""An archive of yarn's cache, in whatever folder a project has it."""
SETTINGS = frozenset({".npmrc", ".yarnrc", ".yarnrc.yml", "bunfig.toml", "pnpm-workspace.yaml"})
"""Files of a project that may say where its package manager keeps what it downloads."""
OWN_CACHE = re.compile(
    r"^\s*[\"']?(?:cache|cache-folder|cacheFolder|dir|globalFolder|store-dir|storeDir"
    r"|yarn-offline-mirror)[\"']?\s*[=:\s]\s*[\"']?(?P<folder>[^\"'\r\n#]+?)[\"']?\s*$",
    re.MULTILINE,
)
Read = Callable[[PlaceReading], None]


@dataclass(frozen=True, slots=True)
class KnownPlace:
    """A place that is read in one way.

    Attributes:
        client: the package manager that fills it; empty if what is in it shows that.
        within: the folder out of which no link is followed; None for the place's parent.
    """

    kind: MachinePlaceKind
    client: str
    path: Path
    read: Read
    within: Path | None = None


def projects(
    folder: Path, reader: BoundedReader, asked: Sequence[PackageVersion]
) -> Iterator[KnownPlace | PlaceReading]:
    """The named folder itself, then each place in it that is yet to be read.

    A link below the folder is not followed.
    """
    root = Path(os.path.realpath(folder))
    found = PlaceReading(asked, reader, PROJECT, "", root)
    if not reader.has_folder(root):
        reader.fault(folder, "it is not a folder that can be looked at")
    elif root.name == MODULES:
        yield KnownPlace(INSTALLED, "", root, node_modules, root)
    else:
        yield from _within(found, root)
    yield found


def _within(found: PlaceReading, root: Path) -> Iterator[KnownPlace]:
    reader, waiting = found.reader, [root]
    while waiting:
        at = waiting.pop()
        listed = reader.entries(at)
        if any(ZIPPED.fullmatch(one.name) for one in listed):
            yield KnownPlace(CACHE, "yarn", at, berry_cache)
        for one in listed:
            path = Path(one.path)
            if one.is_symlink():
                _link(found, path, root)
            elif not reader.is_folder(one):
                _file(found, path, root)
            elif (known := _known(reader, path, root)) is not None:
                yield known
            elif one.name not in SKIPPED:
                waiting.append(path)


def _file(found: PlaceReading, path: Path, root: Path) -> None:
    """A file of a project: its lock file, and settings that name another cache."""
    if is_lock(path.name):
        found.wants |= {client for client, names in CLIENTS.items() if path.name in names}
        _lock(found, path)
    elif path.name in SETTINGS:
        text = (found.reader.read(path) or b"").decode(errors="replace")
        for named in OWN_CACHE.finditer(text):
            folder, away = named["folder"], named["folder"].startswith(("/", "~"))
            at = found.reader.station.named(folder) if away else path.parent / folder
            if "$" in folder or not Path(os.path.realpath(at)).is_relative_to(root):
                found.reader.fault(path, "it names another cache; name that folder as well")


def _known(reader: BoundedReader, path: Path, root: Path) -> KnownPlace | None:
    """A folder that is read in another way; None for any other."""
    if path.name == MODULES:
        return KnownPlace(INSTALLED, "", path, node_modules, root)
    if path.name == CONTENT:
        return KnownPlace(CACHE, "npm", path.parent, npm_cache)
    if STORE.fullmatch(path.name) and reader.has_folder(path / FILES):
        return KnownPlace(CACHE, "pnpm", path, pnpm_store)
    if path.name == "cache" and path.parent.name == "install":
        return KnownPlace(CACHE, "bun", path, bun_cache)
    return None


def _link(found: PlaceReading, path: Path, root: Path) -> None:
    """A link: what is installed, locked or set behind it is not read, if that is elsewhere."""
    if path.name not in {MODULES, *SETTINGS} and not is_lock(path.name):
        return
    if not Path(os.path.realpath(path)).is_relative_to(root):
        found.reader.fault(path, "it is a link to elsewhere, which is not followed")


def _lock(found: PlaceReading, path: Path) -> None:
    """A lock file: what it resolves was installed by anyone who installed by it."""
    data = found.reader.read(path)
    if data is None:
        return
    at = found.reader.changed(path)
    lock = lock_file(path.name, data)
    for asked in found.asked:
        answer = lock.holds(asked)
        if answer.held is Resolved.YES:
            found.add(POSSIBLE, asked, path, "it resolves the version", at=at)
        elif answer.held is Resolved.UNKNOWN:
            found.add(UNKNOWN, asked, path, answer.why, at=at)
