"""Each engine that starts shards here: real processes that are killed, doubled, dropped, poisoned.

Whatever an engine says and whatever becomes of its processes, receipts alone decide what is known.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

import pytest

from hardenme.cli.fleet.cluster import DaskEngine
from hardenme.cli.fleet.local import Engine, LocalEngine, ShardEnd
from hardenme.engine.settle import exit_code
from hardenme.fleet.plan import FleetPlan, written
from hardenme.fleet.storage import FolderStorage
from hardenme.ground.exit_code import Exit
from hardenme.model.report import Report
from hardenme.sandbox.github.server import GitHubServer, github_sandbox
from hardenme.sandbox.http import Reply, Request
from tests.canary_forms import seen
from tests.cli.fleet.clusters import authority, running_cluster
from tests.fleet.reading import ReadFleet, read_from, report_of, world_of
from tests.fleet.test_merging import login_of, said
from tests.worlds.organizations import base

pytestmark = [
    pytest.mark.second_tier("starts and kills processes"),
    pytest.mark.xdist_group("engines"),
    pytest.mark.sampled(10),
    pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="/proc shows processes"),
]
LOGINS = ("grove-ash", "grove-beech")
MakeEngine = Callable[[tuple[str, ...], int], Engine]
ENGINES = ("local", "dask")
"""Those that can run here, by name."""


@dataclass(slots=True)
class Running:
    """Two small organizations at one server, and an engine that reads each by a process.

    Attributes:
        server: where they are.
        read: what one run learned of both.
        plan: the plan, with a shard for each.
        folder: for the plan and the results.
        token: the file with the token of each process.
        make: makes the engine.
    """

    server: GitHubServer
    read: ReadFleet
    plan: FleetPlan
    folder: Path
    token: Path
    make: MakeEngine

    @property
    def out(self) -> Path:
        """The results."""
        return self.folder / "out"

    def engine(self) -> Engine:
        """The engine, with what its processes need besides the plan."""
        where = ("--github-url", self.server.url, "--token-file", f"github:{self.token}")
        return self.make((*where, "--no-cache", "--no-config"), 2)

    def start(self) -> dict[int, ShardEnd]:
        """Have all shards read to their end."""
        file = self.folder / "plan.json"
        file.write_text(written(self.plan))
        shards = range(len(self.plan.shards))
        return dict(self.engine().start(str(file), shards, str(self.out)))

    def report(self) -> Report:
        """What is merged."""
        return report_of(self.plan, FolderStorage(self.out))

    def files(self, index: int, end: str) -> list[Path]:
        """The files of a shard's organization."""
        (number,) = self.plan.shards[index]
        return sorted(self.out.rglob(f"{number}/*{end}"))

    def on_requests(self, index: int, then: Callable[[int], object]) -> None:
        """Call something with the number of each request about a shard's organization."""
        (number,) = self.plan.shards[index]
        counted: list[Request] = []

        def edit(request: Request, reply: Reply) -> Reply:
            counted.append(request)
            then(len(counted))
            return reply

        self.server.fault(rf"/orgs/{self.plan.owner(number).login}", edit=edit)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[GitHubServer, ReadFleet]]:
    with github_sandbox(world_of(LOGINS)) as server:
        yield server, read_from(server, tmp_path_factory.mktemp("engines"))


