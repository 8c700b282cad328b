"""The lock files and `package.json` files of a commit."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from hardenme.exposure.client_settings import FILES, changing_settings, later_yarn
from hardenme.exposure.install_kind import Install, InstallKind
from hardenme.exposure.known_paths import MANIFEST, OTHER_MANIFESTS, PNPM_HOOKS, decides
from hardenme.facts.npm.workspaces import MODULES, holds
from hardenme.ground.errors import ContentError
from hardenme.locks.contents import LockContents, PackageVersion, Resolved
from hardenme.locks.json_text import mapping, read_json, text_at, texts
from hardenme.locks.npm import DIRECT
from hardenme.locks.ranges import admits, aliased
from hardenme.locks.reading import CLIENTS, LockFile, is_lock, lock_file
from hardenme.model.exposure import CommitFiles, ExposureGrade, ExposureSign

CATALOG = "catalog:"
"""How a range begins that another file of the project has."""
OVERRIDES = frozenset({"overrides", "resolutions", "pnpm"})
"""What makes a client resolve otherwise than by ranges."""
BY_FILES = frozenset({InstallKind.LOCKED, InstallKind.FROM_MANIFEST, InstallKind.NEWEST})
"""What the files of a commit decide."""
REFUSING = frozenset({"npm", "pnpm"})
"""Clients that fail where they are to keep to a lock file that is not there. yarn 1 installs."""
OF_CLIENT = re.compile(
    r"corepack|@yarnpkg/.*|@pnpm/(?:exe|(?:linux|linuxstatic|macos|win)-.*)|@oven/.*"
)
"""Packages by which clients come, other than those of their own names."""
LATER_YARN = re.compile(r"yarn@(?!0\.|1\.).+")
"""A `packageManager` that is a yarn with the later format of lock files."""
POSSIBLE, UNKNOWN = ExposureGrade.POSSIBLE, ExposureGrade.UNKNOWN


def says_what_is_installed(path: str) -> bool:
    """Whether a file says what is installed."""
    parts = path.split("/")
    return decides(parts[-1]) and MODULES not in parts


def is_committed(path: str, asked: PackageVersion) -> bool:
    """Whether a file says which version of a package the commit itself has."""
    return f"/{path}".endswith(f"/{MODULES}/{asked.name}/{MANIFEST}") or _is_cached(path, asked)


def _is_cached(path: str, asked: PackageVersion) -> bool:
    """Whether a file is a version's archive in a cache of yarn, from which yarn also runs."""
    name = f"{asked.name.replace('/', '-')}-npm-{asked.version}-"
    return f"/{path}".rpartition("/")[2].startswith(name) and path.endswith(".zip")


def committed(files: CommitFiles, asked: PackageVersion) -> Iterator[ExposureSign]:
    """What the commit shows of a version that is in it, in `node_modules`."""
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


