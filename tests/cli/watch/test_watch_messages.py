"""Messages of `hardenme watch github:` by real sinks, and cycles that are killed or overlap."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from hardenme.ground.exit_code import Exit
from hardenme.sandbox.github.server import GitHubServer, github_sandbox
from hardenme.sandbox.http import LoopbackServer, Reply, Request
from hardenme.store.watch_memory import WatchMemoryFile
from tests.cli.command import STANDING, Command, Ran
from tests.delivery.receiving import Hook, Mailbox, hook, mailbox
from tests.moment import NOW, standing_at
from tests.posix import ON_POSIX
from tests.watch_plants import PLANTS
from tests.worlds.intrusion import TOKEN, ordinary

pytestmark = [
    pytest.mark.second_tier("several whole cycles each, some of them killed"),
    pytest.mark.sampled(6),
]
FIVE = timedelta(minutes=5)
PLANT = {plant.name: plant for plant in PLANTS}
KILL = getattr(signal, "SIGKILL", signal.SIGTERM)
IN_MID_WRITE = """import os, signal
from pathlib import Path
from hardenme.ground import files
def replace(self, target):
    if "watch" in Path(target).parts:
        os.kill(os.getpid(), signal.SIGKILL)
    return os.replace(self, target)
files.Path = type("Killing", (type(Path()),), {"replace": replace})
"""
"""Makes a process die when a watch's file is written and has not taken its name."""
FULL_DISK = """import resource
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
"""
"""Makes a process fail to write more than two kB, as where the disk is full."""


@dataclass
class Timer:
    """A timer that runs the watch, and sends to a web server and by mail."""

    command: Command
    github: GitHubServer
    web: Hook
    mail: Mailbox

    def __post_init__(self) -> None:
        self.sends_to(self.web.address(), self.mail.address)

    @property
    def beat(self) -> Path:
        return self.command.folder / "beat"

    @property
    def words(self) -> tuple[str, ...]:
        notify = str(self.command.home / "notify")
        options = ("--notify-file", notify, "--heartbeat", str(self.beat))
        return ("watch", "github:cedar-labs", "-q", "--github-url", self.github.url, *options)

    def sends_to(self, *addresses: str) -> None:
        file = self.command.home / "notify"
        file.write_text("".join(f"{address}\n" for address in addresses))
        file.chmod(0o600)

    def later(self, after: timedelta = FIVE) -> None:
        self.github.world.now += after
        self.command.now = self.github.world.now
        self.github.limits.used.clear()

    def cycle(self) -> Ran:
        self.later()
        return self.command(*self.words, HARDENME_GITHUB_TOKEN=TOKEN)

    def run(self, before: str) -> subprocess.CompletedProcess[bytes]:
        """One cycle, in a process that runs something else before it."""
        program = before + STANDING.format(self.command.now.isoformat())  # type: ignore[union-attr]
        return subprocess.run(  # noqa: S603 (our own script)
            [sys.executable, "-P", "-c", program, *self.words],
            env=self.command.variables({"HARDENME_GITHUB_TOKEN": TOKEN}),
            cwd=self.command.folder,
            capture_output=True,
            check=False,
        )

    def plant(self, *names: str) -> None:
        for name in names:
            PLANT[name].do(self.github.world, self.github.world.now + timedelta(minutes=1))

    def sent(self) -> list[str]:
        """The titles of what was sent since the last question; both sinks got the same."""
        found = [one["title"] for one in self.web.taken]
        assert [letter["subject"] for letter in self.mail.letters] == found
        self.web.server.requests.clear()
        self.mail.letters.clear()
        return found


@pytest.fixture
def timer(command: Command) -> Iterator[Timer]:
    command.now = NOW
    with (
        github_sandbox(ordinary(NOW, repositories=1)) as github,
        hook() as web,
        mailbox() as mail,
    ):
        yield Timer(command, github, web, mail)
        assert github.crashes == []


def test_what_looks_like_an_attack_is_sent_in_its_cycle_and_once(timer: Timer) -> None:
    timer.cycle()
    assert timer.sent() == []
    timer.plant("workflow added", "owner removed")
    assert timer.cycle().code == Exit.FINDINGS
    (body,) = [one["message"] for one in timer.web.taken]
    assert "format.yml" in body
    assert "alder is gone from cedar-labs" in body
    (title,) = timer.sent()
    assert title == (
        "hardenme watch: 1 change looks like an attack, and 2 changes to confirm"
        " (github:cedar-labs)"
    )
    for _ in range(2):
        timer.cycle()
    assert timer.sent() == []


def test_blind_cycles_send_one_alert_after_fifteen_minutes_and_no_heartbeat(timer: Timer) -> None:
    timer.cycle()
    assert timer.beat.exists()
    timer.beat.unlink()
    fault = timer.github.fault(".*", hang_up=True)
    sent = []
    for _ in range(5):
        assert timer.cycle().code == Exit.UNKNOWN
        sent.append(timer.sent())
    alert = ["hardenme watch: nothing can be read (github:cedar-labs)"]
    assert sent == [[], [], alert, [], []]
    assert not timer.beat.exists()
    timer.github.faults.remove(fault)
    timer.plant("deploy key")
    timer.cycle()
    assert timer.sent() == ["hardenme watch: 1 change to confirm (github:cedar-labs)"]
    assert timer.beat.exists()


def test_a_message_that_did_not_arrive_waits_for_the_next_cycle(timer: Timer) -> None:
    timer.cycle()
    timer.web.status = 500
    timer.mail.answer = "451 later"
    timer.plant("owner removed")
    ran = timer.cycle()
    assert ran.code == Exit.FINDINGS
    assert "1 message waits for the next run" in ran.err
    timer.web.server.requests.clear()
    timer.web.status, timer.mail.answer = 200, "250 taken"
    assert timer.cycle().code == Exit.UNKNOWN
    (title,) = timer.sent()
    assert "2 changes to confirm" in title


