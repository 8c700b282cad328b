"""Leases: of two runs at once that share results, one reads a lane.

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

from hardenme.codec.text import line, parsed
from hardenme.codec.typed import Codec
from hardenme.codec.version import versioned
from hardenme.fleet.storage import Storage, StorageLock
from hardenme.ground import clock
from hardenme.ground.errors import ContentError, OutputError, StoredError

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


class LaneLeases:
    """The leases of all lanes of a fleet's results.

    Each lease is created once, under the next number. Its holder alone renews it, by a later end.
    Where there are locks, a process of the same machine also holds one, which the system frees when
    the process ends.

    Args:
        storage: that of the results.
        host: the name of this machine; empty to ask the system.
        sleep: how to pause.
    """

    def __init__(
        self, storage: Storage, host: str = "", sleep: Callable[[float], object] = time.sleep
    ) -> None:
        self._storage = storage
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
            StoredError: leases cannot be listed.
        """
        place = f"lanes/{hashlib.sha256(lane.encode()).hexdigest()[:16]}"
        with self._storage.lock(f"{place}/lock") as lock:
            found, other = self._taken(place, lock, patience)
            if other:
                yield other
                return
            with self._renewed(found):
                yield ""

    def _taken(self, place: str, lock: StorageLock, patience: float) -> tuple[str, str]:
        """The name of the lease that is taken, or who holds another."""
        left = patience
        while True:
            found, other = self._once(place, lock)
            if not other or left <= 0:
                return found, other
            pause = min(LOOK, left)
            self._sleep(pause)
            left -= pause

    def _once(self, place: str, lock: StorageLock) -> tuple[str, str]:
        numbers = self._numbers(place)
        last = numbers[-1] if numbers else 0
        newest = self._read(_name(place, last)) if last else None
        try:
            locked = lock.take()
        except BlockingIOError:
            return "", _holder(newest)
        ours = locked and newest is not None and newest.host == self._host
        if newest is not None and _lasts(newest) and not ours:
            lock.let_go()
            return "", _holder(newest)
        target = _name(place, last + 1)
        created = self._storage.create(target, _written(self._own()))
        if not created or self._numbers(place)[-1:] != [last + 1]:
            # Someone else took the number, or a later one since it was looked for.
            lock.let_go()
            return "", _holder(self._newest(place))
        for number in numbers:
            self._storage.remove(_name(place, number))
        return target, ""

    def _newest(self, place: str) -> Lease | None:
        numbers = self._numbers(place)
        return self._read(_name(place, numbers[-1])) if numbers else None

    def _numbers(self, place: str) -> list[int]:
        names = map(NAME.fullmatch, self._storage.names(place))
        return sorted(int(match[1]) for match in names if match)

    def _read(self, name: str) -> Lease | None:
        """The lease of a name; None if there is none that can be read, which holds nothing."""
        try:
            raw = self._storage.read(name, LARGEST)
            told = versioned(parsed(raw or b""), VERSION, HEAD)
            return FORM.read(Lease, told.get("lease"))
        except (StoredError, ContentError):
            return None

    def _own(self) -> Lease:
        return Lease(secrets.token_hex(8), self._host, os.getpid(), clock.now() + LENGTH)

    @contextmanager
    def _renewed(self, name: str) -> Iterator[None]:
        """Renew a lease while it is needed, and end it after that."""
        done = threading.Event()
        lease = self._read(name)

        def renew() -> None:
            while not done.wait(RENEWAL):
                self._write(name, lease, clock.now() + LENGTH)

        thread = threading.Thread(target=renew, daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()
            self._write(name, lease, clock.now())

    def _write(self, name: str, lease: Lease | None, end: datetime) -> None:
        """Give a lease another end, if it is still there."""
        if lease is None:
            return
        with suppress(OutputError, StoredError):
            # Without it the lease ends by itself, and a lane may then be read twice.
            self._storage.replace(name, _written(replace(lease, end=end)))


def _lasts(lease: Lease) -> bool:
    now = clock.now()
    return now < lease.end <= now + BELIEVED


def _holder(lease: Lease | None) -> str:
    if lease is None:
        return "another process"
    return f"process {lease.process} on {lease.host:.60} (lease until {lease.end:%H:%M} UTC)"


def _written(lease: Lease) -> bytes:
    return (line({HEAD: VERSION, "lease": FORM.write(lease)}) + "\n").encode("ascii")


def _name(place: str, number: int) -> str:
    return f"{place}/{number:06}.lease.json"
