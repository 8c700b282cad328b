"""Caches that a run which could be exposed wrote make later runs possible that can restore them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hardenme.cli.exposed.caches import GONE
from hardenme.cli.exposed.search import repository_exposure
from hardenme.model.exposure import ExposureGrade, RepositoryExposure
from hardenme.sandbox.github.state.changes import Run, StoredCache
from hardenme.sandbox.http import Reply
from tests.cli.exposed.search_scene import (
    CHECKOUT,
    END,
    HOUR,
    INSIDE,
    NAME,
    OLD,
    attempt,
    lock,
    project,
    question,
    run,
    served,
    workflow,
    world,
)
from tests.moment import NOW

CONFIRMED, POSSIBLE, UNKNOWN, NOT_SEEN = ExposureGrade
LATER = END + 5 * HOUR
WROTE = INSIDE + timedelta(minutes=5)
RESTORES = workflow(CHECKOUT, "uses: actions/cache@v4", "run: npm test")
FILES = {
    "old": project(None),
    "bad": project(lock(axios="1.14.1")),
    "good": project(lock(axios="1.14.0"), RESTORES),
    "plain": project(lock(axios="1.14.0"), workflow(CHECKOUT, "run: npm ci")),
    "odd": project(lock(axios="1.14.0"), b"jobs: ["),
}
CACHE = StoredCache(1, "npm-1", "refs/heads/main", WROTE, LATER + HOUR)
BAD = run(2, INSIDE, "bad")


def looked(
    *later: Run,
    caches: tuple[StoredCache, ...] = (CACHE,),
    bad: Run = BAD,
    status: int = 200,
) -> tuple[RepositoryExposure, list[str]]:
    """What is found, and the paths of what was asked for."""
    there = world([OLD, bad, *later], FILES)
    there.repositories[-1].caches = list(caches)
    with served(there) as (server, github):
        if status != 200:
            server.fault(".*/actions/caches", edit=lambda _r, _a: Reply(status, {"message": "no"}))
        found = repository_exposure(question("axios@1.14.1"), github, NAME, lambda _text: None)
        return found, [one.path for one in server.requests]


def grades(found: RepositoryExposure) -> dict[int, ExposureGrade]:
    return {row.attempt.run: row.grade for row in found.rows}


def test_a_later_run_that_restores_a_cache_is_possible() -> None:
    found, _asked = looked(run(3, LATER, "good"))
    assert grades(found) == {2: POSSIBLE, 3: POSSIBLE}
    why = found.rows[1].signs[-1].why
    assert why == (
        "it can have restored the cache npm-1, which a run that could be exposed wrote at"
        " 2026-11-20 01:26 UTC"
    )
    assert found.rows[1].reach
    assert found.faults == (GONE,)


def test_a_run_of_the_window_that_restores_it_is_possible_too() -> None:
    found, _asked = looked(run(3, WROTE + HOUR, "good"))
    assert grades(found) == {2: POSSIBLE, 3: POSSIBLE}


def test_a_run_that_restored_it_can_have_written_another() -> None:
    second = StoredCache(
        2, "npm-2", "refs/heads/main", LATER + timedelta(minutes=5), LATER + 50 * HOUR
    )
    first = StoredCache(1, "npm-1", "refs/heads/main", WROTE, LATER)
    last = run(4, LATER + 40 * HOUR, "good")
    assert grades(looked(last, caches=(first,))[0]) == {2: POSSIBLE}
    found, _asked = looked(run(3, LATER, "good"), last, caches=(first, second))
    assert grades(found) == {2: POSSIBLE, 3: POSSIBLE, 4: POSSIBLE}


@pytest.mark.parametrize(
    ("later", "caches"),
    [
        (run(3, LATER, "plain"), (CACHE,)),
        (run(3, LATER + 40 * HOUR, "good"), (CACHE,)),
        (run(3, LATER, "good"), ()),
        (run(3, LATER, "good"), (StoredCache(1, "a", "refs/heads/main", LATER, LATER),)),
        (run(3, LATER, "good"), (StoredCache(1, "a", "refs/heads/x", WROTE, LATER),)),
        (run(3, LATER, "good"), (StoredCache(1, "a", "refs/pull/7/merge", WROTE, LATER),)),
        (run(3, INSIDE - HOUR, "good"), (CACHE,)),
    ],
)
def test_a_run_that_cannot_have_restored_it_is_not_in_question(
    later: Run, caches: tuple[StoredCache, ...]
) -> None:
    found, _asked = looked(later, caches=caches)
    assert grades(found).get(3, NOT_SEEN) is NOT_SEEN
    assert GONE in found.faults


@pytest.mark.parametrize("files", ["odd", "gone"])
def test_a_run_whose_files_are_not_read_is_unknown(files: str) -> None:
    found, _asked = looked(run(3, LATER, files))
    assert grades(found) == {2: POSSIBLE, 3: UNKNOWN}


@pytest.mark.parametrize("status", [403, 404, 410])
def test_caches_that_are_not_listed_are_said(status: int) -> None:
    found, _asked = looked(run(3, LATER, "good"), status=status)
    assert grades(found) == {2: POSSIBLE}
    assert "the caches of its runs" in found.faults[0]


def test_a_cache_of_a_pull_request_is_for_pull_requests() -> None:
    from_pull = StoredCache(1, "a", "refs/pull/7/merge", WROTE, LATER + HOUR)
    bad = run(2, INSIDE, "bad", event="pull_request")
    found, _asked = looked(
        run(3, LATER, "good", event="pull_request"), caches=(from_pull,), bad=bad
    )
    assert grades(found) == {2: POSSIBLE, 3: POSSIBLE}


def test_nothing_is_asked_where_no_run_could_be_exposed() -> None:
    cancelled = run(2, INSIDE, "bad", attempt(INSIDE, steps=("Set up job",)))
    found, asked = looked(run(3, LATER, "good"), bad=cancelled)
    assert found.grade is NOT_SEEN
    assert not any("caches" in path for path in asked)
    assert LATER + HOUR < NOW
