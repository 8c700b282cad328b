from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from hardenme.ground.errors import OutputError
from hardenme.ground.files import PrivateFile, write_parts


def test_the_file_takes_its_name_when_it_is_whole(tmp_path: Path) -> None:
    target = tmp_path / "report"
    target.write_text("before")
    target.chmod(0o644)
    file = PrivateFile(target)
    assert target.read_text() == "before"
    file.write("after \u00e9\n")
    assert target.read_bytes() == b"after \xc3\xa9\n"
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [target]


def test_a_wide_umask_does_not_open_it(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        PrivateFile(tmp_path / "report").write("x")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "report").stat().st_mode) == 0o600


def test_discarding_leaves_no_trace_and_takes_nothing_away(tmp_path: Path) -> None:
    target = tmp_path / "report"
    file = PrivateFile(target)
    file.discard()
    file.discard()
    assert list(tmp_path.iterdir()) == []
    written = PrivateFile(target)
    written.write("kept")
    written.discard()
    assert target.read_text() == "kept"


def test_discarding_closes_no_file_of_somebody_else(tmp_path: Path) -> None:
    file = PrivateFile(tmp_path / "report")
    file.write("x")
    with (tmp_path / "other").open("w") as other:
        # The system hands out the same number again.
        file.discard()
        other.write("whole")
    assert (tmp_path / "other").read_text() == "whole"


def test_what_cannot_be_written_is_told_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for target in (
        tmp_path,
        tmp_path / "pipe",
        Path("/dev/full"),
        tmp_path / "absent" / "report",
        tmp_path / ("x" * 300),
    ):
        with pytest.raises(OutputError, match=r"cannot be written|not a regular file"):
            PrivateFile(target).write("x")


def test_a_link_is_replaced_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "victim").write_text("untouched")
    (tmp_path / "report").symlink_to(tmp_path / "victim")
    PrivateFile(tmp_path / "report").write("mine")
    assert (tmp_path / "victim").read_text() == "untouched"
    assert not (tmp_path / "report").is_symlink()


def test_where_the_place_went_away_what_was_there_stays(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    file = PrivateFile(folder / "report")
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    with pytest.raises(OutputError, match="cannot be written"):
        file.write("x")
    file.discard()
    assert list(tmp_path.iterdir()) == []


def test_further_parts_stand_beside_the_first(tmp_path: Path) -> None:
    parts = (iter(("a", "b")), iter(("c",)), iter(("d",)))
    target = tmp_path / "report.sarif"
    written = write_parts(PrivateFile(target), parts)
    assert [path.name for path in written] == ["report.sarif", "report-2.sarif", "report-3.sarif"]
    assert [path.read_text() for path in written] == ["ab", "c", "d"]
    assert {path.name for path in tmp_path.iterdir()} == {path.name for path in written}
    assert {stat.S_IMODE(path.stat().st_mode) for path in written} == {0o600}


def test_where_one_part_cannot_be_written_all_stay_as_they_were(tmp_path: Path) -> None:
    target = tmp_path / "report"
    target.write_text("before")
    (tmp_path / "report-2").mkdir()
    with pytest.raises(OutputError, match="report-2 is not a regular file"):
        write_parts(PrivateFile(target), (("a",), ("b",)))
    assert target.read_text() == "before"
    assert {path.name for path in tmp_path.iterdir()} == {"report", "report-2"}


def test_a_part_that_cannot_be_made_leaves_no_trace(tmp_path: Path) -> None:
    def parts() -> Iterator[str]:
        yield "a"
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write_parts(PrivateFile(tmp_path / "report"), parts())
    assert list(tmp_path.iterdir()) == []
