"""This workstation as collectors see it: a home, an environment, and files that are only read."""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from hardenme.collectors.local.detect import detect_keyring
from hardenme.collectors.memo import Memo
from hardenme.ground import clock
from hardenme.model.evidence import Atom
from hardenme.model.subject import Subject
from hardenme.model.text import visible
from hardenme.model.unknown import Reason, Unknown

THIS = Subject("local", "workstation", "this")
LARGEST = 1024 * 1024
"""Bytes of a file that is read."""
READ, REFUSED, ABSENT = 200, 403, 404
"""How the evidence writes that a file was read, could not be read, or is not there."""
NO_HOME = Path("/nonexistent")
"""Where the home of a user is who has none, as systems write it for their services."""
GONE = frozenset({errno.ENOENT, errno.ENOTDIR})
DENIED = frozenset({errno.EACCES, errno.EPERM})
BYTE_ORDER_16 = (b"\xff\xfe", b"\xfe\xff")
LONGEST_PATH = 4096
ACCESS_LIST = "system.posix_acl_access"


@dataclass(frozen=True, slots=True)
class Content:
    """A file that was read.

    Attributes:
        atom: that it was read.
    """

    data: bytes
    atom: Atom


@dataclass(frozen=True, slots=True)
class Absent:
    """A file that is not there.

    Attributes:
        atom: that it was looked for.
    """

    atom: Atom


@dataclass(frozen=True, slots=True)
class FileRights:
    """Whose a file is, and who may use it.

    Attributes:
        mode: the nine bits of rights.
        owned: it belongs to the user or to the machine's administrator.
        own_group: its group holds no one else, by the habit of one group a user.
        atom: that it was looked at.
    """

    mode: int
    owned: bool
    own_group: bool
    atom: Atom


