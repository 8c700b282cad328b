"""Logs of runs that are possible: a witness confirms, and silence changes nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hardenme.cli.exposed.search import repository_exposure
from hardenme.model.exposure import ExposureGrade, ExposureRow
from hardenme.sandbox.github.store import STORE
from hardenme.sandbox.http import Reply, Request
from tests.cli.exposed.search_scene import (
    CHECKOUT,
    INSIDE,
    NAME,
    OLD,
    SHA,
    STEPS,
    attempt,
    lock,
    only,
    project,
    question,
    run,
    served,
    workflow,
    world,
)
from tests.exposure.test_logs import DOWNLOADED, END, FETCH, PINNED, SET_UP, TAGGED, log

CONFIRMED, POSSIBLE, UNKNOWN, NOT_SEEN = ExposureGrade
AXIOS = ("axios@1.14.1",)
BAD, GOOD = project(lock(axios="1.14.1")), project(lock(axios="1.14.0"))
ACTION = project(None, workflow(CHECKOUT, f"uses: {TAGGED}"))
LOGS = r".*/actions/jobs/\d+/logs"


def row_of(
    text: str | None,
    files: dict[str, bytes] = BAD,
    things: tuple[str, ...] = AXIOS,
    steps: tuple[str, ...] = STEPS,
    *,
    edit: Callable[[Request, Reply], Reply] | None = None,
    path: str = LOGS,
) -> tuple[ExposureRow, list[Request]]:
    """The row of a run with a log, and what was asked for it."""
    ran = run(2, INSIDE, "a", attempt(INSIDE, steps=steps, log=text))
    with served(world([OLD, ran], {"old": project(None), "a": files})) as (server, github):
        if edit is not None:
            server.fault(path, edit=edit)
        found = repository_exposure(question(*things), github, NAME, lambda _text: None)
        asked = [one for one in server.requests if one.path.endswith("/logs") or STORE in one.path]
    return only(found), asked


def test_a_download_in_the_log_is_confirmed() -> None:
    row, asked = row_of(log(FETCH))
    assert row.grade is CONFIRMED
    assert row.signs[-1].why == "the log of job 901 shows that axios@1.14.1 was downloaded"
    assert row.reach
    assert ["authorization" in one.headers for one in asked] == [True, False]


def test_the_commit_of_an_action_in_the_log_is_confirmed() -> None:
    row, _asked = row_of(log(*SET_UP, DOWNLOADED, END), ACTION, (PINNED, TAGGED))
    assert row.grade is CONFIRMED
    assert SHA in row.signs[-1].why


@pytest.mark.parametrize("text", ["", log("added 312 packages in 4s"), log(*SET_UP, END)])
def test_a_log_without_the_name_is_not_an_all_clear(text: str) -> None:
    assert row_of(text)[0].grade is POSSIBLE
    assert row_of(text, ACTION, (PINNED, TAGGED))[0].grade is POSSIBLE


def test_a_log_that_expired_changes_nothing_and_says_so() -> None:
    row, asked = row_of(None)
    assert row.grade is POSSIBLE
    assert row.signs[-1].why == (
        "the log of job 901 was not read: the log expired, was deleted, or is not shown (410)"
    )
    assert len(asked) == 1


def test_logs_are_asked_for_only_of_what_is_possible() -> None:
    doubt = project(lock(axios="1.14.0"), workflow(CHECKOUT, "run: ./build.sh"))
    for files, steps, grade in (
        (GOOD, STEPS, NOT_SEEN),
        (BAD, STEPS[:2], NOT_SEEN),
        (doubt, STEPS, UNKNOWN),
    ):
        row, asked = row_of(log(FETCH), files, steps=steps)
        assert (row.grade, asked) == (grade, [])


@pytest.mark.parametrize("path", [LOGS, f"{STORE}.*"])
@pytest.mark.parametrize("status", [200, 301, 302, 400, 403, 404, 410, 500])
def test_a_log_that_is_not_answered_changes_nothing(path: str, status: int) -> None:
    row, _asked = row_of(
        log(FETCH), edit=lambda _r, _a: Reply(status, {"message": "no"}), path=path
    )
    assert row.grade is POSSIBLE


def test_a_log_elsewhere_is_not_asked_for() -> None:
    away = Reply(302, None, {"Location": "https://evil.example/log?sig=CANARYsignature"})
    row, asked = row_of(log(FETCH), edit=lambda _request, _reply: away)
    assert row.grade is POSSIBLE
    assert "redirects to evil.example, which is not known" in row.signs[-1].why
    assert "CANARY" not in repr(row)
    assert len(asked) == 1
