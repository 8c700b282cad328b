"""Runs the real audit against the sandboxes, as the tests and benchmarks need it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

from hardenme.collectors.github.client import GitHub
from hardenme.collectors.npm.client import Npm
from hardenme.collectors.npm.presence import PersonPresent
from hardenme.collectors.transport.bounds import Bounds
from hardenme.collectors.transport.cache import Cache
from hardenme.engine.audit import audit
from hardenme.engine.catalogue import select
from hardenme.engine.clients import Clients
from hardenme.engine.plan import Selection, plan
from hardenme.engine.progress import Silent
from hardenme.engine.results import ResultStore
from hardenme.engine.run_config import RunConfig
from hardenme.engine.target import Target
from hardenme.model.depth import Depth
from hardenme.model.finding import tally
from hardenme.model.report import Report
from hardenme.model.secret import Secret
from hardenme.sandbox.github.server import GitHubServer, github_sandbox
from hardenme.sandbox.http import LoopbackServer
from hardenme.sandbox.npm.server import NpmSandbox, npm_sandbox
from hardenme.sandbox.npm.transparency import trust_root
from tests.attended import attended
from tests.moment import NOW, standing_at

__all__ = ["NOW", "PATIENT", "QUICK", "Stage", "planned", "stage"]

QUICK = Bounds(connect=30.0, idle=30.0, deadline=60.0, retries=0, pause=0.0, patience=0.0)
"""No second tries and no waiting, so that a fault shows at once."""
PATIENT = replace(QUICK, connect=60.0, idle=60.0, deadline=60.0)
"""Where requests are counted: a slow machine must not look like a server that had no time."""


@dataclass(slots=True)
class Stage:
    """Two servers, and the tokens that open them.

    Attributes:
        github: GitHub's sandbox.
        npm: the registry's sandbox.
        github_token: empty for none.
        npm_token: empty for none.
        others: makes the clients for mail and this machine, new for each run.
        more: further servers.
        person: who gives npm's second factor; None for nobody.
    """

    github: LoopbackServer
    npm: NpmSandbox
    github_token: str = ""
    npm_token: str = ""
    others: Callable[[], Mapping[str, Any]] = dict
    more: tuple[LoopbackServer, ...] = ()
    person: PersonPresent | None = None

    @property
    def servers(self) -> tuple[LoopbackServer, ...]:
        """All servers whose answers can be broken."""
        return (self.github, self.npm, *self.more)

    def rest(self) -> None:
        """Let an hour go by: thousands of runs would use up what a token may ask, and see nothing.

        What a run is refused for that reason it does not know, so that a test of what it must not
        say would pass.
        """
        if isinstance(self.github, GitHubServer):
            self.github.limits.used.clear()

    def clients(self, bounds: Bounds = QUICK, cache: Cache | None = None) -> Clients:
        """New clients: nothing that an earlier run remembered."""
        github = (
            GitHub.connect(self.github.url, Secret(self.github_token), bounds=bounds, cache=cache)
            if self.github_token
            else None
        )
        secret = Secret(self.npm_token) if self.npm_token else None
        npm = Npm.connect(self.npm.url, secret, bounds=bounds, cache=cache, trust_root=trust_root())
        npm.presence = attended(self.person)
        return Clients(github, npm, self.others())

    def audit(
        self,
        *targets: str,
        select_: tuple[str, ...] = (),
        bounds: Bounds = QUICK,
        cache: Cache | None = None,
        opted_in: tuple[str, ...] = (),
        depth: Depth = Depth.DEEP,
        at: datetime | None = None,
        result_store: ResultStore | None = None,
        **config: Any,
    ) -> Report:
        """Run the audit once, at a moment; where none is given, at that of the worlds."""
        named = tuple(Target.parse(text) for text in targets or ("me",))
        what = RunConfig(named, planned(select_, opted_in, depth), **{"local": False, **config})
        with standing_at(at or self.npm.world.now):
            report = audit(what, self.clients(bounds, cache), Silent(), result_store=result_store)
        # What was counted as it was found is what is there.
        assert tally(report.findings) == tally(iter(report.findings))
        return report


@cache
def planned(selected: tuple[str, ...], opted_in: tuple[str, ...], depth: Depth) -> Selection:
    """The plan of a run; thousands of runs have the same few."""
    return plan(select(selected), opted_in, depth)


@contextmanager
def stage(
    github_world: Any, npm_world: Any, github_token: str = "", npm_token: str = ""
) -> Iterator[Stage]:
    """Serve two worlds for as long as the context lasts."""
    with github_sandbox(github_world) as github, npm_sandbox(npm_world) as npm:
        yield Stage(github, npm, github_token, npm_token)
