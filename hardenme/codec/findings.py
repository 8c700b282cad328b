"""The findings about a subject, and its inventory, as one line; and reading it back."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from hardenme.codec.layout import REPEATED
from hardenme.codec.shape import TEXT, Shape, demand, text
from hardenme.codec.text import line, parsed
from hardenme.codec.typed import Codec
from hardenme.ground.errors import ContentError
from hardenme.model.evidence import Atom
from hardenme.model.finding import Attested, Errored, Finding
from hardenme.model.inventory import InventoryItem, Place
from hardenme.model.secret import redact
from hardenme.model.subject import Subject
from hardenme.model.unknown import Unknown
from hardenme.model.verdict import Failed, Fix, Manual, NotApplicable, Passed
from hardenme.model.waiver import Waiver

OUTCOMES = (Passed, Failed, NotApplicable, Manual, Unknown, Attested, Errored)
ROWS = (*OUTCOMES, Finding, Fix, Waiver, Subject, Place, InventoryItem)
Reads = frozenset[tuple[str, str]]
MANY = 4096
"""Sets of fields that are remembered."""
OWN_TEXT = Shape(redact, TEXT.read, TEXT.forms)
"""A text that is written without secrets."""
PARTS = 2
"""Of a record: what its findings share, and these themselves."""


class SharedValues:
    """Those of one type, in one record after the other."""

    def __init__(self) -> None:
        self._numbers: dict[Hashable, int] = {}
        self._values: tuple[Any, ...] = ()

    @property
    def shape(self) -> Shape:
        """The form of a reference to one."""
        return Shape(self._number, self._value, frozenset({int}))

    def begin(self, values: Iterable[Any] = ()) -> None:
        """Begin a record: one that is written without any, one that is read with all it holds."""
        self._numbers.clear()
        self._values = tuple(values)

    def all(self) -> tuple[Any, ...]:
        """Those that the written record named, in the order of their numbers."""
        return tuple(self._numbers)

    def _number(self, value: Hashable) -> int:
        return self._numbers.setdefault(value, len(self._numbers))

    def _value(self, raw: Any) -> Any:
        if type(raw) is not int or not 0 <= raw < len(self._values):
            raise ContentError("is the number of nothing in the record")
        return self._values[raw]


@dataclass(frozen=True, slots=True)
class Common:
    """Values that the findings of a record share: each is written once.

    Attributes:
        atoms: the answers that they rest on.
        reads: the fields that their checks read.
        subjects: what they are about.
    """

    atoms: tuple[Atom, ...]
    reads: tuple[Reads, ...]
    subjects: tuple[Subject, ...]


READS = Codec().shape(Reads)


@lru_cache(MANY)
def _in_text(reads: Reads) -> str:
    return line(READS.write(reads))


@lru_cache(MANY)
def _out_of(raw: str) -> Reads:
    found: Reads = READS.read(parsed(raw))
    return found


FIELDS = text(_out_of, _in_text)
"""The fields that a check reads, as one text: there are few sets, and each record names them."""


class FindingLines:
    """Findings, a line for all of a subject."""

    def __init__(self) -> None:
        self._atoms, self._reads, self._subjects = (SharedValues() for _ in range(3))
        shared = {
            str: OWN_TEXT,
            Atom: self._atoms.shape,
            Reads: self._reads.shape,
            Subject: self._subjects.shape,
        }
        self._rows = Codec(rows=ROWS, shapes=shared).shape(tuple[Finding, ...])
        common = {str: OWN_TEXT, Reads: FIELDS}
        self._common = Codec(
            rows=(Common,), records={Atom: REPEATED, Subject: REPEATED}, shapes=common
        ).shape(Common)

    def write(self, findings: Iterable[Finding]) -> str:
        """One line of JSON, without secrets."""
        for shared in (self._atoms, self._reads, self._subjects):
            shared.begin()
        rows = self._rows.write(findings)
        common = Common(self._atoms.all(), self._reads.all(), self._subjects.all())
        return line([self._common.write(common), rows])

    def read(self, text: str | bytes) -> tuple[Finding, ...]:
        """The findings of a line.

        Raises:
            ContentError: it is not one that this version writes.
        """
        raw = demand(list, parsed(text))
        if len(raw) != PARTS:
            raise ContentError("is not a record of findings")
        common = self._common.read(raw[0])
        self._atoms.begin(common.atoms)
        self._reads.begin(common.reads)
        self._subjects.begin(common.subjects)
        found: tuple[Finding, ...] = self._rows.read(raw[1])
        return found


PLACES = Codec(rows=(*ROWS, Atom), shapes={str: OWN_TEXT}).shape(tuple[Place, ...])


def write_places(places: Iterable[Place]) -> str:
    """One line of JSON for all that was seen of a subject, without secrets."""
    return line(PLACES.write(places))


def read_places(text: str | bytes) -> tuple[Place, ...]:
    """The places of a line.

    Raises:
        ContentError: it is not one that this version writes.
    """
    found: tuple[Place, ...] = PLACES.read(parsed(text))
    return found
