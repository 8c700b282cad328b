"""Packages on a sandbox that takes what the real npm client sends, and a terminal to move them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hardenme.sandbox.npm.scenarios import scaled_maintainer
from hardenme.sandbox.npm.server import NpmSandbox, npm_sandbox
from hardenme.sandbox.npm.world import Package, TrustedPublisher, World
from tests.moment import NOW
from tests.reports.move.terminal import Ended, Terminal
from tests.sandbox.test_npm_client import Client
from tests.worlds.npm_releases import ISSUER, Releases

WINDOW = 80
"""Calls that one answer to npm's question carries."""
OLD = "9b1c8e32-7f6a-5f0e-8b7e-2f6a1c0d4e58"


@dataclass(slots=True)
class Scene:
    """The packages of an account, and the terminal of its owner."""

    terminal: Terminal
    sandbox: NpmSandbox
    releases: Releases
    environ: dict[str, str]

    @property
    def world(self) -> World:
        """What the registry knows."""
        return self.sandbox.world

    def package(self, number: int = 0) -> Package:
        """A package."""
        return self.world.packages[number]

    def run(self, *arguments: str, answers: list[str] | None = None) -> Ended:
        """Run the script; the registry's clock is the person's."""
        self.world.now = datetime.fromtimestamp(int(self.terminal.clock.read_text()), UTC)
        ended = self.terminal.run(*arguments, environ=self.environ, answers=answers)
        assert self.sandbox.crashes == []
        return ended

    def pass_hours(self, hours: int) -> None:
        """Let time pass, for both."""
        self.terminal.pass_hours(hours)
        self.world.now += timedelta(hours=hours)

    def writes(self) -> list[str]:
        """The requests that changed something, as method and path."""
        return [
            f"{one.method} {one.path}"
            for one in self.sandbox.requests
            if one.method not in {"GET", "HEAD"}
        ]


@contextmanager
def scene(folder: Path, packages: int = 3, *, window: int = WINDOW) -> Iterator[Scene]:
    """An account with so many packages."""
    world = scaled_maintainer(NOW, packages, tokens=0)
    world.users[0].otp_window = window
    world.users[0].otp_codes = ()
    world.web_polls = 0
    releases = Releases()
    home = folder / "home"
    home.mkdir()
    with npm_sandbox(world, writes=releases.routes()) as sandbox:
        environ = Client(sandbox, home).environment(world.token("sedge"))
        environ = {name: text for name, text in environ.items() if name not in {"HOME", "PATH"}}
        terminal = Terminal(folder, int(NOW.timestamp()))
        yield Scene(terminal, sandbox, releases, environ)


def claims_of(repository: str, workflow: str, environment: str, host: str) -> dict[str, str]:
    """The claims of an id token of a run that publishes."""
    return {
        "iss": ISSUER,
        "aud": f"npm:{host}",
        "repository": repository,
        "repository_visibility": "public",
        "workflow_ref": f"{repository}/.github/workflows/{workflow}@refs/tags/v1.3.0",
        "ref": "refs/tags/v1.3.0",
        "event_name": "push",
        "environment": environment,
        "runner_environment": "github-hosted",
    }


def publisher(
    repository: str = "acme/old",
    file: str = "publish.yml",
    environment: str = "",
    permissions: tuple[str, ...] | None = ("createPackage",),
    number: str = OLD,
) -> TrustedPublisher:
    """A publisher of old."""
    bound = {"environment": environment} if environment else {}
    claims = {"repository": repository, "workflow_ref": {"file": file}, **bound}
    return TrustedPublisher(number, "github", claims, permissions)
