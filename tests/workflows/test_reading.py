"""What a workflow file says: events, permissions, secrets, uses, calls, releases and agents."""

from __future__ import annotations

import time

import pytest

from hardenme.facts.github.workflow import ALL, Use
from hardenme.model.unknown import Unknown
from hardenme.workflows.reading import MOST_JOBS, parsed, workflow_facts
from hardenme.workflows.source import WorkflowSource
from tests.workflows.said import fields, jobs, refused, step

SHA = "08c6903cd8c0fde910a37f88322edcfb5dd907a8"
DIGEST = "sha256:" + "a" * 64
JOB = "jobs:\n  one:\n    runs-on: x\n    steps: [{run: 'true'}]\n"


@pytest.mark.parametrize(
    ("on", "outside"),
    [
        ("push", ()),
        ("[push, pull_request]", ()),
        ("pull_request_target", ("pull_request_target",)),
        ("[issues, issue_comment]", ("issues", "issue_comment")),
        ("{issues: {types: [opened, labeled]}}", ("issues",)),
        ("{issues: {types: [labeled]}}", ("issues",)),
        ("{issues: {types: [locked, milestoned]}}", ()),
        ("{pull_request_target: {types: [labeled]}}", ("pull_request_target",)),
        ("{workflow_run: {workflows: [CI]}}", ("workflow_run",)),
        ("{schedule: [{cron: '0 0 * * *'}], workflow_dispatch: }", ()),
    ],
)
def test_what_strangers_start(on: str, outside: tuple[str, ...]) -> None:
    assert fields(f"on: {on}\n{JOB}")["outside"] == outside


def test_a_fork_brings_its_own_triggers() -> None:
    follows = f"on: {{workflow_run: {{workflows: [CI]}}}}\n{JOB}"
    for on in ("push", "{schedule: [{cron: '0 0 * * *'}]}", "[push, pull_request]"):
        found = fields(follows, ci=f"name: CI\non: {on}\n{JOB}")
        assert found["outside"] == ("workflow_run",)
        assert found["jobs"][0].opens == ("workflow_run",)


def test_the_workflow_before_decides_which_events_it_follows() -> None:
    guard = "if: github.event.workflow_run.event == 'issue_comment'"
    guarded = JOB.replace("    steps", f"    {guard}\n    steps")
    follows = f"on: {{workflow_run: {{workflows: [CI]}}}}\n{guarded}"
    assert fields(follows, ci=f"name: CI\non: push\n{JOB}")["jobs"][0].opens == ()
    assert fields(follows, ci=f"name: CI\non: [push, issue_comment]\n{JOB}")["jobs"][0].opens
    assert fields(follows, other=f"on: push\n{JOB}")["jobs"][0].opens
    assert fields(follows, ci=f"name: CI\non: push\n{JOB}", broken="on: [")["jobs"][0].opens


@pytest.mark.parametrize(
    ("given", "writes"),
    [
        ("", None),
        ("permissions: {}", ()),
        ("permissions: read-all", ()),
        ("permissions: write-all", (ALL,)),
        ("permissions: {contents: read, issues: none}", ()),
        ("permissions: {contents: write, id-token: write, issues: read}", ("contents", "id-token")),
    ],
)
def test_permissions(given: str, writes: tuple[str, ...] | None) -> None:
    found = fields(f"on: push\n{given}\n{JOB}")
    assert found["writes"] == writes
    assert found["jobs"][0].writes == writes


def test_a_job_says_it_for_itself() -> None:
    text = "on: push\npermissions: write-all\njobs:\n  one:\n    permissions: {issues: write}\n"
    (job,) = jobs(text + "    steps: [{run: 'true'}]\n")
    assert job.writes == ("issues",)


def test_secrets() -> None:
    text = """
    on: push
    env: {A: "${{ secrets.FIRST }}"}
    jobs:
      one:
        runs-on: x
        env: {B: "${{ secrets['second'] }}"}
        steps:
          - run: echo "secrets.NOT_THIS ${{ secrets.GITHUB_TOKEN }} ${{ 'secrets.NOR_THIS' }}"
          - uses: hazel/thing@v1
            with: {token: "${{ github.token || secrets.THIRD }}"}
      two:
        runs-on: x
        steps: [{run: "${{ toJSON(secrets) }}"}]
      three:
        runs-on: x
        steps: [{run: "${{ secrets[matrix.name] }}"}]
      four:
        uses: hazel/shared/.github/workflows/x.yml@main
        secrets: inherit
    """
    first, *others = jobs(text)
    assert first.secrets == ("FIRST", "SECOND", "THIRD")
    assert all(ALL in job.secrets for job in others)


