"""Every command of the page, in its order: npm's by its own client, GitHub's on the sandbox."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from hardenme.sandbox.github.server import GitHubServer, github_sandbox
from hardenme.sandbox.github.world import DeployKey, GpgKey, Hook, SshKey
from hardenme.sandbox.npm import scenarios as npm
from hardenme.sandbox.npm.mallow_packages import OTHERS
from hardenme.sandbox.npm.server import NpmSandbox, npm_sandbox
from hardenme.sandbox.npm.world import ClientToken, TokenKind, canary
from tests.cli.calls import calls_of
from tests.cli.command import Command
from tests.cli.runbook.page import Step, steps
from tests.gh.stand_in import run as gh
from tests.sandbox.npm_many import Ended, many
from tests.sandbox.test_npm_client import Client
from tests.test_fix_commands import SCOPES
from tests.worlds import npm_writes
from tests.worlds.github_writes import by_method
from tests.worlds.organizations import base, weak_organization

pytestmark = [pytest.mark.needs("npm"), pytest.mark.sampled(10, among="whole stories")]
ORG = "github:bramble-labs"
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIC5v0v0v0v0v0v0v0v0v0v0v0v0v0v0v0v0v0v0v"
HOSTILE = "key](https://evil.example)<script>alert(1)</script>\x1b[2J`\u202e"
PACKAGES = {"@acorn-labs/ladle", "mallow-trivet"}
BAD = "9.9.0"
UNNAMED = re.compile(r"`?([^`:]+)`?: any (?:other )?version that you did not publish")
"""How a box begins for versions that no check marked on the quiet day."""
OTHER = OTHERS[0].name
TAKEN_OVER = "was taken over"
GH = "ghp_CANARYghsignin000000000000000000000000"
GH_ALWAYS = frozenset({"repo", "read:org", "gist"})
"""What gh's own sign-in always asks for."""


@dataclass(slots=True)
class Day:
    """The day: whose page it is, and both hosts, which take what its commands change."""

    command: Command
    github: GitHubServer
    npm: NpmSandbox
    home: Path

    def page(self) -> str:
        """Look at everything on a quiet day, and print the page."""
        audit = self.github.world.token(base.WEAK_CLASSIC)
        assert audit is not None
        audit.scopes |= SCOPES | {"read:ssh_signing_key"}
        self.command.at_a_terminal(
            *("check", ORG, "me", "--archived", "--depth", "deep", "--interactive"),
            *("--no-local", "--no-cache"),
            *("--github-url", self.github.url, "--npm-registry", self.npm.url),
            HARDENME_GITHUB_TOKEN=base.WEAK_CLASSIC,
            HARDENME_NPM_TOKEN=self.npm.world.token("mallow"),
        )
        return self.command("runbook").out

    def run(self, found: Sequence[Step], npm_token: str = "") -> list[Ended]:
        """Run the commands of some steps in their order; what `hardenme` is to do is not among."""
        words = [
            call for step in found for call in (*calls_of("\n".join(step.lines)), *looked_up(step))
        ]
        told = [one for one in words if one[0] == "npm"]
        ended = many(Client(self.npm, self.home), [one[1:] for one in told], npm_token)
        return [*ended, *(self._gh(one) for one in words if one[:2] == ["gh", "api"])]

    def _gh(self, words: Sequence[str]) -> Ended:
        done = gh(list(words[1:]), self.github.url, GH)
        return Ended(tuple(words[1:]), done.code, done.error)


@pytest.fixture
def day(command: Command, present: datetime, tmp_path: Path) -> Iterator[Day]:
    world, registry = weak_organization(present), npm.weak_maintainer(present)
    then = present - timedelta(days=40)
    stump = world.repository("bramble-labs/stump")
    assert stump is not None
    stump.deploy_keys.append(DeployKey(7001, HOSTILE, KEY, then))
    stump.hooks.append(Hook(7002, "https://hooks.example/old", then, then))
    thorn = world.user("thorn")
    assert thorn is not None
    thorn.ssh_keys.append(SshKey(7003, "laptop", KEY, then))
    thorn.ssh_signing_keys.append(SshKey(7004, "laptop", KEY, then))
    thorn.gpg_keys.append(GpgKey(7005, "3AA5C34371567BD2", then))
    trivet = next(one for one in registry.packages if one.name == "mallow-trivet")
    trivet.maintainers.append(OTHERS[0])
    trivet.collaborators[OTHER] = "write"
    for user in registry.users:
        user.remembers_otp = True
    # One package that is published by all ways, and one that nothing depends on.
    registry.packages[:] = [one for one in registry.packages if one.name in PACKAGES]
    registry.organizations[0].roster[OTHER] = "owner"
    world.organizations[0].members["nettle"] = "admin"
    registry.web_login_as, registry.web_polls = "mallow", 0
    session = ClientToken(canary("other"), OTHER, TokenKind.SESSION)
    registry.credentials.append(session)
    with (
        github_sandbox(world, writes=by_method()) as host,
        npm_sandbox(registry, writes=npm_writes.ROUTES) as packages,
    ):
        yield Day(command, host, packages, tmp_path)
        assert host.crashes == packages.crashes == []


