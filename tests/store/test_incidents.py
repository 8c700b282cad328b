"""Incidents: whole or not at all, and what was changed, cut off or is not one's own is said."""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardenme.ground import clock
from hardenme.ground.errors import StoredError, UsageError
from hardenme.model.incident import EventKind, IncidentEvent
from hardenme.store.incidents import (
    CHAIN,
    DRAFT,
    HEAD,
    LEFT,
    NAME,
    REPORT,
    RUNBOOK,
    Incident,
    Incidents,
    read,
)

FILES = {REPORT: ("{}", "\n"), RUNBOOK: ("# plan\n",)}
RESERVED = {
    "con",
    "prn",
    "aux",
    "nul",
    *(f"{port}{n}" for port in ("com", "lpt") for n in range(10)),
}
"""Names that Windows keeps for itself, whatever follows a dot."""
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="there are no such modes and locks")


def begun(state: Path, name: str = "worm") -> Incident:
    return Incidents(state).begin(name, FILES, 7)


def noted(incident: Incident, text: str) -> None:
    at = clock.now().replace(microsecond=0)
    incident.add(IncidentEvent(EventKind.NOTE, at, "hazel", data={"text": text}))


@POSIX
def test_it_is_private_and_is_read_back(tmp_path: Path) -> None:
    os.umask(previous := os.umask(0))
    os.umask(0)
    try:
        made = begun(tmp_path / "state")
    finally:
        os.umask(previous)
    noted(made, "one\ntwo\x1b[2J")
    again = read(made.folder)
    assert (again.name, again.head.run, again.closed) == ("worm", 7, None)
    assert [one.kind for one in again.events] == [EventKind.OPENED, EventKind.NOTE]
    assert again.events[1].data == {"text": "one\ntwo\x1b[2J"}
    for path in (made.folder.parent, made.folder):
        assert path.stat().st_mode & 0o777 == 0o700
    files = sorted(one.name for one in made.folder.iterdir())
    assert files == [HEAD, "record.end", "record.jsonl", REPORT, RUNBOOK]
    for name in files:
        assert (made.folder / name).stat().st_mode & 0o777 == 0o600
    with again.frozen(REPORT) as file:
        assert file.read() == b"{}\n"


def test_one_that_is_closed_is_not_open(tmp_path: Path) -> None:
    first, second = begun(tmp_path, "first"), begun(tmp_path, "second")
    assert [one.name for one in Incidents(tmp_path).all().open] == ["first", "second"]
    first.add(IncidentEvent(EventKind.CLOSED, clock.now().replace(microsecond=0), "hazel"))
    found = Incidents(tmp_path).all()
    assert [one.name for one in found.open] == [second.name]
    assert len(found.incidents) == 2
    assert Incidents(tmp_path, demo=True).all().incidents == ()


@pytest.mark.parametrize("name", ["worm", "WORM", "Worm"])
def test_a_name_is_taken_once(tmp_path: Path, name: str) -> None:
    begun(tmp_path)
    with pytest.raises(UsageError, match="there is an incident"):
        begun(tmp_path, name)


@given(st.text(max_size=70))
def test_a_name_never_leaves_its_folder(name: str) -> None:
    if NAME.fullmatch(name):
        base = Path("/base")
        assert (base / name).parent == base
        assert name not in {"", ".", ".."}
        assert not name.startswith((".", "-"))
        assert name.partition(".")[0].lower() not in RESERVED
        assert not {*name} & {*'/\\:*?"<>| \0'}


@pytest.mark.parametrize("name", ["", "..", ".", "a/b", "../x", ".x", "a..b", "x" * 65, "a\nb",
                                  "é", "con", "NUL.2026", "com1", "lpt9."])  # fmt: skip
def test_a_name_that_is_none_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="a name takes"):
        begun(tmp_path / "state", name)
    assert not (tmp_path / "state").exists()


def test_a_name_that_looks_like_a_credential_is_refused(tmp_path: Path) -> None:
    name = "ghp_" + "Cn4ry" * 7 + "x"
    with pytest.raises(UsageError, match="looks like a credential") as error:
        begun(tmp_path / "state", name)
    assert name not in str(error.value)
    assert not (tmp_path / "state").exists()


