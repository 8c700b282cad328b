"""Files that read a fleet by Kubernetes and by GitHub Actions: their form, and what they run."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from check_jsonschema import main
from click.testing import CliRunner
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from hardenme.fleet.plan import plan_at, written
from hardenme.model.secret import redact
from hardenme.reports.schedule import FleetRun, Moment, fleet_workflow, kubernetes
from hardenme.reports.schedule.workflow import PINS
from tests.fleet.test_plan import plan_of
from tests.reports.test_schedule import BIN, JOB, RECORDER, parsed, ran

PLAN = plan_of()
RUN = FleetRun(written(PLAN), PLAN.id, 9, 3, "1.2.3")
FLEET = JOB.__class__(
    "", ("github:acme", "github:moss"), Moment.of("x", "week"), "1.2.3", "", github=True, npm=False
)
SCHEMA_FILE = Path(__file__).parent / "schemas" / "kubernetes-1.33-jobs.json"
SCHEMA = json.loads(SCHEMA_FILE.read_text())
TOPS = {
    "Job": "io.k8s.api.batch.v1.Job",
    "ConfigMap": "io.k8s.api.core.v1.ConfigMap",
    "PersistentVolumeClaim": "io.k8s.api.core.v1.PersistentVolumeClaim",
}


def objects() -> list[dict[str, Any]]:
    return list(YAML(typ="safe").load_all(kubernetes(RUN)))


def jobs() -> dict[str, Any]:
    return {one["metadata"]["name"]: one["spec"] for one in objects() if one["kind"] == "Job"}


def faults(one: dict[str, Any]) -> list[str]:
    schema = {"$defs": SCHEMA["$defs"], "$ref": f"#/$defs/{TOPS[one['kind']]}"}
    return [fault.message for fault in Draft202012Validator(schema).iter_errors(one)]


def test_each_object_is_of_its_schema() -> None:
    assert [one["kind"] for one in objects()] == [
        *("ConfigMap", "PersistentVolumeClaim", "Job", "Job")
    ]
    assert [faults(one) for one in objects()] == [[], [], [], []]
    job = objects()[2]
    job["spec"]["template"]["spec"]["containers"][0]["securityContext"]["readOnly"] = True
    assert faults(job), "a key that Kubernetes does not know is refused"
    digest = hashlib.sha256(SCHEMA_FILE.read_bytes()).hexdigest()
    assert digest in SCHEMA_FILE.with_name("README.md").read_text()


def test_the_plan_is_read_from_it_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_text(objects()[0]["data"]["plan.json"])
    assert plan_at(path) == PLAN


def test_shards_are_read_by_index_and_tried_again_where_that_can_help() -> None:
    spec = jobs()[RUN.name]
    assert (spec["completionMode"], spec["completions"], spec["parallelism"]) == ("Indexed", 3, 3)
    assert spec["backoffLimitPerIndex"] == 2
    assert "maxFailedIndexes" not in spec, "one shard does not end the others"
    codes = spec["podFailurePolicy"]["rules"][1]["onExitCodes"]
    assert codes["values"] == [2, 4]
    (container,) = spec["template"]["spec"]["containers"]
    assert codes["containerName"] == container["name"]
    assert "--index" not in container["args"], "Kubernetes names it"


@pytest.mark.parametrize("name", [RUN.name, f"{RUN.name}-merge"])
def test_a_pod_holds_no_right_and_can_write_its_results_alone(name: str) -> None:
    pod = jobs()[name]["template"]["spec"]
    assert pod["automountServiceAccountToken"] is False
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["restartPolicy"] == "Never"
    (container,) = pod["containers"]
    held = container["securityContext"]
    assert held["readOnlyRootFilesystem"] is True
    assert held["allowPrivilegeEscalation"] is False
    assert held["capabilities"] == {"drop": ["ALL"]}
    assert re.fullmatch(r"_REGISTRY_/_OWNER_/hardenme@sha256:_DIGEST_", container["image"])
    assert "env" not in container, "a token is in no variable"
    open_mounts = [one["name"] for one in container["volumeMounts"] if not one.get("readOnly")]
    assert open_mounts == ["temporary", "results"]
    assert {one["name"] for one in container["volumeMounts"]} == {
        one["name"] for one in pod["volumes"]
    }


def test_the_key_is_on_the_machines_that_read_alone() -> None:
    text = {name: json.dumps(spec) for name, spec in jobs().items()}
    assert "hardenme-app" in text[RUN.name]
    assert "hardenme-app" not in text[f"{RUN.name}-merge"]
    mode = jobs()[RUN.name]["template"]["spec"]["volumes"][-1]["secret"]["defaultMode"]
    assert mode == 0o400


def test_what_the_reader_types_is_one_namespace_and_each_object() -> None:
    typed = re.findall(r"(?m)^#   (kubectl .*)$", kubernetes(RUN))
    assert len(typed) == 5
    assert all("hardenme" in line for line in typed)
    assert [line for line in typed if f"{RUN.name}-merge" in line][-1].endswith("> report.json")


# GitHub Actions


def steps(job: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = parsed(fleet_workflow(FLEET))["jobs"][job]["steps"]
    return found


def script(job: str, name: str) -> str:
    return next(str(step["run"]) for step in steps(job) if step["name"] == name)


def program(folder: Path, code: int = 0) -> Path:
    """A stand-in for hardenme that writes its arguments, and a plan of two shards."""
    made = folder / "venv" / "bin" / "hardenme"
    made.parent.mkdir(parents=True)
    plan = """[ "$2" != plan ] || echo '{"plan":{"shards":[["1"],["2"]]}}' > plan.json"""
    key = 'for one in "$@"; do case "$one" in *.pem) cat "$one" > "${0%/*}/key";; esac; done'
    made.write_text(f"{RECORDER}{plan}\n{key}\nexit {code}\n")
    made.chmod(0o700)
    return made


def environ(folder: Path, **more: str) -> dict[str, str]:
    return {
        "RUNNER_TEMP": str(folder),
        "PATH": f"{folder}:/usr/bin:/bin",
        "GITHUB_OUTPUT": str(folder / "output"),
        "GITHUB_REPOSITORY": "acme/audit",
        "GITHUB_RUN_ID": "77",
        "APP_ID": "5301",
        "APP_KEY": "a key",
        **more,
    }


def test_no_token_of_the_workflow_can_write_and_each_action_is_pinned() -> None:
    text = fleet_workflow(FLEET)
    read = parsed(text)
    assert read["permissions"] == {}
    assert [job.get("permissions") for job in read["jobs"].values()] == [
        *({}, {"actions": "read"}, {"actions": "read"})
    ]
    used = re.findall(r"uses: (\S+?)@(\S+) # (\S+)", text)
    assert len(used) == text.count("uses:")
    assert all((commit, version) == PINS[action] for action, commit, version in used)
    assert text.isascii()
    assert redact(text) == text
    assert "nothing was installed" in text


def test_the_key_reaches_the_two_steps_that_sign_in_alone() -> None:
    having = [
        (job, step["name"])
        for job in ("plan", "read", "merge")
        for step in steps(job)
        if "secrets." in str(step)
    ]
    assert having == [("plan", "Plan"), ("read", "Read")]
    assert not [
        step
        for job in ("plan", "read", "merge")
        for step in steps(job)
        if "${{" in str(step.get("run"))
    ]


def test_one_shard_does_not_stop_the_others_and_names_are_in_no_log() -> None:
    job = parsed(fleet_workflow(FLEET))["jobs"]["read"]
    assert job["strategy"]["fail-fast"] is False
    assert set(job["strategy"]["matrix"]) == {"index"}
    assert job["timeout-minutes"] < 360
    merge = parsed(fleet_workflow(FLEET))["jobs"]["merge"]
    assert "!cancelled()" in merge["if"]


@pytest.mark.parametrize(("private", "code"), [("true", 0), ("false", 1), ("", 1)])
def test_the_plan_stops_in_a_repository_that_is_not_private(private: str, code: int) -> None:
    first = steps("plan")[0]
    done = ran("bash", "-e", "-c", first["run"], env={"PATH": "/usr/bin", "PRIVATE": private})
    assert done.returncode == code
    assert done.stdout.startswith("::error::Anyone") == bool(code)


@pytest.mark.skipif(shutil.which("jq") is None, reason="jq is not here")
@pytest.mark.parametrize(("ended", "code"), [(0, 0), (3, 0), (4, 4)])
def test_the_plan_names_its_shards_by_index(tmp_path: Path, ended: int, code: int) -> None:
    made = program(tmp_path, ended)
    done = ran("bash", "-e", "-c", script("plan", "Plan"), env=environ(tmp_path), cwd=tmp_path)
    assert done.returncode == code, done.stderr
    assert made.with_name("key").read_text() == "a key\n"
    assert not (tmp_path / "app.pem").exists()
    if code == 0:
        assert (tmp_path / "output").read_text() == "indexes=[0,1]\n"
    assert made.with_name("arguments").read_text().splitlines()[-2:] == [
        "github:acme",
        "github:moss",
    ]


def test_a_shard_is_read_with_the_key_and_its_exit_code_counts(tmp_path: Path) -> None:
    made = program(tmp_path, 3)
    done = ran(
        *("bash", "-e", "-c", script("read", "Read")),
        env=environ(tmp_path, INDEX="7"),
        cwd=tmp_path,
    )
    assert done.returncode == 3
    words = made.with_name("arguments").read_text().splitlines()
    assert words[:2] == ["fleet", "run"]
    assert words[words.index("--index") + 1] == "7"
    assert not (tmp_path / "app.pem").exists()


GH = """#!/bin/sh
printf '%s\\n' "$*" >> "$LOG"
while [ "$#" -gt 1 ]; do [ "$1" = --dir ] && folder="$2"; shift; done
[ -n "$NONE" ] && exit 1
for name in hardenme-results-7-1 hardenme-results-7-2; do
  mkdir -p "$folder/$name/plan/42"; echo x > "$folder/$name/plan/42/${name##*-}.receipt.json"
