"""A leaked token, a stolen laptop and a moved tag, each to the last row of the ledger."""

from __future__ import annotations

import copy
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from hardenme.ground.exit_code import Exit
from hardenme.sandbox.github.server import github_sandbox
from hardenme.sandbox.github.world import DeployKey, Hook, SshKey
from hardenme.sandbox.npm.server import npm_sandbox
from hardenme.sandbox.npm.world import ClientToken, TokenKind, canary
from tests.cli.command import Command
from tests.cli.incident.replay import Actor, Replay, open_paths
from tests.cli.runbook.page import Step
from tests.moment import NOW
from tests.worlds import npm_writes, workshop
from tests.worlds.github_writes import by_method

pytestmark = [pytest.mark.needs("npm"), pytest.mark.sampled(10, among="whole stories")]
TAKEN_OVER = "was taken over"
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
LATER = NOW + timedelta(hours=1)
ALL = ("me", f"github:{workshop.ORGANIZATION}")


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Replay]:
    """The day before: one run of everything is kept."""
    above = tmp_path_factory.mktemp("quiet")
    home, folder = above / "home", above / "here"
    home.mkdir()
    folder.mkdir()
    with (
        npm_sandbox(workshop.registry(NOW), writes=npm_writes.ROUTES) as npm,
        github_sandbox(workshop.github(NOW), writes=by_method()) as github,
    ):
        tokens = {
            "HARDENME_GITHUB_TOKEN": workshop.AUDIT,
            "HARDENME_NPM_TOKEN": workshop.SESSION,
        }
        day = Replay(Command(home, folder, now=NOW), github, npm, above, tokens)
        day.quiet = day.check(*ALL)
        yield day
        assert npm.crashes == github.crashes == []


@pytest.fixture
def day(quiet: Replay, tmp_path: Path) -> Iterator[Replay]:
    """An hour later, with a copy of all that the hosts and the user have."""
    worlds = quiet.npm.world, quiet.github.world
    home, folder = tmp_path / "home", tmp_path / "here"
    shutil.copytree(quiet.command.home, home)
    folder.mkdir()
    quiet.npm.world = quiet.npm.desk.world = copy.deepcopy(worlds[0])
    quiet.github.world = copy.deepcopy(worlds[1])
    quiet.github.limits.used.clear()
    found = replace(quiet, command=Command(home, folder), home=tmp_path, ended=[])
    found.at(LATER)
    yield found
    quiet.npm.world = quiet.npm.desk.world = worlds[0]
    quiet.github.world = worlds[1]


def begun(day: Replay, name: str, *more: str) -> tuple[list[Step], dict[str, Actor]]:
    """The incident is open, no token of hardenme is left, and who acts has signed in."""
    day.tokens = {}
    page = day.open(name, *more)
    assert day.status()["next"] == "1"
    weaver = day.sign_gh_in(page, workshop.WEAVER.name)
    assert day.command("runbook").code in {Exit.CLEAN, Exit.UNKNOWN}
    return page, {"who runs the commands below": weaver}


def look(day: Replay) -> Any:
    """What a check sees an hour later, with tokens that were made for it."""
    world = day.github.world
    if not day.tokens:
        new = "ghp_CANARYweavernew00000000000000000000000"
        world.tokens[:] = [
            replace(one, value=new) if one.value == workshop.AUDIT else one for one in world.tokens
        ]
        session = ClientToken(
            canary("weaverNEW"), workshop.WEAVER.name, TokenKind.SESSION, expires_at=LATER + DAY
        )
        day.npm.world.credentials.append(session)
        day.tokens = {"HARDENME_GITHUB_TOKEN": new, "HARDENME_NPM_TOKEN": session.value}
    day.at(world.now + timedelta(hours=1))
    return day.check(*ALL)


def closed(day: Replay) -> None:
    """Nothing that was ended is pending, what nobody sees is attested, and it is closed."""
    assert day.refused == []
    assert day.incident("close").code == Exit.FINDINGS
    day.settle("done, and looked at again", workshop.WEAVER.name)
    ran = day.incident("close")
    assert ran.code == Exit.CLEAN, ran.err
    assert "hardenme incident" not in day.run("check", "me", "--no-local", "--select", "NPT").out


