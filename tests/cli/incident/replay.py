"""An attack that is played: the hosts, who acts, and what each does by the commands of a page."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from hardenme.ground.exit_code import Exit
from hardenme.sandbox.github.server import GitHubServer
from hardenme.sandbox.github.world import Token
from hardenme.sandbox.npm.server import NpmSandbox
from tests.cli.calls import calls_of
from tests.cli.command import Command, Ran
from tests.cli.runbook.page import Step, steps
from tests.gh.stand_in import run as gh
from tests.printed import printed
from tests.sandbox.npm_many import Ended, many
from tests.sandbox.test_npm_client import Client

GH_ALWAYS = frozenset({"repo", "read:org", "gist"})
"""What gh's own sign-in always asks for."""
DEPRECATES = "Deprecate each bad version"
"""The step that says in words how a version is deprecated that no check marks."""
FEW = 4
"""Steps whose rows are attested at a time."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who takes steps.

    Attributes:
        npm: their account there, in whose session they act.
        gh: the token with which they have signed gh in.
    """

    npm: str = ""
    gh: str = ""


@dataclass(slots=True)
class Replay:
    """The day of an attack.

    Attributes:
        command: the console script, whose clock stands.
        tokens: what hardenme has of its owner.
        home: where the npm client of whoever acts keeps its files.
        bad: the versions of the attacker, as `name@version`.
        ended: every command that was run.
        quiet: the report of the day before.
    """

    command: Command
    github: GitHubServer
    npm: NpmSandbox
    home: Path
    tokens: Mapping[str, str] = field(default_factory=dict)
    bad: Sequence[str] = ()
    ended: list[Ended] = field(default_factory=list)
    quiet: Any = None

    def at(self, now: datetime) -> None:
        """Let it be that time, for everybody."""
        self.command.now = self.npm.world.now = self.github.world.now = now

    def run(self, name: str, *arguments: str, **environ: str) -> Ran:
        """Run hardenme with all its tokens."""
        urls = ("--npm-registry", self.npm.url, "--github-url", self.github.url)
        return self.command(name, *urls, *arguments, **{**self.tokens, **environ})

    def check(self, *targets: str, **environ: str) -> Any:
        """Look at everything, npm's trusted publishers included; the report."""
        urls = ("--npm-registry", self.npm.url, "--github-url", self.github.url)
        whole = ("--no-local", "--interactive", "--depth", "deep", "-f", "json")
        ran = self.command.at_a_terminal(
            "check", *targets, *urls, *whole, **{**self.tokens, **environ}
        )
        assert ran.code in {Exit.FINDINGS, Exit.UNKNOWN, Exit.CLEAN}, ran.err
        return json.loads(ran.out)

    def incident(self, *arguments: str, text: str = "") -> Ran:
        """Run `hardenme incident`, with no token: nobody is asked."""
        self.github.requests.clear()
        self.npm.requests.clear()
        ran = self.command("incident", *arguments, text=text)
        assert self.github.requests == self.npm.requests == []
        return ran

    def status(self) -> Any:
        """Where the ledger stands."""
        return printed("incident", self.incident("status", "-f", "json").out)

    def open(self, name: str, *more: str) -> list[Step]:
        """Open an incident; the steps of the page that it froze."""
        ran = self.incident("open", name, *more)
        assert ran.code == Exit.CLEAN, ran.err
        folder = Path(ran.out.partition("folder")[2].split()[0])
        return steps((folder / "runbook.md").read_text())

    def sign_gh_in(self, page: Iterable[Step], login: str) -> Actor:
        """Somebody who signed in by the page's commands: gh has what they ask for, and no more."""
        asked = [one for step in page for one in step.calls if one[:3] == ["gh", "auth", "login"]]
        named = (one[one.index("--scopes") + 1].split(",") for one in asked if "--scopes" in one)
        scopes = GH_ALWAYS | {scope for some in named for scope in some}
        value = f"gho_CANARY{login}".ljust(40, "0")
        self.github.world.tokens.append(Token(value, "oauth", login, scopes=scopes))
        return Actor(login, value)

    def attest(self, taken: Iterable[Step], how: str, by: str) -> None:
        """Attest all rows of steps."""
        self._attest([str(one.number) for one in taken], how, by)

    def in_turn(self, how: str, by: str) -> list[int]:
        """Attest what is pending, a few steps from the one that comes next, until nothing is.

        Returns:
            The numbers of the steps that came next.
        """
        nexts: list[int] = []
        taken: set[int] = set()
        while (state := self.status())["next"] is not None:
            step = _step(state["next"])
            pending = {_step(one["number"]) for one in state["rows"] if one["state"] == "pending"}
            assert step in pending - taken
            few = sorted(pending)[sorted(pending).index(step) :][:FEW]
            self._attest([str(one) for one in few], how, by)
            nexts.append(step)
            taken.update(few)
        return nexts

    def settle(self, how: str, by: str) -> None:
        """Attest all that is still open: nobody sees it but who did it."""
        rows = self.status()["rows"]
        self._attest([one["number"] for one in rows if one["state"] == "pending"], how, by)

    def _attest(self, numbers: Sequence[str], how: str, by: str) -> None:
        ran = self.incident("attest", *numbers, "--how", how, "--by", by)
        assert ran.code == Exit.CLEAN, ran.err

    def states(self, *begin: str) -> set[str]:
        """How far the rows of the ledger are whose texts begin so."""
        return {one["state"] for one in self.rows(*begin)}

    def rows(self, *begin: str) -> list[Any]:
        """The rows of the ledger whose texts begin so."""
        found = [one for one in self.status()["rows"] if one["text"].startswith(begin)]
        assert found, begin
        return found

    def take(self, found: Iterable[Step], who: Mapping[str, Actor]) -> None:
        """Run the commands of steps in their order, each by whom it is for.

        Args:
            found: the steps.
            who: the actors, by how the page calls them; what is there for no one is for the first.
        """
        first = next(iter(who.values()))
        told = ((who.get(step.who, first), line) for step in found for line in step.lines)
        for actor, lines in groupby(told, key=lambda one: one[0]):
            calls = [words for _, line in lines for words in calls_of(line)]
            self.ended += self._npm([one[1:] for one in calls if one[0] == "npm"], actor)
            for one in calls:
                if one[:2] == ["gh", "api"]:
                    self._gh(one[1:], actor)
        for step in found:
            if step.text.startswith(DEPRECATES):
                self._deprecate(who.get(step.who, first))

    def _deprecate(self, actor: Actor) -> None:
        """Deprecate the attacker's versions that no command of the page named, as it says."""
        named = {word for one in self.ended for word in one.words}
        left = [one for one in self.bad if one not in named]
        told = "Do not install: under investigation"
        self.ended += self._npm([["deprecate", one, told] for one in left], actor)

    def session(self, account: str) -> str:
        """What somebody's npm client is signed in with."""
        return self.npm.world.token(account)

    def call(self, words: list[str], account: str) -> None:
        """Run a command of npm that is on no page, as somebody."""
        self.ended += many(Client(self.npm, self.home), [words], self.session(account))

    def _npm(self, calls: Sequence[list[str]], actor: Actor) -> list[Ended]:
        if not calls:
            return []
        self.npm.world.web_login_as, self.npm.world.web_polls = actor.npm, 0
        signs_in = calls[0][0] == "login"
        token = "" if signs_in else self.session(actor.npm)
        return many(Client(self.npm, self.home), calls, token)

    def _gh(self, words: list[str], actor: Actor) -> None:
        """Run a command of gh, and those that it prints, as a person does."""
        done = gh(words, self.github.url, actor.gh)
        self.ended.append(Ended(tuple(words), done.code, done.error))
        if "--paginate" in words:
            for line in done.output.splitlines():
                for _, *printed in calls_of(line):
                    self._gh(printed, actor)

    @property
    def refused(self) -> list[Ended]:
        """The commands that were."""
        return [one for one in self.ended if one.code]


def _step(number: str) -> int:
    """The number of the step that a row belongs to."""
    return int(number.partition(".")[0])


def open_paths(report: Any) -> set[tuple[str, str]]:
    """The ways by which packages can be published, or may be: which kind, and whose."""
    return {
        (path["way"], path["name"])
        for package in report["publishing"]["packages"]
        for path in package["paths"]
        if path["state"] != "closed"
    }