done
"""


@pytest.mark.parametrize(
    ("job", "name"), [("read", "Fetch what earlier attempts read"), ("merge", "Fetch the results")]
)
def test_results_of_all_attempts_are_put_together(tmp_path: Path, job: str, name: str) -> None:
    (tmp_path / "gh").write_text(GH)
    (tmp_path / "gh").chmod(0o700)
    log = str(tmp_path / "log")
    nothing = environ(tmp_path, LOG=log, INDEX="7", NONE="1")
    assert ran("bash", "-e", "-c", script(job, name), env=nothing).returncode == 0
    found = environ(tmp_path, LOG=log, INDEX="7", NONE="")
    done = ran("bash", "-e", "-c", script(job, name), env=found)
    assert done.returncode == 0, done.stderr
    kept = sorted(path.name for path in (tmp_path / "results" / "plan" / "42").iterdir())
    assert kept == ["1.receipt.json", "2.receipt.json"]
    assert "run download 77 --repo acme/audit" in Path(log).read_text()


def test_merging_has_no_key_and_asks_no_one(tmp_path: Path) -> None:
    made = program(tmp_path)
    done = ran("bash", "-e", "-c", script("merge", "Merge"), env=environ(tmp_path), cwd=tmp_path)
    assert done.returncode == 0
    words = made.with_name("arguments").read_text().splitlines()
    assert words[:2] == ["fleet", "merge"]
    assert "--app-key" not in words


def test_zizmor_and_shellcheck_find_nothing(tmp_path: Path) -> None:
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    (folder / "fleet.yml").write_text(fleet_workflow(FLEET))
    options = ("--offline", "--no-config", "--persona=auditor", "--quiet")
    done = ran(BIN / "zizmor", *options, tmp_path, env={"PATH": "/usr/bin:/bin"})
    assert done.returncode == 0, done.stdout
    for job in ("plan", "read", "merge"):
        for step in steps(job):
            text = f"#!/bin/bash\nset -e\n{step.get('run', '')}\n"
            checked = ran(BIN / "shellcheck", "--shell=bash", "--severity=style", "-", input=text)
            assert checked.returncode == 0, checked.stdout


def test_the_workflow_is_of_its_schema(tmp_path: Path) -> None:
    (tmp_path / "fleet.yml").write_text(fleet_workflow(FLEET))
    for schema in ("vendor.github-workflows", "custom.github-workflows-require-timeout"):
        names = ["--builtin-schema", schema, str(tmp_path / "fleet.yml")]
        done = CliRunner().invoke(main, names)
        assert done.exit_code == 0, done.output
