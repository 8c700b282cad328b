"""What is printed for a release that stands out is run by the real npm client, and undoes it."""

from __future__ import annotations

from pathlib import Path

import pytest

from hardenme.model.verdict import Failed
from hardenme.sandbox.github.server import github_sandbox
from hardenme.sandbox.npm.scenarios import weak_maintainer
from hardenme.sandbox.npm.server import npm_sandbox
from tests.moment import NOW
from tests.running import Stage
from tests.sandbox.test_npm_client import Client
from tests.sandbox.test_npm_commands import run
from tests.worlds import github, npm_writes

NAME = "@acorn-labs/sieve"
pytestmark = pytest.mark.needs("npm", "bash")


def test_the_first_steps_turn_users_away_from_a_release(tmp_path: Path) -> None:
    world = weak_maintainer(NOW)
    world.users[0].remembers_otp = True
    with (
        github_sandbox(github.weak_maintainer(NOW)) as on_github,
        npm_sandbox(world, writes=npm_writes.ROUTES) as on_npm,
    ):
        stage = Stage(on_github, on_npm, github.WEAK_TOKEN, world.token("mallow"))
        report = stage.audit(f"npm:{NAME}", select_=("REL101",))
        (outcome,) = (finding.outcome for finding in report.findings)
        assert isinstance(outcome, Failed)
        done = run(Client(on_npm, tmp_path), outcome.fix.command, NPM_CONFIG_OTP="000000")
        assert done.returncode == 0, done.stderr
        package = world.package(NAME)
        assert package is not None
        # 0.9.0 was the first of a new path, so that it is doubted with what came by it.
        assert package.tags == {"latest": "0.8.0"}
        bad = package.version("0.9.1")
        assert bad is not None
        assert bad.deprecated == "Do not install: under investigation"
        assert all(not one.deprecated for one in package.versions if one is not bad)
        after = stage.audit(f"npm:{NAME}", select_=("REL106",))
        # The tag stays behind the doubted one, and nothing moves it there.
        (left,) = (finding.outcome for finding in after.findings)
        assert isinstance(left, Failed)
        assert "behind 0.9.0" in left.message
        assert not left.fix.command
