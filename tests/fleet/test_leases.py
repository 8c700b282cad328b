"""Leases of lanes: one reader at a time, whatever becomes of the one before."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from hardenme.fleet.leases import BELIEVED, LENGTH, LaneLeases
from hardenme.fleet.storage import FolderStorage, Storage
from hardenme.ground import clock, flock
from hardenme.ground.errors import OutputError
from tests.fleet.places import KEEPING, OVERWRITING, MakePlace, Place, folder
from tests.posix import ON_POSIX

LANE = "https://api.example.test installation on acme"
LEASE = ".lease.json"
HOLDING = """import sys
from datetime import datetime
from pathlib import Path
from hardenme.fleet.leases import LaneLeases
from hardenme.fleet.storage import FolderStorage
from hardenme.ground import clock
moment = datetime.fromisoformat(sys.argv[4])
clock.now = lambda: moment
storage = FolderStorage(Path(sys.argv[1]))
with LaneLeases(storage, sys.argv[2]).held(sys.argv[3], 0) as other:
    print(repr(other), flush=True)
    sys.stdin.read()"""


def end_in(place: Place, length: timedelta) -> None:
    """Have the newest lease end so long from now."""
    name = place.find(LEASE)[-1]
    told = json.loads(place.read(name))
    told["lease"]["end"] = (clock.now() + length).isoformat()
    place.write(name, json.dumps(told).encode())


def held(place: Place, host: str = "", lane: str = LANE, patience: float = 0) -> str:
    """Who holds a lane that a machine wants; empty if it got it."""
    with LaneLeases(place.storage, host).held(lane, patience) as other:
        return other


def test_a_lane_is_held_by_one_at_a_time(place: Place) -> None:
    with LaneLeases(place.storage, "elm").held(LANE, 0) as first:
        assert first == ""
        other = held(place, "oak")
        assert other.startswith(f"process {os.getpid()} on elm (lease until ")
        assert held(place, "oak", "another lane") == ""
    assert held(place, "oak") == "", "it was given back"
    assert held(place, "elm") == ""


def holders(place: Place, size: int) -> int:
    """How many of so many machines hold a lane that all want at the same moment."""
    barrier, done = threading.Barrier(size), threading.Barrier(size)

    def take(number: int) -> str:
        barrier.wait()
        with LaneLeases(place.storage, f"host-{number}").held(LANE, 0) as other:
            done.wait()
            return other

    with ThreadPoolExecutor(size) as pool:
        return list(pool.map(take, range(size))).count("")


@pytest.mark.parametrize("make", KEEPING)
@pytest.mark.parametrize("size", [2, 8])
def test_one_of_many_at_once_holds_it(tmp_path: Path, make: MakePlace, size: int) -> None:
    assert holders(make(tmp_path), size) == 1


@pytest.mark.parametrize("make", OVERWRITING)
def test_where_the_last_writer_wins_one_holds_it_or_several(
    tmp_path: Path, make: MakePlace
) -> None:
    """Nobody waits for nobody; what several read costs requests alone."""
    place = make(tmp_path)
    assert holders(place, 8) >= 1
    with LaneLeases(place.storage, "elm").held(LANE, 0) as first:
        assert first == ""
        assert held(place, "oak").startswith("process"), "who comes later sees it"


def test_without_locks_one_of_many_holds_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As machines do that share a file system without locks: files alone decide."""
    monkeypatch.setattr(flock, "EXIST", False)
    monkeypatch.setattr(flock, "take", lambda _: None)
    assert holders(folder(tmp_path), 8) == 1


@pytest.mark.skipif(not flock.EXIST, reason="the system takes no lock back")
@ON_POSIX
def test_who_was_killed_holds_nothing_on_the_same_machine(tmp_path: Path) -> None:
    place = folder(tmp_path)
    with subprocess.Popen(  # noqa: S603 (this Python)
        [sys.executable, "-c", HOLDING, str(tmp_path), "elm", LANE, clock.now().isoformat()],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"''\n"
        assert held(place, "elm").startswith(f"process {process.pid} on elm")
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert held(place, "oak"), "another machine waits until the lease is over"
    end_in(place, timedelta(seconds=-1))
    assert held(place, "oak") == ""
    end_in(place, LENGTH)
    assert held(place, "oak") == "", "the lock is free"


@pytest.mark.parametrize(
    ("length", "free"),
    [
        (timedelta(seconds=-1), True),
        (LENGTH, False),
        (BELIEVED - timedelta(minutes=1), False),
        (BELIEVED + timedelta(minutes=1), True),
    ],
    ids=str,
)
def test_the_end_of_a_lease_counts_where_it_can_be(
    place: Place, length: timedelta, *, free: bool
) -> None:
    assert held(place, "elm") == ""
    end_in(place, length)
    assert (held(place, "oak") == "") is free


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"hardenme_fleet_lease":2}', "x" * 9000])
def test_what_is_not_a_lease_holds_nothing(place: Place, text: str) -> None:
    assert held(place, "elm") == ""
    place.write(place.find(LEASE)[-1], text.encode())
    assert held(place, "oak") == ""


def test_waiting_ends_when_the_lane_is_given_back(place: Place) -> None:
    assert held(place, "elm") == ""
    end_in(place, LENGTH)
    pauses: list[float] = []

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 3:
            end_in(place, timedelta())

    with LaneLeases(place.storage, "oak", pause).held(LANE, 60) as other:
        assert other == ""
    assert pauses == [1, 1, 1]
    end_in(place, LENGTH)
    with LaneLeases(place.storage, "fir", pauses.append).held(LANE, 2.5) as other:
        assert other.startswith("process")
    assert pauses[3:] == [1, 1, 0.5]


def test_a_lease_is_renewed_while_it_is_needed(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    written, kind = threading.Event(), type(place.storage)
    replace = kind.replace

    def replaced(storage: Storage, name: str, content: bytes) -> None:
        replace(storage, name, content)  # type: ignore[arg-type]  # of this kind
        written.set()

    monkeypatch.setattr("hardenme.fleet.leases.RENEWAL", 0.01)
    monkeypatch.setattr(kind, "replace", replaced)
    with LaneLeases(place.storage, "elm").held(LANE, 0):
        end_in(place, timedelta(seconds=-5))
        written.clear()
        assert written.wait(60)
        assert held(place, "oak").startswith("process")
    assert held(place, "oak") == ""


def test_only_the_newest_lease_stays(place: Place) -> None:
    for number in range(5):
        assert held(place, f"host-{number}") == ""
    (name,) = place.find(LEASE)
    assert name.endswith("/000005.lease.json")
    if os.name == "posix" and isinstance(place.storage, FolderStorage):
        assert Path(name).stat().st_mode & 0o777 == 0o600


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    place = folder(tmp_path)
    (tmp_path / "lanes").write_text("")
    with pytest.raises(OutputError, match="cannot be written"):
        held(place)
