"""The warnings of a run belong to whatever is shown of it, by each command alike."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest

from hardenme.sandbox.http import Reply
from tests.cli.command import Command
from tests.cli.recent.scene import ORG, Scene, calm

COMMANDS = (("recent", ORG), ("people", ORG, "--new"), ("person", "maple", ORG, "--leaves"))
FORMS = ((), ("-f", "json"), ("-f", "markdown"))
Plant = Callable[[Scene, datetime], None]


@pytest.fixture
def quiet(command: Command, present: datetime) -> Iterator[Scene]:
    with calm(command, present) as found:
        yield found


def ahead(by: timedelta) -> Plant:
    def plant(scene: Scene, now: datetime) -> None:
        scene.command.now = now + by

    return plant


def expires(scene: Scene, now: datetime) -> None:
    for token in scene.planted.world.tokens:
        token.expires_at = now + timedelta(hours=30)


def archived(scene: Scene, _now: datetime) -> None:
    scene.planted.world.repositories[0].archived = True


def record_damaged(scene: Scene, _now: datetime) -> None:
    folder = scene.command.home / ".local" / "state" / "hardenme"
    folder.mkdir(parents=True, mode=0o700)
    (folder / "attestations.jsonl").write_text("{}\n")
    (folder / "attestations.jsonl").chmod(0o600)


def refused_members(scene: Scene, _now: datetime) -> None:
    refused = Reply(403, {"message": "Resource not accessible"})
    scene.github.fault(".*/members.*", edit=lambda _request, _reply: refused)


def incident_open(scene: Scene, _now: datetime) -> None:
    scene.run("check", ORG, "--no-local", "--depth", "fast")
    scene.command("incident", "open", "worm")


TABLE: dict[str, Plant] = {
    "a clock 20 minutes ahead": ahead(timedelta(minutes=20)),
    "a clock two hours behind": ahead(-timedelta(hours=2)),
    "a clock a year ahead": ahead(timedelta(days=366)),
    "a token that expires tomorrow": expires,
    "an archived repository": archived,
    "a damaged record of answers": record_damaged,
    "members refused": refused_members,
    "an open incident": incident_open,
}


def dense(text: str) -> str:
    """Without what Markdown escapes, and without white space: a long path is cut anywhere."""
    return re.sub(r"[\\`*_\s]+", "", text)


@pytest.mark.sampled(8)
@pytest.mark.second_tier("ten runs of the command each")
@pytest.mark.parametrize("name", TABLE)
def test_what_check_warns_of_is_shown_by_each_command(
    quiet: Scene, present: datetime, name: str
) -> None:
    TABLE[name](quiet, present)
    report = json.loads(quiet.run("check", ORG, "--no-local", "--no-keep", "-f", "json").out)
    warnings = [dense(one) for one in report["warnings"]]
    failures = []
    for command in COMMANDS:
        for form in FORMS:
            done = quiet.run(*command, *form)
            told = dense(done.out) + dense(done.err)
            failures += [(command[0], form, one) for one in warnings if one not in told]
    assert failures == []
