"""Reads the files of a commit that say what is installed, and by which client."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from hardenme.exposure.client_settings import (
    FILES,
    changing_settings,
    resolving_settings,
    started_yarn,
)
from hardenme.exposure.known_paths import (
    MANIFEST,
    OTHER_MANIFESTS,
    PNPM_HOOKS,
    alike,
    decides,
)
from hardenme.exposure.project import Project
from hardenme.facts.npm.workspaces import MODULES
from hardenme.ground.errors import ContentError
from hardenme.locks.contents import PackageVersion
from hardenme.locks.json_text import mapping, read_json, text_at, texts
from hardenme.locks.npm import DIRECT
from hardenme.locks.reading import LockFile, is_lock, lock_file
from hardenme.model.exposure import CommitFiles, ExposureGrade, ExposureSign

ABOVE_PACKAGE = re.compile(r"^.*?/(?=(?:@[^/]+/)?[^/]+$)|^(?=@[^/]+/[^/]+$)")
"""What is in front of the last package in a pattern, like `**/` in `**/axios`."""
OVERRIDES = frozenset({"overrides", "resolutions", "pnpm"})
"""What makes a client resolve otherwise than by ranges."""
NODE_FILES = frozenset({".nvmrc", ".node-version", ".tool-versions"})
"""Files that say which Node.js is wanted."""
POSSIBLE, UNKNOWN = ExposureGrade.POSSIBLE, ExposureGrade.UNKNOWN


def says_what_is_installed(path: str) -> bool:
    """Whether a file says what is installed."""
    parts = path.split("/")
    return decides(parts[-1]) and MODULES not in parts


def chooses_node(path: str) -> bool:
    """Whether a file says which Node.js is wanted."""
    return path.rpartition("/")[2] in NODE_FILES


def is_committed(path: str, asked: PackageVersion) -> bool:
    """Whether a file says which version of a package the commit itself has."""
    return f"/{path}".endswith(f"/{MODULES}/{asked.name}/{MANIFEST}") or _is_cached(path, asked)


def _is_cached(path: str, asked: PackageVersion) -> bool:
    """Whether a file is a version's archive in a cache of yarn, from which yarn also runs."""
    name = f"{asked.name.replace('/', '-')}-npm-{asked.version}-"
    return f"/{path}".rpartition("/")[2].startswith(name) and path.endswith(".zip")


def _hides(link: str, asked: PackageVersion) -> bool:
    """Whether a symbolic link can lead to a package in `node_modules`."""
    package = f"/{MODULES}/{asked.name}"
    ends = (f"/{MODULES}", package, package.rpartition("/")[0])
    return f"/{link}".endswith(ends)


def committed(files: CommitFiles, asked: PackageVersion) -> Iterator[ExposureSign]:
    """What the commit shows of a version that is in it, in `node_modules`."""
    for path in sorted(one for one in files.links if _hides(one, asked)):
        yield ExposureSign(UNKNOWN, f"{path} is a symbolic link")
    for path in (one for one in files.blobs if is_committed(one, asked)):
        if _is_cached(path, asked):
            yield ExposureSign(POSSIBLE, f"{path} is in the commit")
            continue
        try:
            version = text_at(read_json(files.texts[path].decode()), "version")
        except (KeyError, ContentError, UnicodeDecodeError):
            yield ExposureSign(UNKNOWN, f"{path} was not read")
            continue
        if version == asked.version:
            yield ExposureSign(POSSIBLE, f"{path} is in the commit")


def project(files: CommitFiles) -> Project:
    """What the files of a commit say; what cannot be read of them is in its faults."""
    found = Project(links=frozenset(files.links))
    found.paths = list(filter(says_what_is_installed, files.blobs))
    for path in found.paths:
        if is_lock(path) and path in files.mixed:
            found.locks.append(LockFile(path, fault=files.unread[path], sides=files.mixed[path]))
        elif path in files.unread or path not in files.texts:
            found.faults.append(f"{path}: {files.unread.get(path, 'it was not read')}")
            if path.rpartition("/")[2] == MANIFEST:
                found.unread.append(path)
        else:
            _file(found, path, files.texts[path])
    for path in filter(chooses_node, files.texts):
        found.node_files[path] = list(_versions_in(files.texts[path]))
    return found


