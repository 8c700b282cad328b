"""The record of what people have stated: a file of mode 0600 that is only ever added to.

Each line is bound to the one before it by its digest, and a second file holds the digest of the
last one, so that a line that was changed, taken out, put elsewhere or cut off at the end shows. A
statement that is gone may be the one that took back another: where the record is not whole,
nothing on it counts. The digests take no secret, so they show damage and carelessness, not
somebody who can write both files and means to deceive.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from hardenme import __version__
from hardenme.collectors.attested import Statements
from hardenme.ground.files import OutputError, PrivateFile
from hardenme.ground.private import UnsafeFileError, held, opened, read_whole
from hardenme.model.secret import redacted
from hardenme.model.statement import Statement, Word, longest_of
from hardenme.model.unknown import Reason, Unknown

RECORD = "attestations.jsonl"
END = "attestations.end"
LARGEST = 16 * 1024 * 1024
TORN = "the last line of the record of statements was not written to its end, and does not count"
NOT_WHOLE = "a complete record of statements; hardenme attest --list shows what is wrong"
ABSENT = (FileNotFoundError, NotADirectoryError)
"""What opening a file raises where there is none, and where there is no folder for it."""
FIELDS = (
    *("n", "code", "subject", "question", "answer", "evidence", "by", "account", "at", "until"),
    *("version", "previous", "hash"),
)


class RecordError(Exception):
    """The record cannot be used; the text says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Record:
    """What the record holds.

    Attributes:
        statements: in the order in which they were made, as far as lines can be read.
        fault: what is wrong with it; empty where it is whole.
        torn: its last line was not written to its end, as when the power fails.
        last: the digest of the last line; empty for none.
        size: bytes of its whole lines.
    """

    statements: tuple[Statement, ...] = ()
    fault: str = ""
    torn: bool = False
    last: str = ""
    size: int = 0

    @property
    def warnings(self) -> tuple[str, ...]:
        """Sentences that a reader of what rests on it has to know."""
        if self.fault:
            return (f"no statement counts: {self.fault}",)
        return (TORN,) if self.torn else ()


def load(folder: Path) -> Statements:
    """The statements that count by the record in a folder; nothing is raised."""
    try:
        record = read(folder)
    except RecordError as error:
        record = Record(fault=str(error))
    if record.fault:
        refused = Unknown(Reason.INCOMPLETE, NOT_WHOLE, "the record of statements is not whole")
        return Statements(refused=refused, warnings=record.warnings)
    return Statements.of(record.statements, record.warnings)


def read(folder: Path) -> Record:
    """Read the record of a folder.

    Raises:
        RecordError: it is not a file that only its owner can write, or cannot be read.
    """
    try:
        # The end is read first: what others add meanwhile comes after it.
        end = _end(folder)
        try:
            with opened(folder / RECORD, os.O_RDONLY) as handle, held(handle, shared=True):
                data = read_whole(handle, LARGEST)
        except ABSENT:
            data = b""
    except (OSError, UnsafeFileError) as error:
        raise RecordError(_reason(folder, error)) from None
    return _record(folder, data, end)


def add(folder: Path, statement: Statement) -> None:
    """Write a statement down; it is on the disk when this returns.

    Raises:
        RecordError: it cannot be written, the record is not whole, or it was to count for too long.
    """
    if not statement.within_bounds:
        days = longest_of(statement.code).days
        raise RecordError(f"a statement counts for {days} days at most")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with opened(folder / RECORD, os.O_RDWR | os.O_CREAT) as handle, held(handle):
            record = _record(folder, read_whole(handle, LARGEST), _end(folder))
            if record.fault:
                raise RecordError(record.fault)
            number = len(record.statements) + 1
            line, digest = _line(number, statement, record.last)
            # What was torn was never said to be written down.
            os.ftruncate(handle, record.size)
            os.lseek(handle, record.size, os.SEEK_SET)
            with os.fdopen(os.dup(handle), "wb") as file:
                file.write(line + b"\n")
                file.flush()
                os.fsync(handle)
            PrivateFile(folder / END).write(json.dumps({"n": number, "hash": digest}) + "\n")
    except (OSError, OutputError, UnsafeFileError) as error:
        raise RecordError(_reason(folder, error)) from None


