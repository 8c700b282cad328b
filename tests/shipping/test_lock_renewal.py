"""The scheduled job that renews the locks, what a pull request shows of them, and their audit."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.shipping.workflows import READ, ROOT, ran, script

pytestmark = pytest.mark.second_tier("runs the shell of workflows, with git")
GH = """#!/bin/sh
echo "$*" >> "$CALLS"
case "$1 $2" in "issue list") echo "$NUMBER" ;; esac
"""
OLD = "one==1.0 \\\n    --hash=sha256:aa\ntwo==2.0 \\\n    --hash=sha256:bb\n"
NEW = "one==1.1 \\\n    --hash=sha256:cc\ntwo==2.0 \\\n    --hash=sha256:dd\n"


def shell(workflow: str, name: str, folder: Path, **environ: str) -> str:
    """Run a step of a workflow as GitHub does; what it printed."""
    command = ("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script(workflow, name))
    variables = {"PATH": f"{folder / 'bin'}:/usr/bin:/bin", "HOME": str(folder), **environ}
    done = ran(*command, cwd=folder, env=variables)
    assert done.returncode == 0, done.stderr
    return done.stdout


def git(folder: Path, *words: str) -> str:
    """Run git there."""
    identity = ("-c", "user.name=hazel", "-c", "user.email=hazel@example.test")
    done = subprocess.run(  # noqa: S603
        ["git", *identity, *words],  # noqa: S607
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A repository with one file of locked requirements, committed."""
    (tmp_path / "requirements" / "3.14-linux").mkdir(parents=True)
    (tmp_path / "requirements" / "3.14-linux" / "run.txt").write_text(OLD)
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "changed", tmp_path / ".ci")
    git(tmp_path, "init", "--quiet", "--initial-branch", "main")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "-m", "locked")
    return tmp_path


def test_a_week_without_news_opens_nothing(checkout: Path) -> None:
    output = checkout / "output"
    shell("locks", "Keep what changed", checkout, GITHUB_OUTPUT=str(output))
    assert output.read_text() == "changed=false\n"
    assert "changed == 'true'" in READ["locks"]["jobs"]["open"]["if"]


def test_the_change_is_kept_as_a_patch_that_applies(checkout: Path) -> None:
    locked = checkout / "requirements" / "3.14-linux" / "run.txt"
    locked.write_text(NEW)
    (checkout / "requirements" / "3.15-linux").mkdir()
    (checkout / "requirements" / "3.15-linux" / "run.txt").write_text(NEW)
    output = checkout / "output"
    shell("locks", "Keep what changed", checkout, GITHUB_OUTPUT=str(output))
    assert output.read_text() == "changed=true\n"
    packages = (checkout / "locks" / "packages.txt").read_text().splitlines()
    assert packages == ["one +1.1", "one -1.0", "two +2.0"]
    git(checkout, "reset", "--quiet", "--hard")
    assert locked.read_text() == OLD
    git(checkout, "apply", "--index", "locks/locks.patch")
    assert locked.read_text() == NEW


@pytest.mark.parametrize(("number", "call"), [("", "issue create"), ("7", "issue edit 7")])
def test_one_issue_holds_the_change(tmp_path: Path, number: str, call: str) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "gh").write_text(GH)
    (tmp_path / "bin" / "gh").chmod(0o755)
    (tmp_path / "locks").mkdir()
    (tmp_path / "locks" / "packages.txt").write_text("one +1.1\n")
    about = {"GITHUB_RUN_ID": "17", "GITHUB_REPOSITORY": "acme/hardenme", "TITLE": "Renew"}
    calls = tmp_path / "calls"
    shell("locks", "Open the change", tmp_path, CALLS=str(calls), NUMBER=number, **about)
    assert calls.read_text().splitlines()[-1].startswith(call)
    body = (tmp_path / "body.md").read_text()
    assert "gh run download 17 -R acme/hardenme -n locks" in body
    assert "git commit -S" in body
    assert "\none +1.1\n" in body


def test_a_pull_request_shows_which_locked_packages_change(checkout: Path) -> None:
    base = git(checkout, "rev-parse", "HEAD").strip()
    (checkout / "requirements" / "3.14-linux" / "run.txt").write_text(NEW)
    git(checkout, "commit", "--quiet", "-am", "renewed")
    summary = checkout / "summary"
    name = "Show which locked packages change"
    shown = shell("dependencies", name, checkout, BASE=base, GITHUB_STEP_SUMMARY=str(summary))
    assert "one +1.1\none -1.0\n" in shown == summary.read_text()
    # The same where nothing changes: a diff without packages is no error.
    shell("dependencies", name, checkout, BASE="HEAD", GITHUB_STEP_SUMMARY=str(summary))


def audited(folder: Path, stand_in: str) -> subprocess.CompletedProcess[str]:
    """The audit of a checkout with a stand-in for the program that looks packages up."""
    shutil.copytree(ROOT / "requirements", folder / "requirements")
    (folder / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "audit", folder / ".ci")
    if stand_in:
        program = folder / ".venv" / "bin" / "pip-audit"
        program.parent.mkdir(parents=True)
        program.write_text(f"#!/bin/sh\n{stand_in}\n")
        program.chmod(0o755)
    return ran("bash", folder / ".ci" / "audit", env={"PATH": "/usr/bin:/bin"})


def test_the_audit_looks_at_every_locked_file(tmp_path: Path) -> None:
    files = sorted(path.relative_to(ROOT) for path in (ROOT / "requirements").rglob("*.txt"))
    done = audited(tmp_path, 'echo "$2" >> asked')
    assert done.returncode == 0, done.stderr
    asked = (tmp_path / "asked").read_text().splitlines()
    assert sorted(map(Path, asked)) == files
    assert done.stdout.splitlines()[-1] == f"{len(files)} files audited"


@pytest.mark.parametrize("stand_in", ['[ "$2" != requirements/build.txt ]', "exit 1", ""])
def test_an_audit_that_finds_or_cannot_do_something_fails(tmp_path: Path, stand_in: str) -> None:
    assert audited(tmp_path, stand_in).returncode != 0


def test_a_checkout_without_locks_is_not_audited_as_clean(tmp_path: Path) -> None:
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "audit", tmp_path / ".ci")
    assert ran("bash", tmp_path / ".ci" / "audit").returncode != 0


def test_the_audit_runs_for_each_change_and_each_day() -> None:
    read = READ["dependencies"]
    assert {"push", "pull_request", "schedule"} <= set(read["on"])
    job = read["jobs"]["audit"]
    assert "if" not in job
    assert not [step for step in job["steps"] if "if" in step or "continue-on-error" in step]
