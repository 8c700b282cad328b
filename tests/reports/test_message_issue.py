"""The text of an issue, and the script that creates or updates it."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from hardenme.ground.errors import UsageError
from hardenme.reports.message import issue
from tests.reports import drifted


@pytest.mark.parametrize(
    "repository",
    [
        "acme",
        "acme/",
        "/web",
        "acme/web/x",
        "acme/..",
        "acme/web;id",
        "acme/$(id)",
        "acme/web\nid",
        "-acme/web",
        "acme/we b",
        "",
    ],
)
def test_an_issue_takes_owner_and_repository_alone(repository: str) -> None:
    with pytest.raises(UsageError, match="OWNER/REPO"):
        issue(drifted.week(), drifted.report(), repository)


GH = """#!/bin/sh
printf '%s\\n' "$*" >> "$LOG"
case "$2" in list) printf '%s' "$FOUND" ;; *) cat >> "$LOG.body" ;; esac
"""


@pytest.mark.parametrize("found", ["", "17"])
@pytest.mark.skipif(shutil.which("sh") is None, reason="no shell")
def test_the_issues_script_makes_one_or_updates_it(tmp_path: Path, found: str) -> None:
    (tmp_path / "gh").write_text(GH)
    (tmp_path / "gh").chmod(0o700)
    made = issue(drifted.hostile(), drifted.report(), "acme/ops")
    log = tmp_path / "log"
    subprocess.run(
        ["/bin/sh"],
        input=made.script,
        text=True,
        check=True,
        env={"PATH": f"{tmp_path}:/usr/bin:/bin", "LOG": str(log), "FOUND": found},
    )
    listed, written = log.read_text().splitlines()
    assert listed.startswith("issue list --repo acme/ops --author @me --state open")
    start = "issue edit 17 --repo acme/ops" if found else "issue create --repo acme/ops"
    assert written.startswith(start)
    assert Path(f"{log}.body").read_text() == made.body + "\n"
    assert made.body.startswith("<!-- hardenme:report:")


def test_the_issue_of_the_same_targets_is_found_again() -> None:
    one = issue(drifted.week(), drifted.report(("me", "github:acme")), "a/b")
    other = issue(drifted.releases(2), drifted.report(("github:acme", "me")), "a/b")
    third = issue(drifted.week(), drifted.report(("github:other",)), "a/b")
    first_lines = [each.body.split("\n")[0] for each in (one, other, third)]
    assert first_lines[0] == first_lines[1] != first_lines[2]


@pytest.mark.second_tier("takes over half a second")
def test_a_body_is_no_longer_than_github_takes() -> None:
    week = drifted.week()
    many = [replace(week.changes[0], code=f"GHX{number}") for number in range(5000)]
    body = issue(replace(week, changes=many), drifted.report(), "a/b").body
    assert len(body) < 65_536
    assert body.endswith("more lines: see `hardenme report --digest`.")
