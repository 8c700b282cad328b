"""Whatever a screen prints of whatever world: its commands are read as they stand by their clients.

`test_printed_commands` runs those of one world. Here is every command of ours and every world, and
nothing is run: npm, gh and git are asked what they have against a line, and hardenme itself, with
the steps, checks and targets that the line names.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

import pytest

from hardenme.cli.main import run
from hardenme.cli.stored import runs
from hardenme.cli.terminal.console import Console
from hardenme.ground.names import LOGIN
from hardenme.model.report import Report
from hardenme.reports.addressed import people_in
from hardenme.reports.calls import placeholders
from hardenme.reports.fixplan.build import plan_of
from hardenme.sandbox.github.server import github_sandbox
from hardenme.sandbox.github.world import World as GitHub
from hardenme.sandbox.npm import scenarios as npm
from hardenme.sandbox.npm.server import npm_sandbox
from hardenme.sandbox.npm.world import World as Npm
from hardenme.store.runs import KeptRun
from tests.delivery.receiving import Hook, hook
from tests.moment import NOW, standing_at
from tests.plans.cases import SOON
from tests.plans.clients import misread
from tests.plans.printed_commands import of_text, ours, refusal
from tests.plans.test_printed_commands import (
    ELSEWHERE,
    FORMS,
    TO_REPLACE,
    of_each_kind,
    wrong_name,
)
from tests.worlds import github
from tests.worlds.generated import ME, generated
from tests.worlds.incidents import INCIDENTS
from tests.worlds.intrusion import intrusion

WORLDS = (
    *("demo", "demo --hardened", "weak", "intrusion"),
    *map(str, range(10)),
    *INCIDENTS,
)
"""The demo, others' accounts that are served to the command, by seed, and incidents."""
SCREENS: dict[str, tuple[str, ...]] = {
    "run": (
        *("show {demo}", "show --full {demo}", "show --unknown {demo}", "show --practices {demo}"),
        *("show --by repository {demo}", "show --by person {demo}", "show --by right {demo}"),
        *("show --severity high {demo}", "show --redact {demo}", "diff last"),
        *("fix {demo}", "fix --lines {demo}", "attest", "trend"),
    ),
    "forms": (
        *("show -f html {demo}", "show -f markdown {demo}", "show -f commands {demo}"),
        *("show -f table {demo}", "show -f github {demo}", "fix -f markdown {demo}"),
        *("runbook -f markdown {demo}", "runbook -f table {demo}", "runbook -f html {demo}"),
    ),
    "parts": (
        *("show {code} {demo}", "show github:{repository} {demo}", "show npm:{package} {demo}"),
        *("show --member {member} {demo}", "show --repo {repository} {demo}"),
        *("show --member {member} -f markdown {demo}", "show --member nobody-here {demo}"),
    ),
    "steps": ("fix {step} {demo}", "show --step {step} {demo}"),
    "tickets": (
        *("show --each-member members {demo}", "show --each-repository repositories {demo}"),
        *("show --repo {repository} -f ticket {demo}", "show --member {member} -f ticket {demo}"),
    ),
    "people": (
        *("people {targets}", "people --full {targets}", "person {member} --leaves {targets}"),
        *("person {member} --stolen {targets}", "person {member} --leaves -f markdown {targets}"),
        "person {member} --hands-over-to {other} {targets}",
    ),
    "night": (
        *("recent {targets}", "incident open night --from recent {demo}"),
        *("incident status {demo}", "incident status --full {demo}", "incident note called {demo}"),
        *("incident attest 1 --how page {demo}", "incident status {demo}", "{again}"),
        *("recent --full {targets}", "recent -f markdown {targets}", "incident close {demo}"),
    ),
    "ready": (
        *("rehearse {targets}", "rehearse --full {targets}", "drill --list", "drill"),
        *("doctor {own}", "auth status", "waive list", "waive add {code}", "cache show"),
        *("permissions {own}", "permissions --command recent", "explain {code}", "list"),
        *("schedule print systemd {own}", "schedule print github-actions {own}"),
        *("verify-request --list", "config", "fix 999 {demo}", "fix zzzzzz {demo}", "chek"),
    ),
    "around": (
        *("report {targets}", "report {targets}", "report --quiet {targets}"),
        *("watch {watched} --once", "watch {watched} --once", "fleet plan --fleet plan {owners}"),
        *("exposed {package}@1.0.0 --between 2026-03-31 {owners}", "check {owners} --plan"),
        *("move npm:{package} --to staged {demo}", "move npm:{package} --to trusted {demo}"),
    ),
}
"""What is typed, in groups; a run is kept before."""
OF_SCREEN = partial(of_text, prose=True)
"""Reads a screen: sentences of many of them begin a line with the name of a client."""
SCRIPTED = re.compile(r"-f (?:github|commands|issues)|schedule print")
"""What prints a program: of it the sentences are read."""
OF_OTHERS = re.compile(rf"{ELSEWHERE.pattern}|gh actions-lock\b")
"""What is not read here: commands that `ELSEWHERE` says, and of an extension of gh."""
EACH = {"step": 10, "code": 5}
"""How many of these have a screen each."""
HOLES = re.compile(r"\{(\w+)\}")


