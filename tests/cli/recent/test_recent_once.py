"""`hardenme recent --once`: each change is shown and sent once; earlier ones are counted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from hardenme.ground.exit_code import Exit
from hardenme.sandbox.github.server import GitHubServer, github_sandbox
from tests.cli.command import Command, Ran
from tests.delivery.receiving import Hook, Mailbox, hook, mailbox
from tests.moment import NOW
from tests.printed import printed
from tests.watch_plants import PLANTS
from tests.worlds.intrusion import TOKEN, ordinary

pytestmark = [pytest.mark.second_tier("several whole runs each"), pytest.mark.sampled(8)]
PLANT = {plant.name: plant for plant in PLANTS}


@dataclass
class Timer:
    """A timer that runs `recent --once` and sends what is new to a web server and by mail."""

    command: Command
    github: GitHubServer
    web: Hook
    mail: Mailbox
    options: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        file = self.command.home / "notify"
        file.write_text(f"{self.web.address()}\n{self.mail.address}\n")
        file.chmod(0o600)
        self.options = ["--notify-file", str(file), "--heartbeat", str(self.beat)]

    @property
    def beat(self) -> Path:
        return self.command.folder / "beat"

    def later(self, after: timedelta = timedelta(hours=1)) -> None:
        self.github.world.now += after
        self.command.now = self.github.world.now
        self.github.limits.used.clear()

    def run(self, *more: str) -> Ran:
        words = ("recent", "github:cedar-labs", "--once", "--github-url", self.github.url)
        return self.command(*words, *self.options, *more, HARDENME_GITHUB_TOKEN=TOKEN)

    @property
    def titles(self) -> list[str]:
        """Of what was sent since the last question; both were sent the same."""
        sent = [one["title"] for one in self.web.taken]
        assert [letter["subject"] for letter in self.mail.letters] == sent
        self.web.server.requests.clear()
        self.mail.letters.clear()
        return sent


@pytest.fixture
def timer(command: Command) -> Iterator[Timer]:
    command.now = NOW
    with (
        github_sandbox(ordinary(NOW, repositories=2)) as github,
        hook() as web,
        mailbox() as mail,
    ):
        yield Timer(command, github, web, mail)
        assert github.crashes == []


def plant(timer: Timer, *names: str) -> None:
    for name in names:
        PLANT[name].do(timer.github.world, timer.github.world.now - timedelta(minutes=1))


def test_each_change_is_shown_and_sent_once(timer: Timer) -> None:
    timer.run()
    assert timer.titles == []
    timer.later()
    plant(timer, "workflow added", "deploy key")
    ran = timer.run("-q")
    assert ran.code == Exit.FINDINGS
    assert "looks like an attack" in ran.out
    (title,) = timer.titles
    assert title == (
        "hardenme recent: 1 change looks like an attack, and 1 change to confirm"
        " (github:cedar-labs)"
    )
    timer.later()
    assert timer.run("-q").out == ""
    timer.later()
    plant(timer, "repository with loot")
    ran = timer.run("-f", "json")
    document = printed("recent", ran.out)
    assert (document["marked"], document["marked_shown_before"]) == (1, 1)
    assert document["verdict"] == "LOOK NOW"
    assert [title.partition(" (")[0] for title in timer.titles] == [
        "hardenme recent: 1 change looks like an attack"
    ]


def test_a_change_that_was_shown_is_still_counted_and_the_verdict_stays(timer: Timer) -> None:
    plant(timer, "workflow added")
    timer.run()
    timer.later()
    calm = timer.run()
    text = " ".join(calm.out.split())
    assert "LOOK NOW" in text
    assert "An earlier run has shown 1 change that looks like an attack" in text
    assert calm.code == Exit.UNKNOWN


def test_what_gets_worse_is_shown_again(timer: Timer) -> None:
    """A key alone is to confirm; soon after a webhook it is part of a series."""
    options = ("-f", "json", "--depth", "standard")
    plant(timer, "deploy key")
    assert printed("recent", timer.run(*options).out)["marked"] == 0
    timer.later(timedelta(minutes=2))
    plant(timer, "webhook of the organization")
    assert printed("recent", timer.run(*options).out)["marked"] == 2
    timer.later(timedelta(minutes=2))
    assert printed("recent", timer.run(*options).out)["marked"] == 0


def test_a_run_that_could_not_look_is_sent_once_after_fifteen_minutes(timer: Timer) -> None:
    timer.run()
    assert timer.beat.exists()
    timer.beat.unlink()
    tokens = timer.github.world.tokens[:]
    timer.github.world.tokens.clear()
    sent = []
    for _ in range(4):
        timer.later(timedelta(minutes=6))
        assert timer.run("-q").code != Exit.CLEAN
        sent.append(timer.titles)
    alert = ["hardenme recent: nothing can be read (github:cedar-labs)"]
    assert sent == [[], [], alert, []]
    assert not timer.beat.exists()
    timer.github.world.tokens.extend(tokens)
    timer.later(timedelta(minutes=6))
    timer.run("-q")
    assert len(timer.titles) == 1
    assert timer.beat.exists()


def test_a_file_that_was_changed_is_refused_and_that_is_sent_once(timer: Timer) -> None:
    plant(timer, "workflow added")
    timer.run()
    assert len(timer.titles) == 1
    timer.beat.unlink()
    (file,) = (timer.command.home / ".local/state/hardenme/watch").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    cut = file.read_text()[:-40]
    file.write_text(cut)
    sent = []
    for _ in range(2):
        timer.later()
        ran = timer.run("-q")
        assert (ran.code, ran.out) == (Exit.USAGE, "")
        assert f"Move {file} away" in " ".join(ran.err.split())
        sent += timer.titles
    assert sent == ["hardenme recent: nothing can be read (github:cedar-labs)"]
    assert not timer.beat.exists()
    assert file.read_text() == cut
    file.unlink()
    assert timer.run("-q").code == Exit.FINDINGS
    assert [one.name for one in file.parent.iterdir()] == [file.name]


def test_it_is_not_for_the_demo(timer: Timer) -> None:
    assert "--once is for your own accounts" in timer.command("recent", "--demo", "--once").err
