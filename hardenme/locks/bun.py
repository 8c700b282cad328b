"""`bun.lock`, which is text, and `bun.lockb`, of which only a find counts.

Source: https://bun.com/docs/pm/lockfile
"""

from __future__ import annotations

import re
from typing import Any

from hardenme.facts.npm.semver import version as parsed_version
from hardenme.ground.errors import ContentError
from hardenme.locks.contents import ROOT, LockAnswer, LockContents, PackageVersion, Resolved
from hardenme.locks.json_text import mapping, read_json, text_at, texts
from hardenme.locks.npm import DIRECT
from hardenme.locks.ranges import admits, aliased
from hardenme.locks.yarn import DESCRIPTOR

VERSIONS = frozenset({0, 1, 2})
BINARY = b"#!/usr/bin/env bun\nbun-lockfile-format-v0\n"
PART = re.compile(r"(?:@[^/]+/)?[^/]+")
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
    found = LockContents(form=str(number))
    for folder, entry in mapping(data, "workspaces").items():
        if not isinstance(entry, dict):
            raise ContentError("a workspace is not an object")
        found.add_wants(folder or ROOT, texts(entry, *DIRECT))
    packages = mapping(data, "packages")
    for place, entry in packages.items():
        _package(found, place, entry)
    found.unmet = _unmet(packages, mapping(data, "workspaces"))
    return found


def _unmet(packages: dict[str, Any], workspaces: dict[str, Any]) -> str:
    """A dependency that no entry fits: `a/b` is the `b` that `a` uses, and `b` all others'."""
    used = [
        (text_at(about, "name") if folder else ROOT, about, texts(about, *DIRECT[1:]))
        for folder, about in workspaces.items()
    ]
    for place, entry in packages.items():
        about = next((part for part in entry[1:] if isinstance(part, dict)), {})
        used.append((place, about, texts(about, *DIRECT[2:])))
    for place, about, required in used:
        optional = about.get("optionalPeers")
        peers = [
            name
            for name in texts(about, "peerDependencies")
            if name not in required and not (isinstance(optional, list) and name in optional)
        ]
        for name in (*required, *peers):
            names = PART.findall(place)
            looked_for = ("/".join([*names[:n], name]) for n in range(len(names), -1, -1))
            there = next((packages[one] for one in looked_for if one in packages), None)
            matched = DESCRIPTOR.fullmatch(there[0]) if there else None
            # bun keeps a version that a peer does not admit, and says so.
            range_ = aliased(required[name], name)[1] if name in required else ""
            if matched is None or (range_ and admits(range_, matched[2]) is False):
                return f"{place or 'package.json'} > {name}"
    return ""


def _package(found: LockContents, place: str, entry: Any) -> None:
    if not isinstance(entry, list) or not entry or not isinstance(entry[0], str):
        raise ContentError("an entry is not a list")
    matched = DESCRIPTOR.fullmatch(entry[0])
    if matched is None:
        raise ContentError("an entry names no package")
    name, reference = matched.groups()
    if len(entry) > 1 and isinstance(entry[1], str) and entry[1]:
        # The address, where it is not the usual registry's.
        found.add_source(entry[1], place)
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
