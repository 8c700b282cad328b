"""The engine that is always there: shards are read by processes of this machine."""

from __future__ import annotations

import subprocess
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from hardenme.ground.exit_code import Exit

RETRIES = 2
"""How often a shard is started again whose process was lost."""
OF_NO_USE = frozenset({Exit.USAGE, Exit.NO_CREDENTIAL})
"""Exit codes after which trying again changes nothing."""
BREATH = 0.2
"""Seconds between two looks at whether a process has ended."""


class ShardEnd(StrEnum):
    """How a shard ended, as far as an engine knows. What was read, only receipts say."""

    ENDED = "ended"
    FAILED = "failed"
    LOST = "lost"


class Engine(Protocol):
    """Starts shards somewhere. It is given texts and numbers, and never a credential."""

    def start(self, plan: str, indexes: Sequence[int], out: str) -> Iterator[tuple[int, ShardEnd]]:
        """Start `hardenme fleet run --plan PLAN --index I --out OUT` for each index.

        Args:
            plan: where the plan is.
            indexes: of the shards.
            out: where the results go.
        """


@dataclass(slots=True)
class LocalEngine:
    """A pool of processes, each of which reads one shard.

    Attributes:
        arguments: further ones for each process.
        processes: how many there are at once.
    """

    arguments: tuple[str, ...]
    processes: int
    _running: dict[int, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, plan: str, indexes: Sequence[int], out: str) -> Iterator[tuple[int, ShardEnd]]:
        """Start each shard, and again if its process is lost."""
        waiting = deque((index, 0) for index in indexes)
        tries: dict[int, int] = {}
        try:
            while waiting or self._running:
                while waiting and len(self._running) < self.processes:
                    index, tries[index] = waiting.popleft()
                    self._running[index] = self._process(plan, index, out)
                for index, ending in self._ended():
                    if ending is ShardEnd.LOST and tries[index] < RETRIES:
                        waiting.append((index, tries[index] + 1))
                    else:
                        yield index, ending
        finally:
            self._stop()

    def _process(self, plan: str, index: int, out: str) -> subprocess.Popen[bytes]:
        return shard_process(plan, index, out, self.arguments)

    def _ended(self) -> list[tuple[int, ShardEnd]]:
        """Those that have ended since the last look; waits a moment for the first of them."""
        first = next(iter(self._running.values()))
        with suppress(subprocess.TimeoutExpired):
            first.wait(BREATH)
        codes = {index: process.poll() for index, process in self._running.items()}
        found = [(index, ending_of(code)) for index, code in codes.items() if code is not None]
        for index, _ in found:
            del self._running[index]
        return found

    def _stop(self) -> None:
        """End what still runs; what it has read so far keeps its receipts."""
        for process in self._running.values():
            process.terminate()
        for process in self._running.values():
            process.wait()
        self._running.clear()


def shard_process(
    plan: str, index: int, out: str, arguments: Sequence[str]
) -> subprocess.Popen[bytes]:
    """Start `hardenme fleet run` for one shard, with this environment and nothing to read."""
    command = (sys.executable, "-P", "-m", "hardenme", "fleet", "run")
    where = ("--plan", plan, "--index", str(index), "--out", out)
    return subprocess.Popen(  # noqa: S603 (this program itself)
        [*command, *where, *arguments], stdin=subprocess.DEVNULL
    )


def ending_of(code: int) -> ShardEnd:
    """What the exit code of a shard's process means."""
    if code in {Exit.CLEAN, Exit.UNKNOWN}:
        return ShardEnd.ENDED
    return ShardEnd.FAILED if code in OF_NO_USE else ShardEnd.LOST
