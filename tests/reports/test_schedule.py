from __future__ import annotations

import json
import plistlib
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from check_jsonschema import main
from click.testing import CliRunner
from ruamel.yaml import YAML

from hardenme.model.secret import redact
from hardenme.reports.schedule import Moment, ScheduledRun, cron, launchd, systemd, workflow
from hardenme.reports.schedule.systemd import quoted
from hardenme.reports.schedule.workflow import PINS

BIN = Path(sys.executable).parent
TARGETS = ("github:acme/web.js", "npm:@acme/web~x", "npm:~x", "github:acme", "me")
JOB = ScheduledRun(
    program="/opt/hardenme/bin/hardenme",
    targets=TARGETS,
    moment=Moment.of(" ".join(TARGETS), "week"),
    version="1.2.3",
    home="/home/hazel",
    github=True,
    npm=True,
)
WATCH = replace(JOB, targets=("github:acme",), npm=False, pace=5)
ODD = 'it\'s 100% "odd" $HOME `id` \\n; $(id) & {x} %h'
RECORDER = '#!/bin/sh\nfor one in "$@"; do printf "%s\\n" "$one"; done > "${0%/*}/arguments"\n'


def ran(*command: str | Path, **more: Any) -> subprocess.CompletedProcess[str]:
    """Run a program of this machine."""
    found = shutil.which(command[0])
    assert found
    return subprocess.run(  # noqa: S603, PLW1510 (what a test writes, or what is installed)
        [found, *command[1:]],
        **{"capture_output": True, "text": True, "check": False, **more},
    )


def recorder(folder: Path) -> Path:
    """A program that writes its arguments beside itself, in a folder that tries every quoting."""
    odd = folder / ODD
    odd.mkdir()
    program = odd / "hardenme"
    program.write_text(RECORDER)
    program.chmod(0o700)
    return program


def arguments(program: Path) -> list[str]:
    return (program.parent / "arguments").read_text().splitlines()


def test_a_moment_is_always_the_same_for_the_same_targets_and_never_round() -> None:
    moments = [Moment.of(f"github:org{one}", "week") for one in range(500)]
    assert moments == [Moment.of(f"github:org{one}", "week") for one in range(500)]
    assert {moment.day for moment in moments} == set(range(7))
    assert {moment.hour for moment in moments} == set(range(1, 6))
    minutes = {moment.minute for moment in moments}
    assert len(minutes) == 48
    assert all(0 < minute < 60 and minute % 5 for minute in minutes)


def test_files_of_other_targets_have_other_names() -> None:
    assert JOB.name != replace(JOB, targets=("me",)).name


@pytest.mark.parametrize("form", [systemd, cron, launchd, workflow])
def test_what_is_printed_is_ascii_holds_no_token_and_nothing_is_redacted(form: Any) -> None:
    text = form(JOB)
    assert text.isascii()
    assert redact(text) == text
    assert "nothing was installed" in text
    assert text.endswith("\n")
    assert not re.search(r"--(?:github-|npm-)?token[ =]", text)


# systemd


def units(text: str) -> dict[str, str]:
    """The printed parts by the names at their heads."""
    parts = re.split(r"(?m)^(?=# /etc/systemd/system/)", text)[1:]
    return {part.split()[1].rpartition("/")[2]: part for part in parts}


def test_the_service_runs_the_report_and_may_write_its_state_alone() -> None:
    service = units(systemd(JOB))[f"{JOB.name}.service"]
    lines = [line for line in service.splitlines() if line and not line.startswith("#")]
    assert (
        "ExecStart=/opt/hardenme/bin/hardenme report --quiet --interval 7d --no-local"
        f" {' '.join(TARGETS)}" in lines
    )
    for setting in (
        *("LoadCredential=hardenme-github-token", "ImportCredential=hardenme-*"),
        *("DynamicUser=yes", "ProtectSystem=strict", "ProtectHome=yes", "NoNewPrivileges=yes"),
        *("StateDirectory=hardenme", "CapabilityBoundingSet=", "UMask=0077"),
    ):
        assert setting in lines
    assert not [line for line in lines if line.startswith("ReadWritePaths")]


