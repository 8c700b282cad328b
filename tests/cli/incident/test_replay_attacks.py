"""Attacks of the past, each from a quiet day to `close`, by the commands that are printed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
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
from tests.worlds.incidents import FROM_A_QUIET_DAY, Incident, shai_hulud

pytestmark = [pytest.mark.needs("npm"), pytest.mark.sampled(10, among="whole stories")]
TAKEN_OVER = "was taken over"
MINUTE = timedelta(minutes=1)
STRANGER = "shade"
WORKFLOWS: Mapping[str, str] = {
    "nx": ".github/workflows/pr-title.yml",
    "shai-hulud": shai_hulud.FILE,
    "tanstack": ".github/workflows/bundle-size.yml",
}
"""The workflow file by which the attacker came in, or which they left."""
KINDS: Mapping[str, frozenset[str]] = {
    "nx": frozenset({"token", "workflow"}),
    "eslint-config-prettier": frozenset({"token"}),
    "shai-hulud": frozenset({"branch", "public", "token", "workflow"}),
    "tanstack": frozenset({"publisher", "workflow"}),
}
"""What each attack had or left besides."""
PRIVATE = frozenset({shai_hulud.SHOWN, *shai_hulud.LOOT})
"""The repositories with what is private that the worm made public."""


@pytest.fixture
def day(request: pytest.FixtureRequest, command: Command, tmp_path: Path) -> Iterator[Replay]:
    """Both hosts a minute before the attack."""
    incident: Incident = FROM_A_QUIET_DAY[request.param]
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


def ways(day: Replay, incident: Incident) -> set[str]:
    """What the hosts hold of the attacker's, and how they came in, whoever sees it."""
    (repository, *_), packages = day.github.world.repositories, day.npm.world.packages
    found = {f"deploy key {one.title}" for one in repository.deploy_keys}
    found |= {
        f"workflow {path}" for path in repository.files if path == WORKFLOWS.get(incident.name)
    }
    found |= {
        f"branch {name} of {one.full_name}"
        for one in day.github.world.repositories
        for name in one.branches
        if name == shai_hulud.BRANCH
    }
    found |= {
        f"public {one.full_name}"
        for one in day.github.world.repositories
        if one.full_name in PRIVATE and one.visibility == "public"
    }
    found |= {f"token {one.name}" for one in day.npm.world.tokens if one.bypass_2fa}
    found |= {f"publisher of {one.name}" for one in packages if one.publishers}
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
    day.npm.world.credentials.insert(0, session)
    day.tokens = {**day.tokens, "HARDENME_NPM_TOKEN": session.value}
    day.check(*targets)


def pending(day: Replay) -> list[Any]:
    """The rows that are open."""
    return [one for one in day.status()["rows"] if one["state"] == "pending"]


def by_hand(day: Replay, incident: Incident) -> None:
    """What the rows without a command ask of a person, on the pages that they name."""
    world = day.github.world
    (repository, *_) = world.repositories
    repository.collaborators.pop(STRANGER)
    if (path := WORKFLOWS.get(incident.name)) is not None:
        repository.push(world.now, incident.keeper.name, files={path: None})
    for one in world.repositories:
        one.branches = [name for name in one.branches if name != shai_hulud.BRANCH]
        if one.full_name in PRIVATE:
            one.visibility = "private"
    for package in day.npm.world.packages:
        package.maintainers[:] = [one for one in package.maintainers if one.name != STRANGER]
        package.collaborators.pop(STRANGER, None)
        for tag, version in [*package.tags.items()]:
            if f"{package.name}@{version}" in day.bad:
                package.dist_tags.pop(tag)


def row_of(way: str, told: Iterable[str]) -> str:
    """The row that is about a way of the attacker; empty for none."""
    kind, _, name = way.partition(" ")
    match kind:
        case "dist-tag":
            tag, _, package = name.partition(" of ")
            wanted = (f"dist-tag {tag}", package)
        case "workflow":
            wanted = (name.rpartition("/")[2],)
        case "public":
            wanted = ("repository", name)
        case "maintainer":
            wanted = ("maintainer", STRANGER)
        case "branch":
            wanted = ("branches made", "spice-keeper/cellar")
        case _:
            wanted = (kind, name.removeprefix("https://").partition("/")[0])
    return next((text for text in told if all(one in text for one in wanted)), "")


@pytest.mark.parametrize(
    ("day", "name"), [(one, one) for one in FROM_A_QUIET_DAY], indirect=["day"]
)
def test_from_a_quiet_day_to_the_end(day: Replay, name: str) -> None:
    incident = FROM_A_QUIET_DAY[name]
    targets = ("me", *(f"github:{one.name}" for one in incident.projects))
    day.quiet = day.check(*targets)
    breaks_out(day, incident)
    first = ways(day, incident)
    assert {one.partition(" ")[0] for one in first} >= {
        *("access", "deploy", "dist-tag", "maintainer", "webhook"),
        *KINDS.get(name, ()),
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
    left = ways(day, incident)
    assert {one for one in left if not row_of(one, told)} == set()
    assert not {one for one in left if one.startswith(("token ", "publisher ", "dist-tag latest "))}
    if name in WORKFLOWS:
        assert f"workflow {WORKFLOWS[name]}" in left

    new = [one for one in rows if one["why"].startswith(("not in the frozen run", "seen in"))]
    day.take([Step(0, "", "", lines=one["commands"]) for one in new if one["commands"]], who)
    assert day.refused == []
    by_hand(day, incident)
    assert ways(day, incident) == set()
    look(day, incident, *targets)
    gone = ("deploy key sync", "webhook drop.example", f"maintainer {STRANGER}", "workflow shai")
    assert [one["text"] for one in pending(day) if one["text"].startswith(gone)] == []
    assert [one["text"] for one in pending(day) if "(GHW2" in one["text"]] == []
    day.settle("looked at on its page", incident.keeper.name)
    assert day.incident("close").code == Exit.CLEAN
