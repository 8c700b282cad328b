"""A home in which package managers left what they write; the forms are those that they wrote."""

from __future__ import annotations

import hashlib
import io
import json
import os
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from hardenme.collectors.local.packages.search import machine_packages
from hardenme.exposure.machine import machine_exposure
from hardenme.locks.contents import PackageVersion
from hardenme.model.machine_exposure import MachineExposure
from tests.collectors.local.home import Home

AT = datetime(2026, 3, 31, 1, 2, 3, tzinfo=UTC)
START = AT + timedelta(hours=1)
BAD, GOOD = PackageVersion("axios", "1.14.1"), PackageVersion("axios", "1.14.0")
OF_SCOPE = PackageVersion("@acme/bad", "3.0.0")
OTHER = "left-pad"
MIRROR = "https://mirror.example.test"


@dataclass
class Machine:
    """A home and a project in it, with what clients left."""

    home: Home

    def look(self, *asked: PackageVersion, folders: tuple[str, ...] = ("src",)) -> MachineExposure:
        """What is seen of versions."""
        self.home.environ.setdefault("TMPDIR", str(self.home.root / "tmp"))
        self.folder("src")
        named = [self.home.home / one for one in folders]
        found = machine_packages(self.home.station(), named, asked)
        return machine_exposure(found.places, found.rows, found.faults, (), START)

    def folder(self, path: str) -> Path:
        """A folder below the home."""
        made = self.home.home / path
        made.mkdir(parents=True, exist_ok=True)
        return made

    def write(self, path: str, content: Any) -> Path:
        """A file below the home, changed at the time of the scene."""
        text = content if isinstance(content, str | bytes) else json.dumps(content)
        made = self.home.write(path, text)
        self.age(made)
        return made

    def age(self, made: Path) -> None:
        """Have a file, and the folders up to the home, changed at the time of the scene."""
        while made not in {self.home.home, self.home.root}:
            os.utime(made, (AT.timestamp(), AT.timestamp()))
            made = made.parent

    def npm_cache(self, *fetched: PackageVersion, at: str = ".npm", **more: Any) -> Path:
        """npm's index, with an entry for each archive."""
        made = self.folder(at)
        for one in fetched:
            address = f"{MIRROR}/{one.name}/-/{one.archive}.tgz"
            entry = {
                "key": f"make-fetch-happen:request-cache:{address}",
                "integrity": "sha512-AA==",
                "time": AT.timestamp() * 1000,
                "size": 222,
            } | more
            name = hashlib.sha256(address.encode()).hexdigest()
            inner = f"_cacache/index-v5/{name[:2]}/{name[2:4]}/{name[4:]}"
            made = self.write(f"{at}/{inner}", index_line(entry))
        return made

    def package(self, path: str, one: PackageVersion, **more: Any) -> Path:
        """An installed package."""
        told = {"name": one.name, "version": one.version} | more
        return self.write(f"{path}/package.json", told)

    def npm_project(self, *installed: PackageVersion) -> Path:
        """A project that npm installed."""
        for one in installed:
            self.package(f"src/node_modules/{one.name}", one)
        return self.write("src/node_modules/.package-lock.json", npm_record(*installed))

    def pnpm_store_3(self, *stored: PackageVersion) -> Path:
        """The store of pnpm 5 to 9."""
        made = self.folder(".local/share/pnpm/store/v3/files")
        for number, one in enumerate(stored):
            name = f".local/share/pnpm/store/v3/files/{number:02}/aa-index.json"
            made = self.write(name, stored_list(one))
        return made

    def pnpm_store_10(self, *stored: PackageVersion) -> Path:
        """The store of pnpm 10."""
        self.folder(".local/share/pnpm/store/v10/files")
        made = self.folder(".local/share/pnpm/store/v10/index")
        for number, one in enumerate(stored):
            named = str(one).replace("/", "+")
            name = f".local/share/pnpm/store/v10/index/{number:02}/aa-{named}.json"
            made = self.write(name, stored_list(one))
        return made

    def pnpm_store_11(self, *stored: PackageVersion) -> Path:
        """The store of pnpm 11 and later."""
        self.write(".local/share/pnpm/store/v11/files/00/aa", "a file")
        path = self.folder(".local/share/pnpm/store/v11") / "index.db"
        with closing(sqlite3.connect(path)) as made, made:
            made.execute("CREATE TABLE package_index (key TEXT PRIMARY KEY, data BLOB NOT NULL)")
            rows = [(f"sha512-AA==\t{one}", b"") for one in stored]
            made.executemany("INSERT INTO package_index VALUES (?, ?)", rows)
        self.age(path)
        return path

    def pnpm_project(self, *installed: PackageVersion) -> Path:
        """A project that pnpm installed."""
        for one in installed:
            inner = f"src/node_modules/.pnpm/{str(one).replace('/', '+')}/node_modules/{one.name}"
            self.package(inner, one)
            link = self.home.home / "src/node_modules" / one.name
            link.parent.mkdir(exist_ok=True)
            if not link.is_symlink():
                link.symlink_to(self.home.home / inner)
        self.write("src/node_modules/.modules.yaml", "virtualStoreDir: .pnpm\n")
        listed = "".join(f"  '{one}':\n    engines: {{}}\n" for one in installed)
        lock = f"lockfileVersion: '9.0'\npackages:\n{listed}"
        return self.write("src/node_modules/.pnpm/lock.yaml", lock)

    def yarn_1_cache(self, *fetched: PackageVersion) -> Path:
        """The cache of yarn 1."""
        made = self.folder(".cache/yarn/v6")
        for one in fetched:
            slug = one.name.replace("/", "-")
            path = f".cache/yarn/v6/npm-{slug}-{one.version}-{'0' * 40}-integrity"
            made = self.package(f"{path}/node_modules/{one.name}", one)
        return made

    def yarn_1_project(self, *installed: PackageVersion) -> Path:
        """A project that yarn 1 installed."""
        for one in installed:
            self.package(f"src/node_modules/{one.name}", one)
        listed = {f"{one.name}@^1": f"{MIRROR}/{one.name}/-/{one.archive}.tgz#00"
                  for one in installed}  # fmt: skip
        return self.write("src/node_modules/.yarn-integrity", {"lockfileEntries": listed})

    def berry_cache(self, *fetched: PackageVersion, at: str = ".yarn/berry/cache") -> Path:
        """The cache of later yarns."""
        made = self.folder(at)
        for one in fetched:
            slug = one.name.replace("/", "-")
            made = self.write(f"{at}/{slug}-npm-{one.version}-{'0' * 10}-10c0.zip", zipped(one))
        return made

    def bun_cache(self, *fetched: PackageVersion) -> Path:
        """The cache of bun."""
        made = self.folder(".bun/install/cache")
        for one in fetched:
            made = self.package(f".bun/install/cache/{one}@@@1", one)
        return made


