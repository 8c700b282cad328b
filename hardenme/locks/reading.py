"""From a lock file's name and content to whether it resolves a version."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from hardenme.ground.errors import ContentError
from hardenme.locks.bun import bun_lock, in_binary_lock
from hardenme.locks.contents import LockAnswer, LockContents, PackageVersion, Resolved
from hardenme.locks.npm import npm_lock
from hardenme.locks.pnpm import pnpm_lock
from hardenme.locks.yarn import yarn_lock

READERS: dict[str, Callable[[str], LockContents]] = {
    "npm-shrinkwrap.json": npm_lock,
    "package-lock.json": npm_lock,
    ".package-lock.json": npm_lock,
    "pnpm-lock.yaml": pnpm_lock,
    "yarn.lock": yarn_lock,
    "bun.lock": bun_lock,
}
"""Lock files by name, each with what reads it."""
BRANCH_LOCK = re.compile(r"pnpm-lock\.[^/]+\.yaml")
"""What pnpm writes for a branch, with `git-branch-lockfile`."""
BINARY_LOCK = "bun.lockb"
UNREAD = frozenset({"deno.lock", "vlt-lock.json", "shrinkwrap.yaml"})
"""Lock files that are not read."""
CLIENTS = {
    "npm": ("npm-shrinkwrap.json", "package-lock.json"),
    "pnpm": ("pnpm-lock.yaml",),
    "yarn": ("yarn.lock",),
    "bun": ("bun.lock", BINARY_LOCK),
}
"""The lock files of each client, the one that counts first."""


@dataclass(frozen=True, slots=True)
class LockFile:
    """A lock file that was read, or why it was not.

    Attributes:
        path: of the file.
        contents: what it resolves; None if that is not known.
        fault: why it is not known; empty if it is.
        binary: its bytes, of a format that is only searched.
        sides: two texts of which git made it, line by line.
    """

    path: str
    contents: LockContents | None = None
    fault: str = ""
    binary: bytes = b""
    sides: tuple[bytes, ...] = ()

    @property
    def forms(self) -> frozenset[str]:
        """The versions of its format: one, or those of its two sides; none if that is not known."""
        if self.contents is not None:
            return frozenset({self.contents.form})
        read = [lock_file(self.path, side).contents for side in self.sides]
        known = [one.form for one in read if one is not None]
        return frozenset(known if len(known) == len(read) else ())

    def holds(self, asked: PackageVersion) -> LockAnswer:
        """Whether it resolves a version."""
        if self.contents is not None:
            return self.contents.holds(asked)
        if self.binary:
            return in_binary_lock(self.binary, asked)
        if self.sides and not any(_may_name(text, asked) for text in self.sides):
            return LockAnswer(Resolved.NO)
        return LockAnswer(Resolved.UNKNOWN, self.fault)


def _may_name(text: bytes, asked: PackageVersion) -> bool:
    """Whether a line may name a version; each entry of a lock file has its version in one line."""
    hidden = b"\\" in text or b"%2" in text or b"\0" in text
    return hidden or asked.version.encode() in text


def is_lock(path: str) -> bool:
    """Whether a file's name is that of a lock file of packages of npm."""
    name = path.rpartition("/")[2]
    known = name in READERS or name in UNREAD or name == BINARY_LOCK
    return known or BRANCH_LOCK.fullmatch(name) is not None


def lock_file(path: str, content: bytes) -> LockFile:
    """Read a lock file; one that is not understood has its fault."""
    name = path.rpartition("/")[2]
    if name == BINARY_LOCK:
        return LockFile(path, binary=content or b"\0")
    reader = pnpm_lock if BRANCH_LOCK.fullmatch(name) else READERS.get(name)
    if reader is None:
        return LockFile(path, fault=f"hardenme does not read {name}")
    try:
        return LockFile(path, reader(content.decode()))
    except UnicodeDecodeError:
        return LockFile(path, fault="it is not UTF-8")
    except (ContentError, RecursionError) as error:
        why = str(error) if isinstance(error, ContentError) else "it is nested too deep"
        return LockFile(path, fault=why)
