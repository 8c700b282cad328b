"""Where package managers keep what they download and install globally, by their settings.

Each place that a setting or variable names is looked at, and the usual one as well. Either may have
been used at the time.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from hardenme.collectors.local.npm_places import (
    folders_named,
    on_path,
    places,
    pnpm_folders,
    prefix,
)
from hardenme.collectors.local.packages.bounds import BoundedReader
from hardenme.collectors.local.packages.bun_cache import bun_cache
from hardenme.collectors.local.packages.node_modules import MODULES, node_modules
from hardenme.collectors.local.packages.npm_cache import CONTENT, LOGS, npm_cache
from hardenme.collectors.local.packages.pnpm_store import FILES, STORE, pnpm_store
from hardenme.collectors.local.packages.projects import CACHE, INSTALLED, KnownPlace
from hardenme.collectors.local.packages.yarn_cache import (
    FOLDER,
    berry_cache,
    classic_cache,
    mirror,
)
from hardenme.collectors.local.workstation import Workstation
from hardenme.ground.errors import ContentError
from hardenme.model.unknown import Unknown
from hardenme.workflows.yaml import load_all

NPX = "_npx"
YARN_LINE = re.compile(
    r'^\s*"?(cache-folder|yarn-offline-mirror)"?\s+"?([^"\r\n]+?)"?\s*$', re.MULTILINE
)
"""A setting in `.yarnrc` of yarn 1."""
VERSIONS = (
    (".nvm/versions/node", "*/lib"),
    (".local/share/fnm/node-versions", "*/installation/lib"),
    (".fnm/node-versions", "*/installation/lib"),
    (".volta/tools/image/packages", "*/lib"),
    (".volta/tools/image/packages", "*/*/lib"),
    (".volta/tools/image/node", "*/lib"),
    (".asdf/installs/nodejs", "*/lib"),
    (".local/share/mise/installs/node", "*/lib"),
    (".nodenv/versions", "*/lib"),
    ("n", "lib"),
)
"""Where version managers of Node have the global packages of each version, below the home."""
OF_ROOT = Path("/usr/local/share/.cache/yarn")
"""The cache of yarn 1 of the user root."""
DEEPEST = 6
"""Folders within a client's own folder in which global packages are looked for."""


def known_places(station: Workstation, reader: BoundedReader) -> Iterator[KnownPlace]:
    """The places that are there, each once.

    Args:
        reader: takes the settings that were not read.
    """
    found: dict[tuple[Path, str], KnownPlace] = {}
    for one in (
        *_npm(station, reader),
        *_pnpm(station, reader),
        *_yarn(station, reader),
        *_bun(station, reader),
    ):
        real = Path(os.path.realpath(one.path))
        if reader.has_folder(real):
            place = KnownPlace(one.kind, one.client, real, one.read, one.within)
            found.setdefault((real, one.read.__name__), place)
    yield from found.values()


def unread_places(station: Workstation, reader: BoundedReader) -> Iterator[tuple[str, Path]]:
    """Package managers whose downloads are not read, each with its folder, where that is there."""
    caches = station.folder("XDG_CACHE_HOME", ".cache")
    listed = [
        ("deno", station.folder("DENO_DIR", ".cache", "deno") / "npm"),
        ("deno", station.home / "Library" / "Caches" / "deno" / "npm"),
        ("vlt", caches / "vlt"),
        ("vlt", station.home / "Library" / "Caches" / "vlt"),
    ]
    if station.windows:
        local = station.folder("LOCALAPPDATA", "AppData", "Local")
        listed += [("deno", local / "deno" / "npm"), ("vlt", local / "vlt")]
    yield from ((client, path) for client, path in listed if reader.has_folder(path))


def _npm(station: Workstation, reader: BoundedReader) -> Iterator[KnownPlace]:
    for one in places(station):
        told = station.text(one.path)
        if isinstance(told, Unknown):
            reader.fault(one.path, "it can name another cache, and was not read")
    usual = station.home / ".npm"
    if station.windows:
        usual = station.folder("LOCALAPPDATA", "AppData", "Local") / "npm-cache"
    for cache in (usual, *folders_named(station, "cache")):
        if any(reader.has_folder(cache / one) for one in (CONTENT, LOGS)):
            yield KnownPlace(CACHE, "npm", cache, npm_cache)
        for run in reader.folders(cache / NPX):
            yield KnownPlace(INSTALLED, "npx", run / MODULES, node_modules)
    yield from _npm_global(station, reader)


