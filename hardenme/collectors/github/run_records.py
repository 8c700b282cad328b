"""Reads the runs of a window with all their attempts.

Source: https://docs.github.com/en/rest/actions/workflow-runs. A list of runs that is filtered ends
at 1,000; records go with the retention of logs. A run can be started again until 30 days after it
was created, and lasts 35 days at most.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from hardenme.collectors.github.asking import fetch, why_not_whole
from hardenme.collectors.github.client import GitHub
from hardenme.collectors.github.pages import Listing
from hardenme.collectors.reading import Item
from hardenme.collectors.transport.response import Response
from hardenme.facts.github.changes import WorkflowRun
from hardenme.facts.github.endpoints import ATTEMPT_JOBS, REPOSITORY, RUN_ATTEMPT
from hardenme.facts.github.environments import ACTIONS
from hardenme.facts.github.workflow import CONTENTS
from hardenme.model.exposure import LAST_STEP, ExecutedStep, RunAttempt
from hardenme.model.text import visible
from hardenme.model.unknown import NotKnownError, Reason, Unknown

RUNS = WorkflowRun.endpoint
LOOKBACK = timedelta(days=65)
"""How long before the window a run can have been created that still ran in it."""
REFUSED = {
    Reason.NOT_VISIBLE: "GitHub shows this token no such repository",
    Reason.REJECTED: "GitHub refused the token",
    Reason.NOT_PERMITTED: "GitHub does not let this token read its runs",
    Reason.NEEDS_SSO: "GitHub wants single sign-on for the token",
}
"""What it means that GitHub shows no list of runs, by the reason."""
MOST = 1_000
"""Runs that a filtered list holds."""
SECOND = timedelta(seconds=1)
DELAY = timedelta(hours=1)
"""How long after it was created a run may first be in the list of runs."""
MOST_PARTS = 2_000
"""Halves of a window that are asked for."""
COMMIT = re.compile(r"[0-9a-f]{40}")
SLACK = timedelta(minutes=1)
"""How far the times of a job and of its attempt may be apart."""
PAIR = 2
"""How far two numbers are apart between which one is missing."""
OWN_GROUP, NO_GROUP = "GitHub Actions", "(not shown)"
"""The group of GitHub's own machines, which also begins their names."""


@dataclass(frozen=True, slots=True)
class ListedRun:
    """A run among the others of its workflow.

    Attributes:
        run: GitHub's number for it.
        workflow: GitHub's number for its workflow.
        number: its place among the runs of the workflow.
        path: of the workflow's file.
        commit: the head commit.
    """

    run: int
    workflow: int
    number: int
    path: str
    commit: str


@dataclass(slots=True)
class RunsRead:
    """The runs of a window.

    Attributes:
        attempts: those that can have executed in it.
        faults: why some may be missing; empty if none are.
        refused: GitHub shows none of them to this token.
        sign_on: it would, after single sign-on.
    """

    attempts: list[RunAttempt] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    refused: bool = False
    sign_on: bool = False


def runs_in(github: GitHub, name: str, start: datetime, end: datetime) -> RunsRead:
    """The attempts of runs that can have executed between two times.

    Args:
        name: of the repository, with its owner.
    """
    found = RunsRead()
    since = start - LOOKBACK
    query = f"created=%3C{since:%Y-%m-%dT%H:%M:%SZ}&per_page=1"
    older = fetch(github, RUNS.asking(query).at(name), ACTIONS)
    if isinstance(older, Unknown) and older.reason in REFUSED:
        # The list itself would be refused for the same reason.
        found.refused = True
        found.sign_on = older.reason is Reason.NEEDS_SSO
        statuses = "".join(f" ({one.status})" for one in older.evidence[-1:])
        found.faults.append(f"{REFUSED[older.reason]}{statuses}: it takes {older.needed}")
        return found
    found.faults += _reaches_back(github, name, since, older)
    read: dict[tuple[int, int], RunAttempt] = {}
    listed: dict[int, ListedRun] = {}
    fixed = _fixed_before(older)
    for data in _listed(github, name, since, end, faults=found.faults, fixed=fixed):
        try:
            one = _listed_run(data, name)
            each = list(_attempts(github, name, data, start, end))
        except NotKnownError as error:
            found.faults.append(f"a run was not understood: {error.unknown.in_words}")
            continue
        # A list that was halved names what is created between two seconds twice.
        if listed.setdefault(one.run, one) != one:
            found.faults.append(f"run {one.run} was shown in two ways")
        read |= {(attempt.run, attempt.attempt): attempt for attempt in each}
    found.attempts = list(read.values())
    found.faults += _missing(listed.values())
    found.faults += _shared(listed.values(), {one.file for one in found.attempts})
    return found


