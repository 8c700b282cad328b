"""The findings about a subject, and its inventory, as one line; and reading it back."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Any

from hardenme.codec.shape import Shape, demand
from hardenme.codec.text import line, parsed
from hardenme.codec.typed import Codec
from hardenme.ground.errors import ContentError
from hardenme.model.evidence import Atom
from hardenme.model.finding import LONGEST, Attested, Errored, Finding
from hardenme.model.inventory import InventoryItem, Place
from hardenme.model.safe_text import is_safe_text
from hardenme.model.secret import redacted
from hardenme.model.subject import Subject
from hardenme.model.unknown import Unknown
from hardenme.model.verdict import Failed, Fix, Manual, NotApplicable, Passed
from hardenme.model.waiver import Waiver

OUTCOMES = (Passed, Failed, NotApplicable, Manual, Unknown, Attested, Errored)
ROWS = (*OUTCOMES, Finding, Fix, Waiver, Subject, Place, InventoryItem)
Reads = frozenset[tuple[str, str]]
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
    """

    atoms: tuple[Atom, ...]
    reads: tuple[Reads, ...]


class FindingLines:
    """Findings, a line for all of a subject."""

    def __init__(self) -> None:
        self._atoms, self._reads = SharedValues(), SharedValues()
        shared = {Atom: self._atoms.shape, Reads: self._reads.shape}
        self._rows = Codec(rows=ROWS, shapes=shared).shape(tuple[Finding, ...])
        self._common = Codec(rows=(Atom, Common)).shape(Common)

    def write(self, findings: Iterable[Finding]) -> str:
        """One line of JSON, without secrets."""
        self._atoms.begin()
        self._reads.begin()
        rows = self._rows.write(findings)
        common = Common(self._atoms.all(), self._reads.all())
        return line(_without_secrets([self._common.write(common), rows]))

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
        found: tuple[Finding, ...] = self._rows.read(raw[1])
        return found


PLACES = Codec(rows=(*ROWS, Atom)).shape(tuple[Place, ...])


def write_places(places: Iterable[Place]) -> str:
    """One line of JSON for all that was seen of a subject, without secrets."""
    return line(_without_secrets(PLACES.write(places)))


def read_places(text: str | bytes) -> tuple[Place, ...]:
    """The places of a line.

    Raises:
        ContentError: it is not one that this version writes.
    """
    found: tuple[Place, ...] = PLACES.read(parsed(text))
    return found


def _without_secrets(record: Any) -> Any:
    return record if is_safe_text(record, LONGEST) else redacted(record)
