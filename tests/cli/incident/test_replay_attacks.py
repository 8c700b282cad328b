"""Attacks of the past, each from a quiet day to `close`, by the commands that are printed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from hardenme.ground.exit_code import Exit
from hardenme.sandbox.github.server import github_sandbox
from hardenme.sandbox.github.world import DeployKey, Hook
from hardenme.sandbox.github.world import User as GitHubUser
from hardenme.sandbox.npm.released import Person
from hardenme.sandbox.npm.server import npm_sandbox
from hardenme.sandbox.npm.world import ClientToken, TokenKind, canary
from tests.cli.command import Command
from tests.cli.incident.replay import Replay
from tests.cli.runbook.page import Step
from tests.worlds import npm_writes, workshop
from tests.worlds.github_writes import by_method
from tests.worlds.incidents import INCIDENTS, Incident

pytestmark = pytest.mark.needs("npm")
TAKEN_OVER = "was taken over"
MINUTE = timedelta(minutes=1)
STRANGER = "shade"
NAMES = ("nx", "eslint-config-prettier", "chalk")


@pytest.fixture
def day(request: pytest.FixtureRequest, command: Command, tmp_path: Path) -> Iterator[Replay]:
    """Both hosts a minute before the attack."""
    incident: Incident = INCIDENTS[request.param]
    now = command.now = incident.calm_at
    with (
        npm_sandbox(incident.npm(now), writes=npm_writes.ROUTES) as npm,
        github_sandbox(incident.github(now), writes=by_method()) as github,
    ):
        tokens = {
            "HARDENME_GITHUB_TOKEN": incident.github_token,
            "HARDENME_NPM_TOKEN": incident.session,
        }
        yield Replay(command, github, npm, tmp_path, tokens)
        assert npm.crashes == github.crashes == []


def breaks_out(day: Replay, incident: Incident) -> None:
    """The attack goes on to its end, and leaves a key, a webhook and two people behind."""
    now = incident.over_at + 5 * MINUTE
    day.npm.world = day.npm.desk.world = incident.npm(now)
    day.github.world = incident.github(now)
    day.at(now)
    day.bad = incident.attacks(now)
    (repository, *_) = day.github.world.repositories
    day.github.world.users.append(GitHubUser(STRANGER, 99_001, now))
    repository.deploy_keys.append(
        DeployKey(99_002, "sync", workshop.KEY, now, read_only=False, added_by=STRANGER)
    )
    repository.hooks.append(Hook(99_003, "https://drop.example/in", now, now))
    repository.collaborators[STRANGER] = "admin"
    package = day.npm.world.package(incident.packages[0])
    assert package is not None
    package.maintainers.append(Person(STRANGER, f"{STRANGER}@drop.example"))
    package.collaborators[STRANGER] = "write"


def ways(day: Replay) -> set[str]:
    """What the hosts hold of the attacker's, whoever sees it."""
    (repository, *_), packages = day.github.world.repositories, day.npm.world.packages
    found = {f"deploy key {one.title}" for one in repository.deploy_keys}
    found |= {f"webhook {one.url}" for one in repository.hooks}
    found |= {f"access {login}" for login in repository.collaborators if login == STRANGER}
    found |= {f"maintainer of {one.name}" for one in packages if STRANGER in one.collaborators}
    return found | {
        f"dist-tag {tag} of {one.name}"
        for one in packages
        for tag, version in one.tags.items()
        if f"{one.name}@{version}" in day.bad
    }


def look(day: Replay, incident: Incident, *targets: str) -> None:
    """A check an hour later, in a new session on npm."""
    now = day.npm.world.now + timedelta(hours=1)
    day.at(now)
    end = now + timedelta(hours=2)
    session = ClientToken(
        canary(f"NEW{now:%d%H}"), incident.keeper.name, TokenKind.SESSION, expires_at=end
    )
    day.npm.world.credentials.append(session)
    day.tokens = {**day.tokens, "HARDENME_NPM_TOKEN": session.value}
    day.check(*targets)


def pending(day: Replay) -> list[Any]:
    """The rows that are open."""
    return [one for one in day.status()["rows"] if one["state"] == "pending"]


def by_hand(day: Replay) -> None:
    """What the rows without a command ask of a person, on the pages that they name."""
    (repository, *_) = day.github.world.repositories
    repository.collaborators.pop(STRANGER)
    for package in day.npm.world.packages:
        package.maintainers[:] = [one for one in package.maintainers if one.name != STRANGER]
        package.collaborators.pop(STRANGER, None)
        for tag, version in [*package.tags.items()]:
            if f"{package.name}@{version}" in day.bad:
                package.dist_tags.pop(tag)


@pytest.mark.parametrize(("day", "name"), [(one, one) for one in NAMES], indirect=["day"])
def test_from_a_quiet_day_to_the_end(day: Replay, name: str) -> None:
    incident = INCIDENTS[name]
    targets = ("me", *(f"github:{one.name}" for one in incident.projects))
    day.quiet = day.check(*targets)
    breaks_out(day, incident)
    assert {one.partition(" ")[0] for one in ways(day)} == {
        *("access", "deploy", "dist-tag", "maintainer", "webhook"),
    }
    page = day.open("worm")
    who = {"who runs the commands below": day.sign_gh_in(page, incident.keeper.name)}
    day.take((step for step in page if TAKEN_OVER not in step.text), who)
    assert day.refused == []
    look(day, incident, *targets)

    # Each way that is left has a row that is open, and nothing is closed.
    rows = pending(day)
    told = [one["text"] for one in rows]
    assert day.incident("close").code == Exit.FINDINGS
    named = {"deploy key sync", "webhook drop.example", f"maintainer {STRANGER}"}
    assert {one for one in named if not any(text.startswith(one) for text in told)} == set()
    assert any(text.startswith("access ") and f"+{STRANGER}" in text for text in told)
    for way in ways(day):
        if way.startswith("dist-tag"):
            tag, _, package = way.partition(" of ")
            assert any(text.startswith(tag) and package in text for text in told), way

    new = [one for one in rows if one["why"].startswith("not in the frozen run")]
    day.take([Step(0, "", "", lines=one["commands"]) for one in new if one["commands"]], who)
    by_hand(day)
    assert day.refused == []
    assert ways(day) == set()
    look(day, incident, *targets)
    left = [one["text"] for one in pending(day)]
    assert [text for text in left if text.startswith(tuple(named))] == []
    day.settle("looked at on its page", incident.keeper.name)
    assert day.incident("close").code == Exit.CLEAN
