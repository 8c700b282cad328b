"""The folder of results: receipts are made once, and facts count by their receipt alone."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from hardenme.fleet.results import Receipt, ResultFolder, digest_of
from hardenme.ground.errors import OutputError, StoredError
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


def test_what_is_put_is_found(tmp_path: Path, facts: Path) -> None:
    folder = ResultFolder(tmp_path / "out", PLAN)
    receipt = receipt_of(facts)
    assert folder.best("7") is None
    assert folder.put(receipt, facts)
    assert folder.best("7") == receipt
    assert folder.best("70") is None
    found = io.BytesIO()
    folder.facts(receipt, found)
    assert found.getvalue() == FACTS
    assert ResultFolder(tmp_path / "out", "cd" * 32).best("7") is None, "of another plan"


def test_the_first_whole_receipt_counts_else_the_last(tmp_path: Path, facts: Path) -> None:
    folder = ResultFolder(tmp_path, PLAN)
    for attempt, partial in ((1, "a limit"), (2, "again"), (3, ""), (4, "late")):
        assert folder.put(receipt_of(facts, attempt=attempt, partial=partial), facts)
        found = folder.best("7")
        assert found is not None
        assert found.attempt == min(attempt, 3)


def test_one_of_many_at_once_is_the_first(tmp_path: Path, facts: Path) -> None:
    folder, barrier = ResultFolder(tmp_path, PLAN), threading.Barrier(8)

    def put(number: int) -> bool:
        barrier.wait()
        return folder.put(receipt_of(facts, requests=number), facts)

    with ThreadPoolExecutor(8) as pool:
        first = list(pool.map(put, range(8)))
    assert sum(first) == 1
    found = folder.best("7")
    assert found is not None
    assert found.requests == first.index(True)
    assert not [path.name for path in tmp_path.rglob(".*") if path.is_file()], "no leftovers"


@ON_POSIX
def test_results_are_for_their_owner(tmp_path: Path, facts: Path) -> None:
    ResultFolder(tmp_path / "out", PLAN).put(receipt_of(facts), facts)
    kept = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert len(kept) == 2
    assert {path.stat().st_mode & 0o777 for path in kept} == {0o600}


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path, facts: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot be written"):
        ResultFolder(tmp_path / "file", PLAN).put(receipt_of(facts), facts)


@pytest.mark.parametrize(
    "others",
    [{"sha256": "../x"}, {"sha256": "a"}, {"size": 0}, {"size": 10**15}, {"plan": "cd" * 32}],
    ids=str,
)
def test_a_receipt_that_cannot_be_is_refused(
    tmp_path: Path, facts: Path, others: dict[str, object]
) -> None:
    folder = ResultFolder(tmp_path, PLAN)
    assert folder.put(receipt_of(facts), facts)
    path = next(tmp_path.rglob("*.receipt.json"))
    text = path.read_text()
    for name, value in others.items():
        before = getattr(receipt_of(facts), name)
        text = text.replace(str(before), str(value), 1)
    path.write_text(text)
    with pytest.raises(StoredError):
        folder.best("7")


class Pauses:
    """Pauses that take no time, after each of which something may be there."""

    def __init__(self, then: Callable[[int], object]) -> None:
        self.lengths: list[float] = []
        self._then = then

    def __call__(self, seconds: float) -> None:
        self.lengths.append(seconds)
        self._then(len(self.lengths))


def test_waiting_ends_with_the_last_whole_receipt(tmp_path: Path, facts: Path) -> None:
    folder = ResultFolder(tmp_path, PLAN)
    coming = {
        1: receipt_of(facts, number="8"),
        3: receipt_of(facts, partial="a limit"),
        4: receipt_of(facts, attempt=2),
    }
    pauses = Pauses(lambda count: count in coming and folder.put(coming[count], facts))
    folder.wait(["7", "8"], 3600, pauses)
    assert pauses.lengths == [5, 5, 5, 5]
    folder.wait(["7", "8"], 3600, pauses)
    assert len(pauses.lengths) == 4, "nothing is missing"


def test_waiting_ends_with_the_time_and_with_what_is_damaged(tmp_path: Path, facts: Path) -> None:
    folder = ResultFolder(tmp_path, PLAN)
    pauses = Pauses(lambda _: None)
    folder.wait(["7"], 12, pauses)
    assert pauses.lengths == [5, 5, 2]
    assert folder.put(receipt_of(facts), facts)
    next(tmp_path.rglob("*.receipt.json")).write_text("{}")
    folder.wait(["7"], 12, pauses)
    assert len(pauses.lengths) == 3, "it is refused, however long it takes"