def index_line(entry: dict[str, Any]) -> str:
    """A line of npm's index."""
    text = json.dumps(entry)
    return f"\n{hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()}\t{text}"


def npm_record(*installed: PackageVersion) -> dict[str, Any]:
    """npm's own lock file of a `node_modules` folder."""
    packages = {f"node_modules/{one.name}": {"version": one.version} for one in installed}
    return {"lockfileVersion": 3, "packages": packages}


def stored_list(one: PackageVersion) -> dict[str, Any]:
    """The list of the files of a package in a store of pnpm's."""
    file = {"checkedAt": AT.timestamp() * 1000, "integrity": "sha512-AA==", "mode": 420, "size": 9}
    return {"name": one.name, "version": one.version, "files": {"package.json": file}}


def zipped(one: PackageVersion) -> bytes:
    """An archive of yarn's."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        told = json.dumps({"name": one.name, "version": one.version})
        archive.writestr(f"node_modules/{one.name}/package.json", told)
    return made.getvalue()


Left = Callable[..., Path]
"""Leaves what a client writes of versions; returns the last file."""
CLIENTS: dict[str, Callable[[Machine], Left]] = {
    "npm's cache": lambda machine: machine.npm_cache,
    "npm's packages": lambda machine: machine.npm_project,
    "pnpm's store 3": lambda machine: machine.pnpm_store_3,
    "pnpm's store 10": lambda machine: machine.pnpm_store_10,
    "pnpm's store 11": lambda machine: machine.pnpm_store_11,
    "pnpm's packages": lambda machine: machine.pnpm_project,
    "yarn 1's cache": lambda machine: machine.yarn_1_cache,
    "yarn 1's packages": lambda machine: machine.yarn_1_project,
    "yarn's cache": lambda machine: machine.berry_cache,
    "bun's cache": lambda machine: machine.bun_cache,
}
"""What clients leave, each to be written for versions."""
