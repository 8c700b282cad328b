"""A file that people edit is changed whole or not at all, and by one at a time."""

from __future__ import annotations

import errno
import os
import stat
import threading
from pathlib import Path
from typing import Any

import pytest

from hardenme.ground import flock
from hardenme.ground.errors import OutputError
from hardenme.store import edited
from hardenme.store.edited import LARGEST, edit

pytestmark = pytest.mark.skipif(not hasattr(os, "getuid"), reason="rights are not nine bits here")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "place" / "config.toml"
    path.parent.mkdir()
    path.write_bytes(b"a = 1\n")
    path.chmod(0o640)
    return path


def changed(path: Path, more: str = "b = 2\n", *, private: bool = True) -> bool:
    locks = path.parent.parent / "locks"
    return edit(path, lambda text: text + more, locks=locks, private=private)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def refused(path: Path, why: str) -> None:
    before = sorted(path.parent.iterdir())
    with pytest.raises(OutputError, match=why):
        changed(path)
    assert sorted(path.parent.iterdir()) == before, "nothing is left lying beside it"


def test_a_file_keeps_its_rights(file: Path) -> None:
    assert changed(file)
    assert file.read_bytes() == b"a = 1\nb = 2\n"
    assert mode(file) == 0o640
    assert sorted(file.parent.iterdir()) == [file]


def test_a_change_that_changes_nothing_writes_nothing(file: Path) -> None:
    before = file.stat()
    assert not changed(file, "")
    assert (file.stat().st_ino, file.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


@pytest.mark.parametrize(("mine", "rights"), [(True, 0o600), (False, 0o644)])
def test_a_file_is_made_for_its_owner_or_for_all(
    tmp_path: Path, rights: int, *, mine: bool
) -> None:
    path = tmp_path / "deep" / "place" / "new.toml"
    if not mine:
        path.parent.mkdir(parents=True)
    mask = os.umask(0o022)
    try:
        assert changed(path, private=mine)
    finally:
        os.umask(mask)
    assert mode(path) == rights
    assert path.read_text() == "b = 2\n"
    if mine:
        assert mode(path.parent) == 0o700


def test_lines_end_as_they_did(file: Path) -> None:
    file.write_bytes(b"a = 1\r\nb = 2\r\n")
    assert changed(file, "c = 3\n")
    assert file.read_bytes() == b"a = 1\r\nb = 2\r\nc = 3\r\n"
    file.write_bytes(b"a = 1\r\nb = 2\n")
    assert changed(file, "c = 3\n")
    assert file.read_bytes() == b"a = 1\r\nb = 2\nc = 3\n"


def test_what_is_no_file_of_the_users_own_is_left_alone(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = file.with_name("link.toml")
    link.symlink_to(file)
    refused(link, "it is a link to elsewhere")
    fifo = file.with_name("fifo.toml")
    os.mkfifo(fifo)
    refused(fifo, "it is not a regular file")
    refused(file.parent.parent / "place", "it is not a regular file")
    for bad, why in ((0o444, "it is read-only"), (0o646, "everybody can write it")):
        file.chmod(bad)
        refused(file, why)
    file.chmod(0o600)
    file.write_bytes(b"\xff\xfe")
    refused(file, "it is not UTF-8 text")
    file.write_bytes(b"#" * (LARGEST + 1))
    refused(file, "larger than")
    file.write_bytes(b"")
    monkeypatch.setattr(os, "getuid", lambda: 12345)
    with pytest.raises(OutputError, match="someone else"):
        changed(file)


def test_a_full_disk_leaves_the_file_as_it_was(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    refused(file, "No space left on device")
    assert file.read_bytes() == b"a = 1\n"


@pytest.mark.parametrize("when", ["fsync", "read_whole"])
def test_an_interrupt_leaves_the_file_as_it_was(
    file: Path, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    def stop(*_: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(os if when == "fsync" else edited, when, stop)
    with pytest.raises(KeyboardInterrupt):
        changed(file)
    assert file.read_bytes() == b"a = 1\n"
    assert sorted(file.parent.iterdir()) == [file]
    monkeypatch.undo()
    assert changed(file), "the lock is free"


@pytest.mark.parametrize("there", [True, False])
def test_what_somebody_else_writes_meanwhile_is_not_lost(file: Path, *, there: bool) -> None:
    if not there:
        file.unlink()

    def saved(text: str) -> str:
        file.write_text("theirs = 1\n")
        return text + "b = 2\n"

    with pytest.raises(OutputError, match="at the same time"):
        edit(file, saved, locks=file.parent.parent, private=True)
    assert file.read_text() == "theirs = 1\n"
    assert sorted(file.parent.iterdir()) == [file]


def test_of_many_at_once_each_is_there_in_the_end(file: Path) -> None:
    if not flock.EXIST:
        pytest.skip("no locks here")
    threads = [
        threading.Thread(target=changed, args=(file, f"k{number} = 1\n")) for number in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(file.read_text().splitlines()) == ["a = 1", *(f"k{n} = 1" for n in range(8))]


def test_without_a_place_for_locks_it_is_changed_all_the_same(file: Path) -> None:
    nowhere = file.with_name("a-file")
    nowhere.write_text("")
    assert edit(file, lambda _: "", locks=nowhere / "locks", private=True)
    assert file.read_bytes() == b""
