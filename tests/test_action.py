"""The action for GitHub Actions: pinned, found in order by zizmor, and doing what it says."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from hardenme.reports import render
from hardenme.reports.schedule.workflow import PINS
from tests.reports.planned import report

ROOT = Path(__file__).parent.parent
ACTION = ROOT / "action.yml"
BIN = Path(sys.executable).parent
TEXT = ACTION.read_text()
READ: Any = YAML(typ="safe").load(TEXT)
STEPS = {step["name"]: step for step in READ["runs"]["steps"]}
REPORT = """{
  "version": "1",
  "counts": {"failed": 2, "passed": 3, "not_applicable": 0},
  "targets": ["github:secretive"]
}"""
PROGRAM = """#!/bin/sh
echo "$PWD $*" >> "$RUNNER_TEMP/calls"
echo "hardenme: github:secretive is not visible" >&2
[ "$1" = show ] && echo "::error::github:secretive has no 2FA"
cd "$RUNNER_TEMP"
[ "$1" = check ] && [ "$CODE" != 2 ] && cp made.json hardenme-report.json
[ "$1" = check ] && exit "$CODE"
exit 0
"""
RIGHTS = {"security-events": "write", "actions": "read", "contents": "read"}
"""What uploading SARIF takes; the last two in a private repository alone."""
SYSTEMS = ("Linux X64", "Linux ARM64", "macOS ARM64", "Windows X64")


def ran(*command: str | Path, **more: Any) -> subprocess.CompletedProcess[str]:
    found = shutil.which(command[0])
    assert found
    return subprocess.run(  # noqa: S603 (what is installed here)
        [found, *command[1:]], capture_output=True, text=True, check=False, **more
    )


def test_each_action_that_it_uses_is_pinned_to_a_commit() -> None:
    used = re.findall(r"uses: (\S+?)@(\S+) # (\S+)", TEXT)
    assert len(used) == TEXT.count("uses:") == 2
    for action, commit, version in used:
        assert (commit, version) == PINS["/".join(action.split("/")[:2])]


def test_zizmor_finds_nothing_in_it(tmp_path: Path) -> None:
    shutil.copy(ACTION, tmp_path)
    done = ran(
        BIN / "zizmor",
        *("--offline", "--no-config", "--persona=auditor", "--quiet", tmp_path / "action.yml"),
        env={"PATH": "/usr/bin:/bin"},
    )
    assert done.returncode == 0, done.stdout


def test_nothing_is_put_into_a_script_and_scripts_are_sound() -> None:
    scripts = [step["run"] for step in STEPS.values() if "run" in step]
    assert not [script for script in scripts if "${{" in script]
    for script in scripts:
        done = ran(BIN / "shellcheck", "--shell=bash", "--severity=style", "-", input=script)
        assert done.returncode == 0, done.stdout


def test_no_token_reaches_a_step_that_does_not_check() -> None:
    having = [name for name, step in STEPS.items() if "token" in str(step.get("env", ""))]
    assert having == ["Check"]


def shell(name: str, folder: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run a step as GitHub does."""
    command = ("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", STEPS[name]["run"])
    path = f"{folder / 'bin'}:/usr/bin:/bin"
    return ran(*command, env={"PATH": path, "RUNNER_TEMP": str(folder), **environ}, cwd=folder)


