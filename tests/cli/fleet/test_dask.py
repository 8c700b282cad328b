"""A Dask cluster: who may be reached how, what is lost, and what its wire never carries."""

from __future__ import annotations

import base64
import json
import os
import pickle
import re
import shutil
import signal
import socket
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from distributed import Client

from hardenme.cli.fleet.cluster import DaskEngine, cluster_at
from hardenme.cli.fleet.local import LocalEngine, ShardEnd
from hardenme.fleet.plan import FleetPlan, written
from hardenme.fleet.storage import FolderStorage
from hardenme.ground.errors import UsageError
from hardenme.model.report import Report
from hardenme.sandbox.github.server import github_sandbox
from hardenme.sandbox.http import Reply, Request
from tests.canary_forms import WORD, seen
from tests.cli.fleet.clusters import RunningCluster, authority, running_cluster
from tests.cli.fleet.conftest import BOTH, Fleet
from tests.fleet.reading import ReadFleet, read_from, report_of, world_of
from tests.fleet.test_merging import login_of, said
from tests.worlds.organizations import base

pytestmark = [
    pytest.mark.second_tier("starts a Dask cluster"),
    pytest.mark.xdist_group("engines"),
    pytest.mark.skipif(os.name == "nt", reason="kills processes"),
]
LOGINS = ("grove-ash", "grove-beech")
LARGER = LOGINS[1]
"""What shard 0 reads: it has more repositories."""
NONE = ("", "", "")


@pytest.mark.parametrize("host", ["10.0.0.7", "dask.example.test", "127.0.0.1.example.test"])
def test_without_tls_only_this_machine_is_reached(host: str) -> None:
    with pytest.raises(UsageError, match="over TLS only"):
        cluster_at(f"tcp://{host}:8786", *NONE)


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "localhost"])
def test_without_tls_this_machine_is_reached(host: str) -> None:
    assert cluster_at(f"tcp://{host}:8786", *NONE).address == f"tcp://{host}:8786"


@pytest.mark.parametrize("address", ["", "host:8786", "ws://127.0.0.1:1", "tls://a@b:1", "tls://h"])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(UsageError, match="--scheduler, like tls://"):
        cluster_at(address, *NONE)


def test_tls_takes_files_that_fit(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="takes --tls-ca"):
        cluster_at("tls://127.0.0.1:8786", *NONE)
    with pytest.raises(UsageError, match="cannot be used"):
        cluster_at("tls://127.0.0.1:8786", *(str(tmp_path / "gone"),) * 3)


def test_an_authority_of_another_cluster_is_refused(tmp_path: Path) -> None:
    own, other = (authority(tmp_path / name, name) for name in ("own", "other"))
    with running_cluster(tmp_path / "cluster", 0, own) as running:
        engine = DaskEngine((), cluster_at(running.address, *other.files), print)
        with pytest.raises(UsageError, match="does not accept the other's certificate") as told:
            list(engine.start("plan.json", [0], "out"))
        assert told.value.exit_code == 3


def test_a_cluster_without_workers_ends_the_run(tmp_path: Path) -> None:
    with running_cluster(tmp_path / "cluster", 0, authority(tmp_path / "own", "own")) as running:
        engine = DaskEngine((), running.cluster, print, patience=2)
        with pytest.raises(UsageError, match="had no workers for 2 s"):
            list(engine.start("plan.json", [0], "out"))


def test_a_worker_that_cannot_read_the_plan_says_so(tmp_path: Path) -> None:
    with running_cluster(tmp_path / "cluster", 1, authority(tmp_path / "own", "own")) as running:
        engine = DaskEngine((), running.cluster, print)
        with pytest.raises(UsageError, match="a worker cannot read the plan"):
            list(engine.start(str(tmp_path / "gone.json"), [0], str(tmp_path / "out")))


