"""What a reader sees of this machine."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from hardenme.ground.exit_code import Exit
from hardenme.model.exposure import Exposure, ExposureGrade, RepositoryExposure
from hardenme.model.machine_exposure import (
    MachineExposure,
    MachinePlace,
    MachinePlaceKind,
    MachineRow,
)
from hardenme.reports.exposure import ExposureShown, render
from hardenme.reports.style import Style

CONFIRMED, POSSIBLE, UNKNOWN, NOT_SEEN = ExposureGrade
AT = datetime(2026, 3, 31, 1, 2, tzinfo=UTC)
CLEAN = MachineExposure(
    (
        MachinePlace(MachinePlaceKind.CACHE, "npm", "~/.npm", 40, AT),
        MachinePlace(MachinePlaceKind.PROJECT, "", "~/src", 1204),
    ),
    reach=("npm token in ~/.npmrc line 1",),
)
FAULTY = replace(CLEAN, places=(replace(CLEAN.places[0], faults=("~/.npm: refused",)),))


def row(grade: ExposureGrade) -> MachineRow:
    return MachineRow(grade, "axios@1.14.1", "~/.npm/_cacache", "npm fetched its archive", AT)


def shown(machine: MachineExposure, *repositories: RepositoryExposure) -> ExposureShown:
    found = Exposure(("axios@1.14.1",), AT, AT.replace(hour=4), repositories)
    return ExposureShown(found, machine)


def flat(machine: MachineExposure) -> str:
    return " ".join(render(shown(machine), "table", Style(100)).split())


@pytest.mark.parametrize(
    ("machine", "grade", "code"),
    [
        (CLEAN, NOT_SEEN, Exit.CLEAN),
        (FAULTY, UNKNOWN, Exit.UNKNOWN),
        (replace(CLEAN, faults=("no folder was named",)), UNKNOWN, Exit.UNKNOWN),
        (replace(FAULTY, rows=(row(POSSIBLE),)), POSSIBLE, Exit.FINDINGS),
        (replace(CLEAN, rows=(row(POSSIBLE), row(CONFIRMED))), CONFIRMED, Exit.FINDINGS),
    ],
)
def test_the_heaviest_counts(machine: MachineExposure, grade: ExposureGrade, code: Exit) -> None:
    assert (shown(machine).grade, shown(machine).exit_code) == (grade, code)
    quiet = RepositoryExposure("mallow/pantry")
    assert shown(machine, quiet).grade is grade
    unread = RepositoryExposure("mallow/pantry", faults=("its runs were not read",))
    heavier = grade if grade in {CONFIRMED, POSSIBLE} else UNKNOWN
    assert shown(machine, unread).grade is heavier


def test_not_seen_has_its_scope_in_numbers() -> None:
    text = flat(CLEAN)
    assert "NOT SEEN: Nothing was seen in 1 cache, 1 folder and 1,204 installed packages" in text
    assert "not all was read" not in text
    assert "not all was read" in flat(FAULTY)
    assert "artifacts that a run wrote" not in text
    assert "npm token" not in text


def test_what_was_seen_is_above_what_to_rotate_and_what_was_not_read() -> None:
    text = render(shown(replace(FAULTY, rows=(row(CONFIRMED),))), "table", Style(100))
    order = [
        "EXPOSED",
        "confirmed: axios@1.14.1",
        "archive, 31 Mar 2026, 01:02 UTC",
        "npm token in",
        "~/.npm: refused",
    ]
    places = [text.index(one) for one in order]
    assert places == sorted(places)


def test_json_has_every_row_and_place() -> None:
    document = json.loads(render(shown(replace(FAULTY, rows=(row(CONFIRMED),))), "json", Style(80)))
    machine = document["machine"]
    assert document["grade"] == machine["grade"] == "confirmed"
    assert [one["package"] for one in machine["rows"]] == ["axios@1.14.1"]
    assert machine["places"][0]["faults"] == ["~/.npm: refused"]
    assert machine["reach"] == ["npm token in ~/.npmrc line 1"]
