"""The record of people's statements: where it is, and which of them count."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from hardenme.codec.layout import Layout
from hardenme.codec.typed import Codec
from hardenme.collectors.attested import Statements
from hardenme.ground.errors import StoredError
from hardenme.model.statement import Statement, longest_of
from hardenme.model.unknown import Reason, Unknown
from hardenme.store.chain import Chain, Lines

__all__ = ["CHAIN", "RECORD", "Record", "StoredError", "add", "load", "newest", "read"]

RECORD = "attestations.jsonl"
TORN = "the last line of the record of statements was not written to its end, and does not count"
NOT_WHOLE = "a complete record of statements; hardenme attest --list shows what is wrong"
FIELDS = ("code", "subject", "question", "answer", "evidence", "by", "account", "at", "until")
LATER = ("owner",)
"""Fields that a line has only where they are known: one that was written before has none."""
FORM = Codec(records={Statement: Layout((*FIELDS, *LATER), absent=LATER)})


@dataclass(frozen=True, slots=True)
class Record:
    """What the record holds.

    Attributes:
        statements: in the order in which they were made, as far as lines can be read.
        fault: what is wrong with it; empty if it is complete.
        torn: its last line was not written to its end, as when the power fails.
    """

    statements: tuple[Statement, ...] = ()
    fault: str = ""
    torn: bool = False

    @property
    def warnings(self) -> tuple[str, ...]:
        """Sentences that a reader of results based on it has to know."""
        if self.fault:
            return (f"no statement counts: {self.fault}",)
        return (TORN,) if self.torn else ()


def load(folder: Path) -> Statements:
    """The statements that count by the record in a folder; nothing is raised."""
    try:
        record = read(folder)
    except StoredError as error:
        record = Record(fault=str(error))
    if record.fault:
        refused = Unknown(Reason.INCOMPLETE, NOT_WHOLE, "the record of statements is not whole")
        return Statements(refused=refused, warnings=record.warnings)
    return Statements.of(record.statements, record.warnings)


def read(folder: Path) -> Record:
    """Read the record of a folder.

    Raises:
        StoredError: it is not a file that only its owner can write, or cannot be read.
    """
    found: Lines[Statement] = CHAIN.read(folder)
    return Record(found.items, found.fault, found.torn)


def add(folder: Path, statement: Statement) -> None:
    """Write a statement down; it is on the disk when this returns.

    Raises:
        StoredError: it cannot be written, the record is incomplete, or it was to count for too
            long.
    """
    if not statement.within_bounds:
        days = longest_of(statement.code).days
        raise StoredError(f"a statement counts for {days} days at most")
    CHAIN.add(folder, values(statement))


def values(statement: Statement) -> tuple[str, ...]:
    """The fields of a line that say it."""
    return tuple(FORM.write(statement).values())


def newest(statements: Iterable[Statement]) -> tuple[Statement, ...]:
    """The newest statement on each question, in the order of codes and subjects."""
    found = {item.key: item for item in statements}
    return tuple(found[key] for key in sorted(found))


def moment(text: str) -> datetime:
    """A moment as records write it.

    Raises:
        ValueError: it is none, or does not say in which time zone.
    """
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError("a moment without its place")
    return found


CHAIN = Chain(
    name="attestations",
    noun="record of statements",
    again="state everything anew",
    fields=FIELDS,
    later=LATER,
    parse=lambda raw: FORM.read(Statement, raw),
    wrong=lambda item: "" if item.within_bounds else "was to count for longer than any may",
)