def _npm_global(station: Workstation, reader: BoundedReader) -> Iterator[KnownPlace]:
    """Where npm installs globally, for each Node that there is."""
    nodes = (Path(os.path.realpath(one)).parent.parent for one in on_path(station, "node"))
    for folder in (prefix(station), *folders_named(station, "prefix"), *nodes):
        yield KnownPlace(INSTALLED, "npm", folder / "lib" / MODULES, node_modules)
        if station.windows:
            yield KnownPlace(INSTALLED, "npm", folder / MODULES, node_modules)
    nvm = station.variable("NVM_DIR")
    managed = [(station.home / top, below) for top, below in VERSIONS]
    managed += [(Path(nvm) / "versions" / "node", "*/lib")] if nvm else []
    for folder, below in managed:
        for one in _below(reader, folder, below.split("/")):
            yield KnownPlace(INSTALLED, "npm", one / MODULES, node_modules)


def _below(reader: BoundedReader, folder: Path, steps: Sequence[str]) -> Iterator[Path]:
    """The folders at the end of steps, of which `*` is any folder."""
    if not steps:
        yield folder
    elif steps[0] == "*":
        for one in reader.folders(folder):
            yield from _below(reader, one, steps[1:])
    else:
        yield from _below(reader, folder / steps[0], steps[1:])


def _pnpm(station: Workstation, reader: BoundedReader) -> Iterator[KnownPlace]:
    data = [station.folder("XDG_DATA_HOME", ".local", "share") / "pnpm"]
    data += [station.home / "Library" / "pnpm"] if station.system == "darwin" else []
    if station.windows:
        data.append(station.folder("LOCALAPPDATA", "AppData", "Local") / "pnpm")
    data += [Path(home)] if (home := station.variable("PNPM_HOME")) else []
    stores = [one / "store" for one in data]
    stores += [station.home / ".pnpm-store", *folders_named(station, "store-dir")]
    for folder in pnpm_folders(station):
        settings = folder / "config.yaml"
        stores += _texts(reader, settings, _yaml(reader, settings), "storeDir", "store-dir")
    for store in stores:
        listed = [store] if STORE.fullmatch(store.name) else [*reader.folders(store)]
        for one in listed:
            if STORE.fullmatch(one.name) and reader.has_folder(one / FILES):
                yield KnownPlace(CACHE, "pnpm", one, pnpm_store)
    run = [station.folder("XDG_CACHE_HOME", ".cache") / "pnpm" / "dlx"]
    run += [station.home / "Library" / "Caches" / "pnpm" / "dlx"]
    if station.windows:
        run.append(station.folder("LOCALAPPDATA", "AppData", "Local") / "pnpm-cache" / "dlx")
    for folder in (*(one / "global" for one in data), *folders_named(station, "global-dir"), *run):
        yield from _installed(reader, folder, "pnpm")


def _yarn(station: Workstation, reader: BoundedReader) -> Iterator[KnownPlace]:
    local = station.folder("LOCALAPPDATA", "AppData", "Local")
    classic = [station.folder("XDG_CACHE_HOME", ".cache") / "yarn"]
    classic += [station.home / "Library" / "Caches" / "Yarn", local / "Yarn" / "Cache"]
    classic += [OF_ROOT] if station.home == Path("~root").expanduser() else []
    classic += _temporary(station, ".yarn-cache-")
    berry = [station.home / ".yarn" / "berry" / "cache", local / "Yarn" / "Berry" / "cache"]
    mirrors = [*folders_named(station, "yarn-offline-mirror")]
    named = [*folders_named(station, "cache-folder")]
    if cache := station.variable("YARN_CACHE_FOLDER"):
        named.append(station.named(cache))
    if top := station.variable("YARN_GLOBAL_FOLDER"):
        berry.append(station.named(top) / "cache")
    text = reader.read(station.home / ".yarnrc") or b""
    for name, value in YARN_LINE.findall(text.decode(errors="replace")):
        (named if name == "cache-folder" else mirrors).append(station.home / value)
    settings = station.home / ".yarnrc.yml"
    read = _yaml(reader, settings)
    named += _texts(reader, settings, read, "cacheFolder")
    berry += [one / "cache" for one in _texts(reader, settings, read, "globalFolder")]
    for one in (*classic, *named):
        if any(FOLDER.fullmatch(inner.name) for inner in reader.folders(one)):
            yield KnownPlace(CACHE, "yarn", one, classic_cache)
    for one in (*berry, *named):
        yield KnownPlace(CACHE, "yarn", one, berry_cache)
    for one in mirrors:
        yield KnownPlace(CACHE, "yarn", one, mirror)
    for one in (station.config / "yarn" / "global", local / "Yarn" / "Data" / "global"):
        yield KnownPlace(INSTALLED, "yarn", one / MODULES, node_modules)