def looked_up(step: Step) -> Iterator[list[str]]:
    """What a person runs for versions that the page cannot name, in the words of the step."""
    packages = [found[1] for box in step.boxes if (found := UNNAMED.match(box))]
    for package in packages:
        if step.text.startswith("Deprecate"):
            yield ["npm", "deprecate", f"{package}@{BAD}", "Do not install: under investigation"]
        else:
            yield ["npm", "unpublish", f"{package}@{BAD}"]


def attacked(day: Day, present: datetime) -> None:
    """Each package has a bad version, on which every tag is; each tag of a repository is moved."""
    for package in day.npm.world.packages:
        last = package.versions[-1]
        at = present - timedelta(hours=1)
        package.dist_tags = dict.fromkeys(package.tags, BAD)
        package.versions.append(replace(last, version=BAD, published_at=at, deprecated=None))
    for repository in day.github.world.repositories:
        for tag in repository.tag_names:
            repository.moved_tags[tag] = "bad0" * 10


def signed_in(day: Day, found: Sequence[Step]) -> None:
    """gh has a new token, with what the page asks for and no more."""
    (words,) = (one for step in found for one in step.calls if one[:3] == ["gh", "auth", "login"])
    asked = words[words.index("--scopes") + 1].split(",")
    token = day.github.world.token(base.WEAK_CLASSIC)
    assert token is not None
    new = replace(token, value=GH, scopes=GH_ALWAYS | {*asked})
    day.github.world.tokens.append(new)


def test_none_is_refused_in_their_order(day: Day, present: datetime) -> None:
    page = day.page()
    found = steps(page)
    assert list(dict.fromkeys(step.chapter for step in found)) == [
        *("First five minutes", "Contain npm", "Contain GitHub", "Roll back"),
        *("Ask for support in two ways", "Publish advisories", "Inform people"),
    ]
    assert "high-impact account read-only for 72 hours" in page
    assert "During the scan npm dist-tag works" in page
    rotated = next(step for step in found if "Rotate the secrets" in step.text)
    for repository in day.github.world.repositories:
        for secret in repository.secrets:
            assert secret.name in " ".join(rotated.boxes)
    attacked(day, present)
    signed_in(day, found)
    taken = [step for step in found if TAKEN_OVER in step.text]
    assert len(taken) == 1
    ended = day.run([step for step in found if step not in taken])
    assert [one for one in ended if one.code] == []
    assert {one.words[0] for one in ended} == {
        *("login", "token", "access", "trust", "stage", "dist-tag", "deprecate", "unpublish"),
        *("logout", "api"),
    }
    _nothing_is_left(day)
    _another_owner(day, taken)


def _nothing_is_left(day: Day) -> None:
    registry, world = day.npm.world, day.github.world
    mine = [one for one in registry.packages if one.collaborators.get("mallow") == "write"]
    assert [one for one in registry.tokens if one.user == "mallow"] == []
    for package in mine:
        assert package.mfa == "publish"
        assert package.publishers == []
        assert BAD not in package.tags.values()
        bad = package.version(BAD)
        assert bad is None or bad.deprecated == "Do not install: under investigation"
        # npm keeps what others depend on.
        assert (bad is None) is (package.dependents == 0)
    names = {one.name for one in mine}
    assert [one for one in registry.staged if one.package in names] == []
    assert not registry.is_valid(registry.credentials[0])
    organization = world.organizations[0]
    connected = organization.connected
    assert organization.invitations == connected.hooks == connected.sso_credentials == []
    for repository in world.repositories:
        assert repository.deploy_keys == repository.hooks == repository.invitations == []
        assert all(
            repository.tag_commit(tag) == repository.first_commit(tag)
            for tag in repository.tag_names
        )
    thorn = world.user("thorn")
    assert thorn is not None
    assert thorn.ssh_keys == thorn.ssh_signing_keys == thorn.gpg_keys == []


def _another_owner(day: Day, taken: Sequence[Step]) -> None:
    """Who is left takes the account's access away, with a session and a token of their own."""
    organization = day.github.world.organizations[0]
    token = day.github.world.token(GH)
    assert token is not None
    day.github.world.tokens[:] = [replace(token, login="nettle")]
    ended = day.run(taken, canary("other"))
    assert [one for one in ended if one.code] == []
    assert {one.words[0] for one in ended} == {"owner", "org", "api"}
    assert "thorn" not in organization.members
    assert "mallow" not in day.npm.world.organizations[0].roster
    assert all("mallow" not in one.collaborators for one in day.npm.world.packages)