@dataclass(slots=True)
class World:
    """A world that is served, with a home in which one run of it is kept.

    Attributes:
        folder: the home, in which commands run.
        environ: variables of every command.
        own: what is checked, as it is typed; empty for the demo.
        begin: what is typed first, and keeps a run.
        told: where what is sent arrives.
    """

    folder: Path
    environ: dict[str, str]
    own: str = ""
    begin: str = ""
    told: Hook | None = None

    @property
    def demo(self) -> str:
        """The option of commands about a run."""
        return "" if self.own else "--demo"

    def type(self, line: str) -> str:
        """Type a command, and read what it prints to both streams."""
        out, err = io.StringIO(), io.StringIO()
        run(shlex.split(line), Console(out, err, self.environ))
        return out.getvalue() + err.getvalue()

    def names(self) -> dict[str, list[str]]:
        """What stands in the holes of lines."""
        report = runs.latest(demo=not self.own).report
        subjects: dict[str, list[str]] = {}
        for one in report.findings:
            subjects.setdefault(one.subject.kind, []).append(one.subject.name)
        people = sorted(name for name in people_in(report) if LOGIN.fullmatch(name))
        repositories = subjects.get("repo", ["nobody/nothing"])
        packages = subjects.get("package", ["nothing"])
        watched = f"npm:{packages[0]}" if "package" in subjects else f"github:{repositories[0]}"
        return {
            "demo": [self.demo],
            "own": [self.own],
            "again": [self.begin],
            "targets": [self.own or "--demo"],
            "owners": [f"github:{repositories[0].partition('/')[0]}"],
            "watched": [watched],
            "repository": repositories,
            "package": [packages[0]],
            "member": people,
            "other": people[-1:],
            "code": sorted({one.code for one in report.findings if one.fails} or {"GHO101"}),
            "step": [step.id for step in plan_of(report).steps],
        }

    def printed(self, group: str) -> dict[str, str]:
        """What the screens of a group print, by what was typed."""
        names = self.names()
        found = {}
        for line in SCREENS[group]:
            for typed in filled(line, names):
                found[typed] = self.type(typed)
        for number, sent in enumerate(self.told.taken if self.told else ()):
            found[f"message {number}"] = "\n".join(map(str, sent.values()))
        for folder in ("members", "repositories"):
            for file in sorted((self.folder / folder).glob("*.md")):
                found[f"{folder}/{file.name} -f markdown"] = file.read_text()
        return found


