"""What the lock files and `package.json` files of a commit decide."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from hardenme.exposure.client_versions import YARN_1, Keeping, from_version, kept
from hardenme.exposure.install_kind import Install, InstallKind
from hardenme.exposure.known_paths import MANIFEST
from hardenme.facts.npm.workspaces import holds
from hardenme.locks.contents import LockContents, PackageVersion, Resolved
from hardenme.locks.ranges import VersionRange, admits, aliased, spans
from hardenme.locks.reading import CLIENTS, LockFile
from hardenme.model.exposure import ExposureGrade, ExposureSign

CATALOG = "catalog:"
"""How a range begins that another file of the project has."""
BY_FILES = frozenset({InstallKind.LOCKED, InstallKind.FROM_MANIFEST, InstallKind.NEWEST})
"""What the files of a commit decide."""
REFUSING = frozenset({"npm", "pnpm"})
"""Clients that fail where they are to keep to a lock file that is not there. yarn 1 installs."""
OF_CLIENT = re.compile(
    r"corepack|@yarnpkg/.*|@pnpm/(?:exe|(?:linux|linuxstatic|macos|win)-.*)|@oven/.*"
)
"""Packages by which clients come, other than those of their own names."""
YARNS_FIRST = "1"
"""The format of yarn 1's lock file."""
LATER: VersionRange = (from_version(2), None)
"""A yarn after yarn 1, of which the version is not known."""
POSSIBLE, UNKNOWN = ExposureGrade.POSSIBLE, ExposureGrade.UNKNOWN