@pytest.mark.parametrize(
    ("reference", "use"),
    [
        (f"actions/checkout@{SHA}", ("github", True)),
        ("actions/checkout@v4", ("github", False)),
        (f"sprout/build/sub@{SHA}", ("other", True)),
        (f"sprout/build@{SHA[:12]}", ("other", False)),
        ("sprout/build@main", ("other", False)),
        ("sprout/build", ("other", False)),
        ("Hazel/tools@v1", ("own", False)),
        ("./.github/actions/setup", ("local", True)),
        ("$/.github/actions/setup", ("local", True)),
        ("docker://alpine:3", ("other", False)),
        (f"docker://alpine@{DIGEST}", ("other", True)),
        (f"docker://alpine@{DIGEST[:-1]}", ("other", False)),
    ],
)
def test_uses(reference: str, use: tuple[str, bool]) -> None:
    (found,) = step(f'uses: "{reference}"').uses
    assert (found.reference, found.origin, found.pinned, found.image) == (reference, *use, False)


def test_the_image_of_a_job() -> None:
    given = {"container": f"{{image: 'node@{DIGEST}'}}"}
    assert step("run: 'true'", **given).uses == (
        Use(f"node@{DIGEST}", "other", pinned=True, image=True),
    )
    (image,) = step("run: 'true'", container="node:20").uses
    assert (image.image, image.pinned) == (True, False)


CALLER = """
on: pull_request_target
permissions: {contents: write}
jobs:
  call:
    uses: ./.github/workflows/inner.yml
    SECRETS
"""
INNER = """
on: workflow_call
jobs:
  work:
    runs-on: x
    steps:
      - uses: actions/checkout@v3
        with: {ref: "${{ inputs.ref }}"}
      - run: npm publish
        env: {TOKEN: "${{ secrets.NPM_TOKEN }}"}
"""


def test_what_a_file_calls_is_read_as_its_own() -> None:
    call, work = jobs(CALLER.replace("SECRETS", "secrets: inherit"), inner=INNER)
    assert (call.name, call.called, call.opaque) == ("call", False, ())
    assert (work.name, work.called) == ("call / work", True)
    assert work.writes == ("contents",)
    assert work.secrets == ("NPM_TOKEN",)
    assert work.fetches == ("actions/checkout",)
    assert "npm publish" in work.publishes


def test_a_call_without_secrets_hands_none_over() -> None:
    _call, work = jobs(CALLER.replace("SECRETS", ""), inner=INNER)
    assert work.secrets == ()


def test_a_call_into_the_dark() -> None:
    for found in (
        fields(CALLER.replace("SECRETS", "")),
        fields(CALLER.replace("SECRETS", ""), inner="on: ["),
    ):
        (call,) = found["jobs"]
        assert call.opaque == ("./.github/workflows/inner.yml",)
        assert isinstance(found["opaque"], Unknown)
        assert "inner.yml" in found["opaque"].needed


def test_an_action_of_the_repository_is_not_read() -> None:
    found = fields("on: push\njobs:\n  a:\n    runs-on: x\n    steps: [{uses: ./x}, {uses: $/y}]\n")
    assert found["jobs"][0].opaque == ("./x", "$/y")
    assert isinstance(found["opaque"], Unknown)
    assert fields(f"on: push\n{JOB}")["opaque"] == ()


def test_calls_in_a_circle_end() -> None:
    many = "".join(f"  j{number}: {{uses: ./.github/workflows/this.yml}}\n" for number in range(50))
    files = parsed({"this.yml": f"on: workflow_call\njobs:\n{many}"})
    file = files["this.yml"]
    assert isinstance(file, WorkflowSource)
    start = time.process_time()
    found = workflow_facts(file, "hazel", files)
    assert time.process_time() - start < 5
    assert isinstance(found, Unknown)
    assert str(MOST_JOBS) in found.seen


@pytest.mark.parametrize(
    "text",
    [
        "just a text",
        "- a list",
        "on: push",
        "jobs: {}",
        "on: push\njobs: {}",
        "on: push\njobs: {a: 1}",
        "on: push\njobs: {a: {runs-on: x}}",
        "on: push\njobs: {a: {steps: {}}}",
        "on: push\njobs: {a: {steps: [1]}}",
        "on: push\njobs: {a: {steps: [{run: [1]}]}}",
        "on: push\njobs: {a: {uses: x, steps: []}}",
        "on: 5.5.5: x\njobs: {}",
        f"on: [[push]]\n{JOB}",
        f"on: push\npermissions: everything\n{JOB}",
        f"on: push\npermissions: {{contents: admin}}\n{JOB}",
        f"on: push\npermissions:\n{JOB}",
    ],
)
def test_what_is_no_workflow(text: str) -> None:
    assert refused(text)


@pytest.mark.second_tier("thousands of files")
def test_two_thousand_files_take_little_time() -> None:
    text = f"on: [push, pull_request]\npermissions: {{}}\n{JOB}".replace(
        "[{run: 'true'}]",
        f"[{{uses: actions/checkout@{SHA}}}, {{run: 'npm ci && npm test'}}, {{run: npm publish}}]",
    )
    start = time.process_time()
    for _ in range(1000):
        files = parsed({"a.yml": text, "b.yml": text})
        for file in files.values():
            assert isinstance(file, WorkflowSource)
            workflow_facts(file, "hazel", files)
    assert time.process_time() - start < 8
