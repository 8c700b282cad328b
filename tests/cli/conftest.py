"""The console script, and accounts for it to audit."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hardenme.ground.exit_code import Exit
from hardenme.sandbox.github.server import github_sandbox
from hardenme.sandbox.http import LoopbackServer
from hardenme.sandbox.npm import scenarios as npm
from hardenme.sandbox.npm.server import NpmSandbox, npm_sandbox
from hardenme.sandbox.npm.transparency import trust_root
from tests.cli.command import Command, Ran
from tests.cli.timed_runs import Timer
from tests.moment import NOW, standing_at
from tests.worlds import github
from tests.worlds.organizations import (
    base,
    strict_organization,
    weak_organization,
)


@dataclass(slots=True)
class Accounts:
    """Two accounts on loopback, and the command that audits them.

    Attributes:
        command: the console script.
        github: where the GitHub account is.
        npm: where the npm account is.
        github_token: a token of the former.
        npm_token: a token of the latter.
        trust_root: the file that provenance is verified by; empty for the public trust root.
    """

    command: Command
    github: LoopbackServer
    npm: LoopbackServer
    github_token: str
    npm_token: str
    trust_root: str = ""

    @property
    def urls(self) -> tuple[str, ...]:
        """The options that name both servers."""
        return ("--github-url", self.github.url, "--npm-registry", self.npm.url)

    @property
    def tokens(self) -> dict[str, str]:
        """The variables that hold both tokens."""
        return {
            "HARDENME_GITHUB_TOKEN": self.github_token,
            "HARDENME_NPM_TOKEN": self.npm_token,
        }

    @property
    def asked(self) -> int:
        """How many requests came to both."""
        return len(self.github.requests) + len(self.npm.requests)

    def check(self, *arguments: str, text: str | bytes = "", **environ: str) -> Ran:
        """Run `hardenme check` in full, with both tokens, this machine left out."""
        return self.bare(*arguments, text=text, **{**self.tokens, **environ})

    def report(self, *arguments: str, **environ: str) -> Ran:
        """Run `hardenme report` with both tokens and one check, this machine left out."""
        few = ("--no-local", "--select", "GHA101,GHA103", "--ignore", "GHA103", "--no-cache")
        return self.command("report", *few, *self.urls, *arguments, **{**self.tokens, **environ})

    def bare(self, *arguments: str, text: str | bytes = "", **environ: str) -> Ran:
        """Run `hardenme check` in full, with no token but the ones given here."""
        return self.screen("--full", *arguments, text=text, **environ)

    def screen(self, *arguments: str, text: str | bytes = "", **environ: str) -> Ran:
        """Run `hardenme check` as it is, with no token but the ones given here."""
        trusting = ("--sigstore-trust-root", self.trust_root) if self.trust_root else ()
        fixed = ("--no-local", "--no-cache", *self.urls, *trusting)
        return self.command("check", *fixed, *arguments, text=text, **environ)


@pytest.fixture(scope="session")
def new_command() -> Callable[[Path], Command]:
    """Gives the command with an empty home, in a folder.

    What asks for it, by other fixtures too, is in the second tier of the tests.
    """
    return Command.within


@pytest.fixture
def command(tmp_path: Path, new_command: Callable[[Path], Command]) -> Command:
    return new_command(tmp_path)


@pytest.fixture(scope="session")
def demonstrate(
    tmp_path_factory: pytest.TempPathFactory, new_command: Callable[[Path], Command]
) -> Callable[[Command], Ran]:
    """Gives a command the home of one that has run the demo, and what that printed."""
    first = new_command(tmp_path_factory.mktemp("demonstrated"))
    ran = first("demo")
    assert ran.code == 0

    def copied(command: Command) -> Ran:
        shutil.copytree(first.home, command.home, dirs_exist_ok=True)
        return ran

    return copied


@pytest.fixture
def timer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Timer:
    """Runs for a timer, with a state folder of their own."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "xdg"))
    return Timer(tmp_path / "xdg" / "hardenme")


@pytest.fixture(scope="module")
def checked(
    tmp_path_factory: pytest.TempPathFactory, new_command: Callable[[Path], Command]
) -> Iterator[Accounts]:
    """Weak accounts, after one check whose report is in the working directory."""
    now = datetime.now(UTC).replace(microsecond=0)
    registry = npm.weak_maintainer(now)
    with (
        standing_at(now),
        github_sandbox(github.weak_maintainer(now)) as host,
        npm_sandbox(registry) as packages,
    ):
        command = new_command(tmp_path_factory.mktemp("checked"))
        found = Accounts(command, host, packages, github.WEAK_TOKEN, registry.token("mallow"))
        ran = found.screen("--format", "json", **found.tokens)
        assert ran.code == Exit.FINDINGS
        (command.folder / "run.json").write_text(ran.out)
        stored = command("report", "--no-local", "--no-cache", *found.urls, **found.tokens)
        assert stored.out.startswith("Baseline")
        yield found


@pytest.fixture
def present() -> Iterator[datetime]:
    """The machine's time, which the command has; the product has it in this process, too."""
    now = datetime.now(UTC).replace(microsecond=0)
    with standing_at(now):
        yield now


@pytest.fixture
def weak(command: Command, present: datetime) -> Iterator[Accounts]:
    """Accounts with typical weaknesses."""
    registry = npm.weak_maintainer(present)
    with github_sandbox(github.weak_maintainer(present)) as host, npm_sandbox(registry) as packages:
        yield Accounts(command, host, packages, github.WEAK_TOKEN, registry.token("mallow"))


@pytest.fixture
def hardened(command: Command, present: datetime, tmp_path: Path) -> Iterator[Accounts]:
    """Accounts of somebody who closed the gaps."""
    trusted = tmp_path / "trusted_root.json"
    trusted.write_text(trust_root())
    registry = npm.hardened_maintainer(present)
    world = github.hardened_maintainer(present)
    with github_sandbox(world) as host, npm_sandbox(registry) as packages:
        token = registry.token("hazel")
        yield Accounts(command, host, packages, github.HARDENED_TOKEN, token, str(trusted))


@pytest.fixture
def organizations(command: Command, present: datetime) -> Iterator[Accounts]:
    """Two organizations at one host, each with owners and tokens of its own."""
    world, other = weak_organization(present), strict_organization(present)
    world.users += other.users
    world.organizations += other.organizations
    world.repositories += other.repositories
    world.tokens += other.tokens
    registry = npm.weak_maintainer(present)
    with github_sandbox(world) as host, npm_sandbox(registry) as packages:
        yield Accounts(command, host, packages, base.WEAK_CLASSIC, registry.token("mallow"))


@pytest.fixture
def registry() -> Iterator[NpmSandbox]:
    """A registry on which mallow can sign in by a page; nobody has to wait for it."""
    world = npm.weak_maintainer(NOW)
    world.web_login_as, world.web_polls = "mallow", 0
    with npm_sandbox(world) as server:
        yield server
