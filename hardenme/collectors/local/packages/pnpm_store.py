"""pnpm's stores: v3 of pnpm 5 to 9, v10 of pnpm 10, v11 of pnpm 11 and later.

Sources: https://github.com/pnpm/pnpm/tree/main/store; what pnpm 8 to 12 wrote.
"""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

from hardenme.collectors.local.packages.bounds import moment
from hardenme.collectors.local.packages.found import (
    CONFIRMED,
    PlaceReading,
    json_object,
    manifest_of,
)

VERSIONS = ("v3", "v10", "v11")
"""The folders of the stores that are read."""
STORE = re.compile(r"v\d+|\d+")
"""How pnpm names the folder of a store."""
FILES, LISTED = "files", "index"
OF_FILES = "-index.json"
DATABASE = "index.db"
STEPS = 50_000_000
"""Steps of the database that are taken."""
KEY = re.compile(r"[^\t]*\t(?P<name>(?:@[^/@]+/)?[^/@]+)@(?P<version>[^@]+)")


def pnpm_store(found: PlaceReading) -> None:
    """Read a store. The name of its folder says the version."""
    if found.path.name == VERSIONS[-1]:
        _database(found)
        return
    if found.path.name not in VERSIONS:
        found.reader.fault(found.path, "hardenme does not read this version of pnpm's store")
        return
    old = found.path.name == VERSIONS[0]
    for folder in found.reader.folders(found.path / (FILES if old else LISTED)):
        for one in found.reader.entries(folder):
            if one.name.endswith(OF_FILES if old else ".json"):
                _listed(found, Path(one.path))


def _listed(found: PlaceReading, path: Path) -> None:
    """The list of the files of a package."""
    data = found.reader.read(path)
    if data is None:
        return
    listed = json_object(data)
    told = manifest_of(listed) if listed is not None else None
    if listed is None or told is None or not told.name or not told.version:
        found.reader.fault(path, "it names no package")
        return
    found.packages += 1
    at = _checked(listed) or found.reader.changed(path)
    found.dated(at)
    for asked in found.named(told.name):
        if asked.version == told.version:
            found.add(CONFIRMED, asked, path, "pnpm stored it", at=at)


def _checked(listed: dict[str, Any]) -> datetime | None:
    """When pnpm first looked at a file of it, which is when it wrote the file."""
    files = listed.get("files")
    times = [
        one["checkedAt"] / 1000
        for one in (files.values() if isinstance(files, dict) else ())
        if isinstance(one, dict) and type(one.get("checkedAt")) in {int, float}
    ]
    return moment(min(times)) if times else None


def _database(found: PlaceReading) -> None:
    """The packages by the keys of the database; it is opened as a file that no one changes."""
    path = found.path / DATABASE
    reader = found.reader
    there = {one.name: one for one in reader.entries(found.path)}
    if DATABASE not in there or not there[DATABASE].is_file(follow_symlinks=False):
        reader.fault(path, "it is not a regular file")
        return
    if any(f"{DATABASE}{end}" in there for end in ("-wal", "-journal")):
        reader.fault(path, "pnpm is writing it, or was stopped while it did")
        return
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as opened:
            left = [STEPS // 1000]

            def stop() -> bool:
                left[0] -= 1
                return left[0] < 0

            opened.set_progress_handler(stop, 1000)
            _rows(found, path, opened)
    except (sqlite3.Error, UnicodeDecodeError, OverflowError) as error:
        reader.fault(path, f"it is not a database of pnpm's that can be read: {error}")
        return
    _dates(found)


def _rows(found: PlaceReading, path: Path, opened: sqlite3.Connection) -> None:
    at = found.reader.changed(path)
    if opened.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
        raise sqlite3.DatabaseError("it is damaged")
    for (key,) in opened.execute("SELECT key FROM package_index"):
        told = KEY.fullmatch(key) if isinstance(key, str) else None
        if told is None:
            # Packages from git and from files have keys of another form.
            if not isinstance(key, str) or any(one.name in key for one in found.asked):
                found.reader.fault(path, "it has a key that is not as pnpm writes it")
            continue
        found.packages += 1
        for asked in found.named(told["name"]):
            if asked.version == told["version"]:
                found.add(CONFIRMED, asked, path, "pnpm stored it; the time is the store's", at=at)


def _dates(found: PlaceReading) -> None:
    """When the files of the packages were written."""
    for folder in found.reader.folders(found.path / FILES):
        for one in found.reader.entries(folder):
            found.dated(found.reader.changed(Path(one.path)))
