"""What a thousand cycles of one `hardenme watch --every` take, keep and hold open.

    python -m benchmarks.long_watch [--cycles N] [--repositories N]

The command stays in the foreground in a process of its own. Its clock and the server's go on by
five minutes from each cycle to the next, without waiting. In each cycle a tag moves or comes back.
In some of them a secret is replaced and code is pushed. Each cycle is measured from outside:
memory, open files and threads of the process, and the files in its home.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from statistics import mean
from types import SimpleNamespace
from typing import IO
from unittest import mock

from hardenme.sandbox.github.server import GitHubServer, github_sandbox
from hardenme.sandbox.github.world import World
from tests.moment import NOW
from tests.worlds.intrusion import THIEF, TOKEN, ordinary

FIVE = timedelta(minutes=5)
KEPT = 2
"""Pushes, commits and runs that the server keeps, so that it does not grow."""
SHOWN = (1, 2, 10, 50, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1000)
"""Cycles that have a line."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One cycle, seen from outside.

    Attributes:
        requests: how many were sent.
        spared: how many of them were answered with "not modified".
        alerts: changes that it showed.
        memory: MiB that the process holds.
        files: open ones of the process.
        threads: of the process.
        stored: files in its home.
        size: kB of these.
    """

    requests: int
    spared: int
    alerts: int
    memory: float
    files: int
    threads: int
    stored: int
    size: float


def watched(words: Sequence[str]) -> None:
    """Run the command; each pause waits for a line with the time that it is then."""
    from hardenme.__main__ import main  # noqa: PLC0415 (the process that is measured alone)
    from hardenme.cli.watch import repeating  # noqa: PLC0415
    from hardenme.ground import clock  # noqa: PLC0415

    moment = NOW

    def standing() -> datetime:
        return moment

    class Pause:
        """Ends at once, or ends the watch where no more cycle is asked for."""

        def wait(self, _seconds: float) -> None:
            nonlocal moment
            os.write(2, b"\n")
            line = sys.stdin.readline()
            if not line:
                raise KeyboardInterrupt
            moment = datetime.fromisoformat(line.strip())

    pauses = SimpleNamespace(Event=Pause)
    with (
        mock.patch.object(clock, "now", standing),
        mock.patch.object(repeating, "threading", pauses),
        mock.patch.object(sys, "argv", ["hardenme", *words]),
    ):
        main()


def change(world: World, number: int) -> None:
    """What is new in a cycle; the world does not grow by it."""
    one = world.repositories[0]
    one.moved_tags["v1.0.0"] = f"{number:040x}"
    one.tags[:] = ["v1.0.0"] if number % 3 else []
    if number % 5 == 0:
        one.push(world.now - timedelta(minutes=1), THIEF)
    if number % 7 == 0 and world.organizations[0].secrets:
        world.organizations[0].secrets[0].updated_at = world.now - timedelta(minutes=1)
    for some in (one.activity, one.commits, one.runs):
        del some[:-KEPT]


def process(pid: int) -> tuple[float, int, int]:
    """MiB, open files and threads of a process."""
    about = Path(f"/proc/{pid}")
    fields = dict(line.split(":", 1) for line in about.joinpath("status").read_text().splitlines())
    memory = int(fields["VmRSS"].split()[0]) / 1024
    return memory, len(list(about.joinpath("fd").iterdir())), int(fields["Threads"])


def stored(home: Path) -> tuple[int, float]:
    """How many files a home has, and their kB."""
    files = [path for path in home.rglob("*") if path.is_file()]
    return len(files), sum(path.stat().st_size for path in files) / 1000


def samples(cycles: int, repositories: int) -> Iterator[Sample]:
    """Each cycle of one process."""
    with (
        tempfile.TemporaryDirectory() as above,
        github_sandbox(ordinary(NOW, repositories=repositories)) as github,
    ):
        home, out = Path(above, "home"), Path(above, "cycle.json")
        home.mkdir()
        words = [sys.executable, "-m", "benchmarks.long_watch", "--watched", "watch"]
        words += ["github:cedar-labs", "--every", "5m", "--github-url", github.url]
        words += ["-f", "json", "-o", str(out)]
        environ = {"PATH": os.environ["PATH"], "HOME": str(home), "HARDENME_GITHUB_TOKEN": TOKEN}
        child = subprocess.Popen(  # noqa: S603 (our own command)
            words,
            env=environ,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        with child, _pipe(child.stdin) as clock, _pipe(child.stderr) as ends:
            for number in range(cycles):
                _ended(ends)
                yield _sample(out, child.pid, home)
                out.unlink()
                _go_on(github, number)
                with suppress(BrokenPipeError):
                    clock.write(f"{github.world.now.isoformat()}\n")
                    clock.flush()


def _pipe(pipe: IO[str] | None) -> IO[str]:
    """A stream of the process, which has one.

    Raises:
        SystemExit: it has none.
    """
    if pipe is None:
        raise SystemExit("the watch has no pipe")
    return pipe


def _ended(lines: IO[str]) -> None:
    """Wait for the end of a cycle: an empty line; what it says before that is an error of it.

    Raises:
        SystemExit: the command ended.
    """
    for line in lines:
        if line == "\n":
            return
        print(line, end="", file=sys.stderr)
    raise SystemExit("the watch ended")


def _sample(out: Path, pid: int, home: Path) -> Sample:
    document = json.loads(out.read_text())
    alerts = len(document["changes"]) + len(document["other"])
    return Sample(
        document["requests"], document["not_modified"], alerts, *process(pid), *stored(home)
    )


def _go_on(github: GitHubServer, number: int) -> None:
    """Five minutes later, and what is new then."""
    github.world.now += FIVE
    github.limits.used.clear()
    github.requests.clear()
    change(github.world, number)


def main() -> None:
    """Measure and print."""
    if sys.argv[1:2] == ["--watched"]:
        watched(sys.argv[2:])
        return
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--cycles", type=int, default=1000)
    parser.add_argument("--repositories", type=int, default=5)
    given = parser.parse_args()
    print(
        f"{'cycle':>6} {'requests':>9} {'not mod.':>9} {'shown':>6} {'memory':>10} {'open':>5}"
        f" {'threads':>8} {'files':>6} {'stored':>10}"
    )
    every: list[Sample] = []
    for number, one in enumerate(samples(given.cycles, given.repositories), 1):
        every.append(one)
        if number in SHOWN or number == given.cycles:
            print(
                f"{number:>6} {one.requests:>9} {one.spared:>9} {one.alerts:>6}"
                f" {one.memory:>6.1f} MiB {one.files:>5} {one.threads:>8} {one.stored:>6}"
                f" {one.size:>7.0f} kB",
                flush=True,
            )
    later = every[1:] or every
    print(
        f"{len(every)} cycles: {mean(one.requests for one in later):.1f} requests a cycle,"
        f' {mean(one.spared for one in later):.1f} of them "not modified";'
        f" {sum(one.alerts for one in every)} changes shown"
    )


if __name__ == "__main__":
    main()