@pytest.mark.parametrize("name", ["lock", "console", "nullable", "com10"])
def test_a_name_that_only_looks_like_one_is_taken(tmp_path: Path, name: str) -> None:
    assert begun(tmp_path, name).name == name
    assert [one.name for one in Incidents(tmp_path).all().incidents] == [name]


def test_nothing_is_added_to_what_another_command_closed(tmp_path: Path) -> None:
    """A note that waits for its text, or a run that shows what came back."""
    begun(tmp_path)
    one, other = (Incidents(tmp_path).all().incidents[0] for _ in range(2))
    now = clock.now().replace(microsecond=0)
    seen, end = IncidentEvent(EventKind.SEEN, now), IncidentEvent(EventKind.CLOSED, now, "hazel")
    other.add(seen)
    with pytest.raises(StoredError, match="was added to meanwhile"):
        one.close(end)
    read(one.folder).close(end)
    for late in (one.add, one.close):
        with pytest.raises(StoredError, match="it was closed at"):
            late(seen)
    assert [line.kind for line in read(one.folder).events][-1] is EventKind.CLOSED


def _race(state: Path, results: multiprocessing.Queue[str]) -> None:
    try:
        results.put(begun(state).name)
    except UsageError as error:
        results.put(str(error))


@POSIX
def test_of_two_at_once_one_is_opened(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    results: multiprocessing.Queue[str] = context.Queue()  # type: ignore[assignment]
    both = [context.Process(target=_race, args=(tmp_path, results)) for _ in range(2)]
    for one in both:
        one.start()
    told = sorted(results.get(timeout=30) for _ in both)
    for one in both:
        one.join()
    assert told[1] == "worm"
    assert told[0].startswith("there is an incident worm already")
    assert len(Incidents(tmp_path).all().incidents) == 1
    assert not list((tmp_path / "incidents").glob(f"{DRAFT}*"))


def _full() -> Iterator[str]:
    yield "begun"
    raise OSError(28, "No space left on device")


def test_what_cannot_be_written_to_its_end_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(StoredError, match="No space left on device"):
        Incidents(tmp_path).begin("worm", {REPORT: ("{}",), RUNBOOK: _full()})
    assert Incidents(tmp_path).all().incidents == ()
    assert [one.name for one in (tmp_path / "incidents").iterdir()] == [".lock"]
    begun(tmp_path)


def test_what_a_killed_command_left_is_no_incident(tmp_path: Path) -> None:
    begun(tmp_path)
    left = tmp_path / "incidents" / f"{DRAFT}x"
    left.mkdir()
    assert len(Incidents(tmp_path).all().incidents) == 1
    assert Incidents(tmp_path).all().unread == ()
    begun(tmp_path, "second")
    assert left.exists()
    old = (clock.now() - timedelta(seconds=LEFT + 60)).timestamp()
    os.utime(left, (old, old))
    begun(tmp_path, "third")
    assert not left.exists()


def test_a_folder_that_was_moved_is_read(tmp_path: Path) -> None:
    made = begun(tmp_path)
    noted(made, "before")
    moved = tmp_path / "elsewhere"
    made.folder.rename(moved)
    noted(read(moved), "after")
    assert [one.data.get("text") for one in read(moved).events] == [None, "before", "after"]


def spoil_head(folder: Path) -> None:
    raw = json.loads((folder / HEAD).read_text())
    (folder / HEAD).write_text(json.dumps({**raw, "opened": "2020-01-01T00:00:00+00:00"}))


def other_version(folder: Path) -> None:
    raw = json.loads((folder / HEAD).read_text())
    (folder / HEAD).write_text(json.dumps({**raw, "format": 2}))


def spoil_record(folder: Path) -> None:
    lines = CHAIN.record(folder).read_bytes().splitlines(keepends=True)
    CHAIN.record(folder).write_bytes(b"".join(lines).replace(b"before", b"behind"))


def cut_record(folder: Path) -> None:
    lines = CHAIN.record(folder).read_bytes().splitlines(keepends=True)
    CHAIN.record(folder).write_bytes(b"".join(lines[:-1]))


SPOILT = {
    "head changed": (spoil_head, "was changed after the incident was opened"),
    "head gone": (lambda folder: (folder / HEAD).unlink(), "is not the folder of an incident"),
    "head cut": (lambda folder: (folder / HEAD).write_text('{"format": 1'), "is damaged"),
    "other version": (other_version, "by another version of hardenme: its form is of version 2"),
    "record changed": (spoil_record, "line 2 was changed; leave the folder as it is"),
    "record cut": (cut_record, "1 of its lines are missing at the end"),
    "record gone": (
        lambda folder: CHAIN.record(folder).unlink(),
        "2 of its lines are missing at the end",
    ),
}


@pytest.mark.parametrize("how", SPOILT)
def test_what_was_changed_is_said_and_does_not_count(tmp_path: Path, how: str) -> None:
    spoil, words = SPOILT[how]
    made = begun(tmp_path)
    noted(made, "before")
    spoil(made.folder)
    found = Incidents(tmp_path).all()
    assert found.incidents == ()
    (why,) = found.unread
    assert words in why
    assert str(made.folder) in why


@POSIX
def test_what_others_can_write_or_own_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = begun(tmp_path)
    made.folder.chmod(0o750)
    with pytest.raises(StoredError, match="open to others; run: chmod 700"):
        read(made.folder)
    made.folder.chmod(0o700)
    link = tmp_path / "link"
    link.symlink_to(made.folder)
    with pytest.raises(StoredError, match="is a link to elsewhere"):
        read(link)
    me = os.getuid()
    monkeypatch.setattr(os, "getuid", lambda: me + 1)
    with pytest.raises(StoredError, match="belongs to someone else"):
        read(made.folder)


def test_a_torn_line_does_not_count_and_is_said(tmp_path: Path) -> None:
    made = begun(tmp_path)
    noted(made, "before")
    with CHAIN.record(made.folder).open("ab") as file:
        file.write(b'{"n":3,"kind":"no')
    torn = read(made.folder)
    assert torn.torn
    assert len(torn.events) == 2
    noted(torn, "after")
    again = read(made.folder)
    assert (again.torn, [one.data.get("text") for one in again.events[1:]]) == (
        False,
        ["before", "after"],
    )


def test_a_frozen_file_that_was_changed_is_not_shown(tmp_path: Path) -> None:
    made = begun(tmp_path)
    (made.folder / REPORT).write_text("{ }\n")
    with pytest.raises(StoredError, match=r"report\.json was changed"), made.frozen(REPORT):
        pass
    (made.folder / REPORT).unlink()
    with pytest.raises(StoredError, match=r"report\.json cannot be read"), made.frozen(REPORT):
        pass


@POSIX
def test_a_full_disk_loses_nothing_that_was_written(tmp_path: Path) -> None:
    import resource  # noqa: PLC0415 (there is none on Windows)

    made = begun(tmp_path)
    noted(made, "before")
    size = CHAIN.record(made.folder).stat().st_size
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 50, hard))
    try:
        with pytest.raises(StoredError, match="File too large"):
            noted(made, "x" * 5000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    found = read(made.folder)
    assert found.torn
    assert [one.data.get("text") for one in found.events] == [None, "before"]
    noted(found, "after")
    assert [one.data.get("text") for one in read(made.folder).events[1:]] == ["before", "after"]


def test_a_record_takes_no_more_than_can_be_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = begun(tmp_path)
    monkeypatch.setattr("hardenme.store.chain.LARGEST", 2000)
    with pytest.raises(StoredError, match="is full"):
        noted(made, "x" * 2000)
    assert len(read(made.folder).events) == 1


def test_a_copy_of_another_incident_is_read_by_its_own_name(tmp_path: Path) -> None:
    made = begun(tmp_path)
    shutil.copytree(made.folder, tmp_path / "copy")
    copied = read(tmp_path / "copy")
    assert copied == replace(made, folder=tmp_path / "copy")
