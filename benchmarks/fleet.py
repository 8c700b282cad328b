"""What a fleet costs beside the same organizations one at a time: requests, time and memory.

    python -m benchmarks.fleet [--organizations N] [--repositories N] [--processes N] [--latency MS]

An app is installed on each organization of a loopback server. `fleet plan`, `fleet run` and `fleet
merge` are run with each engine: several processes of this machine, and as many workers of a Dask
cluster, of its own programs over TLS. Then `check` reads one organization after the other. All ask
by 8 threads and without a rate budget. The merged reports must be that of the single ones.

The memory is that of the largest process. What workers of a cluster take of a processor is not
counted. `--engine NAME` leaves the other one out.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.serving import Ran, ran, served
from hardenme.sandbox.github.server import github_sandbox
from hardenme.sandbox.github.state.connected import Installation
from hardenme.sandbox.github.world import App, Organization, World
from tests.cli.fleet.clusters import authority, running_cluster
from tests.credentials.app_keys import key_file, pem, public, rsa_key
from tests.worlds.organizations import base

APP = 5301
HELD = dict.fromkeys(
    (
        *("actions", "administration", "contents", "members", "metadata", "secrets"),
        *("organization_administration", "organization_hooks", "organization_secrets"),
        *("repository_hooks", "vulnerability_alerts", "environments"),
    ),
    "read",
)


COMMAND = str(Path(sys.executable).with_name("hardenme"))
PROGRAM = frozenset({COMMAND, "hardenme"})
"""How our command is started, by a user and by itself."""


def world_of(organizations: int, repositories: int) -> World:
    """Organizations with one app, every second one careful."""
    now = datetime.now(UTC).replace(microsecond=0)
    world = base.weak(now)
    world.organizations.clear()
    world.repositories.clear()
    app = App(APP, "hardenme-audit", "thorn", public(rsa_key()))
    world.apps.append(app)
    for position in range(organizations):
        login, careful = f"grove-{position:04}", bool(position % 2)
        organization = Organization(
            login,
            10_001 + position,
            now - timedelta(days=1500),
            members={"thorn": base.OWNER, "nettle": base.MEMBER},
            plan="team",
        )
        organization.settings.two_factor_requirement_enabled = careful
        installed = Installation(50_001 + position, app, now, dict(HELD), "all")
        organization.connected.installations.append(installed)
        world.organizations.append(organization)
        world.repositories += [
            base.repository(
                login, f"leaf-{number:04}", position * 100_000 + number + 1, now, careful=careful
            )
            for number in range(repositories)
        ]
    return world


@contextmanager
def _watched(folder: str) -> Iterator[list[float]]:
    """The largest peak, in MiB, of our commands whose arguments name files in a folder.

    What the system counts of an ended child begins with the memory of the process that started it.
    """
    done, peaks = threading.Event(), [0.0]

    def look() -> None:
        while not done.wait(0.1):
            for process in Path("/proc").glob("[0-9]*"):
                with suppress(OSError):
                    words = (process / "cmdline").read_bytes().decode().split("\0")
                    if PROGRAM & set(words) and any(word.startswith(folder) for word in words):
                        peak = re.search(r"VmHWM:\s+(\d+)", (process / "status").read_text())
                        peaks[0] = max(peaks[0], int(peak[1]) / 1024 if peak else 0)

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield peaks
    finally:
        done.set()
        thread.join()


@dataclass(frozen=True, slots=True)
class Fleet:
    """The command as the app, against one server.

    Attributes:
        home: for files.
        asking: the options of what asks.
    """

    home: Path
    asking: tuple[str, ...]

    def __call__(self, *words: str) -> Ran:
        """Run it to its end."""
        environ = {"PATH": os.environ["PATH"], "HOME": str(self.home), "CI": "true"}
        with _watched(str(self.home)) as peaks:
            found = ran([COMMAND, *words], environ)
        return replace(found, memory=peaks[0])

    def at(self, name: str) -> str:
        """A file in the folder."""
        return str(self.home / name)


def _asking(home: Path, url: str) -> tuple[str, ...]:
    key = key_file(home, pem(rsa_key()))
    where = ("--github-url", url, "--app-id", str(APP), "--app-key", str(key))
    return (*where, "--no-cache", "--workers", "8", "--rate-budget", "off")


def _outcomes(path: str) -> dict[tuple[str, str], str]:
    report: Any = json.loads(Path(path).read_text())
    return {(one["code"], one["subject"]): one["outcome"] for one in report["findings"]}


def _line(name: str, parts: Sequence[Ran], requests: int | None = None) -> str:
    wall, cpu = sum(one.wall for one in parts), sum(one.cpu for one in parts)
    asked = "" if requests is None else f"{requests} requests"
    memory = max(one.memory for one in parts)
    return f"{name:>12} {asked:>16} {wall:>7.1f} s {cpu:>7.1f} s CPU {memory:>5.0f} MiB"


@dataclass(frozen=True, slots=True)
class Measured:
    """A fleet that was read by one engine.

    Attributes:
        requests: how many were sent.
        found: the outcomes of the merged report.
    """

    requests: int
    found: dict[tuple[str, str], str]


def _read(world: World, processes: int, latency: float, engine: str) -> Measured:
    """Plan, read and merge with an engine, and print what each took."""
    with tempfile.TemporaryDirectory() as name, ExitStack() as kept:
        home = Path(name)
        url, counted = kept.enter_context(_served(world, latency))
        fleet = Fleet(home, _asking(home, url))
        chosen: tuple[str, ...] = ("--processes", str(processes))
        if engine == "dask":
            tls = authority(home / "tls", "benchmark")
            cluster = kept.enter_context(running_cluster(home / "cluster", processes, tls))
            chosen = cluster.options
        plan, out, merged = fleet.at("plan.json"), fleet.at("out"), fleet.at("merged.json")
        planned = fleet("fleet", "plan", "--all-organizations", *fleet.asking, "-o", plan)
        read = fleet("fleet", "run", "--plan", plan, "--out", out, *fleet.asking, *chosen)
        places = ("--plan", plan, "--in", out, "--profile", "org")
        judged = fleet("fleet", "merge", *places, "-f", "json", "-o", merged)
        found = _outcomes(merged)
    print(_line(f"{engine} plan", [planned]))
    print(_line(f"{engine} run", [read]))
    print(_line(f"{engine} merge", [judged]))
    print(_line(engine, [planned, read, judged], counted.total()), flush=True)
    return Measured(counted.total(), found)


def _served(world: World, latency: float) -> AbstractContextManager[tuple[str, Counter[str]]]:
    return served(lambda: github_sandbox(world, latency=latency), lambda item: item.method)


def _one_by_one(world: World, latency: float) -> Measured:
    """Check one organization after the other, and print what that took."""
    found: dict[tuple[str, str], str] = {}
    singles = []
    with tempfile.TemporaryDirectory() as name, _served(world, latency) as (url, counted):
        home = Path(name)
        fleet = Fleet(home, _asking(home, url))
        for organization in world.organizations:
            words = ("check", f"github:{organization.login}", "--no-local", "--profile", "org")
            report = ("-f", "json", "-o", fleet.at("single.json"))
            singles.append(fleet(*words, *report, *fleet.asking))
            found |= _outcomes(fleet.at("single.json"))
    print(_line("one by one", singles, counted.total()), flush=True)
    return Measured(counted.total(), found)


ENGINES = ("local", "dask")


def main() -> int:
    """Measure and print; 1 where the reports differ."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--organizations", type=int, default=200)
    parser.add_argument("--repositories", type=int, default=50)
    parser.add_argument("--processes", type=int, default=4)
    parser.add_argument("--latency", type=float, default=50.0, metavar="MS")
    parser.add_argument("--engine", choices=ENGINES, action="append")
    options = parser.parse_args()
    world = world_of(options.organizations, options.repositories)
    latency, count = options.latency / 1000, options.processes
    print(f"{options.organizations} organizations of {options.repositories}, {count} processes")
    single = _one_by_one(world, latency)
    same = True
    for engine in options.engine or ENGINES:
        several = _read(world, count, latency, engine)
        equal = several.found == single.found
        same = same and equal
        share = several.requests / single.requests
        print(f"{engine}: {share:.3f} of the requests; {len(several.found)} findings; {equal=}")
    return int(not same)


if __name__ == "__main__":
    sys.exit(main())