@pytest.fixture(params=ENGINES)
def running(
    served: tuple[GitHubServer, ReadFleet],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> Iterator[Running]:
    server, read = served
    for name in list(os.environ):
        if name.startswith(("HARDENME_", "GITHUB_", "XDG_")):
            monkeypatch.delenv(name)
    folder, token = tmp_path / "home", tmp_path / "token"
    folder.mkdir()
    monkeypatch.setenv("HOME", str(folder))
    token.write_text(base.WEAK_CLASSIC)
    token.chmod(0o600)
    with ExitStack() as kept:
        make: MakeEngine = LocalEngine
        if request.param == "dask":
            tls = authority(tmp_path / "tls", "own")
            cluster = kept.enter_context(running_cluster(tmp_path / "cluster", 2, tls))

            def make(words: tuple[str, ...], _: int) -> Engine:
                return DaskEngine(words, cluster.cluster, print)

        # Two lanes, as of two apps: an organization is a shard.
        yield Running(server, read, read.plan(2), folder, token, make)
    server.faults.clear()


def test_undisturbed_it_reads_what_one_run_reads(running: Running) -> None:
    assert running.start() == {0: ShardEnd.ENDED, 1: ShardEnd.ENDED}
    report = running.report()
    assert said(report) == said(running.read.whole)
    for path in (path for path in running.folder.rglob("*") if path.is_file()):
        assert not seen(path.read_bytes()), path
    asked = len(running.server.requests)
    assert running.start() == {0: ShardEnd.ENDED, 1: ShardEnd.ENDED}
    assert len(running.server.requests) == asked, "the same index again reads nothing"


def kill(running: Running, index: int) -> list[int]:
    """Kill the process that reads a shard, as a machine does that is out of memory."""
    killed: list[int] = []
    wanted = b"\0".join((b"--plan", bytes(running.folder / "plan.json"), b"--index", b"%d" % index))
    for line in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            if wanted in line.read_bytes():
                os.kill(int(line.parent.name), signal.SIGKILL)
                killed.append(int(line.parent.name))
    return killed


def test_a_process_that_is_killed_is_started_again(running: Running) -> None:
    running.on_requests(0, lambda count: kill(running, 0) if count == 1 else None)
    assert running.start() == {0: ShardEnd.ENDED, 1: ShardEnd.ENDED}
    assert said(running.report()) == said(running.read.whole)


def test_a_process_that_is_always_killed_leaves_its_shard_unknown(running: Running) -> None:
    running.on_requests(0, lambda _: kill(running, 0))
    assert running.start() == {0: ShardEnd.LOST, 1: ShardEnd.ENDED}
    assert not running.files(0, ".receipt.json")
    demand_unknown(running, 0)


def demand_unknown(running: Running, index: int) -> None:
    """Nothing of a shard is known, and all of the other is."""
    report, whole = running.report(), running.read.whole
    assert report.partial == "1 of 2 organizations were looked at as a whole"
    assert exit_code(report) in {Exit.UNKNOWN, Exit.FINDINGS}
    (number,) = running.plan.shards[index]
    login = running.plan.owner(number).login
    lost = [one for one in report.findings if login_of(one) == login]
    assert lost
    assert {one.result for one in lost} <= {"unknown", "manual"}
    kept = [(one.code, one.result) for one in report.findings if login_of(one) != login]
    assert kept == [(one.code, one.result) for one in whole.findings if login_of(one) != login]


KILLS = 20
"""Killed processes, of which each is somewhere between its first request and its end."""


def test_after_twenty_kills_the_report_is_that_of_an_undisturbed_run(running: Running) -> None:
    """The kills come after a random time, so some of them fall between facts and receipts."""
    random = Random(20)  # noqa: S311 (no secret)
    killed: list[int] = []
    timers: list[threading.Timer] = []

    def sometimes(index: int) -> None:
        if len(killed) < KILLS:
            wait = random.uniform(0, 0.15)
            timers.append(threading.Timer(wait, lambda: killed.extend(kill(running, index))))
            timers[-1].start()

    for index in (0, 1):
        running.on_requests(index, lambda _, index=index: sometimes(index))
    for _ in range(KILLS):
        running.start()
        if len(killed) >= KILLS:
            break
        for path in running.out.rglob("*.receipt.json"):
            path.unlink()
    for timer in timers:
        timer.join()
    assert len(killed) >= KILLS
    assert running.start() == {0: ShardEnd.ENDED, 1: ShardEnd.ENDED}
    assert said(running.report()) == said(running.read.whole)


def test_one_index_twice_at_once_counts_once(running: Running) -> None:
    ended: list[dict[int, ShardEnd]] = []
    twice = [threading.Thread(target=lambda: ended.append(running.start())) for _ in range(2)]
    for thread in twice:
        thread.start()
    for thread in twice:
        thread.join()
    assert [set(one.values()) for one in ended] == [{ShardEnd.ENDED}] * 2
    assert [len(running.files(index, ".receipt.json")) for index in (0, 1)] == [1, 1]
    assert said(running.report()) == said(running.read.whole)


def test_what_is_dropped_or_poisoned_is_unknown(running: Running) -> None:
    running.start()
    (facts,) = running.files(0, ".gz")
    (other,) = running.files(1, ".gz")
    own = facts.read_bytes()
    facts.write_bytes(other.read_bytes())
    demand_unknown(running, 0)
    facts.write_bytes(own)
    assert not running.report().partial
    running.files(0, ".receipt.json")[0].unlink()
    demand_unknown(running, 0)


def test_a_plan_that_was_changed_starts_nothing(running: Running) -> None:
    asked = len(running.server.requests)
    file = running.folder / "plan.json"
    file.write_text(written(running.plan).replace(LOGINS[0], "grove-elm"))
    ends = dict(running.engine().start(str(file), [0], str(running.out)))
    assert ends == {0: ShardEnd.FAILED}
    other = replace(running.plan, host="https://github.example.test")
    file.write_text(written(other))
    assert dict(running.engine().start(str(file), [0], str(running.out))) == {0: ShardEnd.FAILED}
    assert len(running.server.requests) == asked
