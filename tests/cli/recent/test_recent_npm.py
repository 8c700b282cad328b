"""npm's part of `hardenme recent`: its commands are run by the real npm client."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from hardenme.reports.plain import timestamp
from hardenme.sandbox.npm.released import Person
from tests.cli.calls import calls_of
from tests.cli.command import Command
from tests.cli.recent.scene import Scene, scene
from tests.sandbox.test_npm_client import Client

pytestmark = [pytest.mark.needs("npm"), pytest.mark.sampled(4)]
STRANGER = Person("stranger", "stranger@mail.example")


@pytest.fixture
def robbed(command: Command, present: datetime) -> Iterator[Scene]:
    """mallow's account: a token and a version of an hour ago, by somebody who came with it."""
    with scene(command, present) as found:
        world, at = found.npm.world, present - timedelta(hours=1)
        world.users[0].remembers_otp = True
        own = next(one for one in world.tokens if one.user == "mallow" and not one.revoked)
        own.created = own.updated = at
        package = next(one for one in world.packages if one.name == "@acorn-labs/whisk")
        before = package.versions[-1]
        package.versions[-1] = replace(before, maintainers=tuple(package.maintainers))
        package.versions.append(
            replace(
                before,
                version="9.0.0",
                published_at=at,
                publisher=STRANGER,
                maintainers=(*package.maintainers, STRANGER),
            )
        )
        found.npm_token = world.token("mallow")
        yield found


def test_npms_commands_are_run_by_its_client(
    robbed: Scene, present: datetime, tmp_path: Path
) -> None:
    told = robbed.json("me")
    at = timestamp(present - timedelta(hours=1))
    events = {one["kind"]: one for one in told["events"] if one["at"] == at}
    version, token = events["version"], events["npm token"]
    assert version["by"] == "stranger"
    assert version["text"].endswith("new maintainer stranger")
    assert "its publisher was not a maintainer at the version before" in version["marks"]
    assert any(mark.startswith("REL1") for mark in version["marks"])
    client = Client(robbed.npm, tmp_path)
    for event in (version, token):
        for words in calls_of(event["undo"]):
            assert words[0] == "npm"
            done = client.run(*words[1:], "--otp=000000", token=robbed.npm_token)
            assert done.returncode == 0, done.stderr
    package = next(p for p in robbed.npm.world.packages if p.name == "@acorn-labs/whisk")
    assert package.versions[-1].deprecated == "Do not install: under investigation"
    assert package.tags["latest"] != "9.0.0"
    left = {one["kind"] for one in robbed.json("me")["events"] if one["at"] == at}
    assert left == {"version"}


def test_a_window_beyond_the_newest_versions_says_so(robbed: Scene, present: datetime) -> None:
    package = next(p for p in robbed.npm.world.packages if p.name == "@acorn-labs/whisk")
    last = package.versions[-1]
    for number in range(1, 25):
        at = present - timedelta(minutes=60 - number)
        package.versions.append(replace(last, version=f"9.0.{number}", published_at=at))
    unseen = robbed.json("npm:@acorn-labs/whisk")["not_looked_at"]
    needed = [one["needed"] for one in unseen if one["source"] == "versions"]
    assert needed == ["versions beyond the newest 20: npm view NAME time"]


def test_without_an_npm_token_npms_account_is_not_looked_at(robbed: Scene) -> None:
    robbed.npm_token = ""
    told = json.loads(robbed.run("recent", "me", "-f", "json").out)
    assert "npm tokens" in {one["source"] for one in told["not_looked_at"]}


def test_a_token_without_a_name_is_told_by_the_start_of_its_id(robbed: Scene) -> None:
    own = next(one for one in robbed.npm.world.tokens if one.user == "mallow" and one.name == "")
    own.created = own.updated = robbed.npm.world.now - timedelta(hours=1)
    out = robbed.run("recent", "me", "-f", "table").out
    assert f"npm token {own.key[:8]}… " in out
    assert "[redacted]" not in out