def test_the_timer_makes_up_for_missed_runs_and_spreads_them() -> None:
    timer = units(systemd(JOB))[f"{JOB.name}.timer"]
    for setting in ("Persistent=yes", "RandomizedDelaySec=30min", "WantedBy=timers.target"):
        assert setting in timer
    calendar = re.search(r"(?m)^OnCalendar=(.*)$", timer)
    assert calendar
    assert re.fullmatch(r"(?:Sun|Mon|Tue|Wed|Thu|Fri|Sat) \*-\*-\* 0[1-5]:\d\d:00", calendar[1])
    daily = systemd(replace(JOB, moment=Moment.of("x", "day")))
    assert re.search(r"(?m)^OnCalendar=\*-\*-\* 0[1-5]:\d\d:00$", daily)


@pytest.mark.parametrize("pace", [5, 10, 15, 20, 30, 60])
def test_the_units_of_a_watch_run_it_at_its_pace(pace: int) -> None:
    job = replace(WATCH, pace=pace)
    files = units(systemd(job))
    assert set(files) == {f"{job.name}.service", f"{job.name}.timer"}
    service, timer = files.values()
    assert "ExecStart=/opt/hardenme/bin/hardenme watch --quiet github:acme\n" in service
    # A cycle that did not read everything is no failure of the unit; one with an alert is.
    assert "\nSuccessExitStatus=3 75\n" in service
    assert f"\nTimeoutStartSec={max(10, pace)}min\n" in service
    calendar = re.search(r"(?m)^OnCalendar=\*:(\d\d)(/\d+)?:00$", timer)
    assert calendar
    assert int(calendar[1]) < pace
    assert (calendar[2] or "/60") == f"/{pace}"
    assert "Persistent" not in timer


def test_a_watch_of_packages_shows_each_alert_once() -> None:
    job = replace(WATCH, targets=("github:acme", "npm:left-pad"), releases=True)
    assert "watch --quiet --once --interval 5m github:acme npm:left-pad" in systemd(job)
    assert job.name not in {WATCH.name, replace(job, pace=0).name}


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
@pytest.mark.parametrize("pace", [0, 5, 15, 60])
def test_systemd_takes_both_files_and_calls_the_service_well_shut(
    tmp_path: Path, pace: int
) -> None:
    job = replace(JOB, program=str(BIN / "hardenme"), pace=pace)
    for name, text in units(systemd(job)).items():
        (tmp_path / name).write_text(text)
    service = tmp_path / f"{job.name}.service"
    verified = ran(
        "systemd-analyze",
        "verify",
        str(service),
        str(tmp_path / f"{job.name}.timer"),
    )
    assert (verified.returncode, verified.stderr) == (0, "")
    judged = ran(
        "systemd-analyze",
        "security",
        "--offline=true",
        "--json=short",
        str(service),
        check=True,
    )
    exposed = sum(
        float(row["exposure"] or 0) for row in json.loads(judged.stdout) if not row["set"]
    )
    assert exposed < 1.6


@pytest.mark.parametrize(
    ("word", "written"),
    [
        ("github:acme", "github:acme"),
        ("npm:@acme/x", "npm:@acme/x"),
        ("@acme", '"@acme"'),
        ("a b", '"a b"'),
        ('a"b', '"a\\"b"'),
        ("a\\nb", '"a\\\\nb"'),
        ("$HOME", '"$$HOME"'),
        ("100%h", '"100%%h"'),
        ("a;b", '"a;b"'),
        ("", '""'),
    ],
)
def test_a_word_of_a_service_means_itself(word: str, written: str) -> None:
    assert quoted(word) == written


# cron


def crontab_line(text: str) -> tuple[str, str]:
    """The moment and the command of the only line, the latter as cron hands it to the shell."""
    (line,) = [line for line in text.splitlines() if not line.startswith("#")]
    fields = line.split(" ", 5)
    assert not re.search(r"(?<!\\)%", fields[5])
    return " ".join(fields[:5]), fields[5].replace("\\%", "%")


