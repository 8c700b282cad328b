"""Every command that a screen prints is taken as it is printed: by npm and gh, or by hardenme."""

from __future__ import annotations

import copy
import json
import re
import shlex
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from hardenme.engine.catalogue import catalogue
from hardenme.reports.calls import placeholders
from tests.cli.command import Command
from tests.moment import NOW
from tests.plans.hosts import Hosts, writable
from tests.plans.printed_commands import of_markdown, of_page, of_text, refusal, subcommands
from tests.plans.screens import Screens
from tests.worlds.generated import ME, generated

WORLDS = ("0",)
"""Organizations by their seeds."""
TO_REPLACE = re.compile(r"<[a-z][a-z _-]*>|…|\.\.\.|\bYOUR[-_]|\b(?:your|my)-[a-z]+\b")
"""What a reader replaces, written in another way than in capitals."""
ID, CODE = re.compile(r"[a-z2-7]{6}"), re.compile(r"[A-Z]{3}\d{3}")
ELSEWHERE = re.compile(r"npm (?:install|pkg)\b|npm log(?:in|out)\b|gh auth\b")
"""What asks other hosts or a person, ends the session, or changes a checkout."""
FORMS: dict[str, Callable[[str], Iterator[str]]] = {
    "html": of_page,
    "markdown": of_markdown,
    # A script is a program, which `test_fix_plan_script` runs.
    "commands": lambda _: iter(()),
}
"""How the commands of a form are found, other than those of a screen."""
VALUE = re.compile(r"[^\s=/]*[\d@/{][^\s=]*")
"""A word of a command, or a part of one, that names something."""


@dataclass(slots=True)
class Printed:
    """A world whose screens were printed, and a shell that reaches its hosts.

    Attributes:
        hosts: they take what changes something.
        screens: what was printed.
        steps: the ids of the steps of the kept run.
    """

    hosts: Hosts
    screens: Screens
    steps: frozenset[str]

    def lines(self) -> Mapping[str, str]:
        """Each command, with what was typed to see it first."""
        found: dict[str, str] = {}
        for typed, text in self.screens.printed.items():
            for line in FORMS.get(typed.partition(" -f ")[2], of_text)(text):
                found.setdefault(line, typed)
        return found

    def taken(self, lines: Iterator[str]) -> dict[str, str]:
        """What clients and hosts have against these, each run in the world as it was printed of."""
        github_world, npm_world = self.hosts.github.world, self.hosts.npm.world
        refused = {}
        for line in lines:
            self.hosts.github.world = copy.deepcopy(github_world)
            self.hosts.npm.world = self.hosts.npm.desk.world = copy.deepcopy(npm_world)
            ran = self.hosts.run(line)
            if not ran.accepted:
                refused[line] = ran.said.strip()
        return refused


@contextmanager
def printed(name: str, folder: Path) -> Iterator[Printed]:
    """Print all screens of a world."""
    made = generated(int(name), NOW)
    (folder / "client").mkdir()
    with writable(made.github, made.npm, folder / "client", token=made.token, account=ME) as hosts:
        command = Command.within(folder)
        own = command.home / ".config" / "hardenme" / "config.toml"
        own.parent.mkdir(parents=True)
        own.write_text(f'github-url = "{hosts.github.url}"\nnpm-registry = "{hosts.npm.url}"\n')
        command.environ |= {
            "HARDENME_GITHUB_TOKEN": made.token,
            "HARDENME_NPM_TOKEN": made.npm.token(ME),
        }
        command.now = NOW
        screens = Screens(command, made.targets)
        for _ in screens.all():
            hosts.stage.rest()
        steps = json.loads(command("fix", "-f", "json").out)["steps"]
        yield Printed(hosts, screens, frozenset(step["id"] for step in steps))


def wrong_name(line: str, steps: frozenset[str]) -> str:
    """A step or a check that a command names and that is not one; empty for none."""
    _, command, *words = shlex.split(line)
    codes = {check.code for check in catalogue()}
    if command == "fix" and words and ID.fullmatch(words[0]) and words[0] not in steps:
        return words[0]
    return next((word for word in words if CODE.fullmatch(word) and word not in codes), "")


def of_each_kind(lines: Iterator[str]) -> Iterator[str]:
    """The first of the commands that differ in names only."""
    kinds: dict[str, str] = {}
    for line in lines:
        kinds.setdefault(VALUE.sub("", line), line)
    yield from kinds.values()


@pytest.mark.needs("npm")
@pytest.mark.sampled(10, among="whole stories")
@pytest.mark.parametrize("name", WORLDS)
def test_each_printed_command_is_taken(name: str, tmp_path: Path) -> None:
    with printed(name, tmp_path) as found:
        lines = found.lines()
        own = [line for line in lines if line.startswith("hardenme ")]
        assert len(own) > 20
        assert {line: why for line in own if (why := refusal(line))} == {}
        assert {line: why for line in own if (why := wrong_name(line, found.steps))} == {}
        known = subcommands(found.hosts.run("npm help").said)
        others = [
            line
            for line in lines
            if line not in own
            and (not line.startswith("npm ") or line.split()[1] in known)
            and not ELSEWHERE.match(line)
        ]
        assert len(others) > 20
        missing = [line for line in others if placeholders(line) or TO_REPLACE.search(line)]
        assert {line: lines[line] for line in missing} == {}
        refused = found.taken(of_each_kind(iter(others)))
        assert {line: (lines[line], why) for line, why in refused.items()} == {}