def _listed_run(data: Item, name: str) -> ListedRun:
    """A run among the others of its workflow.

    Raises:
        NotKnownError: its workflow is not one of the repository, or that is not known.
    """
    address, owner = _sure(data.text("workflow_url")), data.item("repository").text("full_name")
    if str(owner).lower() != name.lower():
        raise NotKnownError(data.odd("repository"))
    if f"/{name}/actions/workflows/".lower() not in address.lower():
        # A ruleset can require a workflow of another repository.
        raise NotKnownError(data.odd("workflow_url"))
    return ListedRun(
        run=_sure(data.number("id")),
        workflow=_sure(data.number("workflow_id")),
        number=_sure(data.number("run_number")),
        path=_sure(data.text("path")).partition("@")[0],
        commit=_sure(data.text("head_sha")),
    )


def _missing(listed: Iterable[ListedRun]) -> Iterator[str]:
    """The numbers that a workflow's runs lack, or have twice; GitHub counts them without a gap."""
    workflows: dict[int, dict[int, ListedRun]] = {}
    for one in listed:
        other = workflows.setdefault(one.workflow, {}).setdefault(one.number, one)
        if other != one:
            yield f"two runs of {visible(one.path)} have the number {one.number}"
    for runs in workflows.values():
        for before, after in pairwise(sorted(runs)):
            gone = f"{before + 1}" if after - before == PAIR else f"{before + 1} to {after - 1}"
            if after - before > 1:
                path = visible(runs[after].path)
                yield f"runs of {path} are not shown, or were deleted: number {gone}"


def _shared(listed: Iterable[ListedRun], paths: Collection[str]) -> Iterator[str]:
    """Paths of which several workflows are: a ruleset can require one of another repository."""
    workflows: dict[str, set[int]] = {}
    for one in listed:
        workflows.setdefault(one.path, set()).add(one.workflow)
    for path, numbers in workflows.items():
        if path in paths and len(numbers) > 1:
            why = "one of them can be of another repository"
            yield f"several workflows ran as {visible(path)}: {why}"


def _reaches_back(
    github: GitHub, name: str, since: datetime, older: tuple[Response, Item] | Unknown
) -> Iterator[str]:
    """Whether records of runs are kept from before the window; `older` is what lists these."""
    if isinstance(older, Unknown):
        yield older.in_words
        return
    listed = [one.moment("created_at") for one in older[1].items("workflow_runs")]
    if any(not isinstance(one, Unknown) and one < since for one in listed):
        return
    repository = fetch(github, REPOSITORY.at(name), CONTENTS)
    if isinstance(repository, Unknown):
        yield repository.in_words
        return
    created = repository[1].moment("created_at")
    if isinstance(created, Unknown) or created < since:
        yield (
            f"GitHub shows no run from before {since:%Y-%m-%d}: records of runs expire with the"
            " retention of logs, so runs of the window may be gone"
        )


def _fixed_before(older: tuple[Response, Item] | Unknown) -> datetime:
    """Before when no run can still be added, by GitHub's clock in an answer that came first."""
    date = None if isinstance(older, Unknown) else older[0].server_date
    return datetime.min.replace(tzinfo=UTC) if date is None else date - DELAY


def _listed(  # noqa: PLR0913 (a list of runs is read by this much)
    github: GitHub,
    name: str,
    since: datetime,
    end: datetime,
    *,
    faults: list[str],
    fixed: datetime,
) -> Iterator[Item]:
    """The runs that were created between two times; a list that ends at its limit is halved.

    From then on, how long a list is comes first, so that none is read which is halved anyway.

    Args:
        faults: gets why some may be missing.
        fixed: before when no run can still be added.
    """
    parts = [(since, end)]
    # A server that passes over what is asked for lists the same for each half.
    widest = MOST_PARTS
    while parts:
        low, high = parts.pop()
        query = f"created={low:%Y-%m-%dT%H:%M:%SZ}..{high:%Y-%m-%dT%H:%M:%SZ}"
        may_part = high - low > SECOND and widest > 0
        halves = [(low, low + (high - low) / 2), (low + (high - low) / 2, high)]
        if may_part and widest < MOST_PARTS and _is_too_long(github, name, query):
            widest -= 1
            parts += halves
            continue
        listing = _list_of_runs(github, RUNS.asking(query).at(name), high, fixed)
        if len(listing.items) >= MOST and may_part:
            widest -= 1
            parts += halves
            continue
        missing = why_not_whole(listing, ACTIONS, github.kind)
        if missing is not None or len(listing.items) >= MOST:
            whole = f"a list of {MOST} runs that cannot be parted further"
            faults.append(missing.in_words if missing else whole)
        yield from (Item(data, RUNS.source) for data in listing.items)


