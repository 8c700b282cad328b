"""A stored report, read back from its JSON.

Everything that `jsonfile` writes comes back, so that any format can be made from it. Passed
findings stand in the file in short: they come back as passed by what a stored report says.

What an earlier 1.x does not tell is left empty; only titles, which head what is printed, are never.

A report of a later 1.x is read without what this version does not know. An incomplete report is
refused: a part of one could look better than what was found.
"""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from typing import Any, BinaryIO, TextIO

from hardenme.model.finding import NAMES, WAIVED
from hardenme.model.report import NOT_FOUND, SCHEMA_VERSION, Coverage, Identity, Report, Traffic
from hardenme.model.severity import Severity
from hardenme.model.unknown import Reason
from hardenme.model.waiver import Waiver, Waivers
from hardenme.reports.members import Member
from hardenme.reports.reading.carried import StoredCarried
from hardenme.reports.reading.error import OtherVersionError, ReportError
from hardenme.reports.reading.fields import LARGEST, Fields
from hardenme.reports.reading.findings import Around, StoredFindings, fix_of, waiver_of
from hardenme.reports.reading.inventory import StoredPlaces
from hardenme.reports.reading.packed import Packed
from hardenme.reports.reading.publishing import publishing_of
from hardenme.reports.reading.stream import Document
from hardenme.reports.reading.texts import TitleOf, checks_of, standards_of, untitled

__all__ = ["OtherVersionError", "ReportError", "load", "read"]

MAJOR = SCHEMA_VERSION.partition(".")[0]
VERSION = re.compile(r"(?P<major>\d{1,9})\.\d{1,9}")
START = 4
"""Bytes that tell an encoding."""


def read(text: str, title_of: TitleOf = untitled) -> Report:
    """The report that a JSON text holds.

    Args:
        text: of the report.
        title_of: names the problem where a report of before 1.5 does not.

    Raises:
        ReportError: it holds none that this version can read, or not the whole of one.
    """
    return _read(io.StringIO(text.removeprefix("\ufeff")), title_of)


def load(file: BinaryIO, title_of: TitleOf = untitled) -> Report:
    """The same from a file that is open for reading; it need not be one that can be rewound.

    Raises:
        ReportError: it holds none that this version can read, or not the whole of one.
        OSError: it cannot be read.
    """
    start = file.read(START)
    # Some shells write what they are handed in UTF-16.
    encoding = json.detect_encoding(start)
    return _read(
        io.TextIOWrapper(io.BufferedReader(_Joined(start, file)), encoding, newline=""), title_of
    )


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


def _read(file: TextIO, title_of: TitleOf) -> Report:
    document = Document(file)
    packed, parts = Packed(), dict[str, Any]()
    places, carried = StoredPlaces(), StoredCarried()
    for name in document.names():
        if name == "findings":
            for _, text in document.each():
                packed.add(text)
        elif name == "inventory":
            for value, text in document.each():
                places.add(value, text)
        elif name == "carried":
            carried.read(document)
        else:
            parts[name], _ = document.value()
        if name == "schema_version":
            _demand_version(parts[name])
    report = _report(Fields("the report", parts), packed, title_of)
    return replace(report, inventory=places, carried=carried.made(report.started, title_of))


def _demand_version(version: object) -> None:
    match = VERSION.fullmatch(version) if isinstance(version, str) else None
    if match is None:
        raise ReportError("its `schema_version` is none of a hardenme report")
    if match["major"] != MAJOR:
        raise OtherVersionError(
            f"it is of version {version}, and this hardenme reads reports of version {MAJOR}.x"
        )


def _report(fields: Fields, packed: Packed, title_of: TitleOf) -> Report:
    if "schema_version" not in fields.raw:
        raise ReportError("it has no `schema_version`")
    profile, halted = fields.part("profile"), fields.raw.get("halted")
    started, checks = fields.moment("started"), checks_of(fields.optional("checks"), title_of)
    steps = {step.text("name"): fix_of(step) for step in fields.parts("steps")}
    people = {one.name: one for one in map(_member, fields.parts("members"))}
    findings = StoredFindings(packed, Around(checks, steps, people, started, title_of))
    _demand_counts(fields.part("counts"), findings)
    targets, warnings = fields.texts("targets"), fields.texts("warnings")
    return Report(
        version=fields.text("version"),
        started=started,
        targets=targets,
        profile=profile.text("name"),
        profile_chosen=profile.flag("chosen"),
        identities=tuple(map(_identity, fields.parts("identities"))),
        findings=findings,
        checks=checks,
        coverage=_coverage(fields.part("coverage")),
        traffic=_traffic(fields.part("traffic")),
        fail_on=fields.word("fail_on", Severity.parse),
        allowed_unknown=fields.texts("allowed_unknown"),
        partial=fields.text("partial", ""),
        halted=None if halted is None else fields.word("halted", Reason),
        warnings=warnings,
        publishing=publishing_of(fields.optional("publishing")),
        waivers=_waivers(fields.optional("waivers")),
        standards=standards_of(fields),
        redacted=fields.text("redacted", ""),
        not_found=tuple(name for name in targets if f"{name}: {NOT_FOUND}" in warnings),
    )


def _demand_counts(counts: Fields, findings: StoredFindings) -> None:
    """Refuse a report that lost findings, or got some: its counts tell."""
    found = findings.counted()
    for name in (*NAMES.values(), WAIVED):
        told = counts.number(name, 0)
        if told != found[name]:
            raise ReportError(
                f"it was changed or cut: it counts {told} {name.replace('_', ' ')} findings and"
                f" holds {found[name]}"
            )


def _identity(fields: Fields) -> Identity:
    names = ("provider", "host", "login", "kind", "source")
    return Identity(*(fields.text(name) for name in names))


def _coverage(fields: Fields) -> Coverage:
    if fields.number("known") > fields.number("asked"):
        raise ReportError("more is known in it than was asked")
    return Coverage(
        known=fields.number("known"),
        asked=fields.number("asked"),
        checks=fields.number("checks"),
        not_selected=fields.numbers("not_selected"),
        notes=fields.texts("notes"),
    )


def _traffic(fields: Fields) -> Traffic:
    seconds = fields.raw.get("seconds")
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or seconds > LARGEST:
        raise fields.fault("seconds", "the number")
    return Traffic(fields.numbers("requests"), fields.number("spared"), float(seconds))


def _waivers(fields: Fields | None) -> Waivers:
    if fields is None:
        return Waivers()

    def of(name: str) -> tuple[Waiver, ...]:
        return tuple(one for one in map(waiver_of, fields.parts(name)) if one is not None)

    return Waivers(of("unused"), of("expired"), of("proposed"))


def _member(fields: Fields) -> Member:
    active = fields.raw.get("active")
    return Member(
        organization=fields.text("organization"),
        login=fields.text("login"),
        role=fields.text("role", ""),
        two_factor=fields.text("two_factor"),
        teams=fields.number_or_none("teams"),
        active=None if active is None else fields.flag("active"),
        since=fields.text("since", ""),
        administers=fields.number_or_none("administers"),
        at_least=fields.flag("administers_at_least"),
    )
