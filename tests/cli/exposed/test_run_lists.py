"""A list of runs that lies, shifts or lacks something is never an all-clear."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from hardenme.cli.exposed.search import repository_exposure
from hardenme.collectors.github.client import GitHub
from hardenme.model.exposure import ExposureGrade, RepositoryExposure
from hardenme.model.secret import Secret
from hardenme.sandbox.github.server import github_sandbox
from hardenme.sandbox.github.state.changes import JobStep, Run, RunJob, RunTry
from hardenme.sandbox.http import Reply, Request
from tests.cli.exposed.search_scene import (
    CHECKOUT,
    END,
    HOUR,
    INSIDE,
    NAME,
    OLD,
    START,
    attempt,
    lock,
    looked_at,
    project,
    question,
    run,
    workflow,
    world,
)
from tests.cli.exposed.test_search_broken import (
    AXIOS,
    ENDPOINTS,
    FILES,
    SCENES,
    search,
)
from tests.worlds.github import WEAK_TOKEN

NOT_SEEN, UNKNOWN = ExposureGrade.NOT_SEEN, ExposureGrade.UNKNOWN


def written(at: object) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


BEFORE, AFTER = written(START - timedelta(days=1)), written(END + timedelta(days=1))
FIRST = [
    OLD,
    run(2, INSIDE, "bad", attempt(INSIDE), attempt(END + 3 * HOUR, number=2)),
]
"""A run that was exposed in its first attempt only."""
SET_UP = [{"name": "Set up job", "status": "completed", "conclusion": "success", "number": 1}]
RUNS: dict[str, dict[str, Any]] = {
    "a total of none": {"total_count": 0},
    "a total of more": {"total_count": 1000},
    "a total that is no number": {"total_count": "2500+"},
    "no list": {"workflow_runs": None},
    "two lists": {"other": []},
    "a run that ended before the window": {"updated_at": BEFORE},
    "a run that began and ended before": {"run_started_at": BEFORE, "updated_at": BEFORE},
    "a run that was created later": {"created_at": AFTER},
    "no zone": {"updated_at": BEFORE[:-1]},
    "an epoch": {"run_started_at": 0, "updated_at": 0},
    "half a commit": {"head_sha": "abc"},
    "a commit that is not there": {"head_sha": "0" * 40},
    "a file that is gone": {"path": ".github/workflows/gone.yml"},
    "a file of another repository": {"path": "nettle/setup/.github/workflows/ci.yml@main"},
    "a file in another case": {"path": ".github/workflows/CI.yml"},
    "no file": {"path": ""},
    "a run of GitHub's own": {"path": "dynamic/x/y", "event": "dynamic"},
    "an event that is new": {"event": "fediverse"},
    "the default branch's file": {"event": "pull_request_target"},
    "no event": {"event": None},
    "an attempt too few": {"run_attempt": 1, "previous_attempt_url": "https://x.example/1"},
    "an attempt too many": {"run_attempt": 9},
    "no attempt": {"run_attempt": 0},
    "another number": {"id": 1},
    "another workflow": {"workflow_id": 77},
    "a required workflow": {"workflow_url": f"/repos/{NAME}/actions/required_workflows/7"},
    "a workflow of another repository": {"workflow_url": "/repos/nettle/setup/actions/workflows/7"},
    "another repository": {"repository": {"full_name": "nettle/setup"}},
    "no repository": {"repository": None},
    "the same place twice": {"run_number": 1},
    "a place further on": {"run_number": 9},
    "no place": {"run_number": None},
    "another name": {"name": "Other"},
}
"""What is changed in the list of runs, in all but the oldest one."""
JOBS: dict[str, dict[str, Any]] = {
    "of another run": {"run_id": 9, "conclusion": "cancelled", "steps": SET_UP},
    "of a later attempt": {"run_attempt": 3, "conclusion": "cancelled", "steps": SET_UP},
    "of another commit": {"head_sha": "1" * 40, "conclusion": "cancelled", "steps": SET_UP},
    "that runs, without steps": {"status": "in_progress", "conclusion": None, "steps": []},
    "that failed where nothing did": {"conclusion": "failure", "steps": SET_UP},
    "that succeeded without its end": {"conclusion": "success", "steps": SET_UP},
    "that a machine took": {"conclusion": "cancelled", "steps": [], "runner_id": 5},
    "that ended before its run began": {"started_at": BEFORE, "completed_at": BEFORE},
    "that began after its run ended": {"started_at": AFTER, "completed_at": AFTER},
}
ATTEMPTS: dict[str, dict[str, Any]] = {
    "of another commit": {"head_sha": "1" * 40},
    "of another number": {"run_attempt": 2},
    "of another run": {"id": 9},
    "of another event": {"event": "release"},
    "of another file": {"path": ".github/workflows/x.yml"},
    "that began later than the next": {"run_started_at": AFTER, "updated_at": AFTER},
    "that was created at another time": {"created_at": BEFORE},
}


OF_LIST = frozenset({"total_count", "workflow_runs", "other"})
"""Keys of the list itself."""


def lied_to(runs: list[Run], endpoint: str, values: dict[str, Any]) -> ExposureGrade:
    of_list = {name: values[name] for name in OF_LIST & values.keys()}
    of_each = {name: values[name] for name in values.keys() - OF_LIST}

    def edit(_request: Request, reply: Reply) -> Reply:
        data = copy.deepcopy(reply.data)
        for one in data.get("workflow_runs", data.get("jobs", [data])):
            if one["id"] != OLD.id:
                one.update(of_each)
        return Reply(reply.status, data | of_list, reply.headers)

    with github_sandbox(world(runs, FILES)) as server:
        server.fault(ENDPOINTS[endpoint], edit=edit)
        return search(server)


CASES = [
    *((scene, "runs", lie) for scene in ("bad", "doubt", "again") for lie in RUNS),
    *((scene, "jobs", lie) for scene in ("bad", "doubt", "first") for lie in JOBS),
    *(("first", "attempt", lie) for lie in ATTEMPTS),
]


@pytest.mark.second_tier("a search for each lie", one_of=8)
@pytest.mark.sampled(12)
@pytest.mark.parametrize(("scene", "endpoint", "lie"), CASES)
def test_a_record_that_lies_is_not_an_all_clear(scene: str, endpoint: str, lie: str) -> None:
    lies = {"runs": RUNS, "jobs": JOBS, "attempt": ATTEMPTS}[endpoint]
    runs = FIRST if scene == "first" else SCENES[scene]
    assert lied_to(runs, endpoint, lies[lie]) is not NOT_SEEN


CLEAN = {"old": project(None), "good": project(lock(axios="1.14.0"))}


def clean(*runs: Run) -> RepositoryExposure:
    return looked_at((AXIOS,), list(runs), CLEAN)


def test_a_run_that_is_missing_between_two_leaves_a_number_out() -> None:
    runs = [run(number, INSIDE + number * timedelta(minutes=1), "good") for number in (2, 3, 4)]
    assert clean(*runs).grade is NOT_SEEN
    for number, one in enumerate(runs, 1):
        one.number = number
    found = clean(runs[0], runs[2])
    assert found.grade is UNKNOWN
    assert found.faults == (
        "runs of .github/workflows/ci.yml are not shown, or were deleted: number 2",
    )


def test_two_workflows_at_one_path_are_told_apart_by_nothing() -> None:
    own, required = (run(number, INSIDE, "good") for number in (2, 3))
    required.required_by = "mallow/rules"
    found = clean(own, required)
    assert found.grade is UNKNOWN
    assert "several workflows ran as .github/workflows/ci.yml" in found.faults[0]


def test_a_machine_outside_of_githubs_group_is_named_whatever_its_label() -> None:
    files = CLEAN | {"doubt": project(lock(axios="1.14.0"), workflow(CHECKOUT, "run: ./build"))}
    for group, named in (("GitHub Actions", False), ("Build rack", True)):
        job = RunJob(
            *(902, "build", INSIDE, INSIDE + HOUR),
            tuple(map(JobStep, ("Set up job", "Run ./build", "Complete job"))),
            group=group,
        )
        tried = RunTry(INSIDE, INSIDE + HOUR, (job,))
        found = looked_at((AXIOS,), [run(2, INSIDE, "doubt", tried)], files)
        (row,) = found.rows
        assert row.grade is UNKNOWN
        assert any("group Build rack" in sign.why for sign in row.signs) is named
        assert ("a self-hosted machine, with all that is on it" in row.reach) is named


def shifting(change: Callable[[list[Any], int], list[Any]]) -> ExposureGrade:
    """The grade where answers are changed, by their numbers.

    The first one is about older runs, then come two pages.
    """
    runs = [run(number, INSIDE + timedelta(seconds=number), "good") for number in range(2, 104)]
    count = 0

    def edit(_request: Request, reply: Reply) -> Reply:
        nonlocal count
        count += 1
        data = dict(reply.data)
        data["workflow_runs"] = change(list(data["workflow_runs"]), count)
        return Reply(reply.status, data, reply.headers)

    with github_sandbox(world([OLD, *runs], CLEAN)) as server:
        server.fault(ENDPOINTS["runs"], edit=edit)
        github = GitHub.connect(server.url, Secret(WEAK_TOKEN))
        return repository_exposure(question(AXIOS), github, NAME, lambda _text: None).grade


@pytest.mark.second_tier("searches of 130 runs", one_of=2)
def test_pages_that_shift_are_not_an_all_clear() -> None:
    assert shifting(lambda items, _count: items) is NOT_SEEN
    assert shifting(lambda items, count: items[1:] if count == 2 else items) is not NOT_SEEN
    assert shifting(lambda items, count: items[:-1] if count == 3 else items) is not NOT_SEEN
    assert (
        shifting(lambda items, count: [*items[1:], items[1]] if count > 1 else items)
        is not NOT_SEEN
    )
