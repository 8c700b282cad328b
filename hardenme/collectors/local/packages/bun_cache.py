"""Bun's cache: a folder a package, `NAME@VERSION@@HOST@@@1`.

Source: https://bun.com/docs/pm/global-cache; what bun 1 wrote.
"""

from __future__ import annotations

import re
from pathlib import Path

from hardenme.collectors.local.packages.found import CONFIRMED, POSSIBLE, PlaceReading, manifest

NAMED = re.compile(r"(?P<name>[^@/]+)@(?P<version>[^@]+)(?:@.*)?")
PACKAGE = "package.json"


def bun_cache(found: PlaceReading) -> None:
    """Read the folders of a cache, and those of each scope in it."""
    for one in found.reader.folders(found.path):
        if one.name.startswith("@"):
            for inner in found.reader.folders(one):
                _folder(found, inner, f"{one.name}/")
        else:
            _folder(found, one, "")


def _folder(found: PlaceReading, path: Path, scope: str) -> None:
    named = NAMED.fullmatch(path.name)
    if named is None:
        # A folder of links to the others.
        return
    found.packages += 1
    at = found.reader.changed(path)
    found.dated(at)
    name, version = f"{scope}{named['name']}", named["version"]
    wanted = [*found.named(name)]
    told = manifest(found.reader, path / PACKAGE) if wanted else None
    for asked in wanted:
        # Bun shortens what follows the numbers of a pre-release.
        numbers = asked.version.partition("-")[0]
        if told is not None and told.version == asked.version:
            found.add(CONFIRMED, asked, path, "bun fetched it", at=at)
        elif version == asked.version:
            found.add(CONFIRMED, asked, path, "bun fetched it; what is in it was changed", at=at)
        elif told is None and version.partition("-")[0] == numbers != asked.version:
            found.add(POSSIBLE, asked, path, "bun fetched a version with the same numbers", at=at)
