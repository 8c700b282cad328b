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

from hardenme.reports.schedule.pins import PINS

ROOT = Path(__file__).parent.parent
ACTION = ROOT / "action.yml"
BIN = Path(sys.executable).parent
TEXT = ACTION.read_text()
READ: Any = YAML(typ="safe").load(TEXT)
STEPS = {step["name"]: step for step in READ["runs"]["steps"]}
PROGRAM = """#!/bin/sh
echo "$PWD $*" >> "$RUNNER_TEMP/calls"
[ "$1" = check ] && [ "$CODE" != 2 ] && echo {} > "$RUNNER_TEMP/hardenme-report.json"
[ "$1" = check ] && exit "$CODE"
exit 0
"""


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


def test_it_installs_what_is_locked_for_the_python_that_it_sets_up() -> None:
    assert STEPS["Install hardenme"]["run"].startswith('python "$ACTION/.ci/install" --full ')
    version = STEPS["Set up Python"]["with"]["python-version"]
    for system in ("linux", "macos"):
        assert (ROOT / "requirements" / f"{version}-{system}" / "full.txt").exists()


@pytest.mark.parametrize("code", [0, 1, 2, 3])
def test_it_checks_shows_and_ends_as_the_check_did(tmp_path: Path, code: int) -> None:
    program = tmp_path / "hardenme" / "bin" / "hardenme"
    program.parent.mkdir(parents=True)
    program.write_text(PROGRAM)
    program.chmod(0o700)
    output = tmp_path / "output"
    environ = {
        "PATH": "/usr/bin:/bin",
        "RUNNER_TEMP": str(tmp_path),
        "GITHUB_OUTPUT": str(output),
        "CODE": str(code),
        "TARGETS": "github:acme  npm:@acme\n$(touch pwned) --version *",
        "SELECT": "GHB,GHR",
        "FAIL_ON": "high",
        "DEPTH": "fast",
    }
    done = ran("bash", "-e", "-c", STEPS["Check"]["run"], env=environ, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    calls = (tmp_path / "calls").read_text().splitlines()
    report = tmp_path / "hardenme-report.json"
    assert calls[0] == (
        f"{tmp_path} check --no-local --fail-on high --depth fast --select GHB,GHR --format json"
        f" --output {report} --quiet -- github:acme npm:@acme $(touch pwned) --version *"
    )
    assert not (tmp_path / "pwned").exists()
    told = output.read_text().splitlines()
    if code == 2:
        assert (calls[1:], told) == ([], ["code=2"])
    else:
        assert calls[1].endswith(f"show {report} --format github")
        assert told == [f"code={code}", f"report={report}"]
    last = ran("bash", "-e", "-c", STEPS["End as the check did"]["run"], env=environ)
    assert last.returncode == code
