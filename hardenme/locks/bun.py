"""`bun.lock`, which is text, and `bun.lockb`, of which only a find counts.

Source: https://bun.com/docs/pm/lockfile
"""

from __future__ import annotations

from typing import Any

from hardenme.facts.npm.semver import version as parsed_version
from hardenme.ground.errors import ContentError
from hardenme.locks.contents import ROOT, LockAnswer, LockContents, PackageVersion, Resolved
from hardenme.locks.json_text import mapping, read_json, texts
from hardenme.locks.npm import DIRECT
from hardenme.locks.yarn import DESCRIPTOR

VERSIONS = frozenset({0, 1, 2})
BINARY = b"#!/usr/bin/env bun\nbun-lockfile-format-v0\n"
OWN = ("workspace:", "link:", "file:", "root:")
"""What leads to a folder of the project."""


def bun_lock(text: str) -> LockContents:
    """What `bun.lock` resolves.

    Raises:
        ContentError: it is none that is understood.
    """
    data = read_json(text, trailing_commas=True)
    number = data.get("lockfileVersion")
    if type(number) is not int or number not in VERSIONS:
        raise ContentError("its lockfileVersion is not known")
    if "packages" not in data:
        raise ContentError("it lists no packages")
    found = LockContents()
    for folder, entry in mapping(data, "workspaces").items():
        if not isinstance(entry, dict):
            raise ContentError("a workspace is not an object")
        found.add_wants(folder or ROOT, texts(entry, *DIRECT))
    for place, entry in mapping(data, "packages").items():
        _package(found, place, entry)
    return found


def _package(found: LockContents, place: str, entry: Any) -> None:
    if not isinstance(entry, list) or not entry or not isinstance(entry[0], str):
        raise ContentError("an entry is not a list")
    matched = DESCRIPTOR.fullmatch(entry[0])
    if matched is None:
        raise ContentError("an entry names no package")
    name, reference = matched.groups()
    if len(entry) > 1 and isinstance(entry[1], str) and entry[1]:
        # The address, where it is not the usual registry's.
        found.addresses.setdefault(entry[1], place)
    if parsed_version(reference) is not None:
        found.add(name, reference, place)
    elif not reference.startswith(OWN):
        found.add_address(name, reference, place)


def in_binary_lock(content: bytes, asked: PackageVersion) -> LockAnswer:
    """Whether `bun.lockb` names a version's archive; what it does not name is not known.

    It stores most versions as numbers, which are not read here.
    """
    if content.startswith(BINARY) and f"{asked.archive}.tgz".encode() in content:
        return LockAnswer(Resolved.YES, f"{asked.archive}.tgz")
    return LockAnswer(Resolved.UNKNOWN, "bun.lockb is a binary format that is not read")