def newest(statements: Iterable[Statement]) -> tuple[Statement, ...]:
    """The newest statement on each question, in the order of codes and subjects."""
    found = {item.key: item for item in statements}
    return tuple(found[key] for key in sorted(found))


def _reason(folder: Path, error: Exception) -> str:
    told = error.strerror if isinstance(error, OSError) else str(error)
    return f"the record of statements in {folder} cannot be used: {told}"


def _end(folder: Path) -> tuple[int, str] | None:
    """How many lines there were when one was last added, and the last one's digest."""
    try:
        with opened(folder / END, os.O_RDONLY) as handle:
            raw = json.loads(read_whole(handle, LARGEST))
        return int(raw["n"]), str(raw["hash"])
    except ABSENT:
        return None
    except (ValueError, KeyError, TypeError, RecursionError):
        return 0, "unreadable"


def _record(folder: Path, data: bytes, end: tuple[int, str] | None) -> Record:
    whole, _, rest = data.rpartition(b"\n")
    lines = whole.split(b"\n") if whole or data[:1] == b"\n" else []
    statements: list[Statement] = []
    digests: list[str] = []
    fault = ""
    for number, line in enumerate(lines, 1):
        previous = digests[-1] if digests else ""
        statement, digest, wrong = _read_line(line, number, previous)
        fault = fault or wrong
        digests.append(digest)
        if statement is not None:
            statements.append(statement)
    fault = fault or _at_the_end(digests, end)
    if fault:
        away = f"move {folder / RECORD} and {folder / END} away, and state everything anew"
        fault = f"{fault}; {away}"
    last = digests[-1] if digests else ""
    return Record(tuple(statements), fault, bool(rest), last, len(data) - len(rest))


def _at_the_end(digests: list[str], end: tuple[int, str] | None) -> str:
    """What is wrong with the end; one line more than it tells of is one whose end got lost."""
    if end is None:
        return "its end is not known" if len(digests) > 1 else ""
    count, digest = end
    if count > len(digests):
        return f"{count - len(digests)} of its lines are missing at the end"
    if count < 1 or digests[count - 1] != digest:
        return "its end is another than was written down"
    return ""


def _line(number: int, statement: Statement, previous: str) -> tuple[bytes, str]:
    """A line without its line feed, and its digest."""
    fields = (
        number,
        statement.code,
        statement.subject,
        statement.question,
        statement.answer.value,
        statement.evidence,
        statement.by,
        statement.account,
        statement.at.isoformat(),
        statement.until.isoformat(),
        __version__,
        previous,
    )
    return _sealed(dict(zip(FIELDS, redacted(fields), strict=False)))


def _sealed(raw: dict[str, Any]) -> tuple[bytes, str]:
    digest = hashlib.sha256(_written(raw)).hexdigest()
    return _written({**raw, "hash": digest}), digest


def _written(raw: dict[str, Any]) -> bytes:
    return json.dumps(raw, separators=(",", ":")).encode()


def _read_line(line: bytes, number: int, previous: str) -> tuple[Statement | None, str, str]:
    """A line's statement, its digest, and what is wrong with it."""
    try:
        raw = json.loads(line)
        statement = _statement(raw)
        digest = raw.pop("hash")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None, "", f"line {number} is none that hardenme writes"
    if _sealed(raw) != (line, digest):
        return statement, digest, f"line {number} was changed"
    if raw["n"] != number or raw["previous"] != previous:
        return statement, digest, f"line {number} does not go on from the line before it"
    if not statement.within_bounds:
        return statement, digest, f"line {number} was to count for longer than any may"
    return statement, digest, ""


def _statement(raw: dict[str, Any]) -> Statement:
    if tuple(raw) != FIELDS or not all(isinstance(raw[name], str) for name in FIELDS[1:]):
        raise ValueError("other fields")
    at, until = datetime.fromisoformat(raw["at"]), datetime.fromisoformat(raw["until"])
    if at.tzinfo is None or until.tzinfo is None:
        raise ValueError("a moment without its place")
    return Statement(
        code=raw["code"],
        subject=raw["subject"],
        question=raw["question"],
        answer=Word(raw["answer"]),
        by=raw["by"],
        account=raw["account"],
        at=at,
        until=until,
        evidence=raw["evidence"],
    )
