"""The record of statements: what was changed, taken out or cut off shows, and nothing counts."""

from __future__ import annotations

import json
import multiprocessing
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardenme.ground.errors import StoredError
from hardenme.model.statement import Statement, Word
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown
from hardenme.store import chain
from hardenme.store.attestations import CHAIN, RECORD, add, load, newest, read, values
from hardenme.store.chain import sealed
from tests.factories.statements import statement, today

CATKIN = Subject("npm", "package", "@hazel-grove/catkin")
NUT = "npm:package/@hazel-grove/nut"
END = "attestations.end"
Lines = list[bytes]


def filled(folder: Path) -> Lines:
    """A record of three statements: yes, then no about another package, then no about the first."""
    add(folder, statement())
    add(folder, statement(subject=NUT, answer=Word.NO))
    add(folder, statement(answer=Word.NO, evidence="seen on the page"))
    return (folder / RECORD).read_bytes().splitlines(keepends=True)


def spoil(folder: Path, lines: Lines) -> None:
    (folder / RECORD).write_bytes(b"".join(lines))


def found(folder: Path) -> Statement | Unknown | None:
    """What counts of the question about the first package."""
    statements = load(folder)
    statements.account = lambda _within: "npm:hazel"
    first = statement()
    return statements.about(first.code, CATKIN, first.question, CATKIN, today())


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    filled(tmp_path / "state")
    record = read(tmp_path / "state")
    assert (record.fault, record.torn, record.warnings) == ("", False, ())
    assert [item.answer for item in record.statements] == [Word.YES, Word.NO, Word.NO]
    assert [item.subject for item in newest(record.statements)] == [str(CATKIN), NUT]
    kept = found(tmp_path / "state")
    assert kept == replace(record.statements[2])
    for name in (RECORD, END):
        assert (tmp_path / "state" / name).stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "state").stat().st_mode & 0o777 == 0o700


@given(
    texts=st.lists(st.text(max_size=20), min_size=6, max_size=6),
    days=st.tuples(st.integers(-400, 400), st.integers(0, 180)),
)
def test_any_statement_is_read_back_as_it_was(texts: list[str], days: tuple[int, int]) -> None:
    at = today(days[0])
    said = statement(
        subject="npm:package/" + texts[0],
        question=texts[1],
        by=texts[2],
        account=texts[3],
        evidence=texts[4],
        owner=texts[5],
        at=at,
        until=at + timedelta(days=days[1]),
    )
    line, digest = CHAIN.line(7, values(said), "before")
    assert line.isascii()
    assert b"\n" not in line
    assert CHAIN.read_line(line, 7, "before") == (said, digest, "")


def test_a_line_has_the_owner_s_id_where_it_is_known(tmp_path: Path) -> None:
    """Lines without one stay as they were, so that a record that was begun before is whole."""
    add(tmp_path, statement())
    add(tmp_path, statement(subject=NUT, owner="501"))
    add(tmp_path, statement())
    lines = (tmp_path / RECORD).read_bytes().splitlines(keepends=True)
    assert [tuple(json.loads(line)) == CHAIN.names for line in lines] == [True, False, True]
    record = read(tmp_path)
    assert (record.fault, [one.owner for one in record.statements]) == ("", ["", "501", ""])
    for change in ({"owner": "502"}, {"owner": ""}, {"owner": None}):
        spoil(tmp_path, [lines[0], json.dumps(json.loads(lines[1]) | change).encode() + b"\n"])
        assert read(tmp_path).fault
    raw = json.loads(lines[1])
    del raw["owner"]
    spoil(tmp_path, [lines[0], json.dumps(raw).encode() + b"\n"])
    assert read(tmp_path).fault


def without_hash(raw: dict[str, Any], name: str) -> dict[str, Any]:
    """A line of which one field was changed, with the digest that it then has."""
    other = {**raw, name: raw[name] + 1 if name == "n" else raw[name] + "x"}
    if name in {"at", "until"}:
        other[name] = raw[name].replace("T", " ")
    if name == "answer":
        other[name] = {"yes": "no", "no": "yes"}[raw[name]]
    return other


@pytest.mark.parametrize("line", [0, 1, 2])
@pytest.mark.parametrize("name", CHAIN.names)
def test_a_field_that_was_changed_shows(tmp_path: Path, name: str, line: int) -> None:
    lines = filled(tmp_path)
    raw = json.loads(lines[line])
    lines[line] = json.dumps(without_hash(raw, name), separators=(",", ":")).encode() + b"\n"
    spoil(tmp_path, lines)
    assert_nothing_counts(tmp_path)


