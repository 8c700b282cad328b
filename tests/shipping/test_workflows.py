"""The project's own workflows: what linters say, and the rules that no linter has."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from check_jsonschema import main
from click.testing import CliRunner

from hardenme.reports.schedule.workflow import PINS
from tests.shipping.workflows import FOLDER, READ, ROOT, TEXTS, WORKFLOWS, jobs, ran, script, steps

FORMS = [path for path in (FOLDER / "ISSUE_TEMPLATE").glob("*.yml") if path.stem != "config"]
SCHEMAS = {
    "vendor.github-workflows": WORKFLOWS,
    "custom.github-workflows-require-timeout": WORKFLOWS,
    "vendor.github-actions": [ROOT / "action.yml"],
    "vendor.dependabot": [FOLDER / "dependabot.yml"],
    "vendor.github-issue-config": [FOLDER / "ISSUE_TEMPLATE" / "config.yml"],
    "vendor.github-issue-forms": FORMS,
}
PUBLISHES = "release"
WRITES = {
    ("codeql", "codeql"): {"security-events"},
    ("scorecard", "scorecard"): {"security-events"},
    ("site", "publish"): {"pages", "id-token"},
    ("locks", "open"): {"issues"},
    ("release", "publish"): {"id-token", "attestations"},
    ("release", "image"): {"id-token", "attestations", "packages"},
    ("release", "announce"): {"contents"},
}
"""Every right to write that a job of the project has."""


@pytest.mark.parametrize("schema", SCHEMAS)
def test_each_file_is_of_its_schema(schema: str) -> None:
    done = CliRunner().invoke(main, ["--builtin-schema", schema, *map(str, SCHEMAS[schema])])
    assert done.exit_code == 0, done.output


def test_zizmor_finds_nothing_and_nothing_is_kept_from_it() -> None:
    done = ran(
        "zizmor",
        *("--offline", "--no-config", "--no-ignores", "--persona=auditor", "--quiet"),
        *(FOLDER, ROOT / "action.yml"),
        env={"PATH": "/usr/bin:/bin"},
    )
    assert done.returncode == 0, done.stdout


def test_zizmor_sees_a_fault(tmp_path: Path) -> None:
    (tmp_path / "ci.yml").write_text(TEXTS["ci"].replace("permissions: {}", ""))
    done = ran("zizmor", "--offline", "--no-config", "--persona=auditor", "--quiet", tmp_path)
    assert done.returncode != 0


@pytest.mark.needs("actionlint")
def test_actionlint_finds_nothing() -> None:
    done = ran("actionlint", *WORKFLOWS, path=str(Path(shutil.which("actionlint") or "").parent))
    assert done.returncode == 0, done.stdout


@pytest.mark.second_tier("takes long")
def test_the_shell_of_the_steps_is_sound() -> None:
    for workflow, name, step in steps():
        if "run" not in step or "windows" in str(READ[workflow]["jobs"][name]["runs-on"]):
            continue
        assert "${{" not in step["run"], f"{workflow}: {step['name']}"
        done = ran("shellcheck", "--shell=bash", "--severity=style", "-", input=step["run"])
        assert done.returncode == 0, done.stdout


def test_each_action_is_pinned_to_one_commit_with_its_version() -> None:
    pins: dict[str, set[tuple[str, str]]] = {}
    for text in (*TEXTS.values(), (ROOT / "action.yml").read_text()):
        used = re.findall(r"uses: ([\w./-]+)@([0-9a-f]{40}) # (v\d+\.\d+\.\d+)\n", text)
        assert len(used) == text.count("uses:")
        for action, commit, version in used:
            pins.setdefault("/".join(action.split("/")[:2]), set()).add((commit, version))
    assert all(len(found) == 1 for found in pins.values()), pins
    assert {name: pins.get(name, {pin}) for name, pin in PINS.items()} == {
        name: {pin} for name, pin in PINS.items()
    }


def test_no_workflow_has_a_right_and_each_job_says_what_for() -> None:
    for name, text in TEXTS.items():
        assert READ[name]["permissions"] == {}
        granted = re.findall(r"^ {6}[a-z-]+: (?:read|write).*$", text, re.MULTILINE)
        assert granted
        assert all(" # to " in line or " # by " in line for line in granted), name
    writes = {
        (workflow, name): {right for right, level in job["permissions"].items() if level == "write"}
        for workflow, name, job in jobs()
    }
    assert {key: rights for key, rights in writes.items() if rights} == WRITES


def test_no_checkout_keeps_its_credentials() -> None:
    checkouts = [step for _, _, step in steps() if "actions/checkout@" in step.get("uses", "")]
    assert checkouts
    assert all(step["with"]["persist-credentials"] is False for step in checkouts)


def test_strangers_start_nothing_that_has_rights() -> None:
    events = {event for read in READ.values() for event in read["on"]}
    assert events <= {"push", "pull_request", "schedule", "branch_protection_rule"}
    for workflow, _, step in steps():
        secrets = re.findall(r"secrets\.|github\.token", str(step))
        assert not secrets or (workflow, step["name"]) in {
            ("workflows", "Look at workflows and actions"),
            ("locks", "Open the change"),
            ("release", "Make the release"),
            ("release", "Push the image"),
            *(("release", step["name"]) for step in READ["release"]["jobs"]["verify"]["steps"]),
        }


def test_the_release_has_no_cache_and_is_guarded() -> None:
    assert "cache" not in TEXTS[PUBLISHES]
    assert READ[PUBLISHES]["on"] == {"push": {"tags": ["v*"]}}
    needs = {name: job.get("needs") for name, job in READ[PUBLISHES]["jobs"].items()}
    assert needs == {
        "verify": None,
        "build": "verify",
        "test": "build",
        "more": "build",
        "publish": ["build", "test", "more"],
        "image": ["build", "more", "publish"],
        "announce": ["build", "more", "publish"],
    }
    # What can write or sign runs nothing of the checkout.
    for name, job in READ[PUBLISHES]["jobs"].items():
        used = [step.get("uses", "") for step in job["steps"]]
        if "write" in job["permissions"].values():
            assert not [action for action in used if "checkout" in action], name


def test_a_person_approves_once_before_anything_is_signed_or_published() -> None:
    jobs_ = READ[PUBLISHES]["jobs"]
    assert [name for name, job in jobs_.items() if "environment" in job] == ["publish"]
    for name, job in jobs_.items():
        if "write" in job["permissions"].values() and name != "publish":
            assert "publish" in job["needs"], f"{name} waits for the approval"


def test_the_build_uploads_before_anything_else_runs() -> None:
    steps_ = READ[PUBLISHES]["jobs"]["build"]["steps"]
    at = next(place for place, step in enumerate(steps_) if step.get("name") == "Build")
    assert "upload-artifact" in steps_[at + 1]["uses"]
    assert len(steps_) == at + 2
    for word in (".ci/sbom", "docs/make.py", "docker", "pytest", ".ci/install"):
        assert word not in str(steps_)


def test_every_python_and_every_system_is_tried() -> None:
    matrix = {
        job["runs-on"]: job["strategy"]["matrix"]
        for name, _, job in jobs()
        if "tests" in str(job) and name == "ci"
    }
    versions = {tuple(one["python"]) for one in matrix.values() if "python" in one}
    assert versions == {("3.11", "3.12", "3.13", "3.14")}
    assert {name.partition("-")[0] for name in matrix} >= {"macos", "windows"}
    assert script("ci", "Run everything") == ".ci/run"


def test_what_windows_tests_is_there() -> None:
    words = script("ci", "Run the tests of what runs everywhere").split()
    assert all((ROOT / word).exists() for word in words if word.startswith("tests/"))


def test_every_update_waits() -> None:
    from ruamel.yaml import YAML  # noqa: PLC0415 (of this test alone)

    read = YAML(typ="safe").load((FOLDER / "dependabot.yml").read_text())
    assert {one["package-ecosystem"] for one in read["updates"]} == {"github-actions", "docker"}
    assert all(one["cooldown"]["default-days"] >= 7 for one in read["updates"])
