"""An administrator hands on what a check found: to members, to repositories, and to a boss."""

from __future__ import annotations

import re
import shlex
import subprocess
from datetime import datetime
from pathlib import Path

import pytest

from hardenme.ground.exit_code import Exit
from hardenme.sandbox.github.server import github_sandbox
from tests.cli.command import Command, Ran
from tests.reports.test_ticket_issues import SH, Tracker, shell
from tests.worlds.scaled_organization import LOGIN, scaled_organization

MOST = 6
"""Commands that it takes."""
MEMBERS = {f"member-{number:04}" for number in (3, 7, 13, 17, 23, 27)}
REPOSITORIES = 9
HEADS = ("**What is wrong**", "**What to do**", "**How to see that it is done**")


class Walk:
    """Commands in the order in which somebody types them."""

    def __init__(self, command: Command) -> None:
        self.command = command
        self.typed: list[str] = []

    def type(self, line: str, *more: str, **environ: str) -> Ran:
        """Type a line, as a screen printed it or help shows it."""
        self.typed.append(line)
        return self.command(*shlex.split(line)[1:], *more, **environ)

    def sh(self, file: Path, environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
        """Run a script that was written."""
        self.typed.append(f"sh {file.name}")
        assert SH is not None
        return subprocess.run(  # noqa: S603 (our own script)
            [SH, str(file)], env=environ, capture_output=True, text=True, timeout=120, check=False
        )


def printed(ran: Ran, start: str) -> str:
    """The command on a screen that begins so."""
    found = re.search(rf"{re.escape(start)}(?: \S+)*?(?=\s{{2}}|$)", ran.out, re.MULTILINE)
    assert found is not None, ran.out
    return found[0]


@pytest.mark.needs("gh")
@pytest.mark.sampled(10, among="whole stories")
def test_an_administrator_hands_on_everything_in_six_commands(
    command: Command, present: datetime, tmp_path: Path
) -> None:
    found = scaled_organization(present, repositories=30, members=30)
    for one in found.world.repositories:
        one.visibility = "private"
    walk = Walk(command)
    with github_sandbox(found.world) as host:
        screen = walk.type(
            f"hardenme check github:{LOGIN}",
            *("--github-url", host.url, "--no-local", "--no-cache"),
            HARDENME_GITHUB_TOKEN=found.token,
        )
    assert screen.code == Exit.FINDINGS
    asked = len(host.requests)

    assert walk.type(printed(screen, "hardenme show --each-member people/")).code == Exit.CLEAN
    pieces = {file.stem: file.read_text() for file in (command.folder / "people").iterdir()}
    assert pieces.keys() >= MEMBERS
    for login, text in pieces.items():
        whole(text)
        assert text.replace("`", "").startswith(f"# For {login}: ")
        assert not [other for other in pieces.keys() - {login} if other in text]

    assert walk.type("hardenme show -f issues -o issues.sh").code == Exit.CLEAN
    names = {one.full_name for one in found.world.repositories}
    tracker = Tracker(dict.fromkeys(names, "private"))
    with shell(tracker, tmp_path) as environ:
        done = walk.sh(command.folder / "issues.sh", environ)
    assert done.returncode == 0, done.stderr
    assert len(tracker.issues) >= REPOSITORIES
    for name, issues in tracker.issues.items():
        (issue,) = issues
        assert f"For: an administrator of {name}." in issue["body"].replace("`", "")
        whole(issue["body"].partition("\n")[2])

    assert walk.type("hardenme show --each-repository todo/").code == Exit.CLEAN
    files = [one for one in (command.folder / "todo").iterdir() if one.name != "README.md"]
    for file in files:
        whole(file.read_text(), changes="/tokens/" not in file.name)

    assert walk.type("hardenme show -f html -o page.html").code == Exit.CLEAN
    assert "@media print" in (command.folder / "page.html").read_text()
    assert len(walk.typed) <= MOST
    assert len(host.requests) == asked


def whole(text: str, *, changes: bool = True) -> None:
    """A piece is for somebody who has nothing else: it names no command or check of ours."""
    assert text.count("hardenme") == text.count("Made by hardenme for linden on ")
    assert "Questions: ask linden" in text
    assert not re.search(r"\b(?:GH[A-Z]|NP[A-Z]|PUB|REL|ATT)\d{3}\b", text)
    if changes and "**What to do**" in text:
        assert all(head in text for head in HEADS[1:])
