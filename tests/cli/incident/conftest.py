"""An organization and an npm account that commands can change, and an incident of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hardenme.ground.exit_code import Exit
from hardenme.model.token_checksum import checksum
from hardenme.sandbox.github.server import GitHubServer, github_sandbox
from hardenme.sandbox.npm import scenarios as npm
from hardenme.sandbox.npm.server import NpmSandbox, npm_sandbox
from tests.cli.command import Command, Ran
from tests.printed import printed
from tests.worlds import npm_writes
from tests.worlds.github_writes import by_method
from tests.worlds.organizations import base, weak_organization

ORG = "github:bramble-labs"
FEW = ("--select", "GHR101,NPT101")
"""Some checks: what else a run reads is of no use here."""


def made_token(prefix: str, name: str) -> str:
    """A token with a checksum that fits, and that is visibly false."""
    random = f"CANARY{name}".ljust(30, "0")
    return f"{prefix}{random}{checksum(random)}"


@dataclass(slots=True)
class Attacked:
    """The weak organization and npm account, whose servers take what commands change."""

    command: Command
    github: GitHubServer
    npm: NpmSandbox
    npm_token: str

    def check(self, *arguments: str, github: bool = True, npm: bool = True) -> Ran:
        """Run `hardenme check`, with the tokens that are left."""
        urls = ("--github-url", self.github.url, "--npm-registry", self.npm.url)
        tokens = {"HARDENME_GITHUB_TOKEN": base.WEAK_CLASSIC} if github else {}
        tokens |= {"HARDENME_NPM_TOKEN": self.npm_token} if npm else {}
        self.later()
        return self.command("check", *urls, "--no-cache", "--no-local", *arguments, **tokens)

    def incident(self, *arguments: str, text: str = "") -> Ran:
        """Run `hardenme incident`."""
        self.later()
        return self.command("incident", *arguments, text=text)

    def later(self) -> None:
        """Let a minute go by: a kept run tells in whole seconds when it began."""
        self.command.now = (self.command.now or self.github.world.now) + timedelta(minutes=1)

    def asked_nobody(self, *arguments: str) -> Ran:
        """The same, where nobody is asked."""
        self.github.requests.clear()
        self.npm.requests.clear()
        done = self.incident(*arguments)
        assert self.github.requests == self.npm.requests == []
        return done

    def rows(self) -> dict[str, dict[str, Any]]:
        """The rows by their texts."""
        told = self.told()
        return {one["text"]: one for one in told["rows"]}

    def told(self) -> dict[str, Any]:
        """All that `status` says."""
        done = self.asked_nobody("status", "-f", "json")
        assert done.code in {Exit.CLEAN, Exit.FINDINGS}, done.err
        return printed("incident", done.out)

    def row(self, begin: str) -> dict[str, Any]:
        """The row whose text begins so."""
        (found,) = (one for text, one in self.rows().items() if text.startswith(begin))
        return found

    @property
    def folder(self) -> Path:
        """Where the incident `worm` lies."""
        return self.command.home / ".local" / "state" / "hardenme" / "incidents" / "worm"


@pytest.fixture
def attacked(command: Command, present: datetime) -> Iterator[Attacked]:
    world, registry = weak_organization(present), npm.weak_maintainer(present)
    registry.users[0].remembers_otp = True
    with (
        github_sandbox(world, writes=by_method()) as host,
        npm_sandbox(registry, writes=npm_writes.ROUTES) as packages,
    ):
        yield Attacked(command, host, packages, registry.token("mallow"))


@pytest.fixture
def opened(attacked: Attacked) -> Attacked:
    """With an incident of the npm account, after a run of both."""
    attacked.check("me", *FEW)
    assert attacked.incident("open", "worm").code == Exit.CLEAN
    return attacked


@pytest.fixture(scope="session")
def tried(
    tmp_path_factory: pytest.TempPathFactory,
    new_command: Callable[[Path], Command],
    demonstrate: Callable[[Command], Ran],
) -> Command:
    """With an incident of the demo, called `try`, that no test changes."""
    command = new_command(tmp_path_factory.mktemp("tried"))
    demonstrate(command)
    assert command("incident", "open", "try", "--demo").code == Exit.CLEAN
    return command