@pytest.mark.parametrize("line", [0, 1, 2])
def test_a_line_that_was_sealed_anew_shows(tmp_path: Path, line: int) -> None:
    lines = filled(tmp_path)
    raw = json.loads(lines[line])
    del raw["hash"]
    lines[line] = sealed({**raw, "answer": "yes", "evidence": "x"})[0] + b"\n"
    spoil(tmp_path, lines)
    assert_nothing_counts(tmp_path)


def assert_nothing_counts(folder: Path) -> None:
    why = found(folder)
    assert isinstance(why, Unknown)
    assert why.reason is Reason.INCOMPLETE
    (warning,) = load(folder).warnings
    assert "state everything anew" in warning
    before = (folder / RECORD).read_bytes() if (folder / RECORD).exists() else b""
    with pytest.raises(StoredError, match="state everything anew"):
        add(folder, statement())
    assert (folder / RECORD).read_bytes() == before


SPOILT: dict[str, Callable[[Lines], Lines]] = {
    "first removed": lambda lines: lines[1:],
    "one removed": lambda lines: [lines[0], lines[2]],
    "last removed": lambda lines: lines[:2],
    "all removed": lambda _lines: [],
    "last cut": lambda lines: [*lines[:2], lines[2][:-9]],
    "last without its line feed": lambda lines: [*lines[:2], lines[2][:-1]],
    "put in another order": lambda lines: [lines[1], lines[0], lines[2]],
    "one twice": lambda lines: [lines[0], lines[0], *lines[1:]],
    "last twice": lambda lines: [*lines, lines[2]],
    "an empty line": lambda lines: [lines[0], b"\n", *lines[1:]],
    "no JSON": lambda lines: [lines[0], b"yes\n", *lines[1:]],
    "a list": lambda lines: [b"[]\n", *lines],
    "deep": lambda lines: [b"[" * 100_000 + b"\n", *lines],
    "spaces": lambda lines: [lines[0].replace(b":", b": ", 1), *lines[1:]],
    "a key twice": lambda lines: [lines[0].replace(b"{", b'{"n":1,', 1), *lines[1:]],
    "a key more": lambda lines: [lines[0].replace(b"}\n", b',"x":"y"}\n'), *lines[1:]],
    "no text": lambda lines: [lines[0].replace(b'"hazel"', b"null", 1), *lines[1:]],
    "not UTF-8": lambda lines: [b"\xff\n", *lines],
}


@pytest.mark.parametrize("how", SPOILT)
def test_lines_that_are_not_as_they_were_show(tmp_path: Path, how: str) -> None:
    spoil(tmp_path, SPOILT[how](filled(tmp_path)))
    assert_nothing_counts(tmp_path)


def test_a_record_that_is_gone_shows(tmp_path: Path) -> None:
    filled(tmp_path)
    (tmp_path / RECORD).unlink()
    why = found(tmp_path)
    assert isinstance(why, Unknown)
    with pytest.raises(StoredError, match="3 of its lines are missing"):
        add(tmp_path, statement())


@pytest.mark.parametrize("text", [None, "", "[]", "{}", '{"n":"x","hash":1}', '{"n":0,"hash":""}'])
def test_an_end_that_is_gone_or_strange_shows(tmp_path: Path, text: str | None) -> None:
    filled(tmp_path)
    (tmp_path / END).unlink()
    if text is not None:
        (tmp_path / END).write_text(text)
        (tmp_path / END).chmod(0o600)
    assert_nothing_counts(tmp_path)


def test_an_older_record_in_its_place_shows(tmp_path: Path) -> None:
    add(tmp_path, statement())
    older = (tmp_path / RECORD).read_bytes()
    add(tmp_path, statement(answer=Word.WITHDRAWN))
    assert found(tmp_path) is None
    (tmp_path / RECORD).write_bytes(older)
    assert_nothing_counts(tmp_path)