def _file(found: Project, path: str, content: bytes) -> None:
    """Take a file that was read."""
    name = path.rpartition("/")[2]
    if alike(name) != name:
        found.faults.append(f"{path}: macOS and Windows take it for {alike(name)}")
    elif is_lock(path):
        found.locks.append(lock_file(path, content))
    elif name in PNPM_HOOKS:
        # It can have pnpm resolve otherwise than its lock file says.
        found.settings.append(path)
    elif name in OTHER_MANIFESTS:
        found.faults.append(f"{path}: hardenme does not read it")
        found.unread.append(path)
    elif name in FILES:
        _settings(found, path, content)
    else:
        _manifest(found, path, content)


def _versions_in(content: bytes) -> Iterator[str]:
    """The versions that a file wants which has nothing else, or one line for each program."""
    for line in content.decode("utf-8", "replace").splitlines():
        words = line.partition("#")[0].split()
        if len(words) == 1:
            yield words[0]
        elif words[:1] in (["nodejs"], ["node"]):
            yield from words[1:]


def _settings(found: Project, path: str, content: bytes) -> None:
    try:
        text = content.decode()
        found.settings += [f"{name} in {path}" for name in changing_settings(path, text)]
        found.resolving += resolving_settings(path, text)
        if version := started_yarn(path, text):
            found.yarns.append((path.rpartition("/")[0], version, True))
    except (ContentError, UnicodeDecodeError) as error:
        found.faults.append(f"{path}: {error}")


def _patterns(given: Any) -> list[str]:
    """The patterns of `workspaces`, in either form."""
    listed = given.get("packages") if isinstance(given, dict) else given
    return [one for one in listed if isinstance(one, str)] if isinstance(listed, list) else []


def _named_clients(found: Project, folder: str, data: dict[str, Any]) -> None:
    """Take the versions of clients that a `package.json` names."""
    client, _, version = text_at(data, "packageManager").partition("@")
    if client:
        found.managers.setdefault(client, []).append(version.partition("+")[0])
    if client == "yarn" and not version.startswith("0."):
        found.yarns.append((folder, version, False))
    for about, program in (("engines", "bun"), ("volta", "pnpm"), ("volta", "yarn")):
        wanted = text_at(mapping(data, about), program)
        if wanted:
            found.managers.setdefault(program, []).append(wanted)
    named = mapping(data, "devEngines").get("packageManager")
    for one in named if isinstance(named, list) else [named]:
        if isinstance(one, dict):
            found.managers.setdefault(text_at(one, "name"), []).append(text_at(one, "version"))


def _wanted_node(data: dict[str, Any]) -> Iterator[str]:
    """The versions of Node.js that a `package.json` wants."""
    pinned = mapping(data, "volta")
    runtime = mapping(data, "devEngines").get("runtime")
    found = [
        text_at(pinned, "node"),
        text_at(mapping(data, "engines"), "node"),
        *(
            text_at(one, "version")
            for one in (runtime if isinstance(runtime, list) else [runtime])
            if isinstance(one, dict)
        ),
    ]
    yield from filter(None, found)
    if "extends" in pinned or not any(found):
        yield ""


def _resolutions(data: dict[str, Any]) -> dict[str, str]:
    """The last package of each pattern of `resolutions`, with what it is to be."""
    given = texts(data, "resolutions")
    return {ABOVE_PACKAGE.sub("", pattern): range_ for pattern, range_ in given.items()}


def _manifest(found: Project, path: str, content: bytes) -> None:
    folder = path.rpartition("/")[0]
    try:
        data = read_json(content.decode())
        found.manifests[folder] = texts(data, *DIRECT)
        for name, text in texts(data, "scripts").items():
            found.scripts.setdefault(name, []).append(text)
        found.workspaces[folder] = _patterns(data.get("workspaces"))
        found.names[folder] = text_at(data, "name"), text_at(data, "version")
        _named_clients(found, folder, data)
        found.node_files[path] = list(_wanted_node(data))
        if OVERRIDES & data.keys():
            found.overriding.append(folder)
        if OVERRIDES & data.keys() == {"resolutions"}:
            found.resolutions[folder] = _resolutions(data)
        mapping(data, "scripts")
    except (ContentError, UnicodeDecodeError, json.JSONDecodeError) as error:
        found.faults.append(f"{path}: {error}")
        found.unread.append(path)
