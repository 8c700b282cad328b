"""Which `package.json` a way to release publishes: of the root, or of a folder of a monorepo."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

from hardenme.derive.acceptance.attempt import Attempt
from hardenme.facts.github.release_job import EVERY
from hardenme.facts.github.source_manifest import ON, PackageManifest
from hardenme.facts.npm.workspaces import UNCLEAR, holds, joined, plain_folder
from hardenme.model.known import field
from hardenme.model.unknown import NotKnownError, Reason, Unknown
from hardenme.model.way import Way

OF_WORKSPACES = frozenset({"changesets", "lerna"})
"""Release tools that publish all workspaces."""
ARCHIVE = re.compile(r".+\.(?:tgz|tar|tar\.gz)")
NOT_A_FOLDER = re.compile(r"[^./~][^/]*(?:/[^/]+)?")
"""What npm takes for the name of a package, or for a repository of GitHub's."""
ELSEWHERE = frozenset({"--contents"})
"""Options by which a tool publishes another folder of each package."""


def own_manifest(attempt: Attempt) -> PackageManifest:
    """The `package.json` that is published.

    Raises:
        NotKnownError: it is not known which one that is, it was not read, or another package's.
    """
    folder = _of_command(attempt) if attempt.by_workflow else _of_person(attempt)
    found, package = _at(attempt, folder), attempt.package
    place = folder or "the root of the repository"
    if not found.there:
        raise _unclear(f"the package.json of {package}: there is none in {place}")
    if found.name != package:
        named = found.name or "no package"
        raise _unclear(f"the package.json of {package}: the one in {place} is of {named}")
    # npm publishes the folder itself, whatever this says.
    if found.directory and not (attempt.by_workflow and attempt.command.client == "npm"):
        raise _unclear("the package.json that publishConfig.directory names", found.directory)
    return found


def of_another(attempt: Attempt) -> bool:
    """Whether a command surely publishes other packages, and not this one."""
    try:
        return _publishes_others(attempt)
    except NotKnownError:
        return False


def _publishes_others(attempt: Attempt) -> bool:
    command = attempt.command
    if of_workspaces(attempt):
        home, package = _home(attempt), attempt.package
        named = command.members if command.client == "npm" else ()
        return bool(named) and not any(_holds_member(one, package, home) for one in named)
    folder = _of_command(attempt)
    for one in attempt.folders.facts:
        if one.folder == folder:
            return one.there and one.name != attempt.package
    # No two workspaces have the same name.
    home = _home(attempt)
    mine = bool(home) and home != folder and _at(attempt, home).name == attempt.package
    return mine and all(_is_workspace(attempt, one) for one in (home, folder))


def _holds_member(member: str, package: str, home: str) -> bool:
    """Whether what npm is given for workspaces may mean the package: all, its name or a folder."""
    path = plain_folder(member)
    within = path is None or not path or f"{home}/".startswith(f"{path}/")
    return member in {EVERY, package} or "$" in member or within


def signs(attempt: Attempt) -> bool:
    """Whether the client makes a provenance statement.

    `publishConfig.provenance: false` does not switch it off.
    """
    if attempt.command.provenance == "off":
        return False
    if attempt.command.provenance == "on" or own_manifest(attempt).provenance == ON:
        return True
    return attempt.way is Way.PUBLISHER and attempt.public


def _unclear(needed: str, shown: str = "") -> NotKnownError:
    """Raised where no answer shows what is needed."""
    return NotKnownError(Unknown(Reason.NOT_VISIBLE, f"{needed}: {shown}" if shown else needed))


def _at(attempt: Attempt, folder: str) -> PackageManifest:
    """The manifest of a folder, as far as it was read."""
    if not folder:
        return attempt.manifest
    for one in attempt.folders.facts:
        if one.folder == folder:
            return one
    needed = f"the package.json of {attempt.package} in {folder}"
    raise NotKnownError(attempt.folders.missing or Unknown(Reason.NOT_ASKED, needed))


def _home(attempt: Attempt) -> str:
    """The folder that the newest release names as the package's own; empty for the root."""
    written = attempt.home.directory
    folder = plain_folder(written)
    if folder is None:
        raise _unclear(f"the folder of {attempt.package}, which its newest release names", written)
    return folder


def _of_person(attempt: Attempt) -> str:
    """The folder that a person publishes."""
    folder = _home(attempt)
    root = field(attempt.manifest, "name") if folder else ""
    if folder and root == attempt.package:
        raise _unclear(f"whether {attempt.package} is published from {folder} or from the root")
    if isinstance(root, Unknown):
        raise NotKnownError(root)
    return folder


def _of_command(attempt: Attempt) -> str:
    """The folder that the command publishes, as far as it is this package's."""
    command, packed = attempt.command, attempt.command.packed
    if ARCHIVE.fullmatch(packed):
        raise _unclear("the package.json in the archive that this publishes", command.text)
    if command.client == "npm" and NOT_A_FOLDER.fullmatch(packed):
        raise _unclear(f"what npm takes {packed} for: write ./{packed} if it is a folder")
    unclear = UNCLEAR in command.folder + packed or ELSEWHERE & set(command.flags)
    folder = None if unclear else plain_folder(joined(command.folder, packed))
    if folder is None:
        raise _unclear("which folder this publishes", command.text)
    return _of_workspaces(attempt, folder) if of_workspaces(attempt) else folder


def of_workspaces(attempt: Attempt) -> bool:
    """Whether a command publishes workspaces, each of which may be private and left out."""
    if not attempt.by_workflow:
        return False
    return attempt.command.client in OF_WORKSPACES or bool(attempt.command.members)


def _of_workspaces(attempt: Attempt, folder: str) -> str:
    """The package's folder, if a command that publishes workspaces surely publishes it."""
    command, package, home = attempt.command, attempt.package, _home(attempt)
    members = (EVERY,) if command.client in OF_WORKSPACES else command.members
    named = any(_names(command.client, one, package, home) for one in members)
    twice = bool(home) and attempt.manifest.name == package
    if folder or twice or not named:
        raise _unclear(f"whether this publishes {package}", command.text)
    if home and not _is_workspace(attempt, home):
        raise _unclear(f"whether {home} is a workspace for {command.client}")
    return home


def _names(client: str, member: str, package: str, home: str) -> bool:
    """Whether what names workspaces surely means the package: a name, a path, or all."""
    if member in {EVERY, package}:
        return True
    if client == "pnpm" and member.startswith("@"):
        return not {"[", "^", "."} & set(member) and fnmatchcase(package, member)
    by_path = client == "npm" or (client == "pnpm" and member.startswith("./"))
    return by_path and bool(home) and plain_folder(member) == home


def _is_workspace(attempt: Attempt, home: str) -> bool:
    """Whether the client surely takes a folder for a workspace.

    Where several files declare workspaces and the client may go by each, all have to.
    """
    client = attempt.command.client
    of_npm = attempt.manifest.workspaces
    declared: list[tuple[str, ...] | None]
    if client in {"npm", "yarn", "yarn classic"}:
        declared = [of_npm]
    elif client == "pnpm":
        declared = [attempt.workspaces.pnpm]
    else:
        files = attempt.workspaces
        declared = [files.lerna, files.pnpm, of_npm]
    there = [patterns for patterns in declared if patterns]
    return bool(there) and all(holds(_strictest(one), home, unclear=False) for one in there)


def _strictest(patterns: tuple[str, ...]) -> list[str]:
    """The patterns in the order in which nothing comes back that one of them excludes."""
    return sorted(patterns, key=lambda one: one.startswith("!"))
