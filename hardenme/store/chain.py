"""A record that is only ever added to: a file of mode 0600, each line bound to the one before it.

Each line holds the digest of the line before it, and a second file holds the digest of the last
one. So a line that was changed, removed, moved or cut off at the end is detected. A missing line
may be the one that revoked another: if the record is incomplete, nothing on it counts. The digests
use no secret, so they detect damage and carelessness, not someone who can write both files and
means to deceive.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from hardenme import __version__
from hardenme.codec.text import line as written
from hardenme.codec.text import parsed, spaced
from hardenme.codec.typed import Codec
from hardenme.ground.errors import ContentError, OutputError, StoredError, UnsafeFileError
from hardenme.ground.files import PrivateFile
from hardenme.ground.private import ABSENT, held, opened, read_whole
from hardenme.model.secret import redacted

T = TypeVar("T")
LARGEST = 16 * 1024 * 1024
BEFORE, AFTER = ("n",), ("version", "previous", "hash")
"""The fields that each line has around its own."""


@dataclass(frozen=True, slots=True)
class End:
    """The number of the last line, and its digest."""

    n: int
    hash: str


FORM = Codec()


@dataclass(frozen=True, slots=True)
class Lines(Generic[T]):
    """What a record holds.

    Attributes:
        items: what its lines say, in the order in which they were added, as far as they can be
            read.
        fault: what is wrong with it; empty if it is complete.
        torn: its last line was not written to its end, as when the power fails.
        last: the digest of the last line; empty for none.
        size: bytes of its whole lines.
    """

    items: tuple[T, ...] = ()
    fault: str = ""
    torn: bool = False
    last: str = ""
    size: int = 0


@dataclass(frozen=True, slots=True)
class Chain(Generic[T]):
    """A kind of record.

    Attributes:
        name: of its files: `NAME.jsonl` and `NAME.end`.
        noun: what it is called in sentences.
        again: what to do where it is incomplete and both files were moved away.
        instead: what to do in place of moving them away; empty for that.
        fields: of a line, all of them texts.
        later: fields behind these that a line has where one of them is not empty.
        parse: from a line's fields to what it says; ValueError, KeyError or TypeError for a line
            that hardenme does not write.
        wrong: why what a line says does not count; empty if it does.
    """

    name: str
    noun: str
    again: str
    fields: tuple[str, ...]
    parse: Callable[[Mapping[str, str]], T]
    wrong: Callable[[T], str] = lambda _item: ""
    instead: str = ""
    later: tuple[str, ...] = ()

    def read(self, folder: Path) -> Lines[T]:
        """Read the record of a folder.

        Raises:
            StoredError: it is not a file that only its owner can write, or cannot be read.
        """
        try:
            # The end is read first: what others add meanwhile comes after it.
            end = self._end(folder)
            try:
                record = opened(self.record(folder), os.O_RDONLY)
                with record as handle, held(handle, shared=True):
                    data = read_whole(handle, LARGEST)
            except ABSENT:
                data = b""
        except (OSError, UnsafeFileError) as error:
            raise StoredError(self._reason(folder, error)) from None
        return self._lines(folder, data, end)

    def add(
        self,
        folder: Path,
        *several: tuple[str, ...],
        refuse: Callable[[Sequence[T]], str] = lambda _there: "",
    ) -> None:
        """Write a line for each of several fields' values; they are on the disk when this returns.

        Args:
            folder: the folder of the record.
            several: the values of each line.
            refuse: returns why nothing can be added, while no other process can add; empty if
                something can.

        Raises:
            StoredError: they cannot be written, they are refused, or the record is incomplete.
        """
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            record = opened(self.record(folder), os.O_RDWR | os.O_CREAT)
            with record as handle, held(handle):
                lines = self._lines(folder, read_whole(handle, LARGEST), self._end(folder))
                if lines.fault:
                    raise StoredError(lines.fault)
                if refused := refuse(lines.items):
                    raise StoredError(refused)
                number, digest, written = len(lines.items), lines.last, []
                for values in several:
                    number += 1
                    line, digest = self.line(number, values, digest)
                    written.append(line + b"\n")
                data = b"".join(written)
                if lines.size + len(data) > LARGEST:
                    raise StoredError(f"the {self.noun} in {folder} is full: {LARGEST:,} bytes")
                # A torn line was never reported as written.
                os.ftruncate(handle, lines.size)
                os.lseek(handle, lines.size, os.SEEK_SET)
                with os.fdopen(os.dup(handle), "wb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(handle)
                end = spaced(FORM.write(End(number, digest)))
                PrivateFile(self.end(folder)).write(f"{end}\n")
        except (OSError, OutputError, UnsafeFileError) as error:
            raise StoredError(self._reason(folder, error)) from None

    @property
    def names(self) -> tuple[str, ...]:
        """The fields that every line has, in their order."""
        return (*BEFORE, *self.fields, *AFTER)

    def _names(self, *, later: bool) -> tuple[str, ...]:
        """All fields of a line, with those that not every line has, or without."""
        return (*BEFORE, *self.fields, *(self.later if later else ()), *AFTER)

    def line(self, number: int, values: tuple[str, ...], previous: str) -> tuple[bytes, str]:
        """A line without its line feed, and its digest."""
        later = any(values[len(self.fields) :])
        said = (number, *(values if later else values[: len(self.fields)]), __version__, previous)
        return sealed(dict(zip(self._names(later=later), redacted(said), strict=False)))

    def record(self, folder: Path) -> Path:
        """The file of the lines."""
        return folder / f"{self.name}.jsonl"

    def end(self, folder: Path) -> Path:
        """The file of the last line's digest."""
        return folder / f"{self.name}.end"

    def _reason(self, folder: Path, error: Exception) -> str:
        told = error.strerror if isinstance(error, OSError) else str(error)
        return f"the {self.noun} in {folder} cannot be used: {told}"

    def _end(self, folder: Path) -> tuple[int, str] | None:
        """How many lines there were when one was last added, and the last one's digest."""
        try:
            with opened(self.end(folder), os.O_RDONLY) as handle:
                end = FORM.read(End, parsed(read_whole(handle, LARGEST)))
        except ABSENT:
            return None
        except ContentError:
            return 0, "unreadable"
        return end.n, end.hash

    def _lines(self, folder: Path, data: bytes, end: tuple[int, str] | None) -> Lines[T]:
        whole, _, rest = data.rpartition(b"\n")
        lines = whole.split(b"\n") if whole or data[:1] == b"\n" else []
        items: list[T] = []
        digests: list[str] = []
        fault = ""
        for number, line in enumerate(lines, 1):
            previous = digests[-1] if digests else ""
            item, digest, wrong = self.read_line(line, number, previous)
            fault = fault or wrong
            digests.append(digest)
            if item is not None:
                items.append(item)
        fault = fault or _at_the_end(digests, end)
        if fault:
            away = f"move {self.record(folder)} and {self.end(folder)} away, and {self.again}"
            fault = f"{fault}; {self.instead or away}"
        last = digests[-1] if digests else ""
        return Lines(tuple(items), fault, bool(rest), last, len(data) - len(rest))

    def read_line(self, line: bytes, number: int, previous: str) -> tuple[T | None, str, str]:
        """What a line says, its digest, and what is wrong with it."""
        try:
            raw = parsed(line)
            item = self._parsed(raw)
            digest = raw.pop("hash")
        except (ValueError, KeyError, TypeError, AttributeError):
            return None, "", f"line {number} is none that hardenme writes"
        if sealed(raw) != (line, digest):
            return item, digest, f"line {number} was changed"
        if raw["n"] != number or raw["previous"] != previous:
            return item, digest, f"line {number} does not go on from the line before it"
        wrong = self.wrong(item)
        return item, digest, f"line {number} {wrong}" if wrong else ""

    def _parsed(self, raw: dict[str, Any]) -> T:
        later = not self.later or any(name in raw for name in self.later)
        names = self._names(later=later)
        if tuple(raw) != names or not all(isinstance(raw[name], str) for name in names[1:]):
            raise ValueError("other fields")
        own = (*self.fields, *(self.later if later else ()))
        return self.parse({name: raw[name] for name in own})


def _at_the_end(digests: list[str], end: tuple[int, str] | None) -> str:
    """What is wrong with the end; one line more than it counts is one whose end was lost."""
    if end is None:
        return "its end is not known" if len(digests) > 1 else ""
    count, digest = end
    if count > len(digests):
        return f"{count - len(digests)} of its lines are missing at the end"
    if count < 1 or digests[count - 1] != digest:
        return "its end is another than was written down"
    return ""


def sealed(raw: Mapping[str, Any]) -> tuple[bytes, str]:
    """A line of these fields with its digest, and the digest."""
    digest = hashlib.sha256(_written(raw)).hexdigest()
    return _written({**raw, "hash": digest}), digest


def _written(raw: Mapping[str, Any]) -> bytes:
    return written(raw).encode()
