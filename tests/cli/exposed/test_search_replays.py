"""Four attacks from the victim's side, each with runs in and around the window."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from hardenme.model.exposure import ExposureGrade
from hardenme.sandbox.github.state.changes import Run
from tests.cli.exposed.search_scene import (
    CHECKOUT,
    END,
    HOUR,
    INSIDE,
    START,
    attempt,
    lock,
    looked_at,
    only,
    project,
    run,
    workflow,
)

CONFIRMED, POSSIBLE, UNKNOWN, NOT_SEEN = ExposureGrade
BEGUN = ("Set up job",)
PNPM = b"lockfileVersion: '9.0'\npackages:\n  debug@4.4.2:\n    engines: {node: '>=6'}\n"


@dataclass(frozen=True, slots=True)
class Attack:
    """What was bad, and a commit of a victim.

    Attributes:
        things: what is asked about.
        files: of the commit.
        last: the step that brought it in.
    """

    things: tuple[str, ...]
    files: dict[str, bytes]
    last: str


ATTACKS = {
    "chalk": Attack(
        ("chalk@5.6.1", "debug@4.4.2"),
        project(None, workflow(CHECKOUT, "run: pnpm install --frozen-lockfile"))
        | {"pnpm-lock.yaml": PNPM},
        "Run pnpm install --frozen-lockfile",
    ),
    "tj-actions": Attack(
        ("tj-actions/changed-files@v45",),
        project(None, workflow(CHECKOUT, "uses: tj-actions/changed-files@v45")),
        "Run tj-actions/changed-files@v45",
    ),
    "axios": Attack(
        ("axios@1.14.1", "axios@0.30.4", "plain-crypto-js@4.2.1"),
        project(lock(axios="1.14.1"), workflow(CHECKOUT, "run: npm ci")),
        "Run npm ci",
    ),
    "no lock": Attack(
        ("axios@1.14.1",), project(None, workflow(CHECKOUT, "run: npm install")), "Run npm install"
    ),
}
each_attack = pytest.mark.parametrize("name", ATTACKS)


def grade_of(name: str, *runs: Run) -> ExposureGrade:
    attack = ATTACKS[name]
    return looked_at(attack.things, list(runs), {"bad": attack.files}).grade


def steps_of(name: str) -> tuple[str, ...]:
    return ("Set up job", "Run actions/checkout@v4", ATTACKS[name].last, "Complete job")


@each_attack
def test_a_run_inside_is_possible_and_its_expired_log_is_said(name: str) -> None:
    attack = ATTACKS[name]
    ran = run(2, INSIDE, "bad", attempt(INSIDE, steps=steps_of(name)))
    row = only(looked_at(attack.things, [ran], {"bad": attack.files}))
    assert row.grade is POSSIBLE
    assert any("was not read: the log expired" in sign.why for sign in row.signs)


@each_attack
@pytest.mark.parametrize("at", [START - HOUR, END + HOUR])
def test_a_run_outside_is_no_run_of_the_window(name: str, at: object) -> None:
    ran = run(2, at, "bad", attempt(at, steps=steps_of(name)))  # type: ignore[arg-type]
    assert grade_of(name, ran) is NOT_SEEN


@each_attack
def test_a_run_that_was_started_again_inside_is_possible(name: str) -> None:
    before, steps = START - timedelta(days=20), steps_of(name)
    tries = (attempt(before, steps=steps), attempt(INSIDE, steps=steps, number=2))
    assert grade_of(name, run(2, before, "bad", *tries)) is POSSIBLE


@each_attack
def test_a_run_that_was_cancelled_while_it_was_set_up(name: str) -> None:
    cancelled = run(2, INSIDE, "bad", attempt(INSIDE, steps=BEGUN))
    found = grade_of(name, cancelled)
    # The runner downloads actions before the first step.
    assert found is (POSSIBLE if name == "tj-actions" else NOT_SEEN)


@each_attack
@pytest.mark.parametrize("event", ["pull_request", "pull_request_target"])
def test_a_run_on_a_fork_s_pull_request_is_possible(name: str, event: str) -> None:
    ran = run(2, INSIDE, "bad", attempt(INSIDE, steps=steps_of(name)), event=event)
    assert grade_of(name, replace(ran, fork="stranger/pantry")) is POSSIBLE
