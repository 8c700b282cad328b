from __future__ import annotations

import errno
import stat
from datetime import UTC, datetime, timedelta
from io import BufferedRandom, FileIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardenme.codec.findings import FindingLines, read_places, write_places
from hardenme.ground.errors import ContentError, StoredError
from hardenme.model.evidence import Atom
from hardenme.model.finding import Attested, Errored, Finding, Outcome
from hardenme.model.inventory import InventoryItem, Place
from hardenme.model.secret import Secret
from hardenme.model.severity import Severity
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown
from hardenme.model.verdict import Failed, Fix, Manual, NotApplicable, Passed
from hardenme.store.journal import Journal
from hardenme.store.journal_head import JournalRun, append

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
CANARY = "ghp_CANARYjournal0000000000000000000000000"
RUN = JournalRun("0.1.0", ("https://api.example.test",), "github:acme standard", (Secret(CANARY),))
WEB = Subject("github", "repo", "acme/web")
API = Subject("github", "repo", "acme/api")
TEXT = st.text(max_size=8)
WORDS = st.text(min_size=1, max_size=8).filter(str.strip)
MOMENTS = st.datetimes(timezones=st.just(UTC))
SCALARS = st.one_of(TEXT, st.integers(), st.booleans(), st.none(), st.lists(TEXT, max_size=2))
SEEN = st.dictionaries(TEXT, SCALARS, min_size=1, max_size=3)
ATOMS = st.lists(
    st.builds(Atom, TEXT, st.integers(0, 599), MOMENTS, st.integers(0, 9), st.none()), max_size=3
).map(tuple)
FIXES = st.builds(Fix, WORDS, WORDS, TEXT, TEXT, TEXT, st.none() | st.builds(Fix, WORDS, WORDS))
OUTCOMES = st.one_of(
    st.builds(Passed, WORDS, SEEN),
    st.builds(NotApplicable, WORDS, SEEN),
    st.builds(Failed, WORDS, SEEN, FIXES, st.none() | st.sampled_from(Severity)),
    st.builds(Manual, WORDS, WORDS, st.none() | FIXES),
    st.builds(Unknown, st.sampled_from(Reason), TEXT, TEXT, ATOMS),
    st.builds(Attested, TEXT, TEXT, MOMENTS),
    st.builds(Errored, TEXT),
)
SUBJECTS = st.builds(Subject, TEXT, TEXT, TEXT)
STATES = st.dictionaries(
    TEXT, st.one_of(TEXT, st.integers(), st.booleans(), st.none(), st.lists(TEXT).map(tuple))
)
PLACES = st.builds(
    Place,
    SUBJECTS,
    st.dictionaries(TEXT, st.none() | st.builds(Unknown, st.sampled_from(Reason), TEXT)),
    st.lists(st.builds(InventoryItem, TEXT, SUBJECTS, TEXT, TEXT, STATES), max_size=2).map(tuple),
)
SEEN_THERE = Place(
    WEB,
    {"deploy key": None, "webhook": Unknown(Reason.NOT_PERMITTED, "a right")},
    (
        InventoryItem(
            "deploy key", WEB, "tab\there", "71", {"many": ("a", "b"), "none": None, "on": True}
        ),
    ),
)


@st.composite
def findings(draw: st.DrawFn) -> Finding:
    outcome: Outcome = draw(OUTCOMES)
    sources = draw(ATOMS) or (Atom("GET /", 200, NOW),)
    reads = draw(st.frozensets(st.tuples(TEXT, TEXT), max_size=3))
    weight = draw(st.sampled_from(Severity))
    subjects = draw(SUBJECTS), draw(SUBJECTS)
    return Finding(
        *draw(st.tuples(TEXT, TEXT, TEXT)), *subjects, draw(TEXT), outcome, weight, sources, reads
    )


def finding(subject: Subject = WEB, outcome: Outcome | None = None) -> Finding:
    told = outcome or Passed("it is so", {"a": 1})
    atom = Atom("GET /a", 200, NOW)
    return Finding(
        "ABC101", "some-check", "Some problem", subject, subject, "", told, Severity.LOW, (atom,)
    )


@given(st.lists(findings(), max_size=4))
def test_what_is_written_is_read_back(given: list[Finding]) -> None:
    line = FindingLines().write(given)
    assert "\n" not in line
    assert FindingLines().read(line) == tuple(given)


@given(st.lists(PLACES, max_size=3))
def test_what_was_seen_is_read_back(given: list[Place]) -> None:
    line = write_places(given)
    assert not {"\n", "\t"} & set(line)
    assert read_places(line) == tuple(given)


@pytest.mark.parametrize("line", ["", "{}x", "[1]", "[[[],{},[[1]]]]", "null", '[["a",{},[]]]'])
def test_a_strange_record_of_places_is_none(line: str) -> None:
    with pytest.raises(ContentError):
        read_places(line)


def test_no_token_is_in_what_was_seen() -> None:
    item = InventoryItem("SSH key", WEB, CANARY, CANARY, {"name": CANARY, "many": (CANARY,)})
    assert "CANARY" not in write_places([Place(WEB, {}, (item,))])


