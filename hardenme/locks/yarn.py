"""`yarn.lock`: of yarn 1, which has a format of its own, and of the later ones, which is YAML.

Sources: https://github.com/yarnpkg/yarn/blob/master/src/lockfile/parse.js;
https://yarnpkg.com/configuration/yarnrc on protocols.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from hardenme.facts.npm.semver import version as parsed_version
from hardenme.ground.errors import ContentError
from hardenme.locks.contents import ANY_FOLDER, LockContents
from hardenme.locks.json_text import checked_text, mapping, text_at, texts
from hardenme.locks.pnpm import BOUNDS
from hardenme.workflows.yaml import load_all

FIRST = "# yarn lockfile v1"
METADATA = "__metadata"
FORMATS = frozenset(map(str, range(3, 11)))
"""Versions of the later format."""
TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[^\s",:][^\s",]*?(?=:?(?:\s|,|$))')
ENTRY = re.compile(rf"(?:{TOKEN.pattern})(?:, (?:{TOKEN.pattern}))*:")
FIELD = re.compile(rf"({TOKEN.pattern}) ({TOKEN.pattern})")
PART = re.compile(rf"({TOKEN.pattern}):")
DESCRIPTOR = re.compile(r"((?:@[^/@]+/)?[^/@]+)@(.*)", re.DOTALL)
ALIAS = "npm:"
USED = frozenset({"dependencies:", "optionalDependencies:"})
KEYS = "keys"
"""In place of a folder: what an entry's key names."""
BOUND = "::"
LINKS = frozenset({"hard", "soft"})
"""What the last line of each entry of the later format says."""
ROOT_REFERENCE = "workspace:."
"""What the project's own entry resolves to, which is in each file of the later format."""


def yarn_lock(text: str) -> LockContents:
    """What such a file resolves.

    Raises:
        ContentError: it is none that is understood.
    """
    plain = checked_text(text).replace("\r\n", "\n")
    if any(line.strip() == FIRST for line in plain.splitlines()[:10]):
        return _first(plain)
    return _later(plain)


def _first(text: str) -> LockContents:
    """The format of yarn 1: entries, fields two spaces in, and lists four."""
    found, entry, fields = LockContents(form="1"), "", dict[str, str]()
    part, used = "", dict[tuple[str, str], str]()
    for line in text.split("\n"):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        depth = len(line) - len(line.lstrip(" "))
        if depth == 0 and ENTRY.fullmatch(line):
            _first_entry(found, entry, fields)
            entry, fields, part = line, {}, ""
        elif entry and depth == 2 and PART.fullmatch(line.strip()):  # noqa: PLR2004 (spaces)
            part = line.strip()
        elif entry and depth == 2 and (field := FIELD.fullmatch(line.strip())):  # noqa: PLR2004
            if _plain(field[1]) in fields:
                raise ContentError("an entry has the same field twice")
            fields[_plain(field[1])] = _plain(field[2])
        elif part and depth == 4 and (field := FIELD.fullmatch(line.strip())):  # noqa: PLR2004
            if part in USED:
                used.setdefault((_plain(field[1]), _plain(field[2])), entry)
        else:
            raise ContentError("it has a line that yarn 1 does not write")
    _first_entry(found, entry, fields)
    _complete(found, used)
    return found


def _complete(found: LockContents, used: dict[tuple[str, str], str]) -> None:
    """Refuse a lock in which an entry uses a package that the lock does not list.

    Args:
        used: what entries use, by name and range. A range without a key is resolved anew.

    Raises:
        ContentError: the rest of it is missing.
    """
    # What a folder asks for is listed only if an entry's key names it.
    by_key = [one for one in found.wants if one[0] in {ANY_FOLDER, KEYS}]
    listed = {name for _folder, name, _range in by_key}
    listed |= {one.name for one in found.versions} | found.unversioned.keys()
    lost = next((one for one in used if one[0] not in listed), None)
    if lost is not None:
        raise ContentError(f"{used[lost][:80]} uses {lost[0][:80]}, which it does not list")
    keys = {(name, range_.removeprefix(ALIAS)) for _folder, name, range_ in by_key}
    unmet = (one for one in used if (one[0], one[1].removeprefix(ALIAS)) not in keys)
    found.unmet = next((f"{used[one]} > {one[0]}" for one in unmet), "")