@dataclass(slots=True)
class Project:
    """What a commit's files say about packages.

    Attributes:
        locks: its lock files.
        manifests: the direct dependencies of each folder.
        scripts: the scripts of all folders, by name.
        overriding: folders whose `package.json` overrides versions.
        settings: what its files set for a client that is not known to change no version.
        faults: what was not read.
        unread: the `package.json` files among these, whose scripts are not known.
        workspaces: the patterns of folders that belong to a folder's project.
        names: of the packages in folders, each with its version.
        later_yarns: folders whose files choose a later yarn than yarn 1.
        paths: of all files that say what is installed.
    """

    locks: list[LockFile] = field(default_factory=list)
    manifests: dict[str, dict[str, str]] = field(default_factory=dict)
    scripts: dict[str, list[str]] = field(default_factory=dict)
    overriding: list[str] = field(default_factory=list)
    settings: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    workspaces: dict[str, list[str]] = field(default_factory=dict)
    names: dict[str, tuple[str, str]] = field(default_factory=dict)
    later_yarns: list[str] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)

    @property
    def folders(self) -> frozenset[str]:
        """The names of the folders that have packages, and of those around them."""
        return frozenset(part for path in self.paths for part in path.split("/")[:-1])

    def signs(self, asked: PackageVersion, found: list[Install]) -> Iterator[ExposureSign]:
        """What installing shows of a version."""
        if not found:
            return
        if asked.name in CLIENTS or OF_CLIENT.fullmatch(asked.name):
            yield ExposureSign(UNKNOWN, f"which {asked.name} its machine has was not read")
        for one in found:
            if one.kind is InstallKind.UNREAD:
                yield ExposureSign(UNKNOWN, f"`{one.text}` was not followed")
            elif one.kind is InstallKind.NAMED:
                yield from (_of_name(asked, one, name) for name in one.named)
                if not one.named:
                    yield ExposureSign(UNKNOWN, f"`{one.text}` names nothing that was understood")
        by_files = [one for one in found if one.kind in BY_FILES]
        if by_files:
            yield from self._of_locks(asked)
            yield from self._of_ranges(asked, by_files)

    def _of_locks(self, asked: PackageVersion) -> Iterator[ExposureSign]:
        yield from (ExposureSign(UNKNOWN, fault) for fault in self.faults)
        for setting in self.settings:
            yield ExposureSign(UNKNOWN, f"{setting} may decide otherwise than the lock file")
        for lock in self.locks:
            answer = lock.holds(asked)
            if answer.held is Resolved.YES:
                yield ExposureSign(POSSIBLE, f"{lock.path} resolves it")
            elif answer.held is Resolved.UNKNOWN:
                yield ExposureSign(UNKNOWN, f"{lock.path}: {answer.why}")

    def _of_ranges(self, asked: PackageVersion, found: Sequence[Install]) -> Iterator[ExposureSign]:
        """Where no lock decides: what the ranges admit, and what they bring in turn."""
        unlocked = [
            folder
            for folder, wanted in self.manifests.items()
            if wanted and not self._decided(folder, found)
        ]
        for folder in unlocked:
            where = f"{folder}/{MANIFEST}" if folder else MANIFEST
            for name, range_ in self.manifests[folder].items():
                package, admitted = aliased(range_, name)
                if package == asked.name and admits(admitted, asked.version) is not False:
                    yield ExposureSign(POSSIBLE, f"{where} admits it, and no lock decided")
            yield ExposureSign(UNKNOWN, f"no lock decided what {where} brings with it")

    def _decided(self, folder: str, found: Sequence[Install]) -> bool:
        """Whether a lock file alone decides what a folder gets, by whichever client is used."""
        kinds = {one.kind for one in found}
        fitting = InstallKind.FROM_MANIFEST in kinds
        above = [lock for lock in self.locks if self._is_for(lock, folder, fitting=fitting)]
        if not above or InstallKind.NEWEST in kinds:
            return False
        names = {lock.path.rpartition("/")[2] for lock in above}
        if not all(_refuses(one) or names & set(CLIENTS[one.client]) for one in found):
            return False
        if any(one.client == "yarn" for one in found) and not all(
            self._is_kept_by_yarn(lock, folder) for lock in above
        ):
            return False
        if not fitting:
            return True
        by_catalog = any(one.startswith(CATALOG) for one in self.manifests[folder].values())
        if self.overriding or by_catalog:
            return False
        return all(self._in_step(lock, folder) for lock in above)

    def _is_kept_by_yarn(self, lock: LockFile, folder: str) -> bool:
        """Whether yarn keeps to a lock file where it is to be frozen.

        yarn 1 reads none of a later yarn. It compares its own one only with the dependencies of
        the first folder, and resolves anew what else is missing.
        """
        of_yarn = 0 if lock.contents is None else lock.contents.of_yarn
        if of_yarn == 1:
            return self._in_step(lock, folder)
        own = lock.path.rpartition("/")[0]
        return of_yarn == 0 or any(_is_within(own, one) for one in self.later_yarns)

    def _in_step(self, lock: LockFile, folder: str) -> bool:
        """Whether a lock file was made for the dependencies of a folder."""
        contents: LockContents | None = lock.contents
        if contents is None:
            return False
        wanted = self.manifests[folder]
        own = lock.path.rpartition("/")[0]
        if contents.of_yarn == 1:
            # Workspaces that use each other have no entry.
            members = {
                name: version
                for at, (name, version) in self.names.items()
                if _is_within(at, own) and self._is_workspace(own, at)
            }
            wanted = {
                name: range_
                for name, range_ in wanted.items()
                if name not in members or admits(range_, members[name]) is not True
            }
        return contents.in_step_with(folder.removeprefix(own).removeprefix("/"), wanted)

    def _is_workspace(self, own: str, folder: str) -> bool:
        """Whether a folder belongs to the project of one above it."""
        below = folder.removeprefix(own).removeprefix("/")
        patterns = self.workspaces.get(own, [])
        without = [one[1:] for one in patterns if one.startswith("!")]
        wanted = [one for one in patterns if not one.startswith("!")]
        return (
            below != ""
            and holds(wanted, below, unclear=False)
            and not holds(without, below, unclear=True)
        )

    def _is_for(self, lock: LockFile, folder: str, *, fitting: bool) -> bool:
        """Whether a client heeds a lock file in a folder: its own one, or a workspace below it.

        Args:
            fitting: it may resolve anew where the lock file does not fit.
        """
        own, _, name = lock.path.rpartition("/")
        if not _is_within(folder, own):
            return False
        below = folder.removeprefix(own).removeprefix("/")
        refuses = {*CLIENTS["pnpm"], *(() if fitting else CLIENTS["npm"])}
        # In those of pnpm each workspace has its entry.
        return not below or name in refuses or self._is_workspace(own, folder)

    def script(self, name: str) -> Sequence[str]:
        """The texts of a script, with an unknown program for each file that was not read."""
        return [*self.scripts.get(name, ()), *self.unread]


