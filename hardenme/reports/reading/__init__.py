"""A stored report, read back from its JSON.

Everything that `jsonfile` writes is read back, so that any format can be made from it. Passed
findings are in short form in the file: they are read back as what a stored report shows of a pass.

A report of a later 1.x is read without what this version does not know. An incomplete report is
refused: a part of one could look better than what was found. So is one that lacks a member:
without `halted`, a run that ended early would look whole.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, BinaryIO, TextIO

from hardenme.codec.packed import Packed
from hardenme.codec.stream import Document
from hardenme.codec.version import demand_major
from hardenme.ground.errors import ContentError
from hardenme.model.finding import NAMES, WAIVED
from hardenme.model.inventory import Place
from hardenme.model.last_known import LastKnown
from hardenme.model.publishing import Publishing
from hardenme.model.report import ABSENT, SCHEMA_VERSION, Report
from hardenme.model.standard import Standard
from hardenme.model.verdict import Fix
from hardenme.reports.form import CARRIED, COLLECTIONS, FORM, RECORDS, StoredProfile, WiderStep
from hardenme.reports.members import Member
from hardenme.reports.reading.findings import ReportContext, StoredFindings

WHAT = "report"
START = 4
"""Bytes that identify an encoding."""


def read(text: str) -> Report:
    """The report that a JSON text holds.

    Raises:
        ContentError: it holds none that this version can read, or not the whole of one.
    """
    return _read(io.StringIO(text.removeprefix("\ufeff")))


def load(file: BinaryIO) -> Report:
    """The same from a file that is open for reading; it need not be one that can be rewound.

    Raises:
        ContentError: it holds none that this version can read, or not the whole of one.
        OSError: it cannot be read.
    """
    start = file.read(START)
    # Some shells write piped text in UTF-16.
    encoding = json.detect_encoding(start)
    return _read(io.TextIOWrapper(io.BufferedReader(_Joined(start, file)), encoding, newline=""))


class _Joined(io.RawIOBase):
    """A file whose beginning was read already."""

    def __init__(self, start: bytes, rest: BinaryIO) -> None:
        self._start = start
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        piece, self._start = self._start or self._rest.read(len(buffer)), b""
        buffer[: len(piece)] = piece
        return len(piece)


class _Lists:
    """The long lists of a report, or of what it carries, and its other members."""

    def __init__(self) -> None:
        self.findings = StoredFindings()
        self.places = Packed[Place](FORM.shape(Place).read)
        self.parts: dict[str, Any] = {}
        self._seen: set[str] = set()

    def take(self, document: Document, name: str, places: str) -> None:
        """Take the member that comes next."""
        self._seen.add(name)
        if name == "findings":
            for _, text in document.each():
                self.findings.add(text)
        elif name == places:
            for number, (value, text) in enumerate(document.each()):
                try:
                    self.places.make(value)
                except ContentError as error:
                    raise error.within(number).within(name) from None
                self.places.add(text)
        else:
            self.parts[name], _ = document.value()

    def demand_all(self, names: Iterable[str]) -> None:
        """See to it that none of these members was taken out.

        Raises:
            ContentError: one was.
        """
        for name in names:
            if name not in self._seen:
                raise ContentError("is missing", (name,))

    def part(self, hint: Any, name: str, *default: Any) -> Any:
        """Another member; the default where it is not there, or null."""
        raw = self.parts.get(name)
        if raw is None and default:
            return default[0]
        try:
            return FORM.read(hint, raw)
        except ContentError as error:
            raise error.within(name) from None

    def steps(self) -> dict[str, Fix]:
        """The steps that findings name."""
        found: tuple[WiderStep, ...] = self.part(tuple[WiderStep, ...], "steps", ())
        return {step.name: step.fix for step in found}


def _read(file: TextIO) -> Report:
    document, lists, carried = Document(file), _Lists(), _Lists()
    for name in document.names():
        if name == "carried":
            for inner in document.members():
                carried.take(document, inner, "places")
        else:
            lists.take(document, name, "inventory")
        if name == "schema_version":
            demand_major(lists.parts[name], SCHEMA_VERSION, WHAT)
    return _report(lists, carried)


def _report(lists: _Lists, carried: _Lists) -> Report:
    if "schema_version" not in lists.parts:
        raise ContentError("it has no `schema_version`")
    lists.demand_all((*RECORDS[Report].names, *COLLECTIONS))
    carried.demand_all(CARRIED)
    told = FORM.members(Report, lists.parts)
    profile = lists.part(StoredProfile, "profile")
    counts: dict[str, int] = lists.part(dict[str, int], "counts")
    members: tuple[Member, ...] = lists.part(tuple[Member, ...], "members", ())
    people = {one.name: one for one in members}
    around = ReportContext(told["checks"], lists.steps(), people, told["started"])
    lists.findings.around = around
    found = Report(
        **told,
        profile=profile.name,
        profile_chosen=profile.chosen,
        findings=lists.findings,
        publishing=lists.part(Publishing, "publishing", None),
        standards=lists.part(tuple[Standard, ...], "standards", ()),
        inventory=lists.places,
        carried=_carried(carried, around),
    )
    _demand_counts(counts, lists.findings)
    if found.coverage.known > found.coverage.asked:
        raise ContentError("more is known in it than was asked")
    missing = (
        name
        for name in found.targets
        if not {f"{name}: {why}" for why in ABSENT}.isdisjoint(found.warnings)
    )
    return replace(found, not_found=tuple(missing))


def _demand_counts(counts: Mapping[str, int], findings: StoredFindings) -> None:
    """Reject a report that lost or gained findings, by its own counts."""
    found = findings.counted()
    for name in (*NAMES.values(), WAIVED):
        told = counts.get(name, 0)
        if told != found[name]:
            raise ContentError(
                f"it was changed or cut: it counts {told} {name.replace('_', ' ')} findings and"
                f" holds {found[name]}"
            )


def _carried(lists: _Lists, around: ReportContext) -> LastKnown:
    lists.findings.around = replace(around, checks={}, steps=lists.steps(), members={})
    try:
        lists.findings.counted()
    except ContentError as error:
        raise ContentError(f"of what is carried, {error}") from None
    return LastKnown(lists.findings, lists.places)
