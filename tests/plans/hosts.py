"""Both hosts, which take writes, and a shell whose gh and npm reach these two alone."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from hardenme.sandbox.github.server import GitHubServer, github_sandbox
from hardenme.sandbox.github.world import World as GitHubWorld
from hardenme.sandbox.npm.server import NpmSandbox, npm_sandbox
from hardenme.sandbox.npm.world import World as NpmWorld
from tests.attended import AtHand
from tests.gh import program, real
from tests.running import Stage
from tests.sandbox.test_npm_client import Client
from tests.worlds import npm_writes
from tests.worlds.github_writes import by_method

SH = shutil.which("sh")
SCOPES = frozenset(
    {"repo", "admin:org", "admin:org_hook", "admin:public_key", "admin:gpg_key", "user"}
)
"""What a person's gh holds who signed in as the plan says; the token of an audit only reads."""
ANSWERS = "y\n" * 4
"""What is typed where npm asks whether to go on, or for a password."""
SLOW = 120.0
"""Seconds that one command may take on a busy machine."""


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command line came to.

    Attributes:
        command: as it was run, with what had to be filled in.
        code: the exit code of the whole line.
        said: what it printed, to either stream.
    """

    command: str
    code: int
    said: str

    @property
    def accepted(self) -> bool:
        """Whether the client and the host took it."""
        return self.code == 0


@dataclass(slots=True)
class Hosts:
    """Two servers that take writes, and who acts.

    Attributes:
        stage: what the audit asks, with the tokens of the person.
        login: the person on GitHub.
        account: the same on npm.
        folder: where the commands run.
        checkouts: folders of the projects that commands were run in.
    """

    stage: Stage
    github: GitHubServer
    npm: NpmSandbox
    login: str
    account: str
    folder: Path
    checkouts: list[Path] = field(default_factory=list[Path])
    _environ: Mapping[str, str] = field(default_factory=dict, repr=False)

    def run(self, command: str, folder: Path | None = None) -> Ran:
        """Run one printed line as a person does who pastes it, in a folder of a project or not."""
        assert SH is not None
        self.stage.rest()
        done = subprocess.run(  # noqa: S603 (a printed command, against loopback servers)
            [SH, "-c", command],
            cwd=folder or self.folder,
            env=dict(self._environ),
            input=ANSWERS,
            capture_output=True,
            text=True,
            timeout=SLOW,
            check=False,
        )
        return Ran(command, done.returncode, done.stdout + done.stderr)


@contextmanager
def writable(
    on_github: GitHubWorld,
    on_npm: NpmWorld,
    folder: Path,
    *,
    token: str,
    account: str,
    real_gh: bool = True,
) -> Iterator[Hosts]:
    """Serve two worlds that take writes, and give a person a shell.

    Args:
        on_github: what GitHub holds; tokens with scopes get those that the commands take.
        on_npm: what the registry holds.
        folder: an empty one, for the clients' own files.
        token: the person's token on GitHub.
        account: the person's account on npm, with a session.
        real_gh: GitHub's own gh is used where it is installed.
    """
    for one in on_github.tokens:
        one.scopes = one.scopes | SCOPES if one.scoped else one.scopes
    for user in on_npm.users:
        # A person answers each challenge; whoever runs many lines ticks the page's box.
        user.remembers_otp = True
    known = on_github.token(token)
    assert known is not None
    with (
        github_sandbox(on_github, writes=by_method()) as github,
        npm_sandbox(on_npm, writes=npm_writes.ROUTES) as npm,
        _tools(folder, github.url, token, real_gh=real_gh) as variables,
    ):
        session = on_npm.token(account)
        environ = Client(npm, folder).environment(session) | {"NPM_CONFIG_OTP": "000000"}
        environ["PATH"] = f"{folder / 'tools'}:{environ['PATH']}"
        stage = Stage(github, npm, token, session, person=AtHand())
        yield Hosts(
            stage, github, npm, known.login or "", account, folder, [], {**environ, **variables}
        )
        assert github.crashes == npm.crashes == []


@contextmanager
def _tools(folder: Path, url: str, token: str, *, real_gh: bool) -> Iterator[Mapping[str, str]]:
    """Variables of a shell with gh: GitHub's own where it is installed, else the stand-in."""
    tools = folder / "tools"
    tools.mkdir()
    with ExitStack() as stack:
        if real.GH is None or not real_gh:
            stack.enter_context(program.installed(tools, url, token))
            yield {}
            return
        (tools / "gh").symlink_to(real.GH)
        own = folder / "gh"
        own.mkdir()
        place = stack.enter_context(real.relay(url))
        given = real.environment(own, place, token)
        yield {name: value for name, value in given.items() if name.startswith("GH_")}