def _refuses(one: Install) -> bool:
    """Whether a command installs nothing where the client has no lock file of its own."""
    return one.kind is InstallKind.LOCKED and one.client in REFUSING


def _is_within(folder: str, above: str) -> bool:
    return above in {"", folder} or folder.startswith(f"{above}/")


def _of_name(asked: PackageVersion, one: Install, name: str) -> ExposureSign:
    package, range_ = aliased(name if name.startswith("npm:") else f"npm:{name}", name)
    if package == asked.name and admits(range_, asked.version) is not False:
        return ExposureSign(POSSIBLE, f"`{one.text}` could install it")
    return ExposureSign(UNKNOWN, f"`{one.text}` installs what no lock decides")


def project(files: CommitFiles) -> Project:
    """What the files of a commit say; what cannot be read of them is in its faults."""
    found = Project()
    found.paths = list(filter(says_what_is_installed, files.blobs))
    for path in found.paths:
        if is_lock(path) and path in files.mixed:
            found.locks.append(LockFile(path, fault=files.unread[path], sides=files.mixed[path]))
        elif path in files.unread or path not in files.texts:
            found.faults.append(f"{path}: {files.unread.get(path, 'it was not read')}")
            found.unread += [path] if path.rpartition("/")[2] == MANIFEST else []
        elif is_lock(path):
            found.locks.append(lock_file(path, files.texts[path]))
        elif path.rpartition("/")[2] in PNPM_HOOKS:
            # It can have pnpm resolve otherwise than its lock file says.
            found.settings.append(path)
        elif path.rpartition("/")[2] in OTHER_MANIFESTS:
            found.faults.append(f"{path}: hardenme does not read it")
            found.unread.append(path)
        elif path.rpartition("/")[2] in FILES:
            _settings(found, path, files.texts[path])
        else:
            _manifest(found, path, files.texts[path])
    return found


def _settings(found: Project, path: str, content: bytes) -> None:
    try:
        text = content.decode()
        found.settings += [f"{name} in {path}" for name in changing_settings(path, text)]
        if later_yarn(path, text):
            found.later_yarns.append(path.rpartition("/")[0])
    except (ContentError, UnicodeDecodeError) as error:
        found.faults.append(f"{path}: {error}")


def _patterns(given: Any) -> list[str]:
    """The patterns of `workspaces`, in either form."""
    listed = given.get("packages") if isinstance(given, dict) else given
    return [one for one in listed if isinstance(one, str)] if isinstance(listed, list) else []


def _manifest(found: Project, path: str, content: bytes) -> None:
    folder = path.rpartition("/")[0]
    try:
        data = read_json(content.decode())
        found.manifests[folder] = texts(data, *DIRECT)
        for name, text in texts(data, "scripts").items():
            found.scripts.setdefault(name, []).append(text)
        found.workspaces[folder] = _patterns(data.get("workspaces"))
        found.names[folder] = text_at(data, "name"), text_at(data, "version")
        if LATER_YARN.fullmatch(text_at(data, "packageManager")):
            found.later_yarns.append(folder)
        if OVERRIDES & data.keys():
            found.overriding.append(folder)
        mapping(data, "scripts")
    except (ContentError, UnicodeDecodeError, json.JSONDecodeError) as error:
        found.faults.append(f"{path}: {error}")
        found.unread.append(path)
