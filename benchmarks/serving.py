"""A server in a process of its own, and our command in another, measured from outside."""

from __future__ import annotations

import json
import os
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, TypeVar

from hardenme.sandbox.http import LoopbackServer, Request

ServerT = TypeVar("ServerT", bound=LoopbackServer)


@contextmanager
def served(
    server: Callable[[], ServerT],
    shape: Callable[[Request], str],
    also: Callable[[ServerT], Mapping[str, int]] = lambda _: {},
) -> Iterator[tuple[str, Counter[str]]]:
    """The server's address, and what it was asked once it is over.

    It has a process of its own, so that it shares no interpreter lock with whoever asks.

    Args:
        server: makes it, in that process.
        shape: by which name a request is counted.
        also: what else it counts, asked once it is over.
    """
    reader, writer = os.pipe()
    ready, tell = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(writer)
        os.close(ready)
        with server() as running:
            os.write(tell, f"{running.url}\n".encode())
            os.read(reader, 1)
            counted = Counter(shape(item) for item in running.requests)
            counted.update(also(running))
            with os.fdopen(tell, "w") as out:
                json.dump(counted, out)
        os._exit(0)
    os.close(reader)
    os.close(tell)
    counts: Counter[str] = Counter()
    with os.fdopen(ready) as told:
        try:
            yield told.readline().strip(), counts
        finally:
            os.close(writer)
            counts.update(json.loads(told.read()))
            os.waitpid(child, 0)


@dataclass(frozen=True, slots=True)
class Ran:
    """The command, once.

    Attributes:
        code: its exit code.
        text: what it printed.
        wall: seconds.
        memory: MiB at the peak.
        cpu: seconds of a processor, which a busy machine does not lengthen as it does the wall.
    """

    code: int
    text: str
    wall: float
    memory: float
    cpu: float


def ran(
    words: Sequence[str],
    environ: Mapping[str, str],
    expected: frozenset[int] = frozenset({0, 1, 3}),
) -> Ran:
    """Run our command in a process of its own, with this environment and no other.

    Raises:
        SystemExit: it ended with another exit code than those that are expected.
    """
    begun = time.monotonic()
    child = subprocess.Popen(  # noqa: S603 (our own command, with an environment of its own)
        words, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    said: dict[str, str] = {}
    pipes = {"out": child.stdout, "err": child.stderr}

    def read(name: str, pipe: IO[str]) -> None:
        with pipe:
            said[name] = pipe.read()

    readers = [
        threading.Thread(target=read, args=(name, pipe)) for name, pipe in pipes.items() if pipe
    ]
    for reading in readers:
        reading.start()
    _pid, status, usage = os.wait4(child.pid, 0)
    wall = time.monotonic() - begun
    for reading in readers:
        reading.join()
    child.returncode = code = os.waitstatus_to_exitcode(status)
    if code not in expected:
        raise SystemExit(f"hardenme failed: {code}\n{said['err']}")
    return Ran(code, said["out"], wall, usage.ru_maxrss / 1024, usage.ru_utime + usage.ru_stime)
