"""Reads a document of `hardenme exposed`, strictly: what is not understood is not left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from hardenme.codec.shape import demand
from hardenme.codec.text import parsed
from hardenme.codec.version import demand_major
from hardenme.ground.errors import ContentError
from hardenme.model.exposed_record import ExposedRecord, ExposedRow
from hardenme.model.exposure import RANKS, ExposureGrade

SCHEMA = "1.0"
LARGEST = 64 * 1024 * 1024
"""Bytes of a document."""
MACHINE = "this machine"
NOT_READ = "what was not read"


def exposed_record(data: bytes) -> ExposedRecord:
    """What a document says.

    Raises:
        ContentError: it is none, or says something that is not understood.
        OtherVersionError: another version of hardenme wrote it.
    """
    if len(data) > LARGEST:
        raise ContentError(f"it is larger than {LARGEST // 1024 // 1024} MiB")
    told = demand(dict, parsed(data))
    demand_major(told.get("schema_version"), SCHEMA, "document")
    asked = _texts(told, "asked")
    if not asked or "repositories" not in told or "machine" not in told:
        raise ContentError("it is not a document of `hardenme exposed`")
    rows = [row for one in _objects(told, "repositories") for row in _repository(one)]
    machine = told["machine"]
    rows += [] if machine is None else _machine(demand(dict, machine))
    heaviest = min((RANKS[row.grade] for row in rows), default=RANKS[ExposureGrade.NOT_SEEN])
    if heaviest > RANKS[_grade(told)]:
        raise ContentError("its grade is heavier than those of its rows")
    return ExposedRecord(asked, _time(told, "start"), _time(told, "end"), tuple(rows))


def _repository(one: Mapping[str, Any]) -> Iterator[ExposedRow]:
    name = _text(one, "name")
    for run in _objects(one, "runs"):
        numbers = [run.get("run"), run.get("attempt")]
        if not all(type(number) is int for number in numbers):
            raise ContentError("a run has no number")
        file = _text(run, "workflow").rpartition("/")[2]
        text = f"{file}, run {numbers[0]} attempt {numbers[1]} ({_text(run, 'event')})"
        yield ExposedRow(_grade(run), name, text, _text(run, "page"), _texts(run, "reach"))
    yield from _faults(one, name)


def _machine(one: Mapping[str, Any]) -> Iterator[ExposedRow]:
    reach = _texts(one, "reach")
    for row in _objects(one, "rows"):
        text = f"{_text(row, 'package')} in {_text(row, 'path')}: {_text(row, 'why')}"
        yield ExposedRow(_grade(row), MACHINE, text, "", reach)
    faults = [*_faults(one, MACHINE)]
    for place in _objects(one, "places"):
        faults += _faults(place, MACHINE)
    yield from (ExposedRow(row.grade, row.where, row.text, "", reach) for row in faults)


def _faults(one: Mapping[str, Any], where: str) -> Iterator[ExposedRow]:
    for fault in _texts(one, "faults"):
        yield ExposedRow(ExposureGrade.UNKNOWN, where, f"{NOT_READ}: {fault}")


def _grade(one: Mapping[str, Any]) -> ExposureGrade:
    try:
        return ExposureGrade(_text(one, "grade"))
    except ValueError:
        raise ContentError("it has a grade that is not known") from None


def _time(one: Mapping[str, Any], name: str) -> datetime:
    try:
        found = datetime.fromisoformat(_text(one, name))
    except ValueError:
        raise ContentError(f"`{name}` is not a time") from None
    if found.tzinfo is None:
        raise ContentError(f"`{name}` has no time zone")
    return found


def _text(one: Mapping[str, Any], name: str) -> str:
    value = one.get(name)
    if not isinstance(value, str):
        raise ContentError(f"`{name}` is not a text")
    return value


def _texts(one: Mapping[str, Any], name: str) -> tuple[str, ...]:
    values = demand(list, one.get(name))
    if not all(isinstance(value, str) for value in values):
        raise ContentError(f"`{name}` holds something that is not a text")
    return tuple(values)


def _objects(one: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    return [demand(dict, value) for value in demand(list, one.get(name))]
