"""What a search asks: few requests for a repository, and many commits to a query."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from hardenme.cli.exposed.search import repository_exposure
from hardenme.model.exposure import ExposureGrade
from hardenme.sandbox.github.state.changes import Run
from hardenme.sandbox.http import Reply, Request
from tests.cli.exposed.search_scene import (
    INSIDE,
    NAME,
    OLD,
    START,
    attempt,
    lock,
    project,
    question,
    run,
    served,
    workflow,
    world,
)

GOOD = lock(axios="1.14.0")


def asked(
    runs: list[Run], files: dict[str, dict[str, bytes]]
) -> tuple[ExposureGrade, Counter[str]]:
    """The grade of a search, and how many requests there were of each kind."""
    there = world([OLD, *runs], {"old": project(None), **files})
    with served(there) as (server, github):
        found = repository_exposure(question("axios@1.14.1"), github, NAME, lambda _text: None)
        return found.grade, Counter(kind(one.path) for one in server.requests)


def kind(path: str) -> str:
    return "attempt" if "/attempts/" in path else path.rpartition("/")[2].partition("?")[0]


def test_a_repository_takes_five_requests() -> None:
    grade, sent = asked([run(2, INSIDE, "good")], {"good": project(GOOD)})
    assert grade is ExposureGrade.NOT_SEEN
    assert sent.total() == 5


def test_a_repository_without_runs_takes_two() -> None:
    assert asked([], {})[1].total() == 2


@pytest.mark.parametrize(("number", "pages"), [(90, 1), (110, 2), (210, 3)])
def test_a_list_takes_one_for_each_hundred_runs(number: int, pages: int) -> None:
    runs = [run(2 + one, INSIDE + timedelta(seconds=one), "good") for one in range(number)]
    grade, sent = asked(runs, {"good": project(GOOD)})
    assert grade is ExposureGrade.NOT_SEEN
    assert sent["runs"] == 1 + pages
    assert sent.total() - sent["runs"] == 3


@pytest.mark.second_tier("thousands of runs")
def test_a_list_that_ends_at_its_limit_is_halved_without_reading_it_again() -> None:
    """GitHub shows a thousand runs of a list, and how many there are."""
    number = 2_300
    runs = [run(2 + one, INSIDE + timedelta(seconds=one), "good") for one in range(number)]
    there = world([OLD, *runs], {"old": project(None), "good": project(GOOD)})

    def ends(request: Request, reply: Reply) -> Reply:
        page, total = int(request.query.get("page", "1")), reply.data["total_count"]
        if total <= 1_000 or page < 10:
            return reply
        listed = reply.data["workflow_runs"] if page == 10 else []
        return Reply(reply.status, {"total_count": total, "workflow_runs": listed})

    with served(there) as (server, github):
        server.fault(r".*/actions/runs", edit=ends)
        found = repository_exposure(question("axios@1.14.1"), github, NAME, lambda _text: None)
        sent = len(server.requests)
    assert found.grade is ExposureGrade.NOT_SEEN
    assert found.runs == number
    # A page of each hundred runs, the first list, and a request for each part of the window.
    assert sent <= 5 + 10 + number // 100 + 40


def said(runs: list[Run], files: dict[str, dict[str, bytes]]) -> tuple[list[str], int]:
    """What a search shows before it asks, and how many requests it makes."""
    there = world([OLD, *runs], {"old": project(None), **files})
    lines: list[str] = []
    with served(there) as (server, github):
        repository_exposure(question("axios@1.14.1"), github, NAME, lines.append)
        return lines, len(server.requests)


def test_a_short_search_shows_no_cost() -> None:
    assert said([run(2, INSIDE, "good")], {"good": project(GOOD)})[0] == []


def test_a_long_search_shows_what_runs_in_doubt_take() -> None:
    bad = project(lock(axios="1.14.1"))
    runs = [run(2 + one, INSIDE + timedelta(seconds=one), "bad") for one in range(10)]
    lines, sent = said(runs, {"bad": bad})
    what = "10 runs in doubt, 10 of them possible"
    assert lines == [f"{NAME}: {what}, about 32 requests, and 2 for each further job"]
    assert sent - 5 <= 32


def test_a_long_search_shows_what_other_repositories_take() -> None:
    steps = [f"uses: other/tool-{number}@{number:040x}" for number in range(7)]
    steps += [f"uses: other/tool-1/sub@{1:040x}", "uses: actions/checkout@v4"]
    lines, _sent = said([run(2, INSIDE, "good")], {"good": project(GOOD, workflow(*steps))})
    assert lines == [f"{NAME}: 7 commits of other repositories to read, about 28 requests"]


@pytest.mark.second_tier("takes long")
@pytest.mark.parametrize("number", [30, 60])
def test_many_commits_take_a_query_for_each_twenty_five(number: int) -> None:
    """Each changes its lock file, and a file of its own three folders deep."""
    files = {
        f"c{one}": project(lock(axios="1.14.0", other=f"1.0.{one}"))
        | {f"src/a/b/{one}.js": b"", **{f"docs/{page}/x.md": b"" for page in range(5)}}
        for one in range(number)
    }
    runs = [run(2 + one, INSIDE + timedelta(seconds=one), f"c{one}") for one in range(number)]
    grade, sent = asked(runs, files)
    assert grade is ExposureGrade.NOT_SEEN
    batches = -(-number // 25)
    # Their roots, their lock files, and a level for each folder that they change.
    assert sent["graphql"] <= 5 * batches
    assert sent.total() - sent["graphql"] == 3


def test_a_run_that_was_started_again_takes_one_for_each_earlier_attempt() -> None:
    before = START - timedelta(days=20)
    tries = (attempt(before), attempt(INSIDE, number=2), attempt(INSIDE, number=3))
    grade, sent = asked([run(2, before, "good", *tries)], {"good": project(GOOD)})
    assert grade is ExposureGrade.NOT_SEEN
    assert sent["attempt"] == 2
    assert sent.total() == 7


def test_where_graphql_refuses_all_is_read_by_rest() -> None:
    runs = [run(2, INSIDE, "good"), replace(run(3, INSIDE, "other"))]
    files = {"good": project(GOOD), "other": project(lock(axios="1.13.0"))}
    there = world([OLD, *runs], {"old": project(None), **files})
    with served(there) as (server, github):
        server.fault("/graphql", edit=lambda _request, _reply: Reply(403, {"message": "no"}))
        found = repository_exposure(question("axios@1.14.1"), github, NAME, lambda _text: None)
    assert found.grade is ExposureGrade.NOT_SEEN
    assert found.commits == 2
