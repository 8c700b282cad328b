"""What was done in a repository: its activity, its workflows and their runs."""

from __future__ import annotations

import re
import zlib
from datetime import timedelta
from typing import Any

from hardenme.sandbox.github.calls import Answer, PermittedRequest, Route, invalid, moment, problem
from hardenme.sandbox.github.pages import CursorListing, PagedAnswer
from hardenme.sandbox.github.permits import readable
from hardenme.sandbox.github.rest.shapes import minimal_repository, named_user
from hardenme.sandbox.github.state.changes import Activity, Pull, Run, RunJob, StoredCache
from hardenme.sandbox.github.store import address
from hardenme.sandbox.github.world import Repository
from hardenme.sandbox.http import Reply

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
    ref = call.option("ref", "")
    found = [one for one in found if ref in {"", one.ref, one.ref.removeprefix("refs/heads/")}]
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
    elif created.startswith("<"):
        found = [one for one in found if moment(one.at) < created.removeprefix("<")]
    elif ".." in created:
        low, _, high = created.partition("..")
        found = [one for one in found if low <= moment(one.at) <= high]
    elif created:
        return invalid("created is not understood")
    return PagedAnswer(found, lambda one: _run(call, one), key="workflow_runs")


def attempt(call: PermittedRequest) -> Answer:
    """A run as it was in one of its attempts."""
    found = _tried(call)
    return problem(404, "Not Found") if found is None else Reply(200, _run(call, *found))


def jobs(call: PermittedRequest) -> Answer:
    """The jobs of an attempt."""
    found = _tried(call)
    if found is None:
        return problem(404, "Not Found")
    one, number = found
    there = one.tries[number - 1].jobs
    return PagedAnswer(there, lambda job: _job(call, one, number, job), key="jobs")


def job_log(call: PermittedRequest) -> Answer:
    """Where the log of a job is."""
    tries = (attempt for one in call.repository.runs for attempt in one.tries)
    for job in (job for one in tries for job in one.jobs):
        if str(job.id) == call.names["job_id"]:
            if job.log is None:
                return problem(410, "Gone")
            origin = call.api.removesuffix("/api/v3")
            where = address(origin, call.repository.id, job.id)
            return Reply(302, headers={"location": where})
    return problem(404, "Not Found")


def _tried(call: PermittedRequest) -> tuple[Run, int] | None:
    """The run and the attempt that an address names."""
    number = call.names["attempt_number"]
    for one in call.repository.runs:
        if str(one.id) == call.names["run_id"] and number.isdecimal():
            return (one, int(number)) if 0 < int(number) <= len(one.tries) else None
    return None


def _job(call: PermittedRequest, one: Run, number: int, job: RunJob) -> dict[str, Any]:
    repository = call.repository
    base = f"{call.api}/repos/{repository.full_name}"
    page = f"{call.web}/{repository.full_name}/actions/runs/{one.id}/job/{job.id}"
    machine = int(bool(job.steps)) if job.machine is None else job.machine
    return {
        "id": job.id,
        "run_id": one.id,
        "run_url": f"{base}/actions/runs/{one.id}",
        "run_attempt": number,
        "node_id": f"CR_{job.id}",
        "head_sha": one.head or _newest(repository, one.branch),
        "url": f"{base}/actions/jobs/{job.id}",
        "html_url": page,
        "status": "completed",
        "conclusion": job.conclusion,
        "created_at": moment(job.started),
        "started_at": moment(job.started),
        "completed_at": moment(job.ended),
        "name": job.name,
        "steps": [
            {
                "name": step.name,
                "status": "completed",
                "conclusion": step.conclusion,
                "number": place,
                "started_at": moment(job.started),
                "completed_at": moment(job.ended),
            }
            for place, step in enumerate(job.steps, 1)
        ],
        "check_run_url": f"{base}/check-runs/{job.id}",
        "labels": ["ubuntu-latest"],
        "runner_id": machine,
        "runner_name": f"{job.group} {machine}" if machine else "",
        "runner_group_id": 0,
        "runner_group_name": job.group,
        "workflow_name": one.name,
        "head_branch": one.branch,
    }


def _run(call: PermittedRequest, one: Run, number: int = 0) -> dict[str, Any]:
    """A run in one of its attempts; the newest one if no number is given."""
    tries, number = one.tries, number or len(one.tries)
    shown_try = tries[number - 1]
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
        "run_number": _run_number(repository, one),
        "run_attempt": number,
        "event": one.event,
        "status": "completed",
        "conclusion": "success",
        "workflow_id": _workflow_number(one),
        "check_suite_id": one.id,
        "check_suite_node_id": f"CS_{one.id}",
        "url": url,
        "html_url": f"{call.web}/{repository.full_name}/actions/runs/{one.id}",
        "pull_requests": [],
        "created_at": moment(one.at),
        "updated_at": moment(shown_try.ended),
        "run_started_at": moment(shown_try.started),
        "referenced_workflows": [
            {"path": path, "sha": commit, "ref": "refs/heads/main"} for path, commit in one.called
        ],
        **actor,
        **({"triggering_actor": actor["actor"]} if actor else {}),
        "jobs_url": f"{url}/jobs",
        "logs_url": f"{url}/logs",
        "check_suite_url": f"{call.api}/repos/{repository.full_name}/check-suites/{one.id}",
        "artifacts_url": f"{url}/artifacts",
        "cancel_url": f"{url}/cancel",
        "rerun_url": f"{url}/rerun",
        "previous_attempt_url": f"{url}/attempts/{number - 1}" if number > 1 else None,
        "workflow_url": f"{base}/workflows/{_workflow_number(one)}",
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