def test_a_leaked_token(day: Replay) -> None:
    """CI's token publishes a version that runs a script when it is installed."""
    package = day.npm.world.packages[0]
    script = {"postinstall": "node steal.js"}
    last = package.versions[-1]
    package.versions.append(
        replace(last, version="1.2.0", published_at=LATER - MINUTE, scripts=script,
                has_install_script=True, commit=None)
    )  # fmt: skip
    day.bad = [f"{workshop.PACKAGE}@1.2.0"]
    alarm = day.run("watch", f"npm:{workshop.PACKAGE}").out
    assert alarm.startswith("ALERT: 1 package, 1 release unusual")
    named = f"{LATER:%Y-%m-%d}-shuttle"
    assert alarm.splitlines()[-1].endswith(f"`hardenme incident open {named}`")
    assert day.bad[0] in day.run("recent", *ALL).out

    page, who = begun(day, named)
    day.take((step for step in page if TAKEN_OVER not in step.text), who)
    proof = day.command("incident", "prove", text=workshop.token_of("ci"))
    assert proof.code == Exit.CLEAN, proof.err
    # Which of the rows that token was is known by nobody but who says so.
    assert day.states("npm token ci ") == {"pending"}
    assert package.mfa == "publish"
    assert package.tags == {"latest": "1.1.0"}
    assert [one.version for one in package.versions] == ["1.0.0", "1.1.0"]
    after = look(day)
    gone = {name.partition(" ")[0] for _, name in open_paths(day.quiet) - open_paths(after)}
    assert gone == {"ci", "laptop"}
    assert day.states("npm token ") == {"proven"}
    closed(day)


def test_a_stolen_laptop(day: Replay) -> None:
    """Who has it adds a key, a deploy key and a webhook of their own before anybody notices."""
    world, at = day.github.world, LATER - 5 * MINUTE
    (weaver, _), (shuttle,) = world.users, world.repositories
    weaver.ssh_keys.append(SshKey(9001, "backup", workshop.KEY, at))
    shuttle.deploy_keys.append(
        DeployKey(9002, "sync", workshop.KEY, at, read_only=False, added_by=weaver.login)
    )
    shuttle.hooks.append(Hook(9003, "https://drop.example/in", at, at))
    told = day.run("recent", *ALL, "--depth", "standard").out
    assert "3 of 3 changes look like an attack" in " ".join(told.split())
    named = f"{LATER:%Y-%m-%d}-shuttle"
    assert told.splitlines()[-1].endswith(f"hardenme incident open {named} --from 1")

    page, who = begun(day, named, "--from", "1")
    day.take((step for step in page if TAKEN_OVER not in step.text), who)
    # What was added is in no frozen page: the next look has a row for each, with its command.
    look(day)
    added = [one for one in day.status()["rows"] if one["why"].startswith("not in the frozen run")]
    assert [one["text"].split(" of ")[0] for one in added] == [
        *("SSH key backup", "deploy key sync", "webhook drop.example"),
    ]
    assert {one["state"] for one in added} == {"pending"}
    assert day.incident("close").code == Exit.FINDINGS
    day.take([Step(0, "", "", lines=one["commands"]) for one in added], who)
    look(day)
    assert day.states("SSH key ", "SSH signing key ", "GPG key ", "deploy key ", "webhook ") == {
        "proven"
    }
    assert [*weaver.ssh_keys, *shuttle.deploy_keys, *shuttle.hooks] == []
    closed(day)


def test_a_moved_tag(day: Replay) -> None:
    """All tags lead to a commit of somebody else's, for everybody who uses them."""
    (shuttle,) = day.github.world.repositories
    shuttle.moved_tags = dict.fromkeys(workshop.TAGS, "bad0" * 10)
    told = day.run("recent", *ALL).out
    assert "LOOK NOW  2 of 3 changes look like an attack." in told
    first = told.partition("STOP")[2].partition("CONFIRM")[0]
    assert "release tag v1.1.0" in first
    # One like this is moved with each release, so it is only to be confirmed.
    assert "release tag v1:" not in first
    named = told.rpartition("incident open ")[2].split()[0]
    # The commits of before are in the run of before, which `incident open` names.
    page, who = begun(day, named, "--from", "1")
    (step,) = (one for one in page if "release tag" in one.text)
    day.take([one for one in page if "Sign in to gh" in one.text] + [step], who)
    assert shuttle.moved_tags == {tag: shuttle.first_commit(tag) for tag in workshop.TAGS}
    look(day)
    assert day.states("release tag v1") == {"proven"}
    closed(day)

    # A run from after the first sign saw the wrong commits: no tag is moved to what it saw.
    late = day.open(f"{named}-late", "--from", "recent")
    assert [one for one in late if "release tag" in one.text and one.calls] == []
    (row,) = day.rows("Compare each release tag with its last known commit")
    assert (row["state"], row["commands"]) == ("pending", [])
