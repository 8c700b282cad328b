"""Runs of pull requests: what GitHub made of a head and its base counts, not the head alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from hardenme.cli.exposed.search import repository_exposure
from hardenme.model.exposure import ExposureGrade, RepositoryExposure
from hardenme.sandbox.github.state.changes import (
    Activity,
    ActivityType,
    Pull,
    PullMerge,
    commit_id,
)
from tests.cli.exposed.search_scene import (
    CHECKOUT,
    HOUR,
    INSIDE,
    NAME,
    OLD,
    STEPS,
    attempt,
    lock,
    project,
    question,
    run,
    served,
    workflow,
    world,
)

POSSIBLE, UNKNOWN, NOT_SEEN = (
    ExposureGrade.POSSIBLE,
    ExposureGrade.UNKNOWN,
    ExposureGrade.NOT_SEEN,
)
BAD, GOOD, BETTER = lock(axios="1.14.1"), lock(axios="1.14.0"), lock(axios="1.13.0")
OPENED = INSIDE - timedelta(minutes=30)
PULL = Pull(7, OPENED, "main", commit_id("head"), began=commit_id("began"))
MERGE = PullMerge(commit_id("merge"), commit_id("base"), OPENED)
FILES = {"began": project(GOOD), "head": project(GOOD) | {"docs.md": b""}}


def push(
    number: int, at: datetime, before: str, after: str, kind: ActivityType = "push"
) -> Activity:
    """A change of the base branch."""
    ids = (commit_id(before), commit_id(after))
    return Activity(number, kind, at, "refs/heads/main", *ids, "mallow")


BEGAN = push(1, OPENED - HOUR, "old", "began")


def looked(
    files: dict[str, dict[str, bytes]],
    pull: Pull | None = PULL,
    pushes: tuple[Activity, ...] = (BEGAN,),
    event: str = "pull_request",
    steps: tuple[str, ...] = STEPS,
) -> RepositoryExposure:
    ran = replace(
        run(2, INSIDE, "head", attempt(INSIDE, steps=steps), event=event), fork="someone/pantry"
    )
    there = world([OLD, ran], {"old": project(None), **FILES, **files})
    there.repositories[-1].pulls = [] if pull is None else [pull]
    there.repositories[-1].activity = list(pushes)
    there.repositories[-1].heads = {"main": pushes[-1].after} if pushes else {}
    with served(there) as (_server, github):
        return repository_exposure(question("axios@1.14.1"), github, NAME, lambda _text: None)


@pytest.mark.parametrize("event", ["pull_request", "pull_request_review"])
def test_a_head_on_the_newest_commit_of_its_base_is_what_ran(event: str) -> None:
    assert looked({}, event=event).grade is NOT_SEEN


def test_a_merge_commit_that_is_still_there_is_what_ran() -> None:
    kept = replace(PULL, merge=MERGE)
    assert looked({"merge": project(GOOD)}, kept).grade is NOT_SEEN
    assert looked({"merge": project(BAD)}, kept).grade is POSSIBLE
    assert looked({}, kept).grade is UNKNOWN


def test_a_merge_commit_that_was_made_after_the_run_is_not_what_ran() -> None:
    later = replace(PULL, merge=replace(MERGE, at=INSIDE + HOUR))
    pushes = (BEGAN, push(2, OPENED + timedelta(minutes=5), "began", "moved"))
    files = {"merge": project(GOOD), "moved": project(BAD)}
    assert looked(files, later, pushes).grade is POSSIBLE


@pytest.mark.parametrize(
    ("head", "moved", "grade"),
    [
        (GOOD, BAD, POSSIBLE),
        (GOOD, BETTER, NOT_SEEN),
        (BETTER, GOOD, NOT_SEEN),
        (BETTER, BETTER, NOT_SEEN),
        (BETTER, BAD, UNKNOWN),
        (BETTER, lock(axios="1.12.0"), NOT_SEEN),
    ],
)
def test_a_base_that_moved_is_merged(head: bytes, moved: bytes, grade: ExposureGrade) -> None:
    """Where both changed the lock file, it is known only that a line is one of theirs."""
    pushes = (BEGAN, push(2, OPENED + timedelta(minutes=5), "began", "moved"))
    files = {"head": project(head), "moved": project(moved)}
    assert looked(files, pushes=pushes).grade is grade


def test_each_commit_of_the_base_in_the_meantime_counts() -> None:
    pushes = (
        BEGAN,
        push(2, OPENED + timedelta(minutes=5), "began", "bad"),
        push(3, OPENED + timedelta(minutes=6), "bad", "good"),
    )
    files = {"bad": project(BAD), "good": project(GOOD)}
    assert looked(files, pushes=pushes).grade is POSSIBLE


def test_a_commit_of_the_base_after_the_run_does_not_count() -> None:
    pushes = (BEGAN, push(2, INSIDE + HOUR, "began", "bad"))
    assert looked({"bad": project(BAD)}, pushes=pushes).grade is NOT_SEEN


def test_a_workflow_of_the_base_and_a_lock_of_the_head_are_taken_together() -> None:
    quiet = workflow(CHECKOUT)
    files = {
        "began": project(GOOD, quiet),
        "head": project(BAD, quiet),
        "moved": project(GOOD),
    }
    pushes = (BEGAN, push(2, OPENED + timedelta(minutes=5), "began", "moved"))
    assert looked(files, pushes=pushes).grade is POSSIBLE


@pytest.mark.parametrize(
    ("pull", "pushes"),
    [
        (None, (BEGAN,)),
        (replace(PULL, retargeted=True), (BEGAN,)),
        (replace(PULL, began=commit_id("head")), (BEGAN,)),
        (replace(PULL, began=""), (BEGAN,)),
        (PULL, ()),
        (PULL, (BEGAN, push(2, OPENED + timedelta(minutes=5), "elsewhere", "moved"))),
        (PULL, (BEGAN, push(2, OPENED + timedelta(minutes=5), "began", "moved", "force_push"))),
        (PULL, (BEGAN, push(2, OPENED + timedelta(minutes=5), "began", "unreadable"))),
        (replace(PULL, created=INSIDE - timedelta(days=200), began=commit_id("far")), (BEGAN,)),
    ],
)
def test_what_cannot_be_traced_is_unknown(pull: Pull | None, pushes: tuple[Activity, ...]) -> None:
    assert looked({"moved": project(GOOD)}, pull, pushes).grade is UNKNOWN


def test_a_run_that_was_cancelled_before_the_install() -> None:
    pushes = (BEGAN, push(2, OPENED + timedelta(minutes=5), "began", "moved"))
    found = looked({"moved": project(BAD)}, pushes=pushes, steps=STEPS[:2])
    assert found.grade is NOT_SEEN
