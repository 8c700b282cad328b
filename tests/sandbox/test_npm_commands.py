"""The real npm client runs the script of a plan, and the registry takes it."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from hardenme.model.publishing import ClosingStep, PackagePaths, Publishing, State
from hardenme.model.verdict import Fix
from hardenme.reports import render
from hardenme.sandbox.github.server import github_sandbox
from hardenme.sandbox.npm.scenarios import weak_maintainer
from hardenme.sandbox.npm.server import NpmSandbox, npm_sandbox
from tests.moment import NOW
from tests.reports.publishing_sample import disallow, report_with, revoke, trust
from tests.running import Stage
from tests.sandbox.test_npm_client import Client
from tests.worlds import github, npm_writes

PACKAGE, REPOSITORY = "@acorn-labs/ladle", "acorn-labs/ladle"
BASH = shutil.which("bash")
pytestmark = pytest.mark.needs("npm", "bash")


@pytest.fixture
def sandbox() -> Iterator[NpmSandbox]:
    with npm_sandbox(weak_maintainer(NOW), writes=npm_writes.ROUTES) as running:
        running.world.users[0].remembers_otp = True
        yield running
    assert running.crashes == []


def step(*words: str) -> ClosingStep:
    return ClosingStep(" ".join(words), Fix("Do it", command=" ".join(words)), (), presence=True)


APPLY = ("--apply", "--apply-destructive", "--yes")


def run(
    client: Client, script: str, *arguments: str, **more: str
) -> subprocess.CompletedProcess[str]:
    """Run a script with waits cut short, and something said to each question."""
    tools = client.home / "tools"
    tools.mkdir(exist_ok=True)
    sleeper = tools / "sleep"
    sleeper.write_text("#!/bin/sh\n")
    sleeper.chmod(0o700)
    environment = client.environment(client.sandbox.world.token("mallow"))
    path = f"{tools}:{environment['PATH']}"
    assert BASH is not None
    return subprocess.run(  # noqa: S603 (our own script)
        [BASH, "-c", script, "fix.sh", *arguments],
        cwd=client.home,
        # A question of npm's own would take all that is there to be said.
        env=environment | {"PATH": path, "NPM_CONFIG_YES": "true", "NPM_PAUSE": "0"} | more,
        input="yes\n" * 9,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.sampled(2, among="npm's commands")
def test_the_batch_does_what_it_says(sandbox: NpmSandbox, tmp_path: Path) -> None:
    world = sandbox.world
    package = world.package(PACKAGE)
    assert package is not None
    package.publishers.clear()
    token = next(one for one in world.tokens if one.name == "deploy-all")
    team = world.organization("acorn-labs").teams[0]  # type: ignore[union-attr]
    steps = (
        trust(PACKAGE, REPOSITORY),
        disallow(PACKAGE),
        step("npm", "access", "grant", "read-only", "acorn-labs:developers", PACKAGE),
        step("npm", "owner", "rm", "teasel", PACKAGE),
        step("npm", "team", "rm", "acorn-labs:developers", "sorrel"),
        step("npm", "org", "rm", "acorn-labs", "teasel"),
        revoke(token.key, token.name),
    )
    report = report_with(Publishing((PackagePaths(PACKAGE, 1, (), steps),)))
    script = render(report, "commands")
    client = Client(sandbox, tmp_path)

    printed = run(client, script)
    assert (printed.returncode, sandbox.requests) == (0, [])
    assert "nothing was run" in printed.stdout

    done = run(client, script, *APPLY, NPM_CONFIG_OTP="000000")
    assert done.returncode == 0, done.stderr
    made = package.publishers[0]
    assert made.type == "github"
    assert made.claims == {
        "repository": REPOSITORY,
        "workflow_ref": {"file": "release.yml"},
        "environment": "release",
    }
    assert made.permissions == ("createStagedPackage",)
    assert package.mfa == "publish"
    assert team.packages[PACKAGE] == "read"
    assert "teasel" not in {person.name for person in package.maintainers}
    assert "teasel" not in package.collaborators
    assert "sorrel" in team.members, "no check prints that command"
    assert "teasel" not in world.organization("acorn-labs").roster  # type: ignore[union-attr]
    assert token not in world.tokens
    assert all(one.revoked for one in world.credentials if one.key == token.key)

    again = step("npm", "trust", "revoke", f"--id={made.id}", PACKAGE)
    report = report_with(Publishing((PackagePaths(PACKAGE, 1, (), (again,)),)))
    script = render(report, "commands")
    assert run(client, script, *APPLY, NPM_CONFIG_OTP="000000").returncode == 0
    assert package.publishers == []


@pytest.mark.sampled(2, among="npm's commands")
def test_a_command_that_fails_is_named_and_gives_1(sandbox: NpmSandbox, tmp_path: Path) -> None:
    steps = (disallow("@acorn-labs/absent"), disallow(PACKAGE))
    report = report_with(Publishing((PackagePaths(PACKAGE, 1, (), steps),)))
    script = render(report, "commands")
    done = run(Client(sandbox, tmp_path), script, *APPLY, NPM_CONFIG_OTP="000000")
    assert done.returncode == 1
    assert "commands that failed: 1" in done.stderr


def test_without_the_second_factor_nothing_changes(sandbox: NpmSandbox, tmp_path: Path) -> None:
    report = report_with(Publishing((PackagePaths(PACKAGE, 1, (), (disallow(PACKAGE),)),)))
    done = run(Client(sandbox, tmp_path), render(report, "commands"), *APPLY)
    assert "EOTP" in done.stderr
    package = sandbox.world.package(PACKAGE)
    assert package is not None
    assert package.mfa is None


@pytest.mark.sampled(2, among="npm's commands")
def test_the_steps_of_a_real_run_close_what_it_found_open(
    sandbox: NpmSandbox, tmp_path: Path
) -> None:
    """What is printed is run by the real client; the next run sees it."""
    target = "npm:mallow-trivet"
    token = sandbox.world.token("mallow")
    with github_sandbox(github.weak_maintainer(NOW)) as host:
        stage = Stage(host, sandbox, github.WEAK_TOKEN, token)
        before = stage.audit(target, select_=("PUB",))
        script = render(before, "commands")
        assert "npm profile enable-2fa" in script
        assert "npm access set mfa=publish mallow-trivet" in script
        assert "\n  run npm token revoke" in script
        client = Client(sandbox, tmp_path)
        done = run(client, script, *APPLY, NPM_CONFIG_OTP="000000")
        assert done.returncode == 0, done.stderr
        # It would ask for the password, which is not for a registry that is not npm's own.
        (by_hand,) = (line for line in script.splitlines() if line.startswith("#   npm profile"))
        command = by_hand.removeprefix("#   ").partition("  (")[0]
        done = run(client, command, NPM_CONFIG_OTP="000000")
        assert done.returncode == 0, done.stderr
        after = stage.audit(target, select_=("PUB",))
    assert before.publishing is not None
    assert after.publishing is not None
    was, is_ = before.publishing.packages[0], after.publishing.packages[0]
    assert was.count(State.OPEN) >= 2
    # What the package takes is known from a person's statement alone, and what an old token may do
    # is not told: it is left to its owner.
    assert is_.count(State.OPEN) == 0
    assert [path.name for path in is_.paths if path.state is State.UNKNOWN] == [
        "bd13629d",
        "tokens of any account that may publish",
    ]
