"""A list of runs that changes while it is read is never taken for whole where it is not."""

from __future__ import annotations

import copy
import random
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest

from hardenme.collectors.github import pages
from hardenme.collectors.github.client import GitHub
from hardenme.collectors.github.run_records import RunsRead, runs_in
from hardenme.model.secret import Secret
from hardenme.sandbox.github.server import github_sandbox
from hardenme.sandbox.github.state.changes import Run
from hardenme.sandbox.http import Reply, Request
from tests.cli.exposed.search_scene import NAME, OLD, run, world
from tests.moment import NOW
from tests.worlds.github import WEAK_TOKEN

PAGE = 4
TIMES = 200
MINUTE = timedelta(minutes=1)
WINDOW = timedelta(hours=8)


@dataclass
class Changing:
    """A repository of which runs are removed, and to which some are added, between requests.

    Attributes:
        over: how long ago the window ended.
        grows: whether runs are added while the list is read.
        oldest_first: the order of the list.
    """

    over: timedelta
    grows: bool = False
    oldest_first: bool = False

    def read(self, seed: int, count: int) -> tuple[RunsRead, set[int]]:
        """What was read, and the runs that were there to be read."""
        dice = random.Random(seed)  # noqa: S311 (it only makes cases)
        end = NOW - self.over
        start = end - WINDOW
        ages = sorted(dice.randrange(1, 400) for _ in range(count))
        runs = [one_run(2 + place, end - age * MINUTE) for place, age in enumerate(ages)]
        there = world([OLD, *runs], {})
        kept = there.repositories[-1].runs
        stay = {one.id for one in runs}
        new = iter(range(1_000, 2_000))

        def edit(request: Request, reply: Reply) -> Reply:
            if not self.oldest_first:
                stay.update(one.id for one in kept if one is not OLD)
            change = dice.choice(("none", "none", "none", "swap", "swap", "add", "remove"))
            if self.grows and change in {"add", "swap"}:
                kept.append(one_run(next(new), start if self.oldest_first else NOW))
            if change in {"remove", "swap"} and len(kept) > 2:
                gone = kept.pop(dice.randrange(1, len(kept)))
                stay.discard(gone.id)
            about_older = request.query["created"].startswith("<")
            turned = self.oldest_first and not about_older
            return mirrored(reply, start, end) if turned else reply

        with github_sandbox(there) as server:
            server.fault(r".*/actions/runs", edit=edit)
            github = GitHub.connect(server.url, Secret(WEAK_TOKEN))
            found = runs_in(github, NAME, start, end)
            return found, stay


def mirrored(reply: Reply, start: datetime, end: datetime) -> Reply:
    """The same list with times that make it one of the oldest first."""
    data = copy.deepcopy(reply.data)
    for one in data["workflow_runs"]:
        at = start + (end - datetime.fromisoformat(one["created_at"]))
        shown = f"{at:%Y-%m-%dT%H:%M:%SZ}"
        one |= {"created_at": shown, "run_started_at": shown, "updated_at": shown}
    return replace(reply, data=data)


def one_run(number: int, at: datetime) -> Run:
    """A run of its own workflow, so that no number is left out where it goes."""
    made = run(number, at, "good")
    made.file, made.number = f".github/workflows/{number}.yml", 1
    return made


OVER, OPEN = timedelta(hours=5), timedelta(0)
KINDS = {
    "a window that is over": Changing(OVER),
    "a window that is open": Changing(OPEN, grows=True),
    "the oldest run first": Changing(OPEN, grows=True, oldest_first=True),
}


@pytest.mark.second_tier("hundreds of lists that change")
@pytest.mark.parametrize("kind", KINDS)
def test_a_changing_list_is_whole_or_not_known(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "PER_PAGE", PAGE)
    outcomes = set()
    for seed in range(TIMES):
        found, stay = KINDS[kind].read(seed, count=3 + seed % 17)
        read = {one.run for one in found.attempts}
        outcomes.add(bool(found.faults))
        assert found.faults or stay <= read, seed
    assert outcomes == {True, False}


@pytest.mark.parametrize(("over", "more"), [(OVER, 0), (OPEN, 1)])
def test_a_list_takes_a_request_for_each_page(
    over: timedelta, more: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a window that is open, the pages with runs of the last hour are looked at once more."""
    monkeypatch.setattr(pages, "PER_PAGE", PAGE)
    end = NOW - over
    runs = [one_run(2 + place, end - place * timedelta(minutes=31)) for place in range(15)]
    with github_sandbox(world([OLD, *runs], {})) as server:
        github = GitHub.connect(server.url, Secret(WEAK_TOKEN))
        found = runs_in(github, NAME, end - WINDOW, end)
        assert not found.faults
        assert len(server.requests) == 1 + 4 + more


def test_without_a_time_of_githubs_each_page_but_the_last_is_looked_at_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pages, "PER_PAGE", PAGE)
    runs = [one_run(2 + place, NOW - OVER - place * MINUTE) for place in range(15)]
    with github_sandbox(world([OLD, *runs], {})) as server:
        server.fault(r".*/actions/runs", edit=lambda _request, reply: without_date(reply))
        github = GitHub.connect(server.url, Secret(WEAK_TOKEN))
        found = runs_in(github, NAME, NOW - OVER - WINDOW, NOW - OVER)
        assert not found.faults
        assert len(server.requests) == 1 + 4 + 3


def without_date(reply: Reply) -> Reply:
    return replace(reply, headers=reply.headers | {"date": "soon"})
