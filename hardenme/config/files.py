"""Reads a configuration file, if it is one, and lowers its trust where others could write it."""

from __future__ import annotations

import os
import re
import stat
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path
from typing import Any

from hardenme.config.admit import Admission, admit
from hardenme.config.places import SearchPlaces, SettingsSource
from hardenme.config.trust import Trust
from hardenme.ground.errors import FileError
from hardenme.model.text import visible

LARGEST = 256 * 1024
MOST_DOTS = 100
"""Dots on one line. The time that `tomllib` takes for a dotted key grows with their square."""
AT = re.compile(r"at line \d+, column \d+|at end of document")
LONGEST_KEY = 60
"""Characters of a key that are shown."""
HEADER = re.compile(r"\s*(\[\[?)\s*([^\[\]#]+?)\s*\]\]?\s*(?:#.*)?")
KEY = re.compile(r"""\s*("[^"\\]*"|'[^']*'|[A-Za-z0-9_-]+)\s*=""")
LONG_STRING = re.compile(r'"""|\'\'\'')


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file that is there.

    Attributes:
        trust: how far it is trusted in its place.
        lowered: why that is less than its place has; empty if it is not.
        problem: why nothing of it counts; empty if it was read.
        admission: what of it counts; None if there is a problem.
        lines: the lines of its settings, by name; not all of them are found.
        ignored: other files of the same folder, which do not count next to it.
    """

    source: SettingsSource
    trust: Trust
    lowered: str = ""
    problem: str = ""
    admission: Admission | None = None
    lines: Mapping[str, int] = field(default_factory=dict)
    ignored: tuple[Path, ...] = ()

    @property
    def untrusted(self) -> bool:
        """Whether it is the word of a folder, and of no one who is trusted."""
        return self.trust <= Trust.FOLDER


def files(where: SearchPlaces) -> Iterator[FoundFile]:
    """The files that count: the user's own, then the nearest of the folders'."""
    own = look(where.own) if where.own else None
    if own is not None:
        yield own
    trusted = _trusted(own, where)
    for _, sources in groupby(where.folders, key=lambda source: source.folder):
        found = [one for source in sources if (one := look(_as_trusted(source, trusted)))]
        if found:
            yield replace(found[0], ignored=tuple(one.source.path for one in found[1:]))
            return


def _trusted(own: FoundFile | None, where: SearchPlaces) -> frozenset[str]:
    """The folders that the user's file trusts, as real paths."""
    if own is None or own.admission is None or where.home is None:
        return frozenset()
    named = own.admission.values.get("trusted-folders", ())
    home = str(where.home)
    paths = (home + name[1:] if name.startswith("~/") else name for name in named)
    return frozenset(os.path.realpath(path) for path in paths)


def _as_trusted(source: SettingsSource, trusted: frozenset[str]) -> SettingsSource:
    """The source with the trust that its folder has: a folder within a trusted one has none."""
    if os.path.realpath(source.folder) in trusted:
        return replace(source, trust=Trust.TRUSTED)
    return source


def look(source: SettingsSource) -> FoundFile | None:
    """What a file says; None if there is none, or where it says nothing to hardenme.

    If someone else could have written a file of the user's own, it is trusted like a file in the
    working directory. So is a link to one. A file there that belongs to someone else is not read at
    all.
    """
    path, trust = source.path, source.trust
    try:
        status = os.lstat(path)
    except (OSError, ValueError) as error:
        gone = isinstance(error, FileNotFoundError | NotADirectoryError)
        return None if gone else FoundFile(source, trust, problem=_why(error))
    own = trust >= Trust.USER
    try:
        text, status = _text(path, follow=own and stat.S_ISLNK(status.st_mode))
        if not own:
            _demand_the_folders(status)
        lowered = _shared(path, status) if own else ""
        document = _inner(_parsed(text), source.table)
    except FileError as error:
        return FoundFile(source, trust, problem=str(error))
    except OSError as error:
        return FoundFile(source, trust, problem=_why(error))
    if document is None:
        return None
    counted = Trust.FOLDER if lowered else trust
    return FoundFile(
        source,
        counted,
        lowered,
        admission=admit(document, counted),
        lines=lines(text, source.table),
    )