def checked(folder: Path, code: int, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run the step that checks, with a program that ends so."""
    program = folder / "program"
    program.write_text(PROGRAM)
    program.chmod(0o700)
    (folder / "made.json").write_text(REPORT)
    variables = {
        "GITHUB_OUTPUT": str(folder / "output"),
        "GITHUB_STEP_SUMMARY": str(folder / "summary"),
        "PROGRAM": str(program),
        "CODE": str(code),
        "TARGETS": "github:acme  npm:@acme\n$(touch pwned) --version *",
        "SELECT": "GHB,GHR",
        "FAIL_ON": "high",
        "DEPTH": "fast",
        "SUMMARY": "",
        "PRIVATE": "true",
    }
    return shell("Check", folder, **{**variables, **environ})


def test_it_installs_what_is_locked_for_the_python_that_it_sets_up(tmp_path: Path) -> None:
    version = STEPS["Set up Python"]["with"]["python-version"]
    for system in {one.split()[0].lower() for one in SYSTEMS}:
        assert (ROOT / "requirements" / f"{version}-{system}" / "full.txt").exists()
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").write_text('#!/bin/sh\necho "$*" >> "$RUNNER_TEMP/calls"\n')
    (tmp_path / "bin" / "python").chmod(0o700)
    output = tmp_path / "output"
    for system, place in (("Linux", "bin/hardenme"), ("Windows", "Scripts/hardenme.exe")):
        output.write_text("")
        done = shell(
            "Install hardenme",
            tmp_path,
            ACTION="/pinned",
            RUNNER_OS=system,
            GITHUB_OUTPUT=str(output),
        )
        assert done.returncode == 0, done.stderr
        assert output.read_text() == f"program={tmp_path}/hardenme/{place}\n"
    call = (tmp_path / "calls").read_text().splitlines()[0]
    assert call == f"/pinned/.ci/install --full --into {tmp_path}/hardenme"


@pytest.mark.parametrize("system", [*SYSTEMS, "macOS X64", "Windows ARM64", "Linux X86"])
def test_it_says_at_once_where_it_does_not_run(tmp_path: Path, system: str) -> None:
    assert READ["runs"]["steps"][0]["name"] == "See whether it runs here"
    name, _, machine = system.partition(" ")
    done = shell("See whether it runs here", tmp_path, RUNNER_OS=name, RUNNER_ARCH=machine)
    assert done.returncode == (0 if system in SYSTEMS else 2)
    assert done.stdout.startswith("::error::hardenme does not run") == (system not in SYSTEMS)


@pytest.mark.parametrize("code", [0, 1, 2, 3])
def test_it_checks_shows_and_ends_as_the_check_did(tmp_path: Path, code: int) -> None:
    done = checked(tmp_path, code)
    assert done.returncode == 0, done.stderr
    calls = (tmp_path / "calls").read_text().splitlines()
    report = tmp_path / "hardenme-report.json"
    assert calls[0] == (
        f"{tmp_path} check --no-local --fail-on high --depth fast --select GHB,GHR --format json"
        f" --output {report} --quiet -- github:acme npm:@acme $(touch pwned) --version *"
    )
    assert not (tmp_path / "pwned").exists()
    assert "not visible" in done.stderr
    written = (tmp_path / "output").read_text().splitlines()
    if code == 2:
        assert (calls[1:], written) == ([], ["code=2"])
    else:
        assert calls[1].endswith(f"show {report} --format github")
        assert written == [f"code={code}", f"report={report}"]
    assert shell("End as the check did", tmp_path, CODE=str(code)).returncode == code


@pytest.mark.parametrize("private", ["false", ""])
@pytest.mark.parametrize("code", [0, 1, 2, 3])
def test_in_a_public_repository_it_warns_and_prints_counts(
    tmp_path: Path, private: str, code: int
) -> None:
    done = checked(tmp_path, code, PRIVATE=private)
    assert done.returncode == 0, done.stderr
    shown = done.stdout + done.stderr
    assert shown.startswith("::warning::Anyone who can read this repository")
    assert "secretive" not in shown
    if code == 2:
        assert "::error::The check ended with 2" in shown
    else:
        summary = (tmp_path / "summary").read_text()
        assert summary == "hardenme: failed: 2, passed: 3, not_applicable: 0\n"
    full = checked(tmp_path, 1, PRIVATE=private, SUMMARY="full")
    assert full.stdout.startswith("::warning::")
    assert "secretive has no 2FA" in full.stdout


def test_a_summary_of_another_name_is_refused(tmp_path: Path) -> None:
    done = checked(tmp_path, 0, SUMMARY="all")
    assert done.returncode == 2
    assert not (tmp_path / "calls").exists()


def test_the_counts_of_a_report_are_where_the_action_reads_them() -> None:
    text = render(report(), "json")
    assert re.search(r'^  "counts": \{.*\},$', text, re.MULTILINE)


def test_every_permission_is_named_wherever_the_action_is_shown() -> None:
    page = (ROOT / "docs" / "guides" / "timer.md").read_text()
    (job,) = [text for text in re.findall(r"```yaml\n(.*?)```", page, re.DOTALL) if "uses:" in text]
    shown = YAML(typ="safe").load(job)["jobs"]["audit"]
    assert shown["permissions"] == RIGHTS
    assert set(shown["steps"][0]["with"]) <= set(READ["inputs"])
    head = TEXT.partition("name: hardenme")[0]
    assert dict(re.findall(r"^#   ([a-z-]+): (\w+) # ", head, re.MULTILINE)) == RIGHTS