@dataclass(frozen=True, slots=True)
class Workstation:
    """Reads files within bounds. Nothing is executed, written or sent.

    Attributes:
        home: the user's home.
        environ: the environment.
        cwd: the current folder.
        system: as `sys.platform` has it.
        keyrings: gives the classes of the keyring's backends.
    """

    home: Path
    environ: Mapping[str, str] = field(repr=False)
    cwd: Path
    system: str = sys.platform
    keyrings: Callable[[], tuple[str, ...] | Unknown] = detect_keyring
    _memo: Memo = field(default_factory=Memo)

    @classmethod
    def here(cls) -> Workstation:
        """This user on this machine; nothing is read yet."""
        try:
            home = Path.home()
        except RuntimeError:
            home = NO_HOME
        try:
            cwd = Path.cwd()
        except OSError:
            cwd = home
        return cls(home, dict(os.environ), cwd)

    @property
    def windows(self) -> bool:
        """Whether files have access lists in place of the nine bits."""
        return self.system == "win32"

    def variable(self, *names: str) -> str:
        """The first of these variables that is set and not empty; empty if none is."""
        return next((self.environ[name] for name in names if self.environ.get(name)), "")

    def folder(self, name: str, *parts: str) -> Path:
        """The folder that a variable names, else one below the home."""
        named = self.variable(name)
        return Path(named) if named and Path(named).is_absolute() else self.home.joinpath(*parts)

    def named(self, text: str) -> Path:
        """The place that a setting names, from the current folder or the home."""
        text = text.strip()
        return tidy(self.home / text[2:] if text.startswith("~/") else self.cwd / text)

    @property
    def config(self) -> Path:
        """Where programs keep their configuration by the XDG convention."""
        return self.folder("XDG_CONFIG_HOME", ".config")

    def shown(self, path: Path) -> str:
        """A path as reports have it: below the home as `~/…`, and nothing hidden in it."""
        if path.is_relative_to(self.home):
            inner = path.relative_to(self.home).as_posix()
            return visible(f"~/{inner}" if inner != "." else "~", longest=LONGEST_PATH)
        return visible(path.as_posix(), longest=LONGEST_PATH)

    def atom(self, path: Path, status: int, what: str = "FILE") -> Atom:
        """The evidence that a path was looked at."""
        return Atom(f"{what} {self.shown(path)}", status, clock.now())

    def is_file(self, path: Path) -> bool:
        """Whether a regular file is there; False also if that cannot be determined."""
        try:
            return path.is_file()
        except (OSError, ValueError):
            return False

    def read(self, path: Path, largest: int = LARGEST) -> Content | Absent | Unknown:
        """A regular file, whole; within a run each is read once."""
        found: Content | Absent | Unknown = self._memo.get(
            ("read", path), lambda: self._read(path, largest)
        )
        return found

    def text(self, path: Path) -> tuple[str, Atom] | Absent | Unknown:
        """A regular file as text: UTF-8, or UTF-16 with its mark."""
        found = self.read(path)
        if not isinstance(found, Content):
            return found
        coding = "utf-16" if found.data.startswith(BYTE_ORDER_16) else "utf-8-sig"
        text = found.data.decode(coding, errors="replace")
        if "\0" in text:
            return self.odd(path, "is not a text file")
        return text, found.atom

    def is_utf_16(self, path: Path) -> bool:
        """Whether a file that was read says so by its first bytes."""
        found = self.read(path)
        return isinstance(found, Content) and found.data.startswith(BYTE_ORDER_16)

    def rights(self, path: Path) -> FileRights | Absent | Unknown:
        """Whose a file is; a symbolic link is followed."""
        if self.windows:
            return Unknown(
                Reason.NOT_VISIBLE,
                f"who may read {self.shown(path)}: look at its Properties, Security",
                "access lists of Windows are not read",
                (self.atom(path, READ),),
            )
        try:
            status = path.stat()
        except (OSError, ValueError) as error:
            return self._failed(path, error)
        return FileRights(
            mode=stat.S_IMODE(status.st_mode) & 0o777,
            owned=hasattr(os, "getuid") and status.st_uid in {os.getuid(), 0},
            own_group=status.st_gid == status.st_uid and not _has_access_list(path),
            atom=self.atom(path, READ, "RIGHTS"),
        )

    def entries(self, path: Path) -> tuple[list[Path], Atom] | Absent | Unknown:
        """What a folder holds, sorted."""
        try:
            return sorted(path.iterdir()), self.atom(path, READ, "FOLDER")
        except (OSError, ValueError) as error:
            return self._failed(path, error, "FOLDER")

    def odd(self, path: Path, why: str) -> Unknown:
        """The unknown for something that is there and is not what was looked for."""
        shown = self.shown(path)
        return Unknown(
            Reason.MALFORMED,
            f"{shown} {why}; look at it by hand",
            why,
            (self.atom(path, READ),),
        )

    def _read(self, path: Path, largest: int) -> Content | Absent | Unknown:
        try:
            # Opening a device or a pipe can do or wait for something: those are not opened at all.
            if not stat.S_ISREG(path.stat().st_mode):
                return self.odd(path, "is not a regular file")
            handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
            with os.fdopen(handle, "rb") as file:
                if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                    return self.odd(path, "is not a regular file")
                data = file.read(largest + 1)
        except (OSError, ValueError) as error:
            return self._failed(path, error)
        if len(data) > largest:
            return self.odd(path, f"is larger than {largest // 1024} KiB")
        return Content(data, self.atom(path, READ))

    def _failed(self, path: Path, error: Exception, what: str = "FILE") -> Absent | Unknown:
        number = error.errno if isinstance(error, OSError) else None
        if number in GONE:
            return Absent(self.atom(path, ABSENT, what))
        shown, seen = self.shown(path), os.strerror(number) if number else "no such name"
        evidence = (self.atom(path, REFUSED, what),)
        if number in DENIED:
            return Unknown(Reason.NOT_PERMITTED, f"read access to {shown}", seen, evidence)
        return Unknown(Reason.UNREACHABLE, f"{shown} must be readable", seen, evidence)


def tidy(path: Path) -> Path:
    """A path without `..`; where a link makes that another place, the place behind the links."""
    short = os.path.normpath(path)
    real = os.path.realpath(path)
    return Path(short if os.path.realpath(short) == real else real)


def _has_access_list(path: Path) -> bool:
    """Whether an access list may give rights that the group's permission bits hide."""
    try:
        return hasattr(os, "listxattr") and ACCESS_LIST in os.listxattr(path)
    except OSError:
        return False