def test_a_crontabs_line_runs_without_any_environment(tmp_path: Path) -> None:
    program = recorder(tmp_path)
    home = f"/home/{ODD}"
    moment, command = crontab_line(cron(replace(JOB, program=str(program), home=home)))
    assert re.fullmatch(r"\d{1,2} [1-5] \* \* [0-6]", moment)
    ran("/usr/bin/env", "-i", "/bin/sh", "-c", command, check=True, cwd="/")
    assert arguments(program) == [
        *("report", "--quiet", "--interval", "7d"),
        *("--token-file", f"github:{home}/.config/hardenme/github-token"),
        *("--token-file", f"npm:{home}/.config/hardenme/npm-token"),
        *("--notify-file", f"{home}/.config/hardenme/notify"),
        *TARGETS,
    ]


@pytest.mark.parametrize(("pace", "when"), [(5, r"[0-4]-59/5"), (30, r"\d+-59/30"), (60, r"\d+")])
def test_a_crontabs_line_runs_a_watch_at_its_pace(tmp_path: Path, pace: int, when: str) -> None:
    program = recorder(tmp_path)
    job = replace(WATCH, program=str(program), pace=pace)
    moment, command = crontab_line(cron(job))
    assert re.fullmatch(rf"{when} \* \* \* \*", moment)
    ran("/usr/bin/env", "-i", "/bin/sh", "-c", command, check=True, cwd="/")
    assert arguments(program) == [
        *("watch", "--quiet"),
        *("--token-file", "github:/home/hazel/.config/hardenme/github-token"),
        *("--notify-file", "/home/hazel/.config/hardenme/notify"),
        "github:acme",
    ]


def test_the_files_of_a_crontab_are_those_that_its_head_makes() -> None:
    text = cron(replace(JOB, npm=False))
    made = re.findall(r"(?m)^#   install -m 0600 /dev/stdin (\S+)$", text)
    assert made == [f"/home/hazel/.config/hardenme/{name}" for name in ("github-token", "notify")]
    assert all(path in crontab_line(text)[1] for path in made)


# launchd


def test_the_property_list_runs_the_report_at_its_moment() -> None:
    program = f"/opt/{ODD}<&>]]>/hardenme"
    text = launchd(replace(JOB, program=program))
    values = plistlib.loads(text.encode())
    assert values["ProgramArguments"] == [
        *(program, "report", "--quiet", "--interval", "7d"),
        *TARGETS,
    ]
    moment = JOB.moment
    assert values["StartCalendarInterval"] == {
        "Hour": moment.hour,
        "Minute": moment.minute,
        "Weekday": moment.day,
    }
    assert values["Umask"] == 0o077
    assert values["Label"] in text.partition("<dict>")[0]
    comment = text.partition("<!--")[2].partition("-->")[0]
    assert "--" not in comment
    assert "RunAtLoad" not in values


def test_the_property_list_of_a_watch_runs_it_at_its_pace() -> None:
    values = plistlib.loads(launchd(replace(WATCH, pace=15)).encode())
    assert values["ProgramArguments"][1:] == ["watch", "--quiet", "github:acme"]
    assert values["StartInterval"] == 15 * 60
    assert "StartCalendarInterval" not in values


# GitHub Actions


def parsed(text: str) -> Any:
    return YAML(typ="safe").load(StringIO(text))


