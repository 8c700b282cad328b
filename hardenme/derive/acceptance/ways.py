"""The ways to release a package: by each trusted publisher, by each secret, and by hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from hardenme.derive.acceptance.attempt import Attempt
from hardenme.derive.acceptance.packages import of_another
from hardenme.derive.acceptance.table import judged
from hardenme.derive.publishing.routes import path_key
from hardenme.derive.publishing.steps import shown
from hardenme.derive.publishing.tokens import secret_key
from hardenme.facts.github.release_job import PublishCommand, ReleaseJob, ReleaseWorkflow
from hardenme.facts.npm.publishing import TrustedPublisher
from hardenme.model.acceptance import AcceptanceState, ReleaseWay, UnreadCause
from hardenme.model.known import field
from hardenme.model.unknown import Reason, Unknown
from hardenme.model.way import Way

ELSEWHERE = "CL6"
"""The row that shows that a job publishes to another registry."""
EACH = "E15"
"""The row about several packages of one run."""
Place = tuple[ReleaseWorkflow, ReleaseJob, PublishCommand]


def by_publisher(attempt: Attempt, publisher: TrustedPublisher) -> ReleaseWay:
    """The way of one trusted publisher.

    Args:
        attempt: what the package and the publisher's repository show.
        publisher: the trusted publisher.
    """
    base = attempt.having(way=Way.PUBLISHER, publisher=publisher)
    key, name = path_key(publisher), shown(publisher)
    made = _own(_at_jobs(base, publisher))
    return _best([judged(one, key=key, name=name) for one in made])


def _own(found: Iterable[Attempt]) -> list[Attempt]:
    """Those that may publish this package; all, if each surely publishes another one."""
    every = list(found)
    return [one for one in every if not of_another(one)] or every


def _at_jobs(base: Attempt, publisher: TrustedPublisher) -> Iterator[Attempt]:
    """The attempt at each command of the publisher's workflow, with what these lack."""
    file = field(publisher, "workflow")
    if isinstance(file, Unknown):
        yield _without(base, file)
        return
    started = [one for one in base.workflows.facts if not file or field(one, "file") == file]
    if not started:
        lost = Unknown(Reason.NOT_VISIBLE, f"the workflow {file} of the trusted publisher")
        yield _without(base, base.workflows.missing or lost)
    places = [place for one in started for place in _places(one)]
    yield from (_at(base, place) for place in places)
    if started and not places:
        only, jobs = started[0], field(started[0], "jobs")
        unfollowed = field(only, "unfollowed")
        named = ", ".join(unfollowed) if isinstance(unfollowed, tuple) else ""
        needed = f"the command that publishes in {field(only, 'file')}"
        none = Unknown(Reason.NOT_VISIBLE, f"{needed}: {named or 'none was recognized'}")
        why: Any = jobs if isinstance(jobs, Unknown) else none
        yield base.having(workflow=only, blob=field(only, "blob"), job=why, command=why)


def _without(base: Attempt, why: Any) -> Attempt:
    return base.having(workflow=why, job=why, command=why)


def _places(workflow: ReleaseWorkflow) -> Iterator[Place]:
    jobs = field(workflow, "jobs")
    for job in jobs if isinstance(jobs, tuple) else ():
        yield from ((workflow, job, command) for command in job.commands)


def _at(base: Attempt, place: Place) -> Attempt:
    """The attempt by one command."""
    workflow, job, command = place
    return base.having(workflow=workflow, blob=field(workflow, "blob"), job=job, command=command)


def _best(found: list[ReleaseWay]) -> ReleaseWay:
    """The one way that several jobs of a workflow make: which of them publishes is not shown."""
    here = [one for one in found if not any(cause.row == ELSEWHERE for cause in one.refused)]
    found = here or found
    verdicts = {one.verdict for one in found}
    if len(verdicts) == 1:
        return found[0]
    said = ", ".join(f"{one.job} ({one.verdict})" for one in found)
    unread = UnreadCause((EACH,), f"which job publishes this package: {said}")
    return replace(
        found[0], verdict=AcceptanceState.UNKNOWN, refused=(), unread=(unread,), until=None, ends=""
    )


def by_unnamed_publisher(attempt: Attempt, missing: Unknown | None) -> Iterator[ReleaseWay]:
    """The jobs that need a trusted publisher, where none is listed.

    Args:
        attempt: what the package and its repository show.
        missing: why the list is not known; None if it is empty.
    """
    none = Unknown(Reason.NOT_VISIBLE, f"a trusted publisher of {attempt.package}: it has none")
    unlisted: Any = missing or none
    base = attempt.having(way=Way.PUBLISHER, publisher=unlisted)
    for workflow in attempt.workflows.facts:
        file = field(workflow, "file")
        triggers = field(workflow, "triggers")
        if isinstance(triggers, tuple) and {one.event for one in triggers} <= {"workflow_call"}:
            continue
        places = [place for place in _places(workflow) if not place[2].secrets]
        name = f"{file} of {workflow.within.name}"
        found = _own(_at(base, place) for place in places)
        if found:
            yield _best([judged(one, key=f"workflow/{file}", name=name) for one in found])


def by_secret(attempt: Attempt) -> Iterator[ReleaseWay]:
    """The way of each secret that a job publishes with."""
    base = attempt.having(way=Way.SECRET)
    for workflow in attempt.workflows.facts:
        triggers = field(workflow, "triggers")
        if isinstance(triggers, tuple) and {one.event for one in triggers} <= {"workflow_call"}:
            continue
        grouped: dict[str, list[Attempt]] = {}
        for place in _places(workflow):
            for secret in place[2].secrets:
                grouped.setdefault(secret, []).append(_at(base.having(secret=secret), place))
        for secret, found in grouped.items():
            key = _key(attempt, workflow, secret)
            name = f"{secret} in {field(workflow, 'file')}"
            yield _best([judged(one, key=key, name=name) for one in _own(found)])


def _key(attempt: Attempt, workflow: ReleaseWorkflow, secret: str) -> str:
    """The key of the secret's publish path."""
    for one in attempt.secrets.facts:
        if field(one, "name") == secret:
            return secret_key(one)
    return f"secret/secret/{workflow.within.name}/{secret}"


def by_hand(attempt: Attempt) -> Iterator[ReleaseWay]:
    """The way of the account itself; the 2FA of others is not shown."""
    name = field(attempt.account, "name") if not _lost(attempt, "account") else None
    if isinstance(name, str):
        yield judged(attempt.having(way=Way.PERSON), key=f"person/{name}", name=f"{name}, by hand")


def _lost(attempt: Attempt, part: str) -> bool:
    return isinstance(attempt.part(part), Unknown)


def in_order(ways: Iterable[ReleaseWay]) -> tuple[ReleaseWay, ...]:
    """Those that are accepted first, then what is not known, then what is refused."""
    rank = {AcceptanceState.ACCEPTED: 0, AcceptanceState.UNKNOWN: 1, AcceptanceState.REFUSED: 2}
    first = {Way.PUBLISHER: 0, Way.SECRET: 1, Way.PERSON: 2}
    return tuple(
        sorted(ways, key=lambda one: (rank[one.verdict], first.get(one.way, 3), one.key, one.name))
    )