def _workflow_number(one: Run) -> int:
    """GitHub's number for a workflow: the same for all runs of a file of a repository."""
    return zlib.crc32(f"{one.required_by}/{one.file}".encode())


def _run_number(repository: Repository, one: Run) -> int:
    """The place of a run among those of its workflow."""
    same = [other for other in repository.runs if _workflow_number(other) == _workflow_number(one)]
    return one.number or 1 + sorted(same, key=lambda other: (other.at, other.id)).index(one)


def caches(call: PermittedRequest) -> Answer:
    """What runs stored for later runs."""
    found = sorted(call.repository.caches, key=lambda one: one.accessed, reverse=True)
    return PagedAnswer(found, _cache, key="actions_caches")


def _cache(one: StoredCache) -> dict[str, Any]:
    return {
        "id": one.id,
        "ref": one.ref,
        "key": one.key,
        "version": f"{one.id:064x}",
        "last_accessed_at": moment(one.accessed),
        "created_at": moment(one.created),
        "size_in_bytes": 1024,
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


def comparison(call: PermittedRequest) -> Answer:
    """Two commits, and the one that they have in common: where a pull request of the second began.

    The commits between them are left out.
    """
    repository = call.repository
    base, dots, head = call.names["basehead"].partition("...")
    began = next(
        (one.began for one in repository.pulls if head in {one.head, *one.former_heads}), ""
    )
    if {base, head} <= set(repository.branch_names):
        began = repository.head(base)
    if not dots or not began:
        return problem(404, "Not Found")
    url = f"{call.api}/repos/{repository.full_name}/compare/{base}...{head}"
    page = f"{call.web}/{repository.full_name}/compare/{base}...{head}"
    return Reply(
        200,
        {
            "url": url,
            "html_url": page,
            "permalink_url": page,
            "diff_url": f"{page}.diff",
            "patch_url": f"{page}.patch",
            "base_commit": _commit(call, base),
            "merge_base_commit": _commit(call, began),
            "status": "ahead" if began == base else "diverged",
            "ahead_by": 1,
            "behind_by": int(began != base),
            "total_commits": 1,
            "commits": [_commit(call, head)],
            "files": [],
        },
    )


def _commit(call: PermittedRequest, sha: str) -> dict[str, Any]:
    """A commit as a comparison shows it."""
    base = f"{call.api}/repos/{call.repository.full_name}"
    signed = {"name": "ghost", "email": "nobody@users.example", "date": moment(call.world.now)}
    return {
        "url": f"{base}/commits/{sha}",
        "sha": sha,
        "node_id": f"C_{sha}",
        "html_url": f"{call.web}/{call.repository.full_name}/commit/{sha}",
        "comments_url": f"{base}/commits/{sha}/comments",
        "commit": {
            "url": f"{base}/git/commits/{sha}",
            "author": signed,
            "committer": signed,
            "message": "",
            "comment_count": 0,
            "tree": {"sha": sha, "url": f"{base}/git/trees/{sha}"},
        },
        "author": None,
        "committer": None,
        "parents": [],
    }


def pull_requests(call: PermittedRequest) -> Answer:
    """The pull requests, without what only a page of one shows."""
    state = call.option("state", "open")
    found = call.repository.pulls if state in {"open", "all"} else []
    return PagedAnswer(found, lambda one: _pull_request(call, one))


def _pull_request(call: PermittedRequest, one: Pull) -> dict[str, Any]:
    repository = call.repository
    shown = minimal_repository(call, repository)
    return {
        "id": one.number,
        "url": f"{call.api}/repos/{repository.full_name}/pulls/{one.number}",
        "html_url": f"{call.web}/{repository.full_name}/pull/{one.number}",
        "number": one.number,
        "state": "open",
        "title": f"pull request {one.number}",
        "created_at": moment(one.created),
        "merge_commit_sha": one.merge.id if one.merge else None,
        "head": {"sha": one.head, "repo": shown},
        "base": {"ref": one.base, "sha": one.began, "repo": shown},
    }


BASE = "/repos/{owner}/{repo}"
ROUTES = (
    Route(f"{BASE}/activity", activity, readable("contents:read")),
    Route(f"{BASE}/pulls", pull_requests, readable("pull_requests:read")),
    Route(f"{BASE}/compare/{{basehead}}", comparison, readable("contents:read")),
    Route(f"{BASE}/actions/runs", runs, readable("actions:read")),
    Route(
        f"{BASE}/actions/runs/{{run_id}}/attempts/{{attempt_number}}",
        attempt,
        readable("actions:read"),
    ),
    Route(
        f"{BASE}/actions/runs/{{run_id}}/attempts/{{attempt_number}}/jobs",
        jobs,
        readable("actions:read"),
    ),
    Route(f"{BASE}/actions/caches", caches, readable("actions:read")),
    Route(f"{BASE}/actions/jobs/{{job_id}}/logs", job_log, readable("actions:read")),
    Route(f"{BASE}/actions/workflows", workflows, readable("actions:read")),
)
