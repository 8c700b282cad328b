"""The fix plan closes what it says: check, print the plan as a script, run it, and check again.

The report goes through its file, as `hardenme check -f json` writes it and `hardenme fix` reads it.
The script is run by a shell, with the stand-in for gh and the real npm client, each bound to a
sandbox. What is open afterwards is written down here, with the reason, so that a step that no
longer closes its findings shows.
"""

from __future__ import annotations

import io
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from hardenme.cli.fix.plan import script_of
from hardenme.model.report import Report
from hardenme.model.verdict import Failed
from hardenme.reports import render
from hardenme.reports.reading import load
from hardenme.sandbox.github.server import github_sandbox
from hardenme.sandbox.github.world import World
from hardenme.sandbox.npm import scenarios as npm
from hardenme.sandbox.npm.server import NpmSandbox, npm_sandbox
from tests.attended import AtHand
from tests.gh.program import installed
from tests.plans.hosts import SCOPES
from tests.running import NOW, PATIENT, Stage
from tests.sandbox.test_npm_client import Client
from tests.worlds import github, npm_writes
from tests.worlds.github_writes import by_method

SH = shutil.which("sh")
EVERYTHING = ("--apply", "--apply-destructive", "--yes")
pytestmark = [
    pytest.mark.skipif(SH is None, reason="there is no sh on PATH"),
    pytest.mark.second_tier("runs whole scripts of fixes"),
    pytest.mark.sampled(3, among="fixes"),
]

ORGANIZATION = {
    "what workflows use is listed before anything else stops": "GHW101",
    "who owns what workflows run is another step: GHR121": "GHB106",
    "one configuration for all repositories is made on a page": "GHR101 GHR102 GHR103 GHR105",
    "its command is for a folder of the project": "GHR122",
    "who may make a release tag is for a person to say; the rest is closed": "GHB115",
}
"""What has a command and is open in the weak organization after its plan, and why."""
ACCOUNT = {
    "where one account alone can push, no one else can approve": "GHB103 GHB105",
    "who owns what workflows run is another step: GHR121": "GHB106",
    "its command is for a folder of the project": "GHR122",
    "who may make a release tag is for a person to say; the rest is closed": "GHB115",
}
"""The same of the weak maintainer's account and repositories."""
PACKAGE = {
    "it ends the only accepted way to release until another one was seen": "NPP102 NPP103 NPP116",
}
"""The same of one of the maintainer's packages, and of the account's tokens for it."""
FEW = {"cellar", "grater", "ladle", "pantry"}
"""The repositories in which there is most to do; each takes a process for each step."""
NEW = {
    "GHA107": "the only key that signed was among those that were deleted",
    "GHR104": "the alerts were off, and now show what they know",
    "GHR112": "who helped to administer it had the role from outside",
}
"""Checks that fail afterwards where they did not before, and why."""


@contextmanager
def sandboxes(world: World) -> Iterator[tuple[Stage, NpmSandbox]]:
    """Both sandboxes, which take what changes something."""
    registry = npm.weak_maintainer(NOW)
    registry.users[0].remembers_otp = True
    with (
        github_sandbox(world, writes=by_method()) as on_github,
        npm_sandbox(registry, writes=npm_writes.ROUTES) as on_npm,
    ):
        for token in world.tokens:
            token.scopes = token.scopes | SCOPES if token.scoped else token.scopes
        yield Stage(on_github, on_npm, "", registry.token("mallow"), person=AtHand()), on_npm
        assert on_github.crashes == on_npm.crashes == []


def kept(report: Report) -> Report:
    """The report as its file holds it."""
    return load(io.BytesIO(render(report, "json").encode()))


def run(script: str, running: Stage, on_npm: NpmSandbox, folder: Path) -> str:
    """Run a plan's script to its end; returns what it says of faults."""
    assert SH is not None
    tools = folder / "tools"
    tools.mkdir()
    environ = Client(on_npm, folder).environment(running.npm_token)
    environ |= {"NPM_PAUSE": "0", "NPM_CONFIG_OTP": "000000"}
    environ["PATH"] = f"{tools}:{environ['PATH']}"
    (folder / "plan.sh").write_text(script, encoding="utf-8")
    with installed(tools, running.github.url, running.github_token):
        done = subprocess.run(  # noqa: S603 (our own script)
            [SH, "plan.sh", *EVERYTHING],
            cwd=folder,
            env=environ,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
    assert (done.returncode, "failed" in done.stderr) == (0, False), done.stderr
    return done.stderr


def open_in(report: Report) -> dict[str, set[str]]:
    """The subjects of what failed, by the check's code."""
    found: dict[str, set[str]] = defaultdict(set)
    for item in report.findings:
        if item.result == "failed":
            found[item.code].add(str(item.subject))
    return found


def held(before: Report, after: Report, left: dict[str, str]) -> None:
    """What is open afterwards is done on a page or was written down; what failed anew too."""
    was, stays = open_in(before), open_in(after)
    printed = {
        (item.code, str(item.subject))
        for item in (*before.findings, *after.findings)
        if isinstance(item.outcome, Failed) and item.outcome.fix.command
    }
    by_command = {code for code in stays if any((code, one) in printed for one in stays[code])}
    assert sorted(by_command) == sorted(" ".join(left.values()).split())
    assert {code for code, subjects in stays.items() if subjects - was[code]} <= NEW.keys()
    others = [subjects for code, subjects in stays.items() if code not in by_command]
    assert sum(map(len, others)) < sum(map(len, was.values())) / 2


def test_an_organization(tmp_path: Path) -> None:
    world = github.weak_organization(NOW)
    with sandboxes(world) as (running, on_npm):
        running.github_token, running.person = github.WEAK_ORG_TOKEN, None
        before = kept(running.audit("github:bramble-labs", bounds=PATIENT))
        run(script_of(before), running, on_npm, tmp_path)
        held(before, running.audit("github:bramble-labs", bounds=PATIENT), ORGANIZATION)
        assert not any(repository.invitations for repository in world.repositories)


def test_an_account_and_its_repositories(tmp_path: Path) -> None:
    world = github.weak_maintainer(NOW)
    world.repositories[:] = [item for item in world.repositories if item.name in FEW]
    for user in world.users:
        # Else GitHub has no rules for private repositories.
        user.plan = "pro"
    with sandboxes(world) as (running, on_npm):
        running.github_token = github.WEAK_TOKEN
        before = kept(running.audit("me", select_=("GH",), profile="org", bounds=PATIENT))
        # Somebody who stays an owner: GitHub does not let the last one go.
        world.organizations[0].members["fern"] = "admin"
        run(script_of(before), running, on_npm, tmp_path)
        held(before, running.audit("me", select_=("GH",), profile="org", bounds=PATIENT), ACCOUNT)


@pytest.mark.needs("npm")
def test_a_package(tmp_path: Path) -> None:
    target = "npm:@acorn-labs/sieve"
    with sandboxes(github.weak_maintainer(NOW)) as (running, on_npm):
        before = kept(running.audit(target, select_=("NP",), bounds=PATIENT))
        run(script_of(before), running, on_npm, tmp_path)
        running.person = AtHand()
        held(before, running.audit(target, select_=("NP",), bounds=PATIENT), PACKAGE)
