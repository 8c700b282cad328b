"""The caches of yarn 1, which has a folder a package, and of the later ones, which have archives.

Sources: https://github.com/yarnpkg/yarn/blob/master/src/config.js; what yarn 1 and 4 wrote.
"""

from __future__ import annotations

import io
import lzma
import re
import zipfile
import zlib
from pathlib import Path

from hardenme.collectors.local.packages.bounds import BoundedReader
from hardenme.collectors.local.packages.found import (
    CONFIRMED,
    LARGEST_MANIFEST,
    Manifest,
    PlaceReading,
    json_object,
    manifest,
    manifest_of,
)
from hardenme.locks.contents import PackageVersion

FOLDER = re.compile(r"v\d+")
"""How yarn 1 names the folder of its cache, by its version."""
ARCHIVE = ".zip"
MIRRORED = ".tgz"
DIGEST = re.compile(r"[0-9a-f]{40}(?:-.*)?")
CHECKSUM = re.compile(r"[0-9a-f]{10}(?:-[^-]+)?\.zip")
"""What follows the version in the names of yarn 1 and of later ones."""
MODULES, PACKAGE = "node_modules", "package.json"
BROKEN = (
    *(zipfile.BadZipFile, OSError, ValueError, EOFError),
    # zipfile raises these on another way to compress and on an encrypted file.
    *(NotImplementedError, RuntimeError),
    *(zlib.error, lzma.LZMAError),
)
"""How zipfile fails: on a broken archive, on another way to compress and on an encrypted file, and
on data that does not unpack."""


def slug(name: str) -> str:
    """A package's name as yarn has it in names of files."""
    return name.replace("/", "-")


def classic_cache(found: PlaceReading) -> None:
    """Read the folders of yarn 1: `npm-NAME-VERSION-SHA1-integrity`."""
    reader = found.reader
    for folder in reader.folders(found.path):
        if not FOLDER.fullmatch(folder.name):
            continue
        for one in reader.folders(folder):
            if not one.name.startswith("npm-"):
                continue
            found.packages += 1
            at = reader.changed(one)
            found.dated(at)
            for asked in found.asked:
                if f"-{slug(asked.name)}-{asked.version}-" in f"{one.name}-":
                    told = manifest(reader, one / MODULES / asked.name / PACKAGE)
                    own = named_so(one.name, f"npm-{slug(asked.name)}-{asked.version}-", DIGEST)
                    _made(found, asked, one, told, own=own)


def named_so(name: str, begins: str, rest: re.Pattern[str]) -> bool:
    """Whether a name is that of a version, and what follows does not belong to the version."""
    return name.startswith(begins) and rest.fullmatch(name.removeprefix(begins)) is not None


def _made(
    found: PlaceReading, asked: PackageVersion, path: Path, told: Manifest | None, *, own: bool
) -> None:
    """What yarn made; its own name counts, whatever is in it now.

    Args:
        told: what the `package.json` in it says.
        own: yarn named it by the version that was asked for.
    """
    at = found.reader.changed(path)
    if told is not None and (told.name, told.version) == (asked.name, asked.version):
        found.add(CONFIRMED, asked, path, "yarn fetched it", at=at)
    elif own:
        found.add(CONFIRMED, asked, path, "yarn fetched it; what is in it was changed", at=at)


def berry_cache(found: PlaceReading) -> None:
    """Read the archives of later versions: `NAME-npm-VERSION-HASH-CHECKSUM.zip`."""
    for one in found.reader.entries(found.path):
        if one.name.endswith(ARCHIVE):
            archive(found, Path(one.path))


def archive(found: PlaceReading, path: Path) -> None:
    """An archive of a cache."""
    found.packages += 1
    at = found.reader.changed(path)
    found.dated(at)
    name = path.name
    for asked in found.asked:
        begins = f"{slug(asked.name)}-"
        if not name.startswith(begins):
            continue
        told = _within(found.reader, path, asked.name)
        own = named_so(name, f"{begins}npm-{asked.version}-", CHECKSUM)
        _made(found, asked, path, told, own=own)


def mirror(found: PlaceReading) -> None:
    """Read the archives of a mirror of yarn 1: `@SCOPE-NAME-VERSION.tgz`."""
    for one in found.reader.entries(found.path):
        if not one.name.endswith(MIRRORED):
            continue
        path = Path(one.path)
        found.packages += 1
        at = found.reader.changed(path)
        found.dated(at)
        for asked in found.asked:
            if one.name in {f"{slug(asked.name)}-{asked.version}.tgz", f"{asked.archive}.tgz"}:
                found.add(CONFIRMED, asked, path, "yarn's mirror has its archive", at=at)


def _within(reader: BoundedReader, path: Path, name: str) -> Manifest | None:
    """The `package.json` of a package in an archive."""
    data = reader.read(path, 256 << 20)
    if data is None:
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as opened:
            there = opened.getinfo(f"{MODULES}/{name}/{PACKAGE}")
            if there.file_size > LARGEST_MANIFEST:
                reader.fault(path, f"its {PACKAGE} is larger than what hardenme reads")
                return None
            with opened.open(there) as file:
                read = json_object(file.read(LARGEST_MANIFEST))
    except KeyError:
        return None
    except BROKEN:
        reader.fault(path, "it is not an archive that can be read")
        return None
    if read is None:
        reader.fault(path, f"its {PACKAGE} is not a JSON object")
        return None
    return manifest_of(read)
