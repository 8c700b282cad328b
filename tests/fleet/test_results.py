"""Results: receipts are made once, and facts count by their receipt alone."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from fsspec.implementations.memory import MemoryFileSystem

from hardenme.fleet.results import Receipt, StoredResults, digest_of
from hardenme.ground.errors import OutputError, StoredError
from tests.fleet.places import KEEPING, OVERWRITING, IgnoringFileSystem, MakePlace, Place, folder
from tests.moment import NOW
from tests.posix import ON_POSIX

PLAN = "ab" * 32
FACTS = b'{"a":1}\n' * 3000


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    path = tmp_path / "facts.jsonl"
    path.write_bytes(FACTS)
    return path


def receipt_of(facts: Path, **others: object) -> Receipt:
    sha256, size = digest_of(facts)
    made = Receipt(PLAN, 0, "7", "acme", 1, sha256, size, "1.0", "thorn", NOW, 12, "")
    return replace(made, **others)  # type: ignore[arg-type]  # fields of the receipt


def test_what_is_put_is_found(place: Place, facts: Path) -> None:
    results = StoredResults(place.storage, PLAN)
    receipt = receipt_of(facts)
    assert results.best("7") is None
    assert results.put(receipt, facts)
    assert results.best("7") == receipt
    assert results.best("70") is None
    found = io.BytesIO()
    results.facts(receipt, found)
    assert found.getvalue() == FACTS
    assert StoredResults(place.storage, "cd" * 32).best("7") is None, "of another plan"


def test_the_first_whole_receipt_counts_else_the_last(place: Place, facts: Path) -> None:
    results = StoredResults(place.storage, PLAN)
    for attempt, partial in ((1, "a limit"), (2, "again"), (3, ""), (4, "late")):
        assert results.put(receipt_of(facts, attempt=attempt, partial=partial), facts)
        found = results.best("7")
        assert found is not None
        assert found.attempt == min(attempt, 3)


def put_by_many(place: Place, facts: Path) -> list[bool]:
    """What eight runs at the same moment hear of their receipts, which name their number."""
    results, barrier = StoredResults(place.storage, PLAN), threading.Barrier(8)

    def put(number: int) -> bool:
        barrier.wait()
        return results.put(receipt_of(facts, requests=number), facts)

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(put, range(8)))


@pytest.mark.parametrize("make", KEEPING)
def test_one_of_many_at_once_is_the_first(tmp_path: Path, facts: Path, make: MakePlace) -> None:
    place = make(tmp_path / "out")
    first = put_by_many(place, facts)
    assert sum(first) == 1
    found = StoredResults(place.storage, PLAN).best("7")
    assert found is not None
    assert found.requests == first.index(True)
    assert len(place.find("")) == 2, "no leftovers"


@pytest.mark.parametrize("make", OVERWRITING)
def test_of_many_at_once_one_receipt_stands_with_its_facts(
    tmp_path: Path, facts: Path, make: MakePlace
) -> None:
    """Where the last writer wins, as said of such a store."""
    place = make(tmp_path / "out")
    first = put_by_many(place, facts)
    assert any(first)
    results = StoredResults(place.storage, PLAN)
    found, content = results.best("7"), io.BytesIO()
    assert found is not None
    assert first[found.requests], "who stands knows it"
    results.facts(found, content)
    assert content.getvalue() == FACTS
    assert not place.storage.creates_once


def test_that_the_last_writer_wins_is_noted_once(place: Place, facts: Path) -> None:
    """The first object that is created shows it of a store that does not say so."""
    results = StoredResults(place.storage, PLAN)
    assert results.put(receipt_of(facts), facts)
    overwriting = type(place.files) in {MemoryFileSystem, IgnoringFileSystem}
    assert place.storage.creates_once is not overwriting
    if overwriting:
        assert [results.note_overwriting() for _ in range(3)] == [True, False, False]
    assert results.may_be_overwritten() is overwriting


def test_a_second_receipt_of_an_attempt_is_refused_when_the_first_is_seen(
    place: Place, facts: Path
) -> None:
    results = StoredResults(place.storage, PLAN)
    assert results.put(receipt_of(facts), facts)
    assert not results.put(receipt_of(facts, requests=99), facts)
    assert results.best("7") == receipt_of(facts)


@ON_POSIX
def test_results_are_for_their_owner(tmp_path: Path, facts: Path) -> None:
    StoredResults(folder(tmp_path / "out").storage, PLAN).put(receipt_of(facts), facts)
    kept = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert len(kept) == 2
    assert {path.stat().st_mode & 0o777 for path in kept} == {0o600}


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path, facts: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot be written"):
        StoredResults(folder(tmp_path / "file").storage, PLAN).put(receipt_of(facts), facts)


@pytest.mark.parametrize(
    "others",
    [{"sha256": "../x"}, {"sha256": "a"}, {"size": 0}, {"size": 10**15}, {"plan": "cd" * 32}],
    ids=str,
)
def test_a_receipt_that_cannot_be_is_refused(
    place: Place, facts: Path, others: dict[str, object]
) -> None:
    results = StoredResults(place.storage, PLAN)
    assert results.put(receipt_of(facts), facts)
    (name,) = place.find(".receipt.json")
    text = place.read(name).decode()
    for field, value in others.items():
        before = getattr(receipt_of(facts), field)
        text = text.replace(str(before), str(value), 1)
    place.write(name, text.encode())
    with pytest.raises(StoredError):
        results.best("7")


class Pauses:
    """Pauses that take no time, after each of which something may be there."""

    def __init__(self, then: Callable[[int], object]) -> None:
        self.lengths: list[float] = []
        self._then = then

    def __call__(self, seconds: float) -> None:
        self.lengths.append(seconds)
        self._then(len(self.lengths))


def test_waiting_ends_with_the_last_whole_receipt(place: Place, facts: Path) -> None:
    results = StoredResults(place.storage, PLAN)
    coming = {
        1: receipt_of(facts, number="8"),
        3: receipt_of(facts, partial="a limit"),
        4: receipt_of(facts, attempt=2),
    }
    pauses = Pauses(lambda count: count in coming and results.put(coming[count], facts))
    results.wait(["7", "8"], 3600, pauses)
    assert pauses.lengths == [5, 5, 5, 5]
    results.wait(["7", "8"], 3600, pauses)
    assert len(pauses.lengths) == 4, "nothing is missing"


def test_waiting_ends_with_the_time_and_with_what_is_damaged(place: Place, facts: Path) -> None:
    results = StoredResults(place.storage, PLAN)
    pauses = Pauses(lambda _: None)
    results.wait(["7"], 12, pauses)
    assert pauses.lengths == [5, 5, 2]
    assert results.put(receipt_of(facts), facts)
    place.write(place.find(".receipt.json")[0], b"{}")
    results.wait(["7"], 12, pauses)
    assert len(pauses.lengths) == 3, "it is refused, however long it takes"