@dataclass(slots=True)
class Project:
    """What a commit's files say about packages.

    Attributes:
        locks: its lock files.
        manifests: the direct dependencies of each folder.
        scripts: the scripts of all folders, by name.
        overriding: folders whose `package.json` overrides versions.
        resolutions: of those that do so by `resolutions` alone: the packages and their versions.
        settings: what its files set for a client that is not known to change no version.
        resolving: what they set by which pnpm resolves anew, where it need not keep to a lock file.
        faults: what was not read.
        unread: the `package.json` files among these, whose scripts are not known.
        workspaces: the patterns of folders that belong to a folder's project.
        names: of the packages in folders, each with its version.
        yarns: folders whose files choose a yarn: its version, and whether yarn 1 starts it.
        managers: the versions that `package.json` files name of each client.
        node_files: the versions of Node.js that a file wants, by its path.
        paths: of all files that say what is installed.
        links: of all symbolic links.
    """

    locks: list[LockFile] = field(default_factory=list)
    manifests: dict[str, dict[str, str]] = field(default_factory=dict)
    scripts: dict[str, list[str]] = field(default_factory=dict)
    overriding: list[str] = field(default_factory=list)
    resolutions: dict[str, dict[str, str]] = field(default_factory=dict)
    settings: list[str] = field(default_factory=list)
    resolving: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    workspaces: dict[str, list[str]] = field(default_factory=dict)
    names: dict[str, tuple[str, str]] = field(default_factory=dict)
    yarns: list[tuple[str, str, bool]] = field(default_factory=list)
    managers: dict[str, list[str]] = field(default_factory=dict)
    node_files: dict[str, list[str]] = field(default_factory=dict)
    paths: list[str] = field(default_factory=list)
    links: frozenset[str] = frozenset()

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
                yield ExposureSign(POSSIBLE, f"{lock.path} resolves {asked}")
            elif answer.held is Resolved.UNKNOWN:
                yield ExposureSign(UNKNOWN, f"{lock.path}: {answer.why}")

    def _of_ranges(self, asked: PackageVersion, found: Sequence[Install]) -> Iterator[ExposureSign]:
        """Where no lock decides: what the ranges admit, and what they bring in turn."""
        for folder, wanted in self.manifests.items():
            keeping = self._keeping(folder, found) if wanted else Keeping.EXACT
            where = f"{folder}/{MANIFEST}" if folder else MANIFEST
            if keeping is Keeping.UNSURE:
                why = "which version of the package manager ran is not known"
                yield ExposureSign(UNKNOWN, f"{why}, nor whether it kept to the lock of {where}")
            if keeping is not Keeping.NOT:
                continue
            for name, range_ in wanted.items():
                package, admitted = aliased(range_, name)
                if package == asked.name and admits(admitted, asked.version) is not False:
                    yield ExposureSign(POSSIBLE, f"{where} admits {asked}, and no lock decided")
            yield ExposureSign(UNKNOWN, f"no lock decided what {where} brings with it")

    def _keeping(self, folder: str, found: Sequence[Install]) -> Keeping:
        """Whether lock files alone decide what a folder gets, by whichever client is used."""
        kinds = {one.kind for one in found}
        fitting = InstallKind.FROM_MANIFEST in kinds
        above = [lock for lock in self.locks if self._is_for(lock, folder, fitting=fitting)]
        if not above or InstallKind.NEWEST in kinds:
            return Keeping.NOT
        if fitting and not all(self._in_step(lock, folder) for lock in above):
            return Keeping.NOT
        return min(self._keeps(above, folder, one) for one in dict.fromkeys(found))

    def _keeps(self, above: Sequence[LockFile], folder: str, one: Install) -> Keeping:
        """Whether the lock files of a client alone decide what a command of it installs.

        Args:
            above: the lock files that count in the folder.
        """
        own = [lock for lock in above if lock.path.rpartition("/")[2] in CLIENTS[one.client]]
        if not own:
            return Keeping.EXACT if _refuses(one) else Keeping.NOT
        frozen = one.kind is InstallKind.LOCKED
        keeping = min(
            kept(one.client, form, self._versions(one, lock), frozen=frozen)
            if form
            else Keeping.UNSURE
            for lock in own
            for form in (lock.forms or {""})
        )
        if keeping is not Keeping.FITTING:
            return keeping
        by_catalog = any(range_.startswith(CATALOG) for range_ in self.manifests[folder].values())
        overridden = bool(one.client == "pnpm" and self.resolving) or any(
            not self._is_overridden_by(own, at) for at in self.overriding
        )
        fits = not (overridden or by_catalog) and all(self._in_step(lock, folder) for lock in own)
        return keeping if fits else Keeping.NOT

    def _is_overridden_by(self, own: Sequence[LockFile], folder: str) -> bool:
        """Whether yarn 1 finds in its lock files what a folder has in place of ranges."""
        pinned = self.resolutions.get(folder)
        return pinned is not None and all(
            lock.contents is not None
            and lock.contents.form == YARNS_FIRST
            and lock.contents.in_step_with("", pinned)
            for lock in own
        )

    def _versions(self, one: Install, lock: LockFile) -> Sequence[VersionRange]:
        """The versions of a client that read a lock file."""
        if one.client != "yarn":
            return one.versions
        own = lock.path.rpartition("/")[0]
        found = [
            span
            for _folder, version, _started in self.yarns
            for span in (spans(version.partition("+")[0]) or [LATER])
        ]
        above = [started for folder, _version, started in self.yarns if _is_within(own, folder)]
        if not above or (not any(above) and one.versions):
            # The machine's yarn is one that heeds no `packageManager`, or has none to heed.
            found += one.versions or (YARN_1,)
        return found

    def _in_step(self, lock: LockFile, folder: str) -> bool:
        """Whether a lock file was made for the dependencies of a folder."""
        contents: LockContents | None = lock.contents
        if contents is None:
            return False
        wanted = self.manifests[folder]
        own = lock.path.rpartition("/")[0]
        if contents.form == YARNS_FIRST and lock.path.endswith(CLIENTS["yarn"]):
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
        return ExposureSign(POSSIBLE, f"`{one.text}` could install {asked}")
    return ExposureSign(UNKNOWN, f"`{one.text}` installs what no lock decides")
