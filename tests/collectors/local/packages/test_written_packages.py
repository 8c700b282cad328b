"""What real package managers left is read, and broken it is never calmer."""

from __future__ import annotations

import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hardenme.collectors.local.packages.search import machine_packages
from hardenme.exposure.machine import machine_exposure
from hardenme.locks.contents import PackageVersion
from hardenme.model.exposure import RANKS, ExposureGrade, ExposureSign, graded
from hardenme.model.machine_exposure import MachineExposure
from tests.collectors.local.home import Home

WRITTEN = Path(__file__).parent / "written"
CLIENTS = sorted(path.stem for path in WRITTEN.glob("*.zip"))
BAD = [
    PackageVersion("bad", "1.2.3"),
    PackageVersion("worse", "2.0.0"),
    PackageVersion("@acme/bad", "3.0.0"),
]
OTHERS = [PackageVersion("bad", "3.0.0"), PackageVersion("acme-bad", "3.0.0")]
LATER = datetime(2100, 1, 1, tzinfo=UTC)
CONFIRMED, POSSIBLE, UNKNOWN, NOT_SEEN = ExposureGrade
UNRECORDED = frozenset({"npm-11.19-global"})
"""A client that writes nothing down about what it installed."""


def unpacked(client: str, folder: Path) -> Home:
    """A home with what a client left."""
    home = Home(folder, {"TMPDIR": str(folder)})
    with zipfile.ZipFile(WRITTEN / f"{client}.zip") as archive:
        archive.extractall(folder)
    return home


def look(home: Home, asked: list[PackageVersion]) -> MachineExposure:
    """What is seen of versions."""
    folders = [home.root / "proj", home.home / "global"]
    there = [one for one in folders if one.is_dir()]
    found = machine_packages(home.station(), there, asked)
    return machine_exposure(found.places, found.rows, found.faults, (), LATER)


def test_four_package_managers_are_among_them() -> None:
    assert {name.partition("-")[0] for name in CLIENTS} == {"npm", "pnpm", "yarn", "bun"}


@pytest.mark.parametrize("client", CLIENTS)
def test_each_version_is_confirmed_and_no_other_one(client: str, tmp_path: Path) -> None:
    home = unpacked(client, tmp_path)
    found = look(home, BAD)
    assert {row.package for row in found.rows if row.grade is CONFIRMED} == {*map(str, BAD)}
    assert not found.gaps
    other = look(home, OTHERS)
    assert other.grade is (UNKNOWN if client in UNRECORDED else NOT_SEEN)
    assert {row.grade for row in other.rows} <= {UNKNOWN}


def grades(home: Home) -> dict[str, ExposureGrade]:
    """What is seen of each version."""
    asked = [*BAD, *OTHERS]
    found = look(home, asked)
    gaps = [ExposureSign(UNKNOWN, gap) for gap in found.gaps]
    return {
        str(one): graded(
            [*gaps, *(ExposureSign(row.grade, "") for row in found.rows if row.package == str(one))]
        )
        for one in asked
    }


@pytest.mark.second_tier("breaks each file of each client", one_of=6)
@pytest.mark.sampled(2)
@pytest.mark.parametrize("client", CLIENTS)
def test_each_file_cut_off_is_never_calmer(client: str, tmp_path: Path) -> None:
    """What was seen is seen in another file, or is not known."""
    home = unpacked(client, tmp_path)
    before = grades(home)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) > 5
    for path in files:
        data = path.read_bytes()
        path.write_bytes(data[: len(data) // 2])
        for name, grade in grades(home).items():
            assert RANKS[grade] <= max(RANKS[UNKNOWN], RANKS[before[name]]), (name, path)
        path.write_bytes(data)
