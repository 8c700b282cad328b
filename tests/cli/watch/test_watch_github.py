"""`hardenme watch github:`, by the real command: a start, what differs, and what cannot look."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from hardenme.ground.lock import lock
from hardenme.sandbox.github.server import GitHubServer, github_sandbox
from tests.cli.command import Command, Ran
from tests.moment import NOW
from tests.printed import printed
from tests.watch_plants import PLANTS
from tests.worlds.intrusion import TOKEN, ordinary

FIVE = timedelta(minutes=5)
PLANT = {plant.name: plant for plant in PLANTS}


@dataclass
class Post:
    """The organization, and the command that watches it."""

    command: Command
    github: GitHubServer

    def later(self, after: timedelta = FIVE) -> None:
        """Let the clocks of the server and of this machine go on."""
        self.github.world.now += after
        self.command.now = self.github.world.now
        self.github.limits.used.clear()

    def watch(self, *arguments: str, **environ: str) -> Ran:
        """One cycle."""
        tokens = {"HARDENME_GITHUB_TOKEN": TOKEN, **environ}
        targets = () if "github:cedar-labs/cone" in arguments else ("github:cedar-labs",)
        return self.command(
            "watch", "--github-url", self.github.url, *targets, *arguments, **tokens
        )

    @property
    def memory(self) -> Path:
        (found,) = (self.command.home / ".local/state/hardenme/watch").iterdir()
        return found


@pytest.fixture
def post(command: Command) -> Iterator[Post]:
    with github_sandbox(ordinary(NOW, repositories=2)) as github:
        command.now = NOW
        yield Post(command, github)
        assert github.crashes == []


def first_lines(ran: Ran) -> str:
    """What a cycle comes to, in one line."""
    paragraphs = ran.out.split("\n\n")
    return " ".join(paragraphs[1].split())


@pytest.mark.sampled(2, among="watch of an organization")
def test_a_start_and_a_cycle_without_a_difference(post: Post) -> None:
    start = post.watch()
    assert first_lines(start).startswith("Start: 2 repositories read.")
    assert start.code == 3
    assert "Members' tokens of cedar-labs" in " ".join(start.out.split())
    post.later()
    calm = post.watch()
    said = first_lines(calm)
    assert said.startswith(
        "No difference in what was read between 12:00 and 12:05 UTC on 24 Nov 2026."
    )
    assert "was not looked at yet" in said or "The oldest look is" in said
    assert "nothing happened" not in calm.out.lower()
    unseen = "What was changed and put back between two looks leaves no trace here."
    assert unseen in " ".join(calm.out.split())
    assert 'answered "not modified"' in calm.out
    post.later()
    assert post.watch("--quiet").out == ""


@pytest.mark.sampled(2, among="watch of an organization")
def test_each_change_is_shown_once_with_what_to_do(post: Post) -> None:
    post.watch()
    for name in ("workflow added", "deploy key", "owner removed", "secret of the organization"):
        PLANT[name].do(post.github.world, post.github.world.now + timedelta(minutes=1))
    post.later()
    ran = post.watch()
    text = " ".join(ran.out.split())
    assert ran.code == 1
    assert "1 change looks like an attack" in first_lines(ran)
    assert "workflow format.yml added" in text
    assert "gh api" in ran.out
    assert "member alder is gone from cedar-labs: an owner was removed." in text
    assert "secret DEPLOY_TOKEN added" in text
    post.later()
    again = post.watch("-f", "json")
    document = printed("watch", again.out)
    assert (document["changes"], document["other"], document["marked"]) == ([], [], 0)
    assert document["oldest_look"]


@pytest.mark.sampled(2, among="watch of an organization")
def test_a_cycle_that_cannot_look_is_an_alert_after_fifteen_minutes(post: Post) -> None:
    sink, beat = post.command.folder / "sink", post.command.folder / "beat"
    sent = post.command.home / "notify"
    sent.write_text(f"file://{sink}\n")
    sent.chmod(0o600)
    options = ("--heartbeat", str(beat))
    post.watch(*options)
    assert beat.exists()
    beat.unlink()
    kept = post.github.world.tokens[:]
    post.github.world.tokens.clear()
    for minutes in (5, 10):
        post.later()
        ran = post.watch(*options)
        assert first_lines(ran).startswith("This cycle could not look."), minutes
        assert ran.code == 3
        assert post.watch("--quiet", *options).out == ""
    post.later()
    late = post.watch("--quiet", *options)
    assert "This cycle could not look." in late.out
    assert "15 minutes ago" in " ".join(late.out.split())
    assert not beat.exists()
    post.later()
    assert post.watch("--quiet", *options).out == ""
    post.github.world.tokens.extend(kept)
    post.later()
    back = post.watch("--quiet", *options)
    assert "No cycle could look for 20 minutes; this one could." in " ".join(back.out.split())
    assert beat.exists()


@pytest.mark.sampled(2, among="watch of an organization")
def test_what_it_keeps_is_private_and_a_cycle_is_refused_where_it_was_changed(post: Post) -> None:
    sink = post.command.home / "notify"
    sink.write_text(f"file://{post.command.folder / 'sink'}\n")
    post.watch()
    memory = post.memory
    assert stat.S_IMODE(memory.stat().st_mode) == 0o600
    # It is nothing that another command compares with.
    assert {"history", "runs"}.isdisjoint(path.name for path in memory.parent.parent.iterdir())
    post.later()
    changed = memory.read_text().replace("cone", "resin")
    memory.write_text(changed)
    post.github.requests.clear()
    ran = post.watch()
    assert (ran.code, ran.out, post.github.requests) == (2, "", [])
    said = " ".join(ran.err.split())
    assert "it was changed or cut. Nothing was looked at." in said
    assert f"Move {memory} away to start again" in said
    assert memory.read_text() == changed
    for one in memory.parent.iterdir():
        one.unlink()
    assert first_lines(post.watch()).startswith("Start:")


@pytest.mark.sampled(2, among="watch of an organization")
def test_two_at_once_and_another_watch_beside_it(post: Post) -> None:
    post.watch()
    state = post.command.home / ".local/state/hardenme"
    name = f"watch {post.memory.stem}"
    with lock(state, name):
        ran = post.watch()
        assert (ran.code, ran.out) == (75, "")
        assert post.watch("github:cedar-labs/cone").code == 0


def test_options_that_make_no_sense_are_refused(post: Post) -> None:
    assert "--every takes a time" in post.watch("--every", "7 minutes").err
    assert "--requests takes a number" in post.watch("--requests", "-3").err
    stdin = post.watch("--every", "5m", "--token-stdin", "github")
    assert "--every reads the token in each cycle" in stdin.err
