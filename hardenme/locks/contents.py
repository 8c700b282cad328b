"""What a lock file resolves, and whether a version is among it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from urllib.parse import unquote

ROOT = ""
"""The folder of the lock file itself."""
ANY_FOLDER = "*"
"""In place of a folder, where a lock does not say whose dependency it is."""
ARCHIVE = re.compile(r"(?:^|/)([^/?#]+)\.tgz(?:[?#].*)?$", re.IGNORECASE)
BEFORE_ARCHIVE = re.compile(r"/((?:@[^/]+/)?[^/@]+)/-/[^/]+\.tgz", re.IGNORECASE)
SCHEME = re.compile(r"(?i)(?P<scheme>[a-z][a-z0-9+.-]*):")
READY = frozenset({"file", "http", "https", "link", "npm", "patch", "portal", "virtual"})
"""Schemes of what is installed as it comes, from a registry, an address or a folder."""
OF_GIT = re.compile(
    r"(?i)\.git(?:[#/?]|$)|//codeload\.|/tar\.gz/|/archives?[/.]|/get/|#(?:commit|head|tag)="
    r"|^[\w.-]+@|^[\w.-]+/[\w.-]+(?:#.*)?$"
)
"""How the address of a repository is written, or that of an archive which a server makes of one."""


@dataclass(frozen=True, slots=True)
class PackageVersion:
    """A version of a package of npm.

    Attributes:
        name: of the package, with its scope.
        version: as it was published.
    """

    name: str
    version: str

    def __str__(self) -> str:
        """As clients write it."""
        return f"{self.name}@{self.version}"

    @property
    def archive(self) -> str:
        """What a registry calls its archive, without the ending."""
        return f"{self.name.rpartition('/')[2]}-{self.version}"


class Resolved(StrEnum):
    """Whether a lock file resolves a version."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class LockAnswer:
    """Whether a lock file resolves a version, and by what that is seen.

    Attributes:
        why: the entry that resolves it, or what keeps it from being known; empty for no.
    """

    held: Resolved
    why: str = ""


@dataclass(slots=True)
class LockContents:
    """What a lock file resolves.

    Attributes:
        versions: each version by name, with the entry that resolves it.
        addresses: where archives come from, each with its entry.
        unversioned: names that are resolved from elsewhere, without a version, with their entries.
        wants: the direct dependencies that it was made for: folder, name, range.
        unmet: a dependency of an entry that no entry fits, which a client resolves anew.
        unlisted: an entry that can bring packages which the lock does not list.
        form: the version of its format, as the file says it.
    """

    versions: dict[PackageVersion, str] = field(default_factory=dict)
    addresses: dict[str, str] = field(default_factory=dict)
    unversioned: dict[str, str] = field(default_factory=dict)
    wants: set[tuple[str, str, str]] = field(default_factory=set)
    unmet: str = ""
    unlisted: str = ""
    form: str = ""

    def add(self, name: str, version: str, entry: str) -> None:
        """Take an entry that names a version."""
        # A registry has no two versions that differ in what is behind a plus.
        self.versions.setdefault(PackageVersion(name, version.partition("+")[0]), entry)

    def add_address(self, name: str, address: str, entry: str) -> None:
        """Take an entry that names an address in place of a version."""
        self.add_source(address, entry)
        self.unversioned.setdefault(name, entry)

    def add_source(self, address: str, entry: str) -> None:
        """Take where an entry comes from."""
        self.addresses.setdefault(address, entry)
        if is_built(address):
            self.unlisted = self.unlisted or entry

    def add_bundled(self, names: Any, entry: str) -> None:
        """Take what the archive of an entry holds without versions: names, or all if not a list."""
        if isinstance(names, list) and all(isinstance(one, str) for one in names):
            for name in names:
                self.unversioned.setdefault(name, entry)
        elif names:
            self.unlisted = self.unlisted or entry

    def add_wants(self, folder: str, wanted: Mapping[str, str]) -> None:
        """Take the direct dependencies of a folder."""
        self.wants.update((folder, name, range_) for name, range_ in wanted.items())

    def holds(self, asked: PackageVersion) -> LockAnswer:
        """Whether it resolves a version."""
        plain = PackageVersion(asked.name, asked.version.partition("+")[0])
        entry = self.versions.get(plain)
        if entry is None:
            entry = next((e for at, e in self.addresses.items() if leads_to(at, asked)), None)
        if entry is not None:
            return LockAnswer(Resolved.YES, entry)
        if asked.name in self.unversioned:
            why = f"{self.unversioned[asked.name]} comes from elsewhere, without a version"
            return LockAnswer(Resolved.UNKNOWN, why)
        if self.unlisted:
            why = f"{self.unlisted} can bring packages that are not listed"
            return LockAnswer(Resolved.UNKNOWN, why)
        return LockAnswer(Resolved.NO)

    def in_step_with(self, folder: str, wanted: Mapping[str, str]) -> bool:
        """Whether it was made for these direct dependencies of a folder, and is whole."""
        return not self.unmet and all(
            (folder, name, range_) in self.wants or (ANY_FOLDER, name, range_) in self.wants
            for name, range_ in wanted.items()
        )


def is_built(address: str) -> bool:
    """Whether an address may be a repository, for whose build a client installs what it needs."""
    scheme = SCHEME.match(address)
    if scheme is not None and scheme["scheme"].lower() not in READY:
        return True
    return not BEFORE_ARCHIVE.search(address) and OF_GIT.search(address) is not None


def is_archive(address: str, asked: PackageVersion) -> bool:
    """Whether an address surely is that of a version's archive: it names the package as well."""
    plain = unquote(address)
    found, named = ARCHIVE.search(plain), BEFORE_ARCHIVE.search(plain)
    if found is None or named is None:
        return False
    return (named[1], found[1]) == (asked.name, asked.archive)


def leads_to(address: str, asked: PackageVersion) -> bool:
    """Whether an address is that of a version's archive, on whatever registry or mirror."""
    plain = unquote(address)
    found = ARCHIVE.search(plain)
    if found is None or found[1] != asked.archive:
        return False
    named = BEFORE_ARCHIVE.search(plain)
    return named is None or named[1] == asked.name or asked.name.endswith(f"/{named[1]}")