def _list_of_runs(github: GitHub, path: str, high: datetime, fixed: datetime) -> Listing:
    """The pages of a list of runs.

    Where its time is over, nothing can be added. Else that is so after a run that is old enough,
    as GitHub shows the newest first. It documents no order, so the order is compared.

    Args:
        high: until when its runs were created.
        fixed: before when no run can still be added.
    """
    if high < fixed:
        return github.pages(path, counted=RUNS.counted, fixed_after=lambda _run: True)

    def is_fixed(run: object) -> bool:
        created = Item(run, RUNS.source).moment("created_at")
        return not isinstance(created, Unknown) and created < fixed

    listing = github.pages(path, counted=RUNS.counted, fixed_after=is_fixed)
    order = list(map(is_fixed, listing.items))
    return listing if order == sorted(order) else github.pages(path, counted=RUNS.counted)


def _is_too_long(github: GitHub, name: str, query: str) -> bool:
    """Whether a list of runs says that it has more than it shows; false if that is not known."""
    found = fetch(github, RUNS.asking(f"{query}&per_page=1").at(name), ACTIONS)
    number = None if isinstance(found, Unknown) else found[1].number("total_count")
    return isinstance(number, int) and number >= MOST


def _attempts(
    github: GitHub, name: str, data: Item, start: datetime, end: datetime
) -> Iterator[RunAttempt]:
    """The attempts of a run in the window.

    Raises:
        NotKnownError: the record lacks something.
    """
    newest = _attempt(data)
    each = [newest]
    for number in range(1, newest.attempt):
        path = RUN_ATTEMPT.at(name, run_id=newest.run, attempt_number=number)
        earlier = fetch(github, path, ACTIONS)
        if isinstance(earlier, Unknown):
            raise NotKnownError(earlier)
        one = _attempt(earlier[1])
        if (one.attempt, *_constant(one)) != (number, *_constant(newest)):
            raise NotKnownError(data.odd("run_attempt"))
        each.append(one)
    starts = [one.started for one in (*each[1:], newest)]
    if starts != sorted(starts):
        raise NotKnownError(data.odd("run_started_at"))
    # An earlier attempt ended before the newest began, and the record of each says when at most.
    yield from (one for one in each if one.started <= end and one.ended >= start)


def _constant(one: RunAttempt) -> tuple[Any, ...]:
    """What all attempts of a run have in common."""
    return one.run, one.commit, one.file, one.event, one.created


def _attempt(data: Item) -> RunAttempt:
    commit = _sure(data.text("head_sha"))
    if not COMMIT.fullmatch(commit):
        raise NotKnownError(data.odd("head_sha"))
    attempt = _sure(data.number("run_attempt"))
    running = _sure(data.text("status")) != "completed"
    updated, started = _sure(data.moment("updated_at")), _sure(data.moment("run_started_at"))
    created = _sure(data.moment("created_at"))
    if attempt < 1 or updated < started or updated < created:
        raise NotKnownError(data.odd("run_started_at"))
    if attempt == 1 and data.has_value("previous_attempt_url"):
        raise NotKnownError(data.odd("run_attempt"))
    called = tuple(
        (_sure(one.text("path")), _sure(one.text("sha")))
        for one in data.items("referenced_workflows")
    )
    return RunAttempt(
        run=_sure(data.number("id")),
        attempt=attempt,
        event=_sure(data.text("event")),
        file=_sure(data.text("path")).partition("@")[0],
        commit=commit,
        created=created,
        started=min(started, created) if attempt == 1 else started,
        ended=datetime.max.replace(tzinfo=updated.tzinfo) if running else updated,
        page=_sure(data.text("html_url")),
        called=called,
        branch=_sure(data.optional("head_branch", data.text)) or "",
        workflow=name if isinstance(name := data.optional("name", data.text), str) else "",
    )