def test_a_line_that_was_torn_is_no_line(tmp_path: Path) -> None:
    lines = filled(tmp_path)
    spoil(tmp_path, [*lines, lines[0][:40]])
    record = read(tmp_path)
    assert record.torn
    assert len(record.statements) == 3
    assert "was not written to its end" in load(tmp_path).warnings[0]
    assert isinstance(found(tmp_path), Statement)
    add(tmp_path, statement())
    assert (read(tmp_path).torn, read(tmp_path).fault) == (False, "")
    assert len(read(tmp_path).statements) == 4


def test_a_line_whose_end_was_not_written_counts(tmp_path: Path) -> None:
    add(tmp_path, statement())
    end = (tmp_path / END).read_bytes()
    add(tmp_path, statement(answer=Word.NO))
    (tmp_path / END).write_bytes(end)
    kept = found(tmp_path)
    assert isinstance(kept, Statement)
    assert kept.answer is Word.NO
    (tmp_path / END).unlink()
    assert isinstance(found(tmp_path), Unknown)


def test_a_statement_counts_for_180_days_at_most(tmp_path: Path) -> None:
    add(tmp_path, statement(at=today(), until=today(180)))
    with pytest.raises(StoredError, match="180 days at most"):
        add(tmp_path, statement(at=today(), until=today(181)))
    with pytest.raises(StoredError, match="180 days at most"):
        add(tmp_path, statement(at=today(), until=today(-1)))
    assert len(read(tmp_path).statements) == 1


def test_a_line_for_too_long_shows(tmp_path: Path) -> None:
    lines = filled(tmp_path)
    line, digest = CHAIN.line(1, values(statement(until=today(400))), "")
    spoil(tmp_path, [line + b"\n"])
    (tmp_path / END).write_text(json.dumps({"n": 1, "hash": digest}))
    assert_nothing_counts(tmp_path)
    assert lines


@pytest.mark.parametrize("name", [RECORD, END])
def test_a_file_that_others_can_write_is_refused(tmp_path: Path, name: str) -> None:
    filled(tmp_path)
    (tmp_path / name).chmod(0o620)
    assert isinstance(found(tmp_path), Unknown)
    assert f"run: chmod 600 {tmp_path / name}" in load(tmp_path).warnings[0]
    with pytest.raises(StoredError, match="chmod 600"):
        add(tmp_path, statement())
    (tmp_path / name).chmod(0o600)
    assert isinstance(found(tmp_path), Statement)


@pytest.mark.parametrize("name", [RECORD, END])
@pytest.mark.parametrize("there", [True, False])
def test_a_link_is_not_followed(tmp_path: Path, name: str, there: bool) -> None:  # noqa: FBT001 (a case)
    filled(tmp_path)
    other = tmp_path / "elsewhere"
    (tmp_path / name).rename(other)
    if not there:
        other.unlink()
    (tmp_path / name).symlink_to(other)
    assert isinstance(found(tmp_path), Unknown)
    with pytest.raises(StoredError, match="is a link"):
        add(tmp_path, statement())
    assert other.exists() is there


def test_a_file_of_somebody_else_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(tmp_path)
    owner = os.getuid()
    monkeypatch.setattr(os, "getuid", lambda: owner + 1)
    assert isinstance(found(tmp_path), Unknown)
    assert "belongs to someone else" in load(tmp_path).warnings[0]


def test_a_pipe_and_a_flood_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(tmp_path)
    monkeypatch.setattr(chain, "LARGEST", 100)
    assert "larger than 100 bytes" in load(tmp_path).warnings[0]
    (tmp_path / RECORD).unlink()
    os.mkfifo(tmp_path / RECORD, 0o600)
    assert isinstance(found(tmp_path), Unknown)


def test_where_there_is_no_home_there_is_no_record() -> None:
    nowhere = Path(os.devnull) / "hardenme"
    assert found(nowhere) is None
    assert load(nowhere).warnings == ()
    with pytest.raises(StoredError, match="cannot be used"):
        add(nowhere, statement())


def _add_many(folder: Path, name: str) -> None:
    for number in range(20):
        add(folder, statement(subject=f"npm:package/{name}-{number}"))


@pytest.mark.second_tier("starts processes")
def test_two_processes_add_at_once(tmp_path: Path) -> None:
    start = multiprocessing.get_context("spawn").Process
    both = [start(target=_add_many, args=(tmp_path, name)) for name in ("one", "two")]
    for process in both:
        process.start()
    for process in both:
        process.join(30)
        assert process.exitcode == 0
    record = read(tmp_path)
    assert record.fault == ""
    assert len(newest(record.statements)) == 40
