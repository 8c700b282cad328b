"""Each command once, from its arguments to its exit code, as a user starts it.

What a command does in each case is tested in its own folder.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from hardenme.cli.main import COMMANDS
from hardenme.ground.exit_code import Exit
from tests.cli.conftest import Accounts


@dataclass(frozen=True, slots=True)
class Use:
    """A run of a command, after a check of weak accounts whose report is in `run.json`.

    Attributes:
        line: the arguments, after the command's name.
        code: the exit code.
        shows: what it prints contains this.
        online: it sends requests, to the accounts of the test.
    """

    line: str
    code: Exit
    shows: str
    online: bool = False


EACH = {
    "demo": Use("", Exit.CLEAN, "profile team"),
    "check": Use("--no-local --no-cache", Exit.FINDINGS, "mallow", online=True),
    "recent": Use("", Exit.FINDINGS, "the last 48 hours", online=True),
    "exposed": Use(
        "axios@1.14.1 --between 2026-01-01T00:00Z 2026-01-01T01:00Z github:mallow/whisk",
        Exit.UNKNOWN,
        "NOT KNOWN",
        online=True,
    ),
    "rehearse": Use("", Exit.UNKNOWN, "Ways to release", online=True),
    "people": Use("", Exit.UNKNOWN, "could do harm"),
    "person": Use("mallow --stolen", Exit.UNKNOWN, "was taken over", online=True),
    "runbook": Use("", Exit.UNKNOWN, "# hardenme runbook"),
    "incident": Use("open spring", Exit.CLEAN, "spring"),
    "show": Use("", Exit.CLEAN, "mallow"),
    "fix": Use("", Exit.CLEAN, "hardenme fix plan"),
    "move": Use("npm:@acorn-labs --to staged", Exit.UNKNOWN, "NEXT      sh move.sh check"),
    "report": Use("--no-local --no-cache", Exit.CLEAN, "Changes from", online=True),
    "schedule": Use("print --cron me", Exit.CLEAN, "crontab -e"),
    "fleet": Use("merge --plan gone.json --in out", Exit.USAGE, "gone.json cannot be read"),
    "permissions": Use("", Exit.CLEAN, "The smallest token that works for me"),
    "auth": Use("status", Exit.CLEAN, "mallow", online=True),
    "doctor": Use("", Exit.NO_CREDENTIAL, " checks"),
    "config": Use("", Exit.CLEAN, "# select is not set"),
    "diff": Use("run.json run.json", Exit.CLEAN, "Changes from"),
    "trend": Use("", Exit.CLEAN, "me: ", online=True),
    "list": Use("", Exit.CLEAN, "GHA101"),
    "explain": Use("GHA101", Exit.CLEAN, "GHA101 GitHub account has no 2FA"),
    "attest": Use("--list", Exit.CLEAN, "nothing is on record"),
    "verify-request": Use("--list", Exit.CLEAN, "no request is on record"),
    "drill": Use("--list", Exit.CLEAN, "fake-2fa-mail"),
    "waive": Use("list", Exit.CLEAN, "no waiver is in force"),
    "watch": Use("", Exit.FINDINGS, "ALERT: 1 package", online=True),
    "cache": Use("show", Exit.CLEAN, " answers, "),
    "completion": Use("bash", Exit.CLEAN, "_hardenme() {"),
}


def test_each_command_is_run() -> None:
    assert list(EACH) == list(COMMANDS)


@pytest.mark.first_tier("each command once, as a user starts it")
@pytest.mark.parametrize("name", EACH)
def test_a_command_runs_to_its_end(checked: Accounts, name: str) -> None:
    use = EACH[name]
    servers, tokens = (checked.urls, checked.tokens) if use.online else ((), {})
    ran = checked.command(name, *use.line.split(), *servers, **tokens)
    assert use.shows in f"{ran.out}{ran.err}"
    assert ran.code == use.code
