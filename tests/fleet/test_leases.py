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

from hardenme.fleet.leases import BELIEVED, LENGTH, LeaseFolder
from hardenme.ground import clock, flock
from hardenme.ground.errors import OutputError
from hardenme.ground.files import PrivateFile
from tests.posix import ON_POSIX

LANE = "https://api.example.test installation on acme"
HOLDING = """import sys
from datetime import datetime
from pathlib import Path
from hardenme.fleet.leases import LeaseFolder
from hardenme.ground import clock
moment = datetime.fromisoformat(sys.argv[4])
clock.now = lambda: moment
with LeaseFolder(Path(sys.argv[1]), sys.argv[2]).held(sys.argv[3], 0) as other:
    print(repr(other), flush=True)
    sys.stdin.read()"""


def files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.lease.json"))


def end_in(path: Path, length: timedelta) -> None:
    """Have a lease end so long from now."""
    told = json.loads(path.read_text())
    told["lease"]["end"] = (clock.now() + length).isoformat()
    path.write_text(json.dumps(told))


def held(folder: Path, host: str = "", lane: str = LANE, patience: float = 0) -> str:
    """Who holds a lane that a machine wants; empty if it got it."""
    with LeaseFolder(folder, host).held(lane, patience) as other:
        return other


def test_a_lane_is_held_by_one_at_a_time(tmp_path: Path) -> None:
    with LeaseFolder(tmp_path, "elm").held(LANE, 0) as first:
        assert first == ""
        other = held(tmp_path, "oak")
        assert other.startswith(f"process {os.getpid()} on elm (lease until ")
        assert held(tmp_path, "oak", "another lane") == ""
    assert held(tmp_path, "oak") == "", "it was given back"
    assert held(tmp_path, "elm") == ""


@pytest.mark.parametrize("size", [2, 8])
def test_one_of_many_at_once_holds_it(tmp_path: Path, size: int) -> None:
    barrier, done = threading.Barrier(size), threading.Barrier(size)

    def take(number: int) -> str:
        barrier.wait()
        with LeaseFolder(tmp_path, f"host-{number}").held(LANE, 0) as other:
            done.wait()
            return other

    with ThreadPoolExecutor(size) as pool:
        assert list(pool.map(take, range(size))).count("") == 1


def test_without_locks_one_of_many_holds_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As machines do that share a file system without locks: files alone decide."""
    monkeypatch.setattr(flock, "EXIST", False)
    monkeypatch.setattr(flock, "take", lambda _: None)
    test_one_of_many_at_once_holds_it(tmp_path, 8)


@pytest.mark.skipif(not flock.EXIST, reason="the system takes no lock back")
@ON_POSIX
def test_who_was_killed_holds_nothing_on_the_same_machine(tmp_path: Path) -> None:
    with subprocess.Popen(  # noqa: S603 (this Python)
        [sys.executable, "-c", HOLDING, str(tmp_path), "elm", LANE, clock.now().isoformat()],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"''\n"
        assert held(tmp_path, "elm").startswith(f"process {process.pid} on elm")
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert held(tmp_path, "oak"), "another machine waits until the lease is over"
    end_in(files(tmp_path)[-1], timedelta(seconds=-1))
    assert held(tmp_path, "oak") == ""
    end_in(files(tmp_path)[-1], LENGTH)
    assert held(tmp_path, "oak") == "", "the lock is free"


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
    tmp_path: Path, length: timedelta, *, free: bool
) -> None:
    assert held(tmp_path, "elm") == ""
    end_in(files(tmp_path)[-1], length)
    assert (held(tmp_path, "oak") == "") is free


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"hardenme_fleet_lease":2}', "x" * 9000])
def test_what_is_not_a_lease_holds_nothing(tmp_path: Path, text: str) -> None:
    assert held(tmp_path, "elm") == ""
    files(tmp_path)[-1].write_text(text)
    assert held(tmp_path, "oak") == ""


def test_waiting_ends_when_the_lane_is_given_back(tmp_path: Path) -> None:
    assert held(tmp_path, "elm") == ""
    end_in(files(tmp_path)[-1], LENGTH)
    pauses: list[float] = []

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 3:
            end_in(files(tmp_path)[-1], timedelta())

    with LeaseFolder(tmp_path, "oak", pause).held(LANE, 60) as other:
        assert other == ""
    assert pauses == [1, 1, 1]
    end_in(files(tmp_path)[-1], LENGTH)
    with LeaseFolder(tmp_path, "fir", pauses.append).held(LANE, 2.5) as other:
        assert other.startswith("process")
    assert pauses[3:] == [1, 1, 0.5]


def test_a_lease_is_renewed_while_it_is_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = threading.Event()
    write = PrivateFile.write

    def wrote(file: PrivateFile, text: str) -> None:
        write(file, text)
        written.set()

    monkeypatch.setattr("hardenme.fleet.leases.RENEWAL", 0.01)
    monkeypatch.setattr(PrivateFile, "write", wrote)
    with LeaseFolder(tmp_path, "elm").held(LANE, 0):
        (path,) = files(tmp_path)
        end_in(path, timedelta(seconds=-5))
        written.clear()
        assert written.wait(60)
        assert held(tmp_path, "oak").startswith("process")
    assert held(tmp_path, "oak") == ""


def test_only_the_newest_lease_stays(tmp_path: Path) -> None:
    for number in range(5):
        assert held(tmp_path, f"host-{number}") == ""
    (path,) = files(tmp_path)
    assert path.name == "000005.lease.json"
    if os.name == "posix":
        assert path.stat().st_mode & 0o777 == 0o600


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "lanes").write_text("")
    with pytest.raises(OutputError, match="cannot be written"):
        held(tmp_path)