def steps(text: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = parsed(text)["jobs"]["report"]["steps"]
    return found


def test_the_workflow_holds_no_right_that_it_does_not_use() -> None:
    read = parsed(workflow(JOB))
    job = read["jobs"]["report"]
    assert read["permissions"] == {}
    assert job["permissions"] == {
        "actions": "read",
        "contents": "read",
        "security-events": "write",
    }
    assert job["environment"] == "hardenme"
    assert set(read["on"]) == {"schedule", "workflow_dispatch"}
    assert re.fullmatch(r"\d{1,2} [1-5] \* \* [0-6]", read["on"]["schedule"][0]["cron"])


def test_every_action_is_pinned_to_a_commit_with_its_version() -> None:
    text = workflow(JOB)
    used = re.findall(r"uses: (\S+?)@(\S+) # (\S+)", text)
    assert len(used) == text.count("uses:")
    for action, commit, version in used:
        assert (commit, version) == PINS["/".join(action.split("/")[:2])]
        assert re.fullmatch(r"[0-9a-f]{40}", commit)


def test_secrets_reach_the_step_that_needs_them_alone() -> None:
    having = [step["name"] for step in steps(workflow(JOB)) if "secrets." in str(step)]
    assert having == ["Report what changed"]
    assert not [step for step in steps(workflow(JOB)) if "${{" in step.get("run", "")]


def test_zizmor_finds_nothing_in_the_workflow(tmp_path: Path) -> None:
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    (folder / "hardenme.yml").write_text(workflow(JOB))
    done = ran(
        BIN / "zizmor",
        "--offline",
        "--no-config",
        "--persona=auditor",
        "--quiet",
        tmp_path,
        env={"PATH": "/usr/bin:/bin"},
    )
    assert done.returncode == 0, done.stdout


def test_the_workflows_scripts_are_sound_and_run_the_report(tmp_path: Path) -> None:
    text = workflow(JOB)
    scripts = {step["name"]: step["run"] for step in steps(text) if "run" in step}
    done = ran(
        BIN / "shellcheck",
        "--shell=bash",
        "--severity=style",
        "-",
        input="#!/bin/bash\nset -e\n" + "\n".join(scripts.values()),
    )
    assert done.returncode == 0, done.stdout
    program = tmp_path / "venv" / "bin" / "hardenme"
    program.parent.mkdir(parents=True)
    program.write_text(RECORDER)
    program.chmod(0o700)
    ran(
        "bash",
        "-e",
        "-c",
        scripts["Report what changed"],
        env={"RUNNER_TEMP": str(tmp_path), "PATH": "/usr/bin:/bin"},
        check=True,
    )
    assert arguments(program) == [
        *("report", "--format", "github", "--interval", "7d", "--no-local"),
        *TARGETS,
    ]


@pytest.mark.parametrize(
    ("private", "summary", "code"),
    [("true", "counts", 0), ("false", "counts", 1), ("", "counts", 1), ("false", "full", 0)],
)
def test_the_workflow_stops_in_a_public_repository(private: str, summary: str, code: int) -> None:
    first = steps(workflow(JOB))[0]
    assert first["name"] == "Stop in a public repository"
    assert first["env"]["SUMMARY"] == "counts"
    environ = {"PATH": "/usr/bin:/bin", "PRIVATE": private, "SUMMARY": summary}
    done = ran("bash", "-e", "-c", first["run"], env=environ)
    assert done.returncode == code
    assert done.stdout.startswith("::error::Anyone") == bool(code)


def test_the_workflow_is_of_its_schema(tmp_path: Path) -> None:
    (tmp_path / "hardenme.yml").write_text(workflow(JOB))
    for schema in ("vendor.github-workflows", "custom.github-workflows-require-timeout"):
        names = ["--builtin-schema", schema, str(tmp_path / "hardenme.yml")]
        done = CliRunner().invoke(main, names)
        assert done.exit_code == 0, done.output


GH = """#!/bin/sh
case "$1 $2" in
  "run list") echo "$*" > "$LOG"; printf '3\\n2\\n1\\n' ;;
  "run download") [ "$3" = 2 ] || exit 1; mkdir -p "${9}/history"; echo {} > "${9}/history/a.json"; chmod 644 "${9}/history/a.json" ;;
esac
"""  # noqa: E501 (a program)


def test_the_history_comes_from_the_newest_run_that_kept_it_and_is_private(tmp_path: Path) -> None:
    (script,) = [
        step["run"] for step in steps(workflow(JOB)) if "history of the run" in step["name"]
    ]
    (tmp_path / "gh").write_text(GH)
    (tmp_path / "gh").chmod(0o700)
    done = ran(
        "bash",
        "-e",
        "-c",
        script,
        env={
            "RUNNER_TEMP": str(tmp_path),
            "PATH": f"{tmp_path}:/usr/bin:/bin",
            "GITHUB_WORKFLOW_REF": "acme/audit/.github/workflows/hardenme.yml@refs/heads/main",
            "GITHUB_REPOSITORY": "acme/audit",
            "GITHUB_REF_NAME": "main",
            "LOG": str(tmp_path / "log"),
        },
        check=True,
    )
    assert "run 2" in done.stdout
    assert "--workflow hardenme.yml --branch main" in (tmp_path / "log").read_text()
    kept = tmp_path / "state" / "hardenme" / "history" / "a.json"
    assert kept.stat().st_mode & 0o077 == 0