def _bun(station: Workstation, reader: BoundedReader) -> Iterator[KnownPlace]:
    homes = [station.home / ".bun", station.folder("XDG_CACHE_HOME", ".cache") / ".bun"]
    homes += [station.named(own)] if (own := station.variable("BUN_INSTALL")) else []
    caches = [one / "install" / "cache" for one in homes]
    if named := station.variable("BUN_INSTALL_CACHE_DIR"):
        caches.append(station.named(named))
    for settings in (station.home / ".bunfig.toml", station.config / ".bunfig.toml"):
        caches += _of_bunfig(station, reader, settings)
    for folder in caches:
        yield KnownPlace(CACHE, "bun", folder, bun_cache)
    for one in homes:
        yield KnownPlace(INSTALLED, "bun", one / "install" / "global" / MODULES, node_modules)
    for folder in _temporary(station, "bunx-"):
        yield from _installed(reader, folder, "bun")


def _of_bunfig(station: Workstation, reader: BoundedReader, path: Path) -> Iterator[Path]:
    data = reader.read(path)
    if data is None:
        return
    try:
        read = tomllib.loads(data.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError):
        reader.fault(path, "it can name another cache, and is not TOML")
        return
    install = read.get("install")
    cache = install.get("cache") if isinstance(install, dict) else None
    folder = cache.get("dir") if isinstance(cache, dict) else cache
    if isinstance(folder, str):
        yield station.named(folder)


def _yaml(reader: BoundedReader, path: Path) -> dict[str, Any]:
    """A file of settings; empty if it is not there, or was not read."""
    data = reader.read(path)
    if data is None or not data.strip():
        return {}
    try:
        (read, *_) = load_all(data.decode())
    except (ContentError, UnicodeDecodeError, RecursionError):
        reader.fault(path, "it can name another cache, and is not YAML that is understood")
        return {}
    return read if isinstance(read, dict) else {}


def _texts(reader: BoundedReader, path: Path, read: dict[str, Any], *names: str) -> list[Path]:
    """The folders that settings name; one that is not written out is a fault."""
    found = []
    for name in names:
        value = read.get(name)
        if isinstance(value, str) and "$" not in value:
            found.append(reader.station.named(value))
        elif value is not None:
            reader.fault(path, f"its {name} was not understood")
    return found


def _temporary(station: Workstation, begins: str) -> list[Path]:
    """Folders of this user among temporary files."""
    folder = Path(station.variable("TMPDIR", "TEMP", "TMP") or "/tmp")  # noqa: S108 (only read)
    uid = os.getuid() if hasattr(os, "getuid") else 0
    try:
        return [one for one in folder.glob(f"{begins}*") if one.lstat().st_uid == uid]
    except OSError:
        return []


def _installed(reader: BoundedReader, folder: Path, client: str) -> Iterator[KnownPlace]:
    """The `node_modules` folders in a client's own folder."""
    waiting = [(folder, 0)]
    while waiting:
        at, depth = waiting.pop()
        for one in reader.folders(at):
            if one.name == MODULES:
                yield KnownPlace(INSTALLED, client, one, node_modules, folder)
            elif depth < DEEPEST:
                waiting.append((one, depth + 1))
