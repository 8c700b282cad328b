from __future__ import annotations

import stat
import threading
from pathlib import Path

import pytest

from hardenme.ground.errors import StoredError
from hardenme.store.pseudonym_key import LENGTH, NAME, pseudonym_key


def test_the_key_is_made_once_and_is_for_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "state" / "hardenme"
    key = pseudonym_key(folder)
    assert len(key) == LENGTH
    assert pseudonym_key(folder) == key
    assert stat.S_IMODE((folder / NAME).stat().st_mode) == 0o600
    assert [path.name for path in folder.iterdir()] == [NAME]
    assert pseudonym_key(tmp_path / "another") != key


def test_runs_that_begin_at_once_agree(tmp_path: Path) -> None:
    found: set[bytes] = set()
    start = threading.Barrier(8)

    def make() -> None:
        start.wait()
        found.add(pseudonym_key(tmp_path))

    threads = [threading.Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 1
    assert [path.name for path in tmp_path.iterdir()] == [NAME]


def test_a_key_that_others_could_have_read_or_planted_is_not_used(tmp_path: Path) -> None:
    pseudonym_key(tmp_path)
    (tmp_path / NAME).chmod(0o644)
    with pytest.raises(StoredError, match="open to others"):
        pseudonym_key(tmp_path)
    (tmp_path / NAME).rename(tmp_path / "elsewhere")
    (tmp_path / NAME).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StoredError, match="link"):
        pseudonym_key(tmp_path)


@pytest.mark.parametrize("data", [b"", b"short", b"x" * (LENGTH + 1)])
def test_a_key_that_is_not_whole_is_not_used(tmp_path: Path, data: bytes) -> None:
    pseudonym_key(tmp_path)
    (tmp_path / NAME).write_bytes(data)
    with pytest.raises(StoredError):
        pseudonym_key(tmp_path)


def test_where_nothing_can_be_kept_there_is_none(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoredError, match="cannot be kept"):
        pseudonym_key(tmp_path / "file" / "state")