def _first_entry(found: LockContents, entry: str, fields: dict[str, str]) -> None:
    if not entry:
        return
    version, address = fields.get("version", ""), fields.get("resolved", "")
    for descriptor in _descriptors(entry):
        name, range_ = _split(descriptor)
        found.add_wants(ANY_FOLDER, {name: range_})
        if range_.startswith(ALIAS):
            name = _split(range_.removeprefix(ALIAS))[0]
        if parsed_version(version) is None:
            found.add_address(name, address, descriptor)
        else:
            found.add(name, version, descriptor)
        for at in (address, range_):
            if "://" in at:
                found.add_source(at, descriptor)


def _descriptors(entry: str) -> Iterator[str]:
    return (_plain(one[0]) for one in TOKEN.finditer(entry))


def _plain(token: str) -> str:
    if not token.startswith('"'):
        return token
    try:
        return str(json.loads(token))
    except ValueError as error:
        raise ContentError("it has a text that is not well-formed") from error


def _split(descriptor: str) -> tuple[str, str]:
    """A name and its range."""
    matched = DESCRIPTOR.fullmatch(descriptor)
    return (descriptor, "") if matched is None else (matched[1], matched[2])


WRAPPED = re.compile(r"((?:@[^/@\s,:]+/)?[^/@\s,:\"]+)@npm:([^\s,#:\"]+)")
"""A version within a resolution."""


def _later(text: str) -> LockContents:
    documents = load_all(text, BOUNDS)
    data = documents[0]
    if len(documents) > 1 or not isinstance(data, dict):
        raise ContentError("it is not one mapping")
    form = text_at(mapping(data, METADATA), "version")
    if form not in FORMATS:
        raise ContentError("its version is not known")
    found, used = LockContents(form=form), dict[tuple[str, str], str]()
    references: set[str] = set()
    for key, entry in data.items():
        if key == METADATA:
            continue
        if not isinstance(entry, dict):
            raise ContentError("an entry is not a mapping")
        references.add(_later_entry(found, key, entry))
        for one in texts(entry, "dependencies").items():
            used.setdefault(one, key)
    if ROOT_REFERENCE not in references:
        raise ContentError("it has no entry of its own project: a part is missing")
    _complete(found, used)
    return found


def _later_entry(found: LockContents, key: str, entry: dict[str, Any]) -> str:
    """Take an entry, and give what it resolves to."""
    resolution, version = text_at(entry, "resolution"), text_at(entry, "version")
    name, reference = _split(resolution)
    if not reference:
        raise ContentError("an entry has no resolution")
    if text_at(entry, "linkType") not in LINKS:
        raise ContentError(f"{key[:80]} is not whole: its linkType is missing")
    for descriptor in key.split(", "):
        wanting, range_ = _split(descriptor)
        # A folder's key ends with who asks for it: `::locator=…`.
        found.add_wants(KEYS, {wanting: range_.partition(BOUND)[0]})
    if reference.startswith("workspace:"):
        wanted = texts(entry, "dependencies")
        folder = reference.removeprefix("workspace:")
        plain = {name: range_.removeprefix(ALIAS) for name, range_ in wanted.items()}
        for ranges in (wanted, plain):
            found.add_wants("" if folder == "." else folder, ranges)
        return reference
    if parsed_version(version) is None:
        found.add_address(name, reference, key)
    else:
        found.add(name, version, key)
    # A patch wraps what it is applied to, encoded each time: `axios@patch:axios@npm%3A1.14.1#…`.
    for inner in WRAPPED.finditer(unquote(unquote(resolution))):
        found.add(inner[1], inner[2], key)
    found.add_source(reference, key)
    return reference