def _text(path: Path, *, follow: bool) -> tuple[str, os.stat_result]:
    """What a regular file holds, and whose it is; nothing is waited for."""
    if not follow and _linked(path):
        raise FileError("it is a link to elsewhere")
    plain = getattr(os, "O_NONBLOCK", 0) | (0 if follow else getattr(os, "O_NOFOLLOW", 0))
    try:
        # Opening a device or a pipe can do something: those are not opened at all.
        _demand_regular(path.stat())
        with os.fdopen(os.open(path, os.O_RDONLY | plain), "rb") as file:
            status = os.fstat(file.fileno())
            _demand_regular(status)
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise FileError(_why(error)) from None
    if len(data) > LARGEST:
        raise FileError(f"it is larger than {LARGEST // 1024} KiB")
    try:
        return data.decode("utf-8"), status
    except UnicodeDecodeError:
        raise FileError("it is not UTF-8 text") from None


def _demand_regular(status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise FileError("it is not a regular file")


def _linked(path: Path) -> bool:
    """Whether it, or the `.github` folder that contains it, is a link."""
    return path.is_symlink() or (path.parent.name == ".github" and path.parent.is_symlink())


def _demand_the_folders(status: os.stat_result) -> None:
    """See to it that it is the folder's word: neither someone else's nor everyone's."""
    if not hasattr(os, "getuid"):
        return
    if status.st_uid not in {os.getuid(), 0}:
        raise FileError("it belongs to someone else")
    if status.st_mode & 0o002:
        raise FileError("everybody can write it; run: chmod o-w on it")


def _shared(path: Path, status: os.stat_result) -> str:
    """Who else may have written a file of the user's own; empty for no one.

    Where the system has access lists in place of the nine bits of rights, they are not looked at.
    """
    if path.is_symlink():
        return "it is a link to elsewhere"
    if not hasattr(os, "getuid"):
        return ""
    folder = path.parent.stat()
    if {status.st_uid, folder.st_uid} - {os.getuid(), 0}:
        return "it, or its folder, belongs to someone else"
    if status.st_mode & 0o022:
        return "others can write it; run: chmod go-w on it"
    if folder.st_mode & 0o022 and not folder.st_mode & stat.S_ISVTX:
        return "others can write its folder; run: chmod go-w on that"
    return ""


def _parsed(text: str) -> dict[str, Any]:
    if any(line.count(".") > MOST_DOTS for line in text.split("\n")):
        raise FileError(f"a line has more than {MOST_DOTS} dots")
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise FileError("it is nested too deep") from None
    except ValueError as error:
        # The message may quote the content of the file.
        at = AT.search(str(error))
        raise FileError(f"it is not TOML{f' ({at[0]})' if at else ''}") from None


def _inner(document: dict[str, Any], table: tuple[str, ...]) -> dict[str, Any] | None:
    """The table of hardenme's settings; None if there is none."""
    inner: Any = document
    for key in table:
        if not isinstance(inner, dict) or key not in inner:
            return None
        inner = inner[key]
    if not isinstance(inner, dict):
        raise FileError(f"{'.'.join(table)} is not a table")
    return inner


def _why(error: Exception) -> str:
    told = error.strerror if isinstance(error, OSError) and error.strerror else "no such name"
    return f"it cannot be read: {told}"


def lines(text: str, table: tuple[str, ...] = ()) -> dict[str, int]:
    """The lines of settings by their names: `fail-on`, `severities.GHA101`, `waivers[1].until`.

    Args:
        text: the file.
        table: the keys that lead to the settings in it.
    """
    found: dict[str, int] = {}
    counted: dict[str, int] = {}
    outer, prefix = ".".join(table), ""
    inside, long = not table, False
    for number, line in enumerate(text.splitlines(), start=1):
        begins_outside = not long
        long ^= len(LONG_STRING.findall(line)) % 2 == 1
        if not begins_outside:
            continue
        if header := HEADER.fullmatch(line):
            name = header[2].replace(" ", "")
            inside = not outer or name == outer or name.startswith(f"{outer}.")
            prefix = name.removeprefix(outer).removeprefix(".") if inside else ""
            if inside and header[1] == "[[":
                counted[prefix] = counted.get(prefix, 0) + 1
                prefix = f"{prefix}[{counted[prefix]}]"
            if inside and prefix:
                found.setdefault(prefix.partition("[")[0].partition(".")[0], number)
                found.setdefault(prefix, number)
        elif inside and (key := KEY.match(line)):
            shown = visible(key[1].strip("\"'"), longest=LONGEST_KEY)
            found.setdefault(f"{prefix}.{shown}" if prefix else shown, number)
    return found