def engine_at(running: RunningCluster, *words: str) -> DaskEngine:
    return DaskEngine((*words, "--no-cache", "--no-config"), running.cluster, print)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in list(os.environ):
        if name.startswith(("HARDENME_", "GITHUB_", "XDG_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


def planned(plan: FleetPlan, folder: Path) -> str:
    file = folder / "plan.json"
    file.write_text(written(plan))
    return str(file)


def test_a_worker_that_is_lost_is_replaced(home: Path) -> None:
    token = home / "token"
    token.write_text(base.WEAK_CLASSIC)
    token.chmod(0o600)
    with (
        github_sandbox(world_of(LOGINS)) as server,
        running_cluster(home / "cluster", 2, authority(home / "own", "own")) as running,
    ):
        read = read_from(server, home)
        plan, killed = read.plan(2), threading.Event()

        def kill(_: Request, reply: Reply) -> Reply:
            if not killed.is_set():
                killed.set()
                os.kill(running.workers[0].pid, signal.SIGKILL)
            return reply

        server.fault("/orgs/.*", edit=kill)
        where = ("--github-url", server.url, "--token-file", f"github:{token}")
        ends = dict(
            engine_at(running, *where).start(planned(plan, home), [0, 1], str(home / "out"))
        )
        assert killed.is_set()
        assert ends == {0: ShardEnd.ENDED, 1: ShardEnd.ENDED}
        assert said(report_of(plan, FolderStorage(home / "out"))) == said(read.whole)


@pytest.fixture
def asking(home: Path) -> tuple[str, ...]:
    """The arguments by which a process finds its token."""
    token = home / "token"
    token.write_text(base.WEAK_CLASSIC)
    token.chmod(0o600)
    return ("--token-file", f"github:{token}")


def parent_of(process: int) -> int:
    """What started it: the worker."""
    return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])


def test_a_task_that_runs_twice_counts_once(home: Path, asking: tuple[str, ...]) -> None:
    """The worker is lost and its process reads on, while Dask has another one read the same."""
    begun, go = threading.Event(), threading.Event()

    def stall(_: Request, reply: Reply) -> Reply:
        begun.set()
        assert go.wait(120)
        return reply

    with (
        github_sandbox(world_of(LOGINS)) as server,
        running_cluster(home / "cluster", 2, authority(home / "own", "own")) as running,
    ):
        read = read_from(server, home)
        plan = read.plan(2)
        file, where = planned(plan, home), ("--github-url", server.url, *asking)

        def asked(start: int) -> Counter[str]:
            return Counter(one.path for one in server.requests[start:] if LARGER in one.path)

        start = len(server.requests)
        words = (*where, "--no-cache", "--no-config")
        assert dict(LocalEngine(words, 1).start(file, [0], str(home / "before")))
        once, start = asked(start), len(server.requests)
        server.fault(f"/orgs/{LARGER}", edit=stall, times=1)
        ends: dict[int, ShardEnd] = {}
        started = engine_at(running, *where).start(file, [0, 1], str(home / "out"))
        thread = threading.Thread(target=lambda: ends.update(started))
        thread.start()
        assert begun.wait(120)
        (first,) = reading(file, 0)
        os.kill(parent_of(first), signal.SIGKILL)
        end = time.monotonic() + 120
        while len(reading(file, 0)) < 2 and time.monotonic() < end:
            time.sleep(0.1)
        assert len(reading(file, 0)) == 2, "both read the same shard"
        go.set()
        thread.join(300)
        assert ends == {0: ShardEnd.ENDED, 1: ShardEnd.ENDED}
        assert asked(start) == once, "the second one waits, and finds a receipt"
        assert len(list((home / "out").rglob("*.receipt.json"))) == len(LOGINS)
        assert said(report_of(plan, FolderStorage(home / "out"))) == said(read.whole)


