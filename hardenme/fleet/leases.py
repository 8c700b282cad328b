"""Leases: of two runs at once that share a folder of results, one reads a lane.

A lane is what shares one credential's rate limit. Two readers of it would only stop each other, and
nothing that is read would be wrong. So a lease that two machines with different clocks both believe
to hold costs requests, and no more.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from hardenme.codec.text import line, parsed
from hardenme.codec.typed import Codec
from hardenme.codec.version import versioned
from hardenme.ground import clock, flock
from hardenme.ground.errors import ContentError, OutputError
from hardenme.ground.files import PrivateFile, create_once

HEAD = "hardenme_fleet_lease"
"""The key of the version."""
VERSION = 1
LARGEST = 4096
"""Bytes of a lease."""
LENGTH = timedelta(minutes=2)
"""How long a lease holds without being renewed."""
BELIEVED = timedelta(hours=1)
"""What ends later than that was not written by a clock that is right."""
RENEWAL = 30.0
"""Seconds between two renewals."""
LOOK = 1.0
"""Seconds between two looks at a lease of someone else."""
NAME = re.compile(r"([0-9]{6})\.lease\.json")


@dataclass(frozen=True, slots=True)
class Lease:
    """Who reads a lane.

    Attributes:
        owner: what only the holder knows; it holds no credential.
        host: the name of its machine.
        process: its number there.
        end: when the lease is over, by the clock of that machine, unless it is renewed.
    """

    owner: str
    host: str
    process: int
    end: datetime


FORM = Codec()


class LeaseFolder:
    """The leases of all lanes of a folder of results.

    Each lease is a file that is created once, under the next number. Its holder alone renews it, by
    a later end. A process of the same machine also holds a lock, which the system frees when
    the process ends.

    Args:
        folder: that of the results.
        host: the name of this machine; empty to ask the system.
        sleep: how to pause.
    """

    def __init__(
        self, folder: Path, host: str = "", sleep: Callable[[float], object] = time.sleep
    ) -> None:
        self._folder = folder / "lanes"
        self._host = host or socket.gethostname()
        self._sleep = sleep

    @contextmanager
    def held(self, lane: str, patience: float) -> Iterator[str]:
        """Hold a lane; gives the name of the process that reads it already, else an empty text.

        Args:
            lane: its name.
            patience: the most seconds to wait for someone else.

        Raises:
            OutputError: a lease cannot be written.
        """
        place = self._folder / hashlib.sha256(lane.encode()).hexdigest()[:16]
        try:
            place.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(place / "lock", os.O_CREAT | os.O_RDWR, 0o600)
        except OSError as error:
            raise OutputError(f"{place} cannot be written: {error.strerror}") from None
        try:
            found = self._taken(place, handle, patience)
            if isinstance(found, str):
                yield found
                return
            with _renewed(found):
                yield ""
        finally:
            os.close(handle)

    def _taken(self, place: Path, handle: int, patience: float) -> Path | str:
        """The file of the lease that is taken, or who holds another."""
        left = patience
        while True:
            other = self._once(place, handle)
            if isinstance(other, Path) or left <= 0:
                return other
            pause = min(LOOK, left)
            self._sleep(pause)
            left -= pause

    def _once(self, place: Path, handle: int) -> Path | str:
        numbers = _numbers(place)
        last = numbers[-1] if numbers else 0
        newest = _read(_path(place, last)) if last else None
        try:
            flock.take(handle)
            locked = flock.EXIST
        except BlockingIOError:
            return _holder(newest)
        except OSError:
            # A file system without locks: the end of the lease decides.
            locked = False
        ours = locked and newest is not None and newest.host == self._host
        if newest is not None and _lasts(newest) and not ours:
            _let_go(handle)
            return _holder(newest)
        target = _path(place, last + 1)
        if not self._created(target) or _numbers(place)[-1] != last + 1:
            # Someone else took the number, or a later one since it was looked for.
            _let_go(handle)
            return _holder(_read(_path(place, _numbers(place)[-1])))
        for number in numbers:
            _path(place, number).unlink(missing_ok=True)
        return target

    def _created(self, target: Path) -> bool:
        try:
            return create_once(target, _written(self._own()))
        except OSError as error:
            raise OutputError(f"{target} cannot be written: {error.strerror}") from None

    def _own(self) -> Lease:
        return Lease(secrets.token_hex(8), self._host, os.getpid(), clock.now() + LENGTH)


@contextmanager
def _renewed(path: Path) -> Iterator[None]:
    """Renew a lease while it is needed, and end it after that."""
    done = threading.Event()
    lease = _read(path)

    def renew() -> None:
        while not done.wait(RENEWAL):
            _write(path, lease, clock.now() + LENGTH)

    thread = threading.Thread(target=renew, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
        _write(path, lease, clock.now())


def _write(path: Path, lease: Lease | None, end: datetime) -> None:
    """Give a lease another end, if its file is still there."""
    if lease is None or not path.exists():
        return
    with suppress(OutputError):
        # Without it the lease ends by itself, and a lane may then be read twice.
        PrivateFile(path).write(_written(replace(lease, end=end)).decode("ascii"))


def _lasts(lease: Lease) -> bool:
    now = clock.now()
    return now < lease.end <= now + BELIEVED


def _holder(lease: Lease | None) -> str:
    if lease is None:
        return "another process"
    return f"process {lease.process} on {lease.host:.60} (lease until {lease.end:%H:%M} UTC)"


def _written(lease: Lease) -> bytes:
    return (line({HEAD: VERSION, "lease": FORM.write(lease)}) + "\n").encode("ascii")


def _read(path: Path) -> Lease | None:
    """The lease in a file; None if there is none that can be read, which holds nothing."""
    try:
        with path.open("rb") as file:
            told = versioned(parsed(file.read(LARGEST)), VERSION, HEAD)
        return FORM.read(Lease, told.get("lease"))
    except (OSError, ContentError):
        return None


def _numbers(place: Path) -> list[int]:
    names = (NAME.fullmatch(path.name) for path in place.iterdir())
    return sorted(int(match[1]) for match in names if match)


def _path(place: Path, number: int) -> Path:
    return place / f"{number:06}.lease.json"


def _let_go(handle: int) -> None:
    with suppress(OSError):
        flock.let_go(handle)
