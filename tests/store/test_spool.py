from __future__ import annotations

import json
import os
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hardenme.model.message import Form, Message
from hardenme.model.secret import Secret
from hardenme.store.spool import MOST, Spool, Waiting

AT = datetime(2026, 11, 24, 12, tzinfo=UTC)
TOLD = Message("one new", dict.fromkeys(Form, ("a line",)), urgent=True)


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path / "spool")


def kept(spool: Spool, made: datetime = AT, *marks: str) -> Waiting:
    waiting = spool.add(TOLD, made)
    waiting.marks = set(marks or ("a", "b"))
    spool.keep(waiting)
    return waiting


def files(spool: Spool) -> list[str]:
    return sorted(path.name for path in spool.folder.iterdir())


def test_a_message_comes_back_as_it_was(spool: Spool) -> None:
    waiting = kept(spool)
    (found,) = Spool(spool.folder).load()
    assert found == waiting
    assert found.message == TOLD


def test_the_oldest_comes_first_and_files_are_the_owners_alone(spool: Spool) -> None:
    before = os.umask(0)
    try:
        for hours in (2, 0, 1):
            kept(spool, AT + timedelta(hours=hours))
    finally:
        os.umask(before)
    assert [one.made.hour for one in spool.load()] == [12, 13, 14]
    assert spool.folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in spool.folder.iterdir()} == {0o600}


def test_a_message_that_all_took_is_gone(spool: Spool) -> None:
    waiting = kept(spool)
    waiting.marks.discard("a")
    spool.keep(waiting)
    assert spool.load()[0].marks == {"b"}
    waiting.marks.clear()
    spool.keep(waiting)
    assert files(spool) == []


@pytest.mark.parametrize(
    "text",
    [
        *("", "{", "[]", "null", '{"version": 2}', '{"version": 1, "made": 3}', "\x00\xff"),
        *("1" * 2**20, "[" * 100_000),
    ],
)
def test_a_file_that_is_no_message_is_set_aside_and_told(spool: Spool, text: str) -> None:
    kept(spool)
    bad = spool.folder / "20200101T000000Z-0.json"
    bad.write_text(text)
    bad.chmod(0o600)
    assert len(spool.load()) == 1
    assert spool.problems == [
        f"{bad.with_suffix('.unreadable')} is not a message that can be read, and was not sent"
    ]
    assert bad.with_suffix(".unreadable").read_text() == text
    assert len(Spool(spool.folder).load()) == 1


def test_a_link_or_a_file_of_others_is_not_read(spool: Spool, tmp_path: Path) -> None:
    path = kept(spool).path
    assert path is not None
    link = spool.folder / "0.json"
    (tmp_path / "elsewhere").write_text(path.read_text())
    link.symlink_to(tmp_path / "elsewhere")
    path.chmod(0o666)
    assert spool.load() == []
    assert len(spool.problems) == 2


def test_of_too_many_messages_the_oldest_go(spool: Spool) -> None:
    messages = [kept(spool, AT + timedelta(minutes=one)) for one in range(3)]
    many = [spool.add(TOLD, AT) for _ in range(MOST)]
    left = spool.trim([*messages, *many])
    assert len(left) == MOST
    assert files(spool) == []
    assert spool.problems == [f"3 old messages were dropped: {MOST} can wait"]


def test_a_secret_is_not_kept(spool: Spool) -> None:
    Secret("CANARYsecret0123")
    waiting = spool.add(Message("CANARYsecret0123", TOLD.lines, urgent=False), AT)
    waiting.marks = {"a"}
    spool.keep(waiting)
    assert spool.problems == ["a message that holds a secret was not kept"]
    assert not spool.folder.exists()


def test_where_nothing_can_be_written_it_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    spool = Spool(tmp_path / "file" / "spool")
    kept(spool)
    with spool.held() as mine:
        assert not mine
    assert len(spool.problems) == 2
    assert spool.load() == []


def test_another_run_waits_until_the_first_is_done(spool: Spool) -> None:
    order: list[str] = []

    def second() -> None:
        with Spool(spool.folder).held() as mine:
            order.append(f"second {mine}")

    with spool.held() as mine:
        thread = threading.Thread(target=second)
        thread.start()
        thread.join(0.1)
        order.append(f"first {mine}")
    thread.join()
    assert order == ["first True", "second True"]


def test_no_address_stands_in_a_file(spool: Spool) -> None:
    path = kept(spool, AT, "0123456789abcdef").path
    assert path is not None
    assert set(json.loads(path.read_text())) == {
        *("version", "made", "salt", "marks", "title", "urgent", "lines")
    }
