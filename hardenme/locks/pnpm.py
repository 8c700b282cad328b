"""`pnpm-lock.yaml`: versions 5, 6 and 9.

A package's key is `/name/1.2.3_peers` in 5, `/name@1.2.3(peers)` in 6, `name@1.2.3` in 9.
Source: https://github.com/pnpm/spec/tree/master/lockfile
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from hardenme.facts.npm.semver import version as parsed_version
from hardenme.ground.errors import ContentError
from hardenme.locks.contents import ROOT, LockContents, PackageVersion
from hardenme.locks.json_text import checked_text, mapping, text_at, texts
from hardenme.workflows.yaml import YamlBounds, load_all

BOUNDS = YamlBounds(largest=16 * 1024 * 1024, most_nodes=2_000_000, exact=True)
FORMAT = re.compile(r"(5|6|9)(?:\.\d+)?")
OLD_KEY = re.compile(r"(?:[^/@]*)/((?:@[^/]+/)?[^/@]+)/([^/_(]+)(?:[_(].*)?")
"""`/name/1.2.3`, or with a registry's host in front."""
KEY = re.compile(r"(?:[^/@]*/)?((?:@[^/@]+/)?[^/@]+)@([^/(]+)(?:\(.*)?")
NAMED = re.compile(r"/?((?:@[^/@]+/)?[^/@]+)@(.+)")
DIRECT = ("devDependencies", "optionalDependencies", "dependencies")


def pnpm_lock(text: str) -> LockContents:
    """What such a file resolves.

    Raises:
        ContentError: it is none that is understood.
    """
    found = LockContents()
    for data in load_all(checked_text(text), BOUNDS):
        if not isinstance(data, dict):
            raise ContentError("it is not a mapping")
        number = FORMAT.fullmatch(text_at(data, "lockfileVersion"))
        if number is None:
            raise ContentError("its lockfileVersion is not known")
        if found.form not in {"", number[1]}:
            raise ContentError("its parts have different lockfileVersions")
        found.form = number[1]
        peers = text_at(mapping(data, "settings"), "autoInstallPeers")
        if number[1] != "5" and peers != "true":
            # pnpm compares that with its own settings, which are otherwise without being changed.
            found.unmet = "settings > autoInstallPeers"
        _document(found, data, old=number[1] == "5")
    return found


def _document(found: LockContents, data: dict[str, Any], *, old: bool) -> None:
    used: dict[PackageVersion, str] = {}
    for part in ("packages", "snapshots"):
        for key, value in mapping(data, part).items():
            entry = _object(value)
            _package(found, key, entry, old=old)
            for name, reference in texts(entry, *DIRECT[1:]).items():
                _note(used, name, reference, key, old=old)
    importers = mapping(data, "importers")
    folders = importers or {".": data}
    for folder, value in folders.items():
        entry = _object(value)
        _wants(found, ROOT if folder == "." else folder, entry)
        for name, reference in _direct(entry):
            _note(used, name, reference, folder, old=old)
    lost = next((one for one in used if one not in found.versions), None)
    if lost is not None:
        raise ContentError(f"{used[lost][:80]} uses {lost}, which it does not list")


def _note(
    used: dict[PackageVersion, str], name: str, reference: str, where: str, *, old: bool
) -> None:
    """Keep which version an entry uses; one that is not from a registry has no version here."""
    bare = re.split(r"[_(]" if old else r"\(", reference, maxsplit=1)[0]
    if parsed_version(bare) is not None:
        used.setdefault(PackageVersion(name, bare), where)
        return
    matched = (OLD_KEY if old else KEY).fullmatch(reference)
    if matched is not None and parsed_version(matched[2]) is not None:
        used.setdefault(PackageVersion(matched[1], matched[2]), where)


def _package(found: LockContents, key: str, entry: dict[str, Any], *, old: bool) -> None:
    resolution = mapping(entry, "resolution")
    for at in ("tarball", "repo"):
        address = text_at(resolution, at)
        if address:
            found.add_source(address if at == "tarball" else f"git:{address}", key)
    found.add_bundled(entry.get("bundledDependencies"), key)
    name, version = text_at(entry, "name"), text_at(entry, "version")
    matched = (OLD_KEY if old else KEY).fullmatch(key)
    if matched is not None and parsed_version(matched[2]) is not None:
        found.add(matched[1], matched[2], key)
        if name and version:
            found.add(name, version, key)
        return
    named = NAMED.fullmatch(key)
    name = name or (named[1] if named else key)
    if parsed_version(version) is not None:
        found.add(name, version, key)
        found.add_source(named[2] if named else key, key)
    else:
        found.add_address(name, named[2] if named else key, key)


def _wants(found: LockContents, folder: str, entry: dict[str, Any]) -> None:
    """Take the ranges that a folder asks for."""
    found.add_wants(folder, texts(entry, "specifiers"))
    for part in DIRECT:
        for name, value in mapping(entry, part).items():
            if isinstance(value, dict):
                found.add_wants(folder, {name: text_at(value, "specifier")})


def _direct(entry: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The direct dependencies of a folder, each with what it is resolved to."""
    for part in DIRECT:
        for name, value in mapping(entry, part).items():
            if isinstance(value, dict):
                yield name, text_at(value, "version")
            elif isinstance(value, str):
                yield name, value
            else:
                raise ContentError(f"`{part}` has an unknown format")


def _object(value: Any) -> dict[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise ContentError("an entry is not a mapping")
    return value
