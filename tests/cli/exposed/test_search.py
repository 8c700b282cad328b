"""Replays of known cases, from the side of who used what was bad."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from hardenme.cli.exposed.caches import GONE
from hardenme.cli.exposed.search import repository_exposure
from hardenme.exposure.reach import PUBLISHING
from hardenme.model.exposure import ExposureGrade
from hardenme.sandbox.github.state.changes import JobStep, RunJob, RunTry
from tests.cli.exposed.search_scene import (
    CHECKOUT,
    CI,
    END,
    HOUR,
    INSIDE,
    NAME,
    OLD,
    SHA,
    START,
    STEPS,
    attempt,
    lock,
    looked_at,
    only,
    project,
    question,
    run,
    served,
    workflow,
    world,
)
from tests.moment import NOW

CONFIRMED, POSSIBLE, UNKNOWN, NOT_SEEN = ExposureGrade
AXIOS = ("axios@1.14.1", "axios@0.30.4", "plain-crypto-js@4.2.1")
BAD, GOOD = lock(axios="1.14.1"), lock(axios="1.14.0")


def test_a_run_in_the_window_whose_lock_has_the_version() -> None:
    found = looked_at(AXIOS, [run(2, INSIDE, "bad")], {"bad": project(BAD)})
    assert found.grade is POSSIBLE
    assert found.faults == (GONE,)
    assert any("package-lock.json resolves axios@1.14.1" in one.why for one in only(found).signs)


def test_a_run_in_the_window_whose_lock_has_another_version() -> None:
    found = looked_at(AXIOS, [run(2, INSIDE, "good")], {"good": project(GOOD)})
    assert (found.grade, found.runs, found.commits, found.locks) == (NOT_SEEN, 1, 1, 1)
    assert not found.faults


@pytest.mark.parametrize("at", [START - HOUR, END + HOUR])
def test_a_run_outside_of_the_window(at: object) -> None:
    found = looked_at(AXIOS, [run(2, at, "bad")], {"bad": project(BAD)})  # type: ignore[arg-type]
    assert found.rows == ()
    assert found.grade is NOT_SEEN


def test_a_run_that_was_started_again_in_the_window() -> None:
    before, after = START - timedelta(days=20), END + HOUR
    tries = (attempt(before), attempt(INSIDE, number=2), attempt(after, number=3))
    found = looked_at(AXIOS, [run(2, before, "bad", *tries)], {"bad": project(BAD)})
    assert only(found).attempt.attempt == 2
    assert found.grade is POSSIBLE


def test_a_run_that_was_cancelled_before_the_install() -> None:
    cancelled = attempt(INSIDE, steps=STEPS[:2])
    found = looked_at(AXIOS, [run(2, INSIDE, "bad", cancelled)], {"bad": project(BAD)})
    assert found.grade is NOT_SEEN


def test_a_step_of_the_workflow_cannot_pass_for_the_runner_s() -> None:
    ci = workflow(CHECKOUT, "{name: Run actions/checkout@v4, run: npm ci}")
    ran = run(2, INSIDE, "bad", attempt(INSIDE, steps=STEPS[:2]))
    found = looked_at(AXIOS, [ran], {"bad": project(BAD, ci)})
    assert found.grade is POSSIBLE


def test_a_job_that_was_skipped() -> None:
    job = RunJob(900, "build", INSIDE, INSIDE, (), "skipped")
    ran = run(2, INSIDE, "bad", RunTry(INSIDE, INSIDE, (job,)))
    assert looked_at(AXIOS, [ran], {"bad": project(BAD)}).grade is NOT_SEEN


@pytest.mark.parametrize(
    ("conclusion", "machine", "grade"),
    [
        ("cancelled", 0, NOT_SEEN),
        ("skipped", 0, NOT_SEEN),
        ("cancelled", 7, POSSIBLE),
        ("failure", 0, POSSIBLE),
    ],
)
def test_a_job_without_steps_never_began_where_no_machine_took_it(
    conclusion: str, machine: int, grade: ExposureGrade
) -> None:
    job = RunJob(900, "build", INSIDE, INSIDE, (), conclusion, machine=machine)
    ran = run(2, INSIDE, "bad", RunTry(INSIDE, INSIDE, (job,)))
    assert looked_at(AXIOS, [ran], {"bad": project(BAD)}).grade is grade


def test_a_run_without_jobs_is_no_run_that_did_nothing() -> None:
    ran = run(2, INSIDE, "bad", RunTry(INSIDE, INSIDE))
    assert looked_at(AXIOS, [ran], {"bad": project(BAD)}).grade is POSSIBLE


@pytest.mark.parametrize(("last", "grade"), [("failure", NOT_SEEN), ("success", POSSIBLE)])
def test_a_job_that_failed_lists_the_step_that_did(last: str, grade: ExposureGrade) -> None:
    steps = (JobStep(STEPS[0]), JobStep(STEPS[1], last))
    job = RunJob(900, "build", INSIDE, INSIDE, steps, "failure")
    ran = run(2, INSIDE, "bad", RunTry(INSIDE, INSIDE, (job,)))
    assert looked_at(AXIOS, [ran], {"bad": project(BAD)}).grade is grade


@pytest.mark.parametrize(
    ("named", "grade"),
    [("name: CI\n", NOT_SEEN), ("name: Other\n", UNKNOWN), ("", NOT_SEEN)],
)
def test_a_run_of_a_workflow_of_another_name_had_another_file(
    named: str, grade: ExposureGrade
) -> None:
    ran = replace(run(2, INSIDE, "good"), name="CI")
    files = {"good": project(GOOD, named.encode() + CI)}
    assert looked_at(AXIOS, [ran], files).grade is grade
    computed = {"good": project(GOOD, named.encode() + b"run-name: x\n" + CI)}
    assert looked_at(AXIOS, [ran], computed).grade is NOT_SEEN


@pytest.mark.parametrize(("open_end", "grade"), [(True, UNKNOWN), (False, NOT_SEEN)])
def test_a_window_does_not_end_by_a_clock_that_is_wrong(
    *, open_end: bool, grade: ExposureGrade
) -> None:
    asked_for = question(*AXIOS)
    asked_for = replace(asked_for, end=asked_for.asked) if open_end else asked_for
    with served(world([OLD, run(2, INSIDE, "good")], {"good": project(GOOD)})) as (_, github):
        github.session.clock_skew = (NOW, NOW)
        found = repository_exposure(asked_for, github, NAME, lambda _text: None)
    assert found.grade is grade


def test_an_install_that_was_skipped() -> None:
    steps = tuple(JobStep(one, "skipped" if "npm" in one else "success") for one in STEPS)
    job = RunJob(900, "build", INSIDE, INSIDE, steps)
    ran = run(2, INSIDE, "bad", RunTry(INSIDE, INSIDE, (job,)))
    assert looked_at(AXIOS, [ran], {"bad": project(BAD)}).grade is NOT_SEEN
    named = workflow(CHECKOUT, "run: npm ci", "{name: Complete job, run: npm ci}")
    assert looked_at(AXIOS, [ran], {"bad": project(BAD, named)}).grade is POSSIBLE


def test_a_run_that_has_the_default_branch_s_file_is_unknown() -> None:
    ran = replace(run(2, INSIDE, "good", event="pull_request_target"), fork="stranger/pantry")
    assert looked_at(AXIOS, [ran], {"good": project(GOOD)}).grade is UNKNOWN


@pytest.mark.parametrize("event", ["pull_request", "pull_request_target"])
def test_a_pull_request_ran_what_was_not_read(event: str) -> None:
    ran = replace(run(2, INSIDE, "good", event=event), fork="stranger/pantry")
    found = looked_at(AXIOS, [ran], {"good": project(GOOD)})
    assert found.grade is UNKNOWN
    bad = replace(run(2, INSIDE, "bad", event=event), fork="stranger/pantry")
    assert looked_at(AXIOS, [bad], {"bad": project(BAD)}).grade is POSSIBLE


def test_without_a_lock_what_the_range_admits_is_possible() -> None:
    ci = workflow(CHECKOUT, "run: npm install")
    found = looked_at(("axios@1.14.1",), [run(2, INSIDE, "open")], {"open": project(None, ci)})
    assert found.grade is POSSIBLE


def test_without_a_lock_what_comes_with_others_is_unknown() -> None:
    ci = workflow(CHECKOUT, "run: npm install")
    found = looked_at(("chalk@5.6.1",), [run(2, INSIDE, "open")], {"open": project(None, ci)})
    assert found.grade is UNKNOWN


def test_a_lock_that_does_not_fit_the_ranges_does_not_decide() -> None:
    files = project(GOOD, workflow(CHECKOUT, "run: npm install"))
    assert looked_at(AXIOS, [run(2, INSIDE, "a")], {"a": files}).grade is POSSIBLE
    fitting = (
        b'{"lockfileVersion": 3, "packages": {"": {"dependencies": {"axios": "^1.13.0"}},'
        b' "node_modules/axios": {"version": "1.14.0"}}}'
    )
    files = files | {"package-lock.json": fitting}
    assert looked_at(AXIOS, [run(2, INSIDE, "a")], {"a": files}).grade is NOT_SEEN


@pytest.mark.parametrize(
    "command", ["npx axios", "npm i -g axios", "npm install axios@^1.14.0", "pnpm dlx axios@1"]
)
def test_a_command_that_names_it(command: str) -> None:
    files = project(GOOD, workflow(CHECKOUT, f"run: {command}"))
    assert looked_at(AXIOS, [run(2, INSIDE, "a")], {"a": files}).grade is POSSIBLE


@pytest.mark.parametrize(
    "step",
    [
        "run: npx left-pad",
        "run: ./install.sh",
        "run: npm install axios@1.13.0",
        "uses: someone/setup@v1",
        "uses: ./.github/actions/setup",
        "{uses: actions/checkout@v4, with: {ref: other}}",
        "{uses: actions/checkout@v4, with: {submodules: true}}",
    ],
)
def test_what_was_not_followed_is_unknown(step: str) -> None:
    files = project(GOOD, workflow(CHECKOUT, step, "run: npm ci"))
    assert looked_at(AXIOS, [run(2, INSIDE, "a")], {"a": files}).grade is UNKNOWN


def test_chalk_and_debug_in_a_workspace_of_pnpm() -> None:
    pnpm = b"lockfileVersion: '9.0'\npackages:\n  debug@4.4.2:\n    engines: {node: '>=6'}\n"
    ci = workflow(CHECKOUT, "run: pnpm install --frozen-lockfile")
    files = project(None, ci) | {"web/pnpm-lock.yaml": pnpm}
    found = looked_at(("chalk@5.6.1", "debug@4.4.2"), [run(2, INSIDE, "a")], {"a": files})
    assert found.grade is POSSIBLE


@pytest.mark.parametrize("broken", [b"", b"{", b'{"lockfileVersion": 9}', b"\xff"])
def test_a_broken_lock_is_unknown(broken: bytes) -> None:
    found = looked_at(AXIOS, [run(2, INSIDE, "a")], {"a": project(broken)})
    assert found.grade is UNKNOWN


def test_an_own_action_is_followed() -> None:
    own = b"runs:\n  using: composite\n  steps: [{run: npx axios, shell: bash}]\n"
    ci = workflow(CHECKOUT, "uses: ./.github/actions/setup")
    files = project(GOOD, ci) | {".github/actions/setup/action.yml": own}
    assert looked_at(AXIOS, [run(2, INSIDE, "a")], {"a": files}).grade is POSSIBLE


def test_a_called_workflow_of_the_repository_is_followed() -> None:
    ci = b"on: push\njobs:\n  a:\n    uses: ./.github/workflows/inner.yml\n"
    inner = workflow(CHECKOUT, "run: npx axios", on="workflow_call")
    files = project(GOOD, ci) | {".github/workflows/inner.yml": inner}
    assert looked_at(AXIOS, [run(2, INSIDE, "a")], {"a": files}).grade is POSSIBLE


CHANGED = "tj-actions/changed-files"


@pytest.mark.parametrize(
    ("asked", "used", "grade"),
    [
        (f"{CHANGED}@v45", f"{CHANGED}@v45", POSSIBLE),
        (f"{CHANGED}@{SHA}", f"{CHANGED}@v45", POSSIBLE),
        (f"{CHANGED}@{SHA}", f"{CHANGED}@{SHA}", POSSIBLE),
        (f"{CHANGED}@{SHA}", f"{CHANGED}@{'a' * 40}", NOT_SEEN),
        (f"{CHANGED}@v45", f"{CHANGED}@{'a' * 40}", UNKNOWN),
        (f"{CHANGED}@v45", f"{CHANGED}@v46", UNKNOWN),
        (f"{CHANGED}@v45", "TJ-Actions/Changed-Files@v45", POSSIBLE),
        (f"{CHANGED}@v45", "someone/else@v1", UNKNOWN),
        (f"{CHANGED}@v45", "actions/setup-node@v4", NOT_SEEN),
    ],
)
def test_an_action(asked: str, used: str, grade: ExposureGrade) -> None:
    files = project(GOOD, workflow(CHECKOUT, f"uses: {used}"))
    assert looked_at((asked,), [run(2, INSIDE, "a")], {"a": files}).grade is grade


def test_a_called_workflow_is_confirmed_by_the_commit_that_github_resolved() -> None:
    ci = b"on: push\njobs:\n  a:\n    uses: someone/flows/.github/workflows/x.yml@v1\n"
    called = (("someone/flows/.github/workflows/x.yml@v1", SHA),)
    ran = replace(run(2, INSIDE, "a"), called=called)
    found = looked_at((f"someone/flows@{SHA}",), [ran], {"a": project(GOOD, ci)})
    assert found.grade is CONFIRMED


def test_what_jobs_could_reach_is_ordered_by_what_can_publish() -> None:
    job = (
        "    permissions: {id-token: write}\n    environment: release\n"
        "    env: {TOKEN: '${{ secrets.NPM_TOKEN }}'}\n"
    )
    files = project(BAD, workflow(CHECKOUT, "run: npm ci && npm publish", job=job))
    reach = only(looked_at(AXIOS, [run(2, INSIDE, "a")], {"a": files})).reach
    assert reach[0].startswith("OIDC")
    assert reach[1] == PUBLISHING
    assert "secret NPM_TOKEN" in reach
    assert reach[-1].startswith("GITHUB_TOKEN")


def test_records_that_do_not_reach_back_are_unknown() -> None:
    there = world([run(2, INSIDE, "good")], {"good": project(GOOD)})
    with served(there) as (_server, github):
        found = repository_exposure(question(*AXIOS), github, NAME, lambda _text: None)
    assert found.grade is UNKNOWN
    assert "expire" in found.faults[0]


def test_a_repository_that_is_younger_than_the_records_has_no_older_ones() -> None:
    there = world([run(2, INSIDE, "good")], {"good": project(GOOD)})
    there.repositories[-1].created_at = START - 10 * HOUR
    with served(there) as (_server, github):
        found = repository_exposure(question(*AXIOS), github, NAME, lambda _text: None)
    assert (found.grade, found.faults) == (NOT_SEEN, ())


def test_a_file_that_is_not_there_is_unknown() -> None:
    found = looked_at(AXIOS, [run(2, INSIDE, "a")], {"a": {"package-lock.json": GOOD}})
    assert found.grade is UNKNOWN
    found = looked_at(AXIOS, [run(2, INSIDE, "gone")], {})
    assert found.grade is UNKNOWN