@ON_POSIX
def test_a_cycle_that_is_killed_in_mid_write_loses_nothing(timer: Timer) -> None:
    timer.cycle()
    folder = timer.command.home / ".local/state/hardenme/watch"
    (file,) = folder.iterdir()
    held = file.read_bytes()
    timer.plant("owner removed")
    timer.later()
    killed = timer.run(IN_MID_WRITE)
    assert killed.returncode == -KILL, killed.stderr
    assert file.read_bytes() == held
    assert len(timer.sent()) == 1
    # What was not kept is shown again, and then no more; the file that has no name goes in time.
    assert "alder is gone" in timer.cycle().out
    assert timer.cycle().out == ""
    (left,) = folder.glob(".*")
    os.utime(left, (0, 0))
    timer.cycle()
    assert [one.name for one in folder.iterdir()] == [file.name]


@ON_POSIX
def test_a_cycle_that_is_killed_while_it_sends_is_sent_by_the_next_one(timer: Timer) -> None:
    timer.cycle()
    timer.plant("owner removed")
    taken, answering = threading.Event(), threading.Event()

    def handle(_: Request) -> Reply:
        taken.set()
        answering.wait(60)
        return Reply(200, body=b"ok")

    with LoopbackServer(handle) as slow:
        timer.sends_to(f"json://127.0.0.1:{slow.url.rpartition(':')[2]}/hook")
        timer.later()
        ran = timer.command.interrupted(
            KILL, taken.is_set, *timer.words, HARDENME_GITHUB_TOKEN=TOKEN
        )
        answering.set()
    assert ran.code == -KILL
    timer.sends_to(timer.web.address(), timer.mail.address)
    assert "alder is gone" in timer.cycle().out
    assert any("2 changes to confirm" in title for title in timer.sent())


@ON_POSIX
def test_wherever_a_cycle_is_killed_the_next_one_shows_what_it_saw(timer: Timer) -> None:
    """At its first request, in the middle, and before its last ones."""
    timer.cycle()
    asked = len(timer.github.requests)
    folder = timer.command.home / ".local/state/hardenme/watch"
    (file,) = folder.iterdir()
    held = file.read_bytes()
    timer.plant("owner removed")
    for part in (1, asked // 2, asked - 4):
        timer.later()
        timer.github.requests.clear()
        ran = timer.command.interrupted(
            KILL,
            lambda least=part: len(timer.github.requests) >= least,  # type: ignore[misc]
            *timer.words,
            HARDENME_GITHUB_TOKEN=TOKEN,
        )
        assert ran.code == -KILL
        assert file.read_bytes() == held
    assert timer.sent() == []
    assert "alder is gone" in timer.cycle().out
    assert len(timer.sent()) == 1
    assert timer.cycle().out == ""


@ON_POSIX
def test_a_cycle_on_a_full_disk_is_shown_and_sent_and_keeps_what_was_there(timer: Timer) -> None:
    timer.cycle()
    (file,) = (timer.command.home / ".local/state/hardenme/watch").iterdir()
    held = file.read_bytes()
    timer.beat.unlink()
    timer.plant("owner removed")
    timer.later()
    full = timer.run(FULL_DISK)
    assert full.returncode == Exit.USAGE, full.stderr
    assert b"alder is gone" in full.stdout
    assert b"the next cycle shows the same again" in b" ".join(full.stderr.split())
    assert file.read_bytes() == held
    assert not timer.beat.exists()
    assert [one.name for one in file.parent.iterdir()] == [file.name]
    assert len(timer.sent()) == 1
    assert "alder is gone" in timer.cycle().out
    assert timer.cycle().out == ""
    assert timer.beat.exists()


@ON_POSIX
def test_a_second_cycle_at_the_same_time_does_nothing(timer: Timer) -> None:
    timer.cycle()
    timer.plant("owner removed")
    taken, answering = threading.Event(), threading.Event()

    def handle(_: Request) -> Reply:
        taken.set()
        answering.wait(60)
        return Reply(200, body=b"ok")

    with LoopbackServer(handle) as slow:
        timer.sends_to(f"json://127.0.0.1:{slow.url.rpartition(':')[2]}/hook")
        timer.later()
        first = timer.command.start(*timer.words, HARDENME_GITHUB_TOKEN=TOKEN)
        try:
            assert taken.wait(100)
            second = timer.command(*timer.words, HARDENME_GITHUB_TOKEN=TOKEN)
            answering.set()
            out, _err = first.communicate(timeout=100)
        finally:
            answering.set()
            first.kill()
            first.wait()
    assert (second.code, second.out) == (Exit.LOCKED, "")
    assert first.returncode == Exit.FINDINGS
    assert b"alder is gone" in out


def test_only_old_unfinished_files_are_removed(tmp_path: Path, timer: Timer) -> None:
    timer.cycle()
    (path,) = (timer.command.home / ".local/state/hardenme/watch").iterdir()
    file = WatchMemoryFile(tmp_path, path.stem)
    memory = WatchMemoryFile(path.parent.parent, path.stem).load()
    assert memory is not None
    file.keep(memory)
    young, old = file.path.with_name(".a.1"), file.path.with_name(".a.2")
    for one, age in ((young, timedelta(minutes=5)), (old, timedelta(days=2))):
        one.write_text("half")
        os.utime(one, ((NOW - age).timestamp(),) * 2)
    with standing_at(NOW):
        file.keep(memory)
    assert (young.exists(), old.exists()) == (True, False)
