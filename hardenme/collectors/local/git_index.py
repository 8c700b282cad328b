"""Reads which files git keeps from a repository's index, without git.

Source: git's documentation "index-format". Versions 2, 3 and 4 are read. A split index, which
leaves entries to another file, and folders of a sparse index that hide the path are not understood.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

SIGNATURE = b"DIRC"
VERSIONS = range(2, 5)
HEADER = 12
STAT_BYTES = 40
"""Times, device, inode, mode, owner and size, before the object's name."""
MODE_AT = 24
FLAG_BYTES = 2
EXTENDED = 0x4000
FOLDER = 0o040000
COMPRESSED = 4
SPLIT = b"link"


def holds(data: bytes, path: bytes, *, any_case: bool = False) -> bool:
    """Whether an index has an entry for a path.

    Args:
        path: relative to the work tree, with `/` between its parts.
        any_case: files are found by their names in any case.

    Raises:
        ValueError: the index is not understood, so that the answer is not known.
    """
    version = int.from_bytes(data[4:8], "big")
    if data[:4] != SIGNATURE or version not in VERSIONS:
        raise ValueError("no index of a known version")
    size = _hash_bytes(data)
    try:
        return _search(data, path, version, size, any_case=any_case)
    except IndexError:
        raise ValueError("the index breaks off") from None


def _hash_bytes(data: bytes) -> int:
    """The length of the object names, by the checksum at the end."""
    for size, name in ((20, "sha1"), (32, "sha256")):
        digest = hashlib.new(name, data[:-size], usedforsecurity=False).digest()
        if data[-size:] == digest:
            return size
    for size in (32, 20):
        # With `index.skipHash` the checksum is replaced by zeros.
        if data[-size:] == bytes(size):
            return size
    raise ValueError("the index is damaged")


def _search(data: bytes, path: bytes, version: int, size: int, *, any_case: bool) -> bool:
    count = int.from_bytes(data[8:HEADER], "big")
    found, end = False, HEADER
    for name, mode, end in _entries(data, count, version, size):  # noqa: B007 (used after the loop)
        found = found or name == path or (any_case and name.lower() == path.lower())
        if mode == FOLDER and path.startswith(name):
            raise ValueError("a sparse index hides the folder")
    if not found and data[end : end + 4] == SPLIT:
        raise ValueError("a split index")
    return found


def _entries(data: bytes, count: int, version: int, size: int) -> Iterator[tuple[bytes, int, int]]:
    """Each entry's path, its mode, and where the next one starts."""
    at, name = HEADER, b""
    last = len(data) - size
    for _ in range(count):
        flags_at = at + STAT_BYTES + size
        flags = int.from_bytes(data[flags_at : flags_at + FLAG_BYTES], "big")
        start = flags_at + FLAG_BYTES * (2 if flags & EXTENDED else 1)
        if start >= last:
            raise ValueError("the index breaks off")
        mode = int.from_bytes(data[at + MODE_AT : at + MODE_AT + 4], "big")
        if version == COMPRESSED:
            strip, start = _number(data, start)
            end = data.index(b"\0", start)
            name = name[: len(name) - strip] + data[start:end]
            at = end + 1
        else:
            end = data.index(b"\0", start)
            name = data[start:end]
            # One to eight zeros fill the entry up to a multiple of eight.
            at += (end - at) // 8 * 8 + 8
        yield name, mode, at


def _number(data: bytes, at: int) -> tuple[int, int]:
    """A number of variable length, as in pack files, and where it ends."""
    byte = data[at]
    value = byte & 0x7F
    while byte & 0x80:
        at += 1
        byte = data[at]
        value = ((value + 1) << 7) | (byte & 0x7F)
    return value, at + 1
