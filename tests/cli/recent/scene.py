"""An organization into which somebody broke, an owner's npm account, and the command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from hardenme.sandbox.github.server import GitHubServer, github_sandbox
from hardenme.sandbox.npm import scenarios as npm
from hardenme.sandbox.npm.server import NpmSandbox, npm_sandbox
from tests.cli.command import Command, Ran
from tests.printed import printed
from tests.worlds import npm_writes
from tests.worlds.github_writes import by_method
from tests.worlds.intrusion import TOKEN, Intrusion, intrusion, ordinary

ORG = "github:cedar-labs"
SMALL = 4
"""Repositories: enough for one of each kind."""


@dataclass(slots=True)
class Scene:
    """The servers, what was planted, and the command that asks them."""

    command: Command
    planted: Intrusion
    github: GitHubServer
    npm: NpmSandbox
    npm_token: str = ""

    @property
    def urls(self) -> tuple[str, ...]:
        return ("--github-url", self.github.url, "--npm-registry", self.npm.url)

    def run(self, name: str, *arguments: str) -> Ran:
        tokens = {"HARDENME_GITHUB_TOKEN": self.planted.token}
        if self.npm_token:
            tokens["HARDENME_NPM_TOKEN"] = self.npm_token
        return self.command(name, *self.urls, "--no-cache", *arguments, **tokens)

    def check_before(self, now: datetime, ago: timedelta, *arguments: str) -> Ran:
        """A run that is kept, of so long ago by the clocks of both the server and this machine."""
        self.command.now = self.github.world.now = now - ago
        try:
            return self.run("check", *arguments, "--no-local")
        finally:
            self.command.now, self.github.world.now = None, now

    def json(self, *arguments: str) -> Any:
        return printed("recent", self.run("recent", *arguments, "-f", "json").out)

    def names(self, *arguments: str) -> list[str]:
        return [event["text"] for event in self.json(*arguments)["events"]]


def scene(
    command: Command, now: datetime, *, repositories: int = SMALL
) -> AbstractContextManager[Scene]:
    """The organization after an attack."""
    return _served(command, now, intrusion(now, repositories=repositories))


def calm(
    command: Command, now: datetime, *, repositories: int = 1
) -> AbstractContextManager[Scene]:
    """The same organization with the work of every day, into which nobody broke."""
    world = ordinary(now, repositories=repositories)
    return _served(command, now, Intrusion(world, TOKEN, (), ()))


@contextmanager
def _served(command: Command, now: datetime, found: Intrusion) -> Iterator[Scene]:
    registry = npm.weak_maintainer(now)
    with (
        github_sandbox(found.world, writes=by_method()) as host,
        npm_sandbox(registry, writes=npm_writes.ROUTES) as packages,
    ):
        yield Scene(command, found, host, packages)
        assert host.crashes == packages.crashes == []
