"""Tokens of Actions jobs and of other installations: what they cannot see is said."""

from __future__ import annotations

from tests.cli.command import Command
from tests.cli.conftest import Accounts
from tests.worlds.organizations import base

JOB = {"GITHUB_ACTIONS": "true", "GH_ENTERPRISE_TOKEN": base.WEAK_APP}
ONE = ("github:bramble-labs", "--select", "GHO101")


def test_a_check_says_what_a_jobs_token_cannot_see(organizations: Accounts) -> None:
    ran = organizations.bare(*ONE, **JOB)
    (line,) = ran.told
    assert line.startswith("hardenme: GH_ENTERPRISE_TOKEN is this job's own token: it sees this")
    assert "`permissions:`" in line
    assert "fine-grained token" in line
    assert organizations.github.requests
    quiet = organizations.bare(*ONE, "--quiet", **JOB)
    assert quiet.err == ""


def test_a_check_says_it_of_any_installations_token(organizations: Accounts) -> None:
    general = {"HARDENME_GITHUB_TOKEN": base.WEAK_APP}
    (line,) = organizations.bare(*ONE, **general).told
    assert "HARDENME_GITHUB_TOKEN holds the token of an app's installation" in line
    own = {"HARDENME_GITHUB_TOKEN__BRAMBLE_LABS": base.WEAK_APP}
    (line,) = organizations.bare(*ONE, **own).told
    assert "HARDENME_GITHUB_TOKEN__BRAMBLE_LABS holds the token" in line
    assert organizations.bare(*ONE, HARDENME_GITHUB_TOKEN=base.WEAK_CLASSIC).err == ""


def test_what_has_no_account_is_unknown_and_never_passes(organizations: Accounts) -> None:
    ran = organizations.bare("me", "--select", "GHA", "--format", "json", **JOB)
    assert ran.code in {3, 4}
    assert '"outcome": "passed"' not in ran.out


def test_the_doctor_has_a_row_for_it(command: Command) -> None:
    job = {"GITHUB_ACTIONS": "true", "GITHUB_TOKEN": base.WEAK_APP}
    ran = command("doctor", "--offline", **job)
    (row,) = [line for line in ran.out.splitlines() if line.startswith("  limits:")]
    assert "GITHUB_TOKEN is this job's own token" in row
    assert "limits:" not in command("doctor", "--offline", GITHUB_TOKEN=base.WEAK_CLASSIC).out
