"""What was done in a repository: its activity, its workflows and their runs."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from hardenme.sandbox.github.calls import Answer, PermittedRequest, Route, invalid, moment
from hardenme.sandbox.github.pages import CursorListing, PagedAnswer
from hardenme.sandbox.github.permits import readable
from hardenme.sandbox.github.rest.shapes import minimal_repository, named_user
from hardenme.sandbox.github.state.changes import Activity, Run
from hardenme.sandbox.github.world import Repository

FILE = re.compile(r"\.github/workflows/[^/]+\.ya?ml")
"""The files that GitHub takes for workflows."""
PERIODS = {"day": 1, "week": 7, "month": 31, "quarter": 92, "year": 366}


def activity(call: PermittedRequest) -> Answer:
    """The changes of branches, the newest first."""
    found = sorted(call.repository.activity, key=lambda one: one.at, reverse=True)
    period = call.option("time_period", "")
    if period and period not in PERIODS:
        return invalid("time_period is none of the known ones")
    if period:
        since = call.world.now - timedelta(days=PERIODS[period])
        found = [one for one in found if one.at >= since]
    kind = call.option("activity_type", "")
    return CursorListing(
        [one for one in found if kind in {"", one.kind}], lambda one: _change(call, one)
    )


def _change(call: PermittedRequest, one: Activity) -> dict[str, Any]:
    return {
        "id": one.id,
        "node_id": f"PSH_{one.id}",
        "before": one.before,
        "after": one.after,
        "ref": one.ref,
        "timestamp": moment(one.at),
        "activity_type": one.kind,
        "actor": _user(call, one.actor),
    }


def _user(call: PermittedRequest, login: str | None) -> dict[str, Any] | None:
    return None if login is None else named_user(call, login)


def runs(call: PermittedRequest) -> Answer:
    """The runs of workflows, the newest first."""
    found = sorted(call.repository.runs, key=lambda one: one.at, reverse=True)
    event = call.option("event", "")
    found = [one for one in found if event in {"", one.event}]
    created = call.option("created", "")
    if created.startswith(">="):
        found = [one for one in found if moment(one.at) >= created.removeprefix(">=")]
    elif created:
        return invalid("created is not understood")
    return PagedAnswer(found, lambda one: _run(call, one), key="workflow_runs")


def _run(call: PermittedRequest, one: Run) -> dict[str, Any]:
    repository = call.repository
    base = f"{call.api}/repos/{repository.full_name}/actions"
    url, head = f"{base}/runs/{one.id}", one.head or _newest(repository, one.branch)
    shown = minimal_repository(call, repository)
    fork = {**shown, "id": shown["id"] + 900_000, "full_name": one.fork, "fork": True}
    actor = {} if one.actor is None else {"actor": named_user(call, one.actor)}
    return {
        "id": one.id,
        "node_id": f"WFR_{one.id}",
        "name": one.name,
        "head_branch": one.branch,
        "head_sha": head,
        "path": one.file,
        "display_title": one.name,
        "run_number": one.id,
        "run_attempt": 1,
        "event": one.event,
        "status": "completed",
        "conclusion": "success",
        "workflow_id": repository.id,
        "check_suite_id": one.id,
        "check_suite_node_id": f"CS_{one.id}",
        "url": url,
        "html_url": f"{call.web}/{repository.full_name}/actions/runs/{one.id}",
        "pull_requests": [],
        "created_at": moment(one.at),
        "updated_at": moment(one.at),
        "run_started_at": moment(one.at),
        **actor,
        **({"triggering_actor": actor["actor"]} if actor else {}),
        "jobs_url": f"{url}/jobs",
        "logs_url": f"{url}/logs",
        "check_suite_url": f"{call.api}/repos/{repository.full_name}/check-suites/{one.id}",
        "artifacts_url": f"{url}/artifacts",
        "cancel_url": f"{url}/cancel",
        "rerun_url": f"{url}/rerun",
        "previous_attempt_url": None,
        "workflow_url": f"{base}/workflows/{repository.id}",
        "head_commit": {
            "id": head,
            "tree_id": head,
            "message": one.name,
            "timestamp": moment(one.at),
            "author": {"name": one.actor or "ghost", "email": "nobody@users.example"},
            "committer": {"name": one.actor or "ghost", "email": "nobody@users.example"},
        },
        "repository": shown,
        "head_repository": fork if one.fork else shown,
    }


def workflows(call: PermittedRequest) -> Answer:
    """The workflows of the repository, disabled ones too."""
    files = sorted(path for path in call.repository.files if FILE.fullmatch(path))
    numbered = list(enumerate(files, start=call.repository.id * 1000 + 1))
    return PagedAnswer(numbered, lambda one: _workflow(call, *one), key="workflows")


def _workflow(call: PermittedRequest, number: int, path: str) -> dict[str, Any]:
    repository, file = call.repository, path.rpartition("/")[2]
    page = f"{call.web}/{repository.full_name}"
    return {
        "id": number,
        "node_id": f"W_{number}",
        "name": file,
        "path": path,
        "state": repository.workflow_states.get(file, "active"),
        "created_at": moment(repository.created_at),
        "updated_at": moment(repository.created_at),
        "url": f"{call.api}/repos/{repository.full_name}/actions/workflows/{number}",
        "html_url": f"{page}/blob/{repository.default_branch}/{path}",
        "badge_url": f"{page}/actions/workflows/{file}/badge.svg",
    }


def _newest(repository: Repository, branch: str | None) -> str:
    """The newest commit of a branch; of one that is gone, the default branch's."""
    there = branch if branch in repository.branch_names else repository.default_branch
    return repository.head(there or "")


BASE = "/repos/{owner}/{repo}"
ROUTES = (
    Route(f"{BASE}/activity", activity, readable("contents:read")),
    Route(f"{BASE}/actions/runs", runs, readable("actions:read")),
    Route(f"{BASE}/actions/workflows", workflows, readable("actions:read")),
)