def _sure(value: Any) -> Any:
    if isinstance(value, Unknown):
        raise NotKnownError(value)
    return value


def executed_steps(
    github: GitHub, name: str, attempt: RunAttempt, start: datetime, end: datetime
) -> tuple[ExecutedStep, ...] | Unknown:
    """The steps of an attempt's jobs that can have executed between two times."""
    path = ATTEMPT_JOBS.at(name, run_id=attempt.run, attempt_number=attempt.attempt)
    listing = github.pages(path, counted=ATTEMPT_JOBS.counted)
    missing = why_not_whole(listing, ACTIONS, github.kind)
    if missing is not None:
        return missing
    if not listing.items:
        return Unknown(Reason.INCOMPLETE, "the jobs of each run", "GitHub shows none of its jobs")
    found, numbers = list[ExecutedStep](), set[int]()
    try:
        for data in listing.items:
            job = Item(data, ATTEMPT_JOBS.source)
            numbers.add(_attempt_of(job, attempt))
            found += _executed(job, start, end)
    except NotKnownError as error:
        return error.unknown
    if attempt.attempt not in numbers:
        return Unknown(
            Reason.INCOMPLETE, "the jobs of each attempt", "GitHub shows those of another"
        )
    return tuple(found)


def _attempt_of(job: Item, attempt: RunAttempt) -> int:
    """The number of the attempt in which a job ran; one that did not fail is of an earlier one.

    Raises:
        NotKnownError: it is of another run or of a later attempt.
    """
    run, number = _sure(job.number("run_id")), _sure(job.number("run_attempt"))
    if run != attempt.run or number > attempt.attempt:
        raise NotKnownError(job.odd("run_attempt"))
    if _sure(job.text("head_sha")) != attempt.commit:
        raise NotKnownError(job.odd("head_sha"))
    if number == attempt.attempt and _sure(job.text("status")) == "completed":
        began, ended = _sure(job.moment("started_at")), _sure(job.moment("completed_at"))
        if ended < attempt.started - SLACK or began - SLACK > attempt.ended:
            raise NotKnownError(job.odd("started_at"))
    return int(number)


def _says_why(job: Item, steps: list[Item]) -> bool:
    """Whether a job lists the step that failed, or its end; else its machine was lost before it."""
    conclusion = _sure(job.text("conclusion"))
    if conclusion == "success":
        return any(
            one.text("name") == LAST_STEP and one.text("conclusion") == conclusion for one in steps
        )
    failed = conclusion not in {"cancelled", "skipped", "neutral"}
    ends = [one.optional("conclusion", one.text) for one in steps]
    return not failed or any(end not in {"success", "skipped"} for end in ends)


def _never_began(job: Item) -> bool:
    """Whether a job without steps ended before a machine took it."""
    ended_early = _sure(job.text("conclusion")) in {"skipped", "cancelled"}
    return ended_early and not _sure(job.optional("runner_id", job.number))


def _executed(job: Item, start: datetime, end: datetime) -> Iterator[ExecutedStep]:
    number, state = _sure(job.number("id")), _sure(job.text("status"))
    if not job.lists("steps"):
        raise NotKnownError(job.absent("steps"))
    if state == "completed":
        ended, began = _sure(job.moment("completed_at")), _sure(job.moment("started_at"))
        if ended < start or began > end:
            return
        steps = list(job.items("steps"))
        if not (_says_why(job, steps) if steps else _never_began(job)):
            raise NotKnownError(job.odd("steps"))
    elif _sure(job.optional("runner_id", job.number)) and not list(job.items("steps")):
        # A machine took it, and what it does is not shown yet.
        raise NotKnownError(job.absent("steps"))
    machine = _machine(job)
    for step in job.items("steps"):
        if step.optional("conclusion", step.text) != "skipped":
            place, name = _sure(step.number("number")), _sure(step.text("name"))
            yield ExecutedStep(number, place, name, machine)


def _machine(job: Item) -> str:
    """The group of a job's machine; empty for GitHub's own."""
    group, name = job.text("runner_group_name"), job.text("runner_name")
    own = group == OWN_GROUP and isinstance(name, str) and name.startswith(OWN_GROUP)
    return "" if own else group if isinstance(group, str) else NO_GROUP