def filled(line: str, names: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """A line with a name in each hole; with steps or checks, once for each of some."""
    holes = HOLES.findall(line)
    many = next((hole for hole in holes if hole in EACH), "")
    if any(not names[hole] for hole in holes):
        return
    for value in names[many][: EACH[many]] if many else ("",):
        given = {hole: names[hole][0] for hole in holes} | {many: value}
        yield line.format_map(given).strip()


@contextmanager
def served(name: str) -> Iterator[World]:
    """A world, with a run of it that was kept."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        environ = {"COLUMNS": "80", "LANG": "C.UTF-8"}
        stack.enter_context(standing_at(NOW))
        for variable in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
            stack.enter_context(mock.patch.dict(os.environ, {variable: str(folder / variable)}))
        stack.enter_context(contextlib.chdir(folder))
        if name.startswith("demo"):
            world = World(folder, environ, begin=name)
        else:
            on_github, on_npm, token, account, targets = made(name)
            github_host = stack.enter_context(github_sandbox(on_github))
            npm_host = stack.enter_context(npm_sandbox(on_npm))
            told = stack.enter_context(hook())
            own = folder / "XDG_CONFIG_HOME" / "hardenme" / "config.toml"
            own.parent.mkdir(parents=True)
            hosts = f'github-url = "{github_host.url}"\nnpm-registry = "{npm_host.url}"\n'
            own.write_text(f"{hosts}local = false\n")
            environ |= {
                "HARDENME_GITHUB_TOKEN": token,
                "HARDENME_NPM_TOKEN": on_npm.token(account),
                "HARDENME_NOTIFY": told.address(),
            }
            stack.enter_context(mock.patch.dict(os.environ, environ))
            world = World(
                folder, environ, shlex.join(targets), f"check {shlex.join(targets)}", told
            )
        world.type(world.begin)
        stack.enter_context(mock.patch.object(runs, "read", read_once()))
        yield world


def read_once() -> Callable[..., Report]:
    """Reads each kept run once, however many screens show it."""
    read = runs.read
    found: dict[Path, Report] = {}

    def reading(run: KeptRun, again: str = "") -> Report:
        if run.path not in found:
            report = read(run, again)
            found[run.path] = replace(
                report, findings=tuple(report.findings), inventory=tuple(report.inventory)
            )
        return found[run.path]

    return reading


def made(name: str) -> tuple[GitHub, Npm, str, str, tuple[str, ...]]:
    """Both hosts of a world, the token on GitHub, the account on npm, and what is checked."""
    if name == "weak":
        weak = github.weak_organization(NOW)
        return (
            weak,
            npm.weak_maintainer(NOW),
            github.WEAK_ORG_TOKEN,
            "mallow",
            ("github:bramble-labs",),
        )
    if name == "intrusion":
        planted = intrusion(NOW, repositories=6)
        return (
            planted.world,
            npm.weak_maintainer(NOW),
            planted.token,
            "mallow",
            ("github:cedar-labs",),
        )
    if name.isdigit():
        one = generated(int(name), NOW)
        return one.github, one.npm, one.token, ME, one.targets
    incident = INCIDENTS[name]
    at = incident.over_at + SOON
    targets = ("me", *(f"npm:{package}" for package in incident.packages))
    return (
        incident.github(at),
        incident.npm(at),
        incident.github_token,
        incident.keeper.name,
        targets,
    )


def commands(printed: Mapping[str, str]) -> dict[str, str]:
    """Each printed command, with what was typed to see it first."""
    found: dict[str, str] = {}
    for typed, text in printed.items():
        form = typed.partition(" -f ")[2].partition(" ")[0]
        read = ours if SCRIPTED.search(typed) else FORMS.get(form, OF_SCREEN)
        for line in read(text):
            found.setdefault(line, typed)
    return found


def faults(
    lines: Mapping[str, str], steps: Collection[str], folder: Path
) -> Iterator[tuple[str, tuple[str, str]]]:
    """The commands that are not taken, each with what was typed to see it, and why not.

    Args:
        lines: the commands, with what was typed to see each.
        steps: the ids of the steps of the kept run.
        folder: an empty one.
    """
    others = []
    for line, typed in lines.items():
        if line.startswith("hardenme "):
            if why := refusal(line) or wrong_name(line, steps):
                yield line, (typed, why)
        elif placeholders(line) or TO_REPLACE.search(line):
            yield line, (typed, "its reader has to replace a word")
        else:
            others.append(line)
    asked = [line for line in of_each_kind(iter(others)) if not OF_OTHERS.match(line)]
    for line, why in misread(asked, folder).items():
        yield line, (lines[line], why)


@pytest.mark.needs("npm", "gh", "node")
@pytest.mark.second_tier("a check of a whole world each")
@pytest.mark.sampled(len(WORLDS) * len(SCREENS))
@pytest.mark.parametrize("name", WORLDS)
@pytest.mark.parametrize("group", SCREENS)
def test_each_command_is_read_by_its_client(name: str, group: str, tmp_path: Path) -> None:
    with served(name) as world:
        steps = {*world.names()["step"]}
        printed = world.printed(group)
        # What was done in between has steps of its own.
        steps |= {*world.names()["step"]}
    found = commands(printed)
    assert found or not steps
    assert dict(faults(found, steps, tmp_path)) == {}
