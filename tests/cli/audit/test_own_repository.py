"""`hardenme check` on this project: its own files, and the settings that it is to have.

The sandbox serves the checkout as a repository. What the run read of settings, and not of files, is
marked in the file of facts: as attested by the person who compared them with GitHub, or as not
known where no one did. Then it is judged by the strict profile.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from hardenme.ground import clock
from hardenme.ground.exit_code import Exit
from hardenme.model.fact import Attestation
from hardenme.sandbox.github.server import github_sandbox
from hardenme.sandbox.npm.world import World as NpmWorld
from tests import own_repository as own
from tests.cli.command import Command
from tests.running import NOW, stage

pytestmark = pytest.mark.skipif(
    not (own.ROOT / ".git").exists(), reason="what is committed shows in a checkout alone"
)
FILES = ("github.files.", "github.workflow.")
"""How the kinds of facts begin that were read of files."""
NOT_OF_FILES = frozenset({"github.files.RepositoryRelease", "github.files.RepositorySbomExport"})
IDENTITY = "github.repository.Repository"
"""Name, default branch, that it is public: what the checkout is a checkout of."""
BY_FILES = {
    *(f"GHW20{number}" for number in range(1, 10)),
    *("GHR121", "GHR122", "GHR123", "GHR124", "GHR130"),
}
WORKFLOWS = sorted((own.ROOT / ".github" / "workflows").glob("*.yml"))
Found = list[dict[str, Any]]
COMPARED = Attestation("hazel", NOW - timedelta(days=1), NOW + timedelta(days=180))
"""What somebody states who compared the settings with GitHub. No one has."""
UNSEEN = ["NOT_ASKED", "someone who compares .github/settings.toml with GitHub", "", [], None]
"""What is known of a setting that no one compared."""
READ: dict[str, Any] = {path.name: YAML(typ="safe").load(path.read_text()) for path in WORKFLOWS}


def declared(kind: str) -> bool:
    """Whether it rests on a setting, which no file of the project decides."""
    return kind != IDENTITY and (not kind.startswith(FILES) or kind in NOT_OF_FILES)


def stated(lines: list[str], statement: Attestation | None) -> str:
    """The lines of a file of facts, with what was declared as stated by someone, or by no one.

    The last line has the digest of all others.
    """
    text = "".join(f"{marked(line, statement)}\n" for line in lines[:-1])
    last = {**json.loads(lines[-1]), "sha256": hashlib.sha256(text.encode()).hexdigest()}
    return f"{text}{json.dumps(last)}\n"


def marked(line: str, statement: Attestation | None) -> str:
    part: dict[str, Any] = json.loads(line)
    for name in ("above", "late", "answers"):
        for answer in part.get(name, ()):
            if not declared(answer["kind"]) or answer["missing"] is not None:
                continue
            if statement is None:
                answer |= {"facts": [], "evidence": [], "missing": UNSEEN}
            else:
                answer["attested"] = {
                    "by": statement.by,
                    "at": statement.at.isoformat(),
                    "until": statement.until.isoformat(),
                }
    return json.dumps(part)


@pytest.fixture(scope="module")
def judged(
    tmp_path_factory: pytest.TempPathFactory, new_command: Callable[[Path], Command]
) -> Callable[[Attestation | None], Found]:
    """Gives what `hardenme check` finds, by who compared the settings with GitHub."""
    command = new_command(tmp_path_factory.mktemp("own"))
    command.now = NOW
    read = command.folder / "read.jsonl"
    with github_sandbox(own.world(NOW)) as server:
        ran = command(
            *("check", f"github:{own.NAME}", "--no-local", "--depth", "deep"),
            *("--profile", "strict", "--github-url", server.url, "--save-facts", str(read)),
            HARDENME_GITHUB_TOKEN=own.TOKEN,
        )
    assert ran.code == 0, ran.out + ran.err

    def judge(statement: Attestation | None) -> Found:
        facts = command.folder / "facts.jsonl"
        facts.write_text(stated(read.read_text().splitlines(), statement))
        facts.chmod(0o600)
        ran = command("check", "--from-facts", str(facts), "--profile", "strict", "-f", "json")
        found: list[dict[str, Any]] = json.loads(ran.out)["findings"]
        assert ran.code == (Exit.UNKNOWN if statement is None else Exit.CLEAN), ran.err
        return found

    return judge


@pytest.fixture(scope="module")
def findings(judged: Callable[[Attestation | None], Found]) -> Found:
    """What is found today."""
    return judged(own.attestation())


@pytest.fixture(scope="module")
def compared(judged: Callable[[Attestation | None], Found]) -> Found:
    """What is found once somebody has compared the settings."""
    return judged(COMPARED)


@pytest.mark.sampled(2, among="own repository")
def test_nothing_failed_and_only_what_no_one_compared_is_unknown(findings: Found) -> None:
    open_ = [item for item in findings if item["outcome"] in {"failed", "errored"}]
    assert [(item["code"], item["subject"], item["message"]) for item in open_] == []
    unknown = {item["code"] for item in findings if item["outcome"] == "unknown"}
    assert bool(unknown) == (own.attestation() is None)


@pytest.mark.sampled(2, among="own repository")
def test_a_setting_that_no_one_compared_is_never_attested_and_never_passed(
    judged: Callable[[Attestation | None], Found],
) -> None:
    found = judged(None)
    assert not [item["code"] for item in found if item.get("attested")]
    # GHR120: that somebody works on it, the checkout shows.
    by_settings = [item for item in found if item["code"] not in {*BY_FILES, "GHR120"}]
    assert {item["code"] for item in by_settings if item["outcome"] == "passed"} == set()
    unknown = {item["code"] for item in by_settings if item["outcome"] == "unknown"}
    assert unknown >= {"GHB106", "GHR115", "GHR118", "GHR125", "GHW101", "GHB103"}


@pytest.mark.sampled(2, among="own repository")
def test_once_they_are_compared_nothing_failed_and_nothing_is_unknown(compared: Found) -> None:
    open_ = [item for item in compared if item["outcome"] in {"failed", "unknown", "errored"}]
    assert [(item["code"], item["subject"], item["message"]) for item in open_] == []


@pytest.mark.second_tier("judges facts by the whole command")
@pytest.mark.parametrize("when", ["findings", "compared"])
def test_what_files_decide_passed(request: pytest.FixtureRequest, when: str) -> None:
    found: Found = request.getfixturevalue(when)
    by_files = [item for item in found if item["code"] in BY_FILES]
    assert {item["code"] for item in by_files} == BY_FILES
    passed = {item["code"] for item in by_files if item["outcome"] == "passed"}
    assert passed >= {"GHW201", "GHW202", "GHW203", "GHW204", "GHR123", "GHR124", "GHR130"}


def test_what_the_compared_settings_decide_is_attested(compared: Found) -> None:
    by_settings = [item for item in compared if item["code"] not in {*BY_FILES, "GHR120"}]
    assert {item["code"] for item in by_settings if item["outcome"] == "passed"} == set()
    attested = {item["code"]: item["attested"] for item in compared if item.get("attested")}
    assert attested.keys() >= {"GHB106", "GHR115", "GHR118", "GHR125", "GHW101", "GHB103"}
    for statement in attested.values():
        assert statement["by"] == COMPARED.by
        assert statement["until"].startswith(COMPARED.until.date().isoformat())


def test_the_question_that_is_left_is_declared(compared: Found) -> None:
    left = {item["code"] for item in compared if item["outcome"] == "manual"}
    assert left <= {"GHR129"}
    assert own.DECLARED["security"]["malware-alerts"]


def without(line: str, path: str) -> Callable[[dict[str, bytes]], None]:
    def change(files: dict[str, bytes]) -> None:
        assert line.encode() in files[path]
        files[path] = files[path].replace(line.encode(), b"")

    return change


def instead(old: str, new: str, path: str) -> Callable[[dict[str, bytes]], None]:
    def change(files: dict[str, bytes]) -> None:
        assert old.encode() in files[path]
        files[path] = files[path].replace(old.encode(), new.encode())

    return change


def both(*changes: Callable[[dict[str, bytes]], None]) -> Callable[[dict[str, bytes]], None]:
    def change(files: dict[str, bytes]) -> None:
        for one in changes:
            one(files)

    return change


CI, RELEASE = ".github/workflows/ci.yml", ".github/workflows/release.yml"


@pytest.mark.sampled(2, among="own repository")
@pytest.mark.second_tier("takes long", one_of=4)
@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("GHW201", instead("actions/checkout@3d3c42e5aac5ba80", "actions/checkout@v7 # ", CI)),
        (
            "GHW202",
            both(
                instead("  pull_request:", "  pull_request_target:", CI),
                instead("persist-credentials: false", "ref: ${{ github.head_ref }}", CI),
            ),
        ),
        ("GHW203", instead("permissions: {}", "permissions: write-all", CI)),
        ("GHW204", instead("run: .ci/run", "run: echo ${{ github.event.pull_request.title }}", CI)),
        (
            "GHW205",
            instead('"3.14"\n', '"3.14"\n          cache: pip\n', RELEASE),
        ),
        ("GHR121", without("/.github/          @hardenme/maintainers\n", ".github/CODEOWNERS")),
        ("GHR123", instead("default-days: 7", "default-days: 0", ".github/dependabot.yml")),
        ("GHR124", lambda files: files.update({".npmrc": b"//r.test/:_authToken=npm_CANARY0\n"})),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_worse_file_fails(code: str, change: Callable[[dict[str, bytes]], None]) -> None:
    world = own.world(NOW)
    files = world.repositories[0].files
    if code == "GHR121":
        # The line for everything covers `.github/`, too.
        without("*                  @hardenme/maintainers\n", ".github/CODEOWNERS")(files)
    change(files)
    with stage(world, NpmWorld(NOW), own.TOKEN) as served:
        report = served.audit(f"github:{own.NAME}", select_=(code,))
    outcomes = {type(item.outcome).__name__ for item in report.findings}
    assert "Failed" in outcomes, report.findings


def names(job: dict[str, Any]) -> Iterator[str]:
    """What GitHub calls a job, once for each value of its matrix."""
    matrix: dict[str, list[str]] = job.get("strategy", {}).get("matrix", {})
    for values in product(*matrix.values()):
        name = job["name"]
        for key, value in zip(matrix, values, strict=True):
            name = name.replace("${{ matrix." + key + " }}", value)
        yield name


def test_the_checks_that_a_change_needs_are_jobs_of_pull_requests() -> None:
    jobs = {
        name
        for workflow in READ.values()
        if "pull_request" in workflow["on"]
        for job in workflow["jobs"].values()
        for name in names(job)
    }
    required = set(own.DECLARED["branch"]["checks"])
    assert required <= jobs
    # Those that have not run anywhere yet are not asked for.
    assert {name.partition(",")[0] for name in jobs - required} == {
        "tests on macOS",
        "tests on Windows",
    }


def test_each_action_is_allowed_by_the_declared_settings() -> None:
    steps = [
        step for flow in READ.values() for job in flow["jobs"].values() for step in job["steps"]
    ]
    used = {step["uses"].partition("@")[0] for step in steps if "uses" in step}
    patterns = tuple(one.removesuffix("@*") for one in own.DECLARED["actions"]["patterns"])
    assert {name for name in used if not name.startswith(("actions/", "github/"))} == set(patterns)


def test_each_environment_is_declared() -> None:
    jobs = [job for flow in READ.values() for job in flow["jobs"].values()]
    named = {job["environment"] for job in jobs if "environment" in job}
    declared = own.DECLARED
    assert named == {declared["environment"]["name"], declared["pages"]["environment"]}


def test_a_statement_counts_for_half_a_year_and_was_made() -> None:
    made = own.attestation()
    if made is None:
        text = (own.ROOT / ".github" / "settings.toml").read_text()
        assert "Nobody has compared this with GitHub yet" in text
        return
    assert (made.until - made.at).days <= 183
    assert made.at <= clock.now()
    assert made.by not in {"", "NAME"}
