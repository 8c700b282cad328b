"""npm's cache: the index of what was fetched, with times, and the logs of the last commands.

A line of the index is `SHA-1 TAB JSON`, and a line is added each time.
Source: https://github.com/npm/cacache/blob/main/lib/entry-index.js
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hardenme.collectors.local.packages.bounds import moment
from hardenme.collectors.local.packages.found import CONFIRMED, POSSIBLE, PlaceReading, fetched
from hardenme.locks.contents import PackageVersion

CONTENT, INDEX, LOGS = "_cacache", "index-v5", "_logs"
NEWER_INDEX = re.compile(r"index-v\d+")
FETCH = "make-fetch-happen:request-cache:"
"""How the key of a request begins; the address follows."""
LOGGED = re.compile(r"http fetch GET 200 (\S+)")


def npm_cache(found: PlaceReading) -> None:
    """Read the index and the logs of a cache."""
    reader, root = found.reader, found.path / CONTENT
    for one in reader.entries(root):
        if NEWER_INDEX.fullmatch(one.name) and one.name != INDEX:
            reader.fault(Path(one.path), "hardenme does not read this version of the index")
    for outer in reader.folders(root / INDEX):
        for inner in reader.folders(outer):
            for one in reader.entries(inner):
                _file(found, Path(one.path))
    for one in reader.entries(found.path / LOGS):
        if one.name.endswith(".log"):
            _log(found, Path(one.path))


def _file(found: PlaceReading, path: Path) -> None:
    data = found.reader.read(path)
    if data is None:
        return
    if not data.strip():
        found.reader.fault(path, "it is empty")
    for line in data.splitlines():
        if not line:
            continue
        entry = _entry(line)
        if entry is None:
            found.reader.fault(path, "a line of it is not as npm writes it")
            continue
        at = moment(entry["time"] / 1000)
        if at is None:
            found.reader.fault(path, "it has a time that is none")
        found.dated(at)
        for asked in _of(entry, found.asked):
            gone = entry.get("integrity") is None
            why = "npm fetched its archive, and removed it later" if gone else "npm fetched it"
            found.add(POSSIBLE if gone else CONFIRMED, asked, path, why, at=at)
        found.packages += 1


def _entry(line: bytes) -> dict[str, Any] | None:
    """What a line says; None if it is not a line that was written to its end."""
    digest, _, text = line.partition(b"\t")
    if hashlib.sha1(text, usedforsecurity=False).hexdigest().encode() != digest:
        return None
    try:
        entry = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(entry, dict) or not isinstance(entry.get("key"), str):
        return None
    time = entry.get("time")
    return entry if type(time) in {int, float} else None


def _of(entry: dict[str, Any], asked: Any) -> Iterator[PackageVersion]:
    key = entry["key"]
    if key.startswith(FETCH):
        yield from fetched(key.removeprefix(FETCH), asked)


def _log(found: PlaceReading, path: Path) -> None:
    """A command's log, which names what it fetched."""
    data = found.reader.read(path)
    at = found.reader.changed(path)
    for match in LOGGED.finditer((data or b"").decode(errors="replace")):
        for asked in fetched(match[1], found.asked):
            found.add(CONFIRMED, asked, path, "npm's log says that it was fetched", at=at)