def test_a_shard_that_ends_each_worker_is_unknown_and_the_others_are_read(
    home: Path, asking: tuple[str, ...]
) -> None:
    """As one does that takes all memory of a machine: its worker ends with the process."""
    told: list[str] = []
    killed: set[int] = set()
    with (
        github_sandbox(world_of(LOGINS)) as server,
        running_cluster(home / "cluster", 2, authority(home / "own", "own")) as running,
    ):
        read = read_from(server, home)
        plan = read.plan(2)
        file = planned(plan, home)

        def kill(_: Request, reply: Reply) -> Reply:
            for process in {*reading(file, 0)} - killed:
                worker = parent_of(process)
                killed.update({process, worker})
                os.kill(worker, signal.SIGKILL)
                os.kill(process, signal.SIGKILL)
                running.add_worker()
            return reply

        server.fault(f"/orgs/{LARGER}", edit=kill)
        where = ("--github-url", server.url, *asking, "--no-cache", "--no-config")
        engine = DaskEngine(where, running.cluster, told.append)
        ends = dict(engine.start(file, [0, 1], str(home / "out")))
        assert ends == {0: ShardEnd.LOST, 1: ShardEnd.ENDED}
        assert told == ["each worker that read shard 0 was lost: no other one tries it"]
        assert len(killed) == 2 * 3, "three workers, each with its process"
        demand_unknown(report_of(plan, FolderStorage(home / "out")), read, LARGER)


def demand_unknown(report: Report, read: ReadFleet, login: str) -> None:
    """Nothing of an organization is known, with the reason, and all of the others is."""
    assert report.partial == "1 of 2 organizations were looked at as a whole"
    reasons = [one for one in report.warnings if one.startswith(f"{login} was not looked at")]
    assert reasons == [
        f"{login} was not looked at at all: shard 0 has no receipt of it; run it again"
    ]
    lost = [one for one in report.findings if login_of(one) == login]
    assert lost
    assert {one.result for one in lost} <= {"unknown", "manual"}
    kept = {(one.code, one.result) for one in report.findings if login_of(one) != login}
    assert kept == {(one.code, one.result) for one in read.whole.findings if login_of(one) != login}


def test_a_worker_in_another_folder_finds_the_files_of_the_arguments(
    fleet: Fleet, key: Path, home: Path
) -> None:
    fleet.plan(*BOTH)
    folder = fleet.accounts.command.folder
    shutil.copy(key, folder / "app.pem")
    asking = [word if word != str(key) else "app.pem" for word in fleet.asking]
    assert "app.pem" in asking
    where = ("--plan", "plan.json", "--out", "out", *asking, "--no-config")
    tls = authority(home / "own", "own")
    for path in tls.files:
        shutil.copy(path, folder)
    with running_cluster(home / "cluster", 1, tls) as running:
        assert running.folder != folder
        words = [word if word not in tls.files else Path(word).name for word in running.options]
        ran = fleet("run", *where, *words)
    assert ran.code == 0, ran.err
    assert "2 of 2 organizations were read as a whole" in ran.err
    assert not json.loads(fleet.merge("-f", "json").out)["partial"]


def test_a_run_that_is_stopped_ends_its_processes(home: Path) -> None:
    token = home / "token"
    token.write_text(base.WEAK_CLASSIC)
    token.chmod(0o600)
    begun = threading.Event()

    def stall(_: Request, reply: Reply) -> Reply:
        begun.set()
        time.sleep(5)
        return reply

    with (
        github_sandbox(world_of(LOGINS)) as server,
        running_cluster(home / "cluster", 1, authority(home / "own", "own")) as running,
    ):
        plan = read_from(server, home).plan(2)
        file = planned(plan, home)
        fault = server.fault(f"/orgs/{LOGINS[1]}.*", edit=stall)
        where = ("--github-url", server.url, "--token-file", f"github:{token}")
        started = engine_at(running, *where).start(file, [0, 1], str(home / "out"))
        first, ending = next(started)
        assert (first, ending) == (0, ShardEnd.ENDED)
        assert begun.wait(60)
        started.close()  # type: ignore[attr-defined]  # a generator, which Ctrl-C closes so, too
        end = time.monotonic() + 30
        while reading(file) and time.monotonic() < end:
            time.sleep(0.1)
        assert not reading(file)
        assert fault.seen
        assert len(list((home / "out").rglob("*.receipt.json"))) == 1, "what was read stays"


