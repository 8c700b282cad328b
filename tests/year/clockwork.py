"""A year of weekly reports, run in this process under a clock that is moved."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hardenme.cli.main import run
from hardenme.cli.terminal.console import Console
from hardenme.sandbox.github.world import World
from hardenme.sandbox.npm import scenarios as npm
from hardenme.sandbox.npm.world import World as Registry
from tests.delivery.receiving import Hook, Mailbox, hook, mailbox
from tests.moment import standing_at
from tests.running import Stage, stage
from tests.worlds import github
from tests.worlds.organizations import base

START = datetime(2026, 1, 5, 6, 0, tzinfo=UTC)
TARGETS = (f"github:{base.STRICT}", "npm:@hazel-grove/lantern")


@dataclass(frozen=True, slots=True)
class Told:
    """What one run said.

    Attributes:
        code: its exit code.
        lines: what changed, one line each.
        said: what stands on standard error.
        requests: how many it sent to GitHub and npm.
    """

    code: int
    lines: tuple[str, ...]
    said: tuple[str, ...]
    requests: int


@dataclass(slots=True)
class Year:
    """The two worlds, and the time.

    Attributes:
        github: what is there on GitHub.
        npm: what is there on npm.
        stage: their servers.
        environ: the environment of the runs.
        hook: a web server that is sent each message.
        mail: a mail server that is, too.
        week: how many weeks have passed.
        posted: what the web server was sent: its answer, and the title.
    """

    github: World
    npm: Registry
    stage: Stage
    environ: dict[str, str]
    hook: Hook
    mail: Mailbox
    week: int = 0
    posted: list[tuple[int, str]] = field(default_factory=list)

    @property
    def now(self) -> datetime:
        """The moment of the week's run."""
        return START + timedelta(weeks=self.week)

    def begin(self, week: int) -> None:
        """The week comes; whoever works, works."""
        self.week = week
        self.github.now = self.npm.now = self.now
        for user in self.github.users:
            user.contributions[base.STRICT] = self.now - timedelta(days=1)

    def report(self, *options: str) -> Told:
        """Run the weekly report."""
        sent = len(self.stage.github.requests) + len(self.stage.npm.requests)
        out, err = io.StringIO(), io.StringIO()
        words = ["report", *TARGETS, "--quiet", "--profile", "team", "--format", "json", *options]
        words += ["--github-url", self.stage.github.url, "--npm-registry", self.stage.npm.url]
        with standing_at(self.now):
            code = run(words, Console(out, err, self.environ))
        for message in self.hook.taken[len(self.posted) :]:
            self.posted.append((self.hook.status, message["title"]))
        text = out.getvalue()
        lines = tuple(sorted(_lines(json.loads(text)))) if text else ()
        requests = len(self.stage.github.requests) + len(self.stage.npm.requests) - sent
        return Told(code, lines, tuple(err.getvalue().splitlines()), requests)


def _lines(drift: dict[str, Any]) -> Iterator[str]:
    for one in drift["changes"]:
        yield f"{one['step']} {one['code']} {one['subject']}"
    for one in drift["items"]:
        item = one["after"] or one["before"]
        name = f" {item['label']}" if item else "s"
        fields = f": {', '.join(one['fields'])}" if one["fields"] else ""
        yield f"{one['turn']} {one['kind']}{name} in {one['place']}{fields}"


@contextmanager
def year(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Year]:
    """A year that begins, with tokens that last longer than it."""
    world, registry = github.strict_organization(START), npm.hardened_maintainer(START)
    for token in world.tokens:
        token.expires_at = START + timedelta(days=500)
    for credential in registry.credentials:
        credential.expires_at = START + timedelta(days=500)
    session = registry.token("hazel")
    environ = {
        "HOME": str(home),
        "PATH": "/usr/bin:/bin",
        "HARDENME_GITHUB_TOKEN": base.STRICT_CLASSIC,
        "HARDENME_NPM_TOKEN": session,
    }
    for name in ("XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(home)
    with (
        stage(world, registry, base.STRICT_CLASSIC, session) as running,
        hook() as web,
        mailbox() as mail,
    ):
        notify = f"{web.address()} {mail.address}"
        environ["HARDENME_NOTIFY"] = notify
        monkeypatch.setenv("HARDENME_NOTIFY", notify)
        yield Year(world, registry, running, environ, web, mail)
