"""Object stores: their addresses, what goes wrong with them, and what is said of it."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fsspec.implementations.memory import MemoryFileSystem

from hardenme.engine.settle import exit_code
from hardenme.fleet.leases import LaneLeases
from hardenme.fleet.objects import ObjectStorage
from hardenme.fleet.opening import storage_at
from hardenme.fleet.results import LAST_WINS, StoredResults
from hardenme.fleet.storage import FolderStorage
from hardenme.ground.distribution import install
from hardenme.ground.errors import HardenmeError, OutputError, StoredError, UsageError
from hardenme.ground.exit_code import Exit
from tests.canary_forms import seen
from tests.fleet.places import EACH, OVERWRITING, Place
from tests.fleet.reading import ReadFleet, read_fleet, report_of
from tests.fleet.test_results import PLAN, receipt_of

CANARY = "AKIACANARY0000000000"


class DriverError(Exception):
    """An error as the drivers have, of no common kind; its text holds what none may print."""

    def __init__(self, _: str = "") -> None:
        super().__init__(f"https://user:{CANARY}@store.example.test")


class FailingFileSystem(MemoryFileSystem):  # type: ignore[misc]  # fsspec has no types
    """A store that gives one error to all that is asked; `asked` counts."""

    error: type[Exception] = DriverError
    asked = 0

    def _fail(self, *_: Any, **__: Any) -> Any:
        type(self).asked += 1
        raise self.error(CANARY)

    info = cat_file = pipe_file = put_file = ls = open = rm_file = _fail


def failing(error: type[Exception]) -> ObjectStorage:
    files = FailingFileSystem()
    FailingFileSystem.error, FailingFileSystem.asked = error, 0
    return ObjectStorage(files, "/bucket/prefix", "s3://bucket/prefix", creates=True)


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    path = tmp_path / "facts.jsonl"
    path.write_bytes(b'{"a":1}\n' * 300)
    return path


ASKED: dict[str, Callable[[ObjectStorage, Path], object]] = {
    "best": lambda storage, _: StoredResults(storage, PLAN).best("7"),
    "put": lambda storage, facts: StoredResults(storage, PLAN).put(receipt_of(facts), facts),
    "facts": lambda storage, facts: StoredResults(storage, PLAN).facts(
        receipt_of(facts), io.BytesIO()
    ),
    "held": lambda storage, _: LaneLeases(storage).held("lane", 0).__enter__(),
    "note": lambda storage, _: StoredResults(storage, PLAN).note_overwriting(),
}
ERRORS = (DriverError, PermissionError, OSError, TimeoutError, ValueError, KeyError)


@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize("what", ASKED)
def test_an_error_of_a_store_is_a_sentence_without_its_words(
    facts: Path, what: str, error: type[Exception]
) -> None:
    storage = failing(error)
    with pytest.raises(HardenmeError) as caught:
        ASKED[what](storage, facts)
    text = str(caught.value)
    assert text.startswith("s3://bucket/prefix/")
    assert "cannot be" in text
    assert CANARY not in text
    assert caught.value.exit_code is Exit.UNKNOWN, "another attempt may do"
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_a_bucket_that_is_missing_holds_nothing_and_takes_nothing(facts: Path) -> None:
    storage = failing(FileNotFoundError)
    results = StoredResults(storage, PLAN)
    assert results.best("7") is None
    with pytest.raises(OutputError, match="there is no such bucket"):
        results.put(receipt_of(facts), facts)
    with pytest.raises(StoredError, match="it is not there"):
        results.facts(receipt_of(facts), io.BytesIO())


def test_waiting_goes_on_while_a_store_gives_no_answer() -> None:
    results, pauses = StoredResults(failing(DriverError), PLAN), list[float]()
    results.wait(["7"], 12, pauses.append)
    assert pauses == [5, 5, 2]
    denied = StoredResults(failing(PermissionError), PLAN)
    denied.wait(["7"], 12, pauses.append)
    assert len(pauses) == 3, "no waiting changes that"


@pytest.mark.parametrize(
    "address",
    [
        f"s3://user:{CANARY}@bucket/prefix",
        f"s3://{CANARY}@bucket/prefix",
        f"az://container/prefix?sig={CANARY}",
        f"s3://bucket/prefix#{CANARY}",
        f"simplecache::s3://{CANARY}",
        f"abfs://container:{CANARY}@account.example.test/prefix",
        f"file:///srv/{CANARY}",
        "local://x",
        "memory://",
        "memory:///",
        "nosuchstore://bucket/prefix",
        "s3://",
        "s3://bucket/\x1b[2J",
    ],
)
def test_an_address_that_is_none_is_refused_and_not_repeated(address: str) -> None:
    with pytest.raises(UsageError) as caught:
        storage_at(address)
    assert CANARY not in str(caught.value)
    assert "\x1b" not in str(caught.value)


@pytest.mark.parametrize("path", ["results", "/srv/results", "./s3:", "C:/results", "c://x", "~/x"])
def test_a_path_is_a_folder(path: str) -> None:
    assert storage_at(path) == FolderStorage(Path(path))


def test_without_the_extra_one_sentence_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    with pytest.raises(UsageError) as caught:
        storage_at("s3://bucket/prefix")
    assert str(caught.value) == f"s3:// takes the extra fleet: {install('fleet')}"


@pytest.mark.parametrize(("scheme", "driver"), [("s3", "s3fs"), ("gs", "gcsfs"), ("az", "adlfs")])
def test_without_its_driver_a_store_names_it(
    monkeypatch: pytest.MonkeyPatch, scheme: str, driver: str
) -> None:
    monkeypatch.setitem(sys.modules, driver, None)
    with pytest.raises(UsageError, match=f"takes the package {driver}, in"):
        storage_at(f"{scheme}://bucket/prefix")


def test_a_write_that_is_repeated_after_a_lost_answer_is_ones_own(tmp_path: Path) -> None:
    """As drivers do: the second one meets the first."""

    class Repeating(MemoryFileSystem):  # type: ignore[misc]  # fsspec has no types
        def pipe_file(self, path: str, value: bytes, mode: str = "overwrite", **_: Any) -> None:
            super().pipe_file(path, value, mode)
            super().pipe_file(path, value, mode)

    storage = ObjectStorage(Repeating(), str(tmp_path), "s3://bucket", creates=True)
    assert storage.create("one", b"mine")
    assert not storage.create("one", b"other")
    assert storage.read("one", 9) == b"mine"
    assert storage.creates_once
    MemoryFileSystem.store.clear()


@pytest.mark.parametrize(("most", "found"), [(1, b"a"), (3, b"abc"), (9, b"abc")])
def test_no_more_is_read_than_is_asked_for(place: Place, most: int, found: bytes) -> None:
    assert place.storage.create("deep/er/one", b"abc")
    assert place.storage.create("deep/er/empty", b"")
    assert place.storage.read("deep/er/one", most) == found
    assert place.storage.read("deep/er/empty", most) == b""
    assert sorted(place.storage.names("deep/er")) == ["empty", "one"]
    assert place.storage.names("deep/none") == []
    place.storage.replace("deep/er/none", b"x")
    place.storage.remove("deep/er/none")
    assert place.storage.read("deep/er/none", most) is None
    place.storage.replace("deep/er/one", b"other")
    assert place.storage.read("deep/er/one", 9) == b"other"
    place.storage.remove("deep/er/one")
    assert place.storage.names("deep/er") == ["empty"]


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> ReadFleet:
    return read_fleet(tmp_path_factory.mktemp("objects"), ("grove-ash", "grove-elm"))


def test_a_store_without_an_answer_leaves_everything_unknown_and_is_asked_once(
    fleet: ReadFleet,
) -> None:
    plan = fleet.plan()
    report = report_of(plan, failing(DriverError))
    assert report.partial == "0 of 2 organizations were looked at as a whole"
    assert {one.result for one in report.findings} <= {"unknown", "manual"}
    assert exit_code(report) is Exit.UNKNOWN
    assert sum("cannot be read: fsspec gives DriverError" in one for one in report.warnings) == 2
    assert FailingFileSystem.asked <= len(plan.owners), "nor about each organization"
    assert not any(CANARY in one for one in report.warnings)


def test_the_report_says_that_the_last_writer_wins(fleet: ReadFleet, place: Place) -> None:
    plan = fleet.plan()
    fleet.put(plan, place.storage)
    results = StoredResults(place.storage, plan.id)
    if not place.storage.creates_once:
        results.note_overwriting()
    report = report_of(plan, place.storage)
    assert report.partial == ""
    assert report.warnings.count(LAST_WINS) == (not place.storage.creates_once)
    for name in place.find(""):
        assert not seen(place.read(name)), name


def test_there_are_places_of_both_kinds() -> None:
    assert set(OVERWRITING) < set(EACH)