def reading(plan: str, index: int | None = None) -> list[int]:
    """The processes that read a plan, or one shard of it."""
    wanted = os.fsencode(plan)
    if index is not None:
        wanted += b"\0--index\0%d\0" % index
    found = []
    for line in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            if wanted in line.read_bytes():
                found.append(int(line.parent.name))
    return found


@contextmanager
def recording(address: str, wire: list[bytes]) -> Iterator[str]:
    """A proxy of a scheduler, which keeps each byte that passes."""
    host, _, port = address.removeprefix("tcp://").rpartition(":")
    server = socket.create_server(("127.0.0.1", 0))
    pumps: list[threading.Thread] = []

    def pump(one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while data := one.recv(65536):
                wire.append(data)
                other.sendall(data)
        for end in (one, other):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        one.close()

    def accept() -> None:
        with suppress(OSError):
            while True:
                one, _ = server.accept()
                try:
                    other = socket.create_connection((host, int(port)))
                except OSError:
                    # The scheduler has ended, and a worker looks for it.
                    one.close()
                    continue
                for pair in ((one, other), (other, one)):
                    pumps.append(threading.Thread(target=pump, args=pair))
                    pumps[-1].start()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield f"tcp://127.0.0.1:{server.getsockname()[1]}"
    finally:
        with suppress(OSError):
            server.shutdown(socket.SHUT_RDWR)
        server.close()
        thread.join(30)
        for one in pumps:
            one.join(30)


def state_of(dask_scheduler: Any) -> str:
    """What the scheduler holds, as text; it is run there."""
    tasks = [
        f"{key} {pickle.dumps(task.run_spec)!r} {task.annotations!r}"
        for key, task in dask_scheduler.tasks.items()
    ]
    return f"{vars(dask_scheduler)!r} {tasks!r} {dask_scheduler.get_events()!r}"


PAGES = ("json/counts.json", "info/main/logs.html", "metrics")


def test_no_token_is_in_any_message_task_log_or_page(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = base.WEAK_CLASSIC
    assert WORD in token.encode()
    # The worker has the token in its environment, and so has the process that starts the run.
    monkeypatch.setenv("HARDENME_GITHUB_TOKEN", token)
    wire: list[bytes] = []
    with (
        github_sandbox(world_of(LOGINS)) as server,
        ExitStack() as proxies,
        running_cluster(home / "cluster", 0, None, pages=True) as running,
    ):
        read = read_from(server, home)
        plan = read.plan(2)
        direct = running.address
        running.address = proxies.enter_context(recording(direct, wire))
        running.add_worker()
        started = engine_at(running, "--github-url", server.url).start(
            planned(plan, home), [0, 1], str(home / "out")
        )
        shown = []
        for _index, ending in started:
            assert ending is ShardEnd.ENDED
            with Client(direct, set_as_default=False) as client:
                shown.append(client.run_on_scheduler(state_of))
                shown.append(repr(client.scheduler_info(n_workers=-1)))
            for page in PAGES:
                with urllib.request.urlopen(f"{running.dashboard}/{page}") as reply:  # noqa: S310 (loopback)
                    shown.append(reply.read().decode())
        logs = running.logs()
        assert said(report_of(plan, FolderStorage(home / "out"))) == said(read.whole)
    sent = b"".join(wire)
    assert b"shard_task" in sent, "the task passed the proxy"
    coded = base64.b64encode(token.encode())[4:-4]
    for text in (sent, logs.encode(), *(one.encode() for one in shown)):
        assert token.encode() not in text
        assert coded not in text
        assert not re.search(WORD, text)
    for path in (home / "plan.json", *(one for one in (home / "out").rglob("*") if one.is_file())):
        assert not seen(path.read_bytes()), path