@pytest.mark.parametrize(
    "line", ["", "{}", "[]", "nonsense", "[[[],[]],[[1]]]", "[[[]],[]]", "[[[],[]]]", "null"]
)
def test_a_strange_record_is_none(line: str) -> None:
    with pytest.raises(ContentError):
        FindingLines().read(line)


def test_only_its_owner_reads_it_and_no_token_is_in_it(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "journal"
    journal = Journal.start(path, RUN, NOW)
    journal.put(WEB, (finding(),), final=True)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert b"CANARY" not in path.read_bytes()
    journal.close(keep=False)
    assert not path.exists()


def test_a_killed_run_is_gone_on_with(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    first = Journal.start(path, RUN, NOW)
    first.put(WEB, (finding(),), (SEEN_THERE,), final=True)
    first.put(API, (finding(API, Unknown(Reason.RATE_LIMITED, "later")),), final=False)
    # No close: a killed process has none.
    with path.open("ab") as file:
        file.write(b'["acme/half", true]\t{"findings":[[')
    second = Journal.resume(path, RUN, NOW + timedelta(hours=1))
    assert set(second.known()) == {WEB}
    second.put(API, (finding(API),), final=True)
    assert second.get(WEB) == (finding(),)
    assert second.places(WEB) == (SEEN_THERE,)
    assert second.places(API) == ()
    assert second.get(API) == (finding(API),)
    second.close(keep=True)
    third = Journal.resume(path, RUN, NOW + timedelta(hours=2))
    assert set(third.known()) == {WEB, API}
    assert third.get(API) == (finding(API),)
    third.close(keep=False)
    first.close(keep=False)


OTHERS = {
    "version": JournalRun("0.2.0", RUN.hosts, RUN.settings, RUN.tokens),
    "host": JournalRun(RUN.version, ("https://other.example.test",), RUN.settings, RUN.tokens),
    "settings": JournalRun(RUN.version, RUN.hosts, "github:acme deep", RUN.tokens),
    "token": JournalRun(RUN.version, RUN.hosts, RUN.settings, (Secret("ghp_CANARYother"),)),
}


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
def test_another_run_does_not_take_it_over(tmp_path: Path, other: JournalRun) -> None:
    path = tmp_path / "journal"
    Journal.start(path, RUN, NOW).close(keep=True)
    with pytest.raises(StoredError, match="another token, host, version or other options"):
        Journal.resume(path, other, NOW)
    assert path.exists(), "refusing takes nothing away"


@pytest.mark.parametrize("after", [timedelta(hours=25), timedelta(hours=-1)])
def test_an_old_one_is_not_gone_on_with(tmp_path: Path, after: timedelta) -> None:
    path = tmp_path / "journal"
    Journal.start(path, RUN, NOW).close(keep=True)
    with pytest.raises(StoredError, match="more than a day"):
        Journal.resume(path, RUN, NOW + after)


def test_none_is_there(tmp_path: Path) -> None:
    with pytest.raises(StoredError, match="no interrupted run"):
        Journal.resume(tmp_path / "journal", RUN, NOW)


@pytest.mark.parametrize("head", [b"", b"{}\n", b"nonsense\n", b'{"format":5}\n'])
def test_a_broken_head_is_told(tmp_path: Path, head: bytes) -> None:
    path = tmp_path / "journal"
    path.touch(0o600)
    path.write_bytes(head)
    with pytest.raises(StoredError, match="can be read"):
        Journal.resume(path, RUN, NOW)


@pytest.mark.parametrize("version", [1, 3, 4, 6, 10**30])
def test_a_journal_of_another_version_is_told(tmp_path: Path, version: int) -> None:
    path = tmp_path / "journal"
    path.touch(0o600)
    path.write_text(f'{{"format":{version}}}\n')
    with pytest.raises(StoredError, match=r"not read: its form is of version \d+, and this"):
        Journal.resume(path, RUN, NOW)


class FullDisk(FileIO):
    """A file on a disk that has room for so many bytes more."""

    room = 0

    def write(self, data: Any, /) -> int:
        some = bytes(data)[: self.room]
        if not some:
            raise OSError(errno.ENOSPC, "No space left on device")
        self.room -= len(some)
        return super().write(some)


@pytest.mark.parametrize("room", [0, 1, 5, 9, 10, 11, 40])
def test_a_line_is_written_whole_or_not_at_all(tmp_path: Path, room: int) -> None:
    """What was there is read on from where it was, and what comes later has its place."""
    path = tmp_path / "journal"
    path.write_bytes(b"first\nsecond\nthird\n")
    raw = FullDisk(path, "r+")
    with BufferedRandom(raw, buffer_size=8) as file:
        assert file.readline() == b"first\n"
        raw.room = room
        if room < len(b"a new line"):
            with pytest.raises(OSError, match="No space left"):
                append(file, b"a new line")
        else:
            assert append(file, b"a new line") == len(b"first\nsecond\nthird\n")
        assert file.readline() == b"second\n"
        raw.room = 40
        at = append(file, b"later\n")
        file.seek(at)
        assert file.readline() == b"later\n"
    whole = b"a new line" if room >= len(b"a new line") else b""
    assert path.read_bytes() == b"first\nsecond\nthird\n" + whole + b"later\n"
