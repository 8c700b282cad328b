"""Sweeps of an organization in which something goes wrong, held against one in which nothing does.

Whatever happens on the way, a finding stays as it was or becomes unknown. A subject of which
nothing is told any more leaves an unknown of the same check behind, or a failure: where a subject
is judged twice, as an organization for itself and for its repositories, the failure counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from typing import Any

from hardenme.model.depth import Depth
from hardenme.model.finding import Finding
from hardenme.model.report import Report
from hardenme.model.unknown import Reason, Unknown
from hardenme.sandbox.github.server import GitHubServer
from hardenme.sandbox.github.world import (
    Hook,
    OrganizationInvitation,
    Repository,
    SecretAlert,
    User,
    World,
)
from hardenme.sandbox.http import Fault, Reply, Request
from hardenme.sandbox.npm import scenarios as npm
from tests.running import NOW, Stage, stage
from tests.worlds import github
from tests.worlds.organizations import base

STRICT, WEAK = "cedar-labs", "bramble-labs"
WORLDS: dict[str, Callable[[Any], World]] = {
    STRICT: github.strict_organization,
    WEAK: github.weak_organization,
}
TOKENS = {STRICT: github.STRICT_ORG_TOKEN, WEAK: github.WEAK_ORG_TOKEN}
BOTH = (STRICT, WEAK)
LEAKING = 25
"""Of many repositories, those with secrets that were found."""
Told = dict[tuple[str, str], Finding]
Edit = Callable[[Request, Reply], Reply]
Change = Callable[[World], None]


def as_it_is(_world: World) -> None:
    """Change nothing."""


def peopled(world: World) -> None:
    """More members, invitations and webhooks than stand on a page."""
    organization = world.organizations[0]
    then = world.now - timedelta(days=100)
    for number in range(120):
        person = User(f"member-{number:03}", 90_000 + number, then)
        person.contributions[organization.login] = world.now - timedelta(days=3)
        world.users.append(person)
        organization.members[person.login] = "member"
        organization.invitations.append(
            OrganizationInvitation(91_000 + number, None, "linden", world.now, email="a@b.example")
        )
    url = "https://build.example.test/in"
    hooks = world.repositories[0].hooks
    hooks += [Hook(93_000 + number, url, then, then) for number in range(120)]


def wooded(world: World) -> None:
    """More repositories than stand on a page, and more leaked secrets than on another."""
    then = world.now - timedelta(days=100)
    for number in range(60):
        name = f"twig-{number:02}"
        repository = base.repository(world.organizations[0].login, name, 92_000 + number, world.now)
        if number < LEAKING:
            repository.secret_alerts += [SecretAlert(place, then) for place in range(1, 6)]
            repository.security.secret_scanning = "enabled"
        world.repositories.append(repository)


@contextmanager
def sweep(
    name: str = STRICT, change: Change = as_it_is, token: str = ""
) -> Iterator[tuple[Stage, GitHubServer]]:
    """One of the two organizations, changed as wanted, and its owner's classic token."""
    world = WORLDS[name](NOW)
    change(world)
    with stage(world, npm.hardened_maintainer(NOW), token or TOKENS[name]) as running:
        assert isinstance(running.github, GitHubServer)
        yield running, running.github
        assert running.github.crashes == []


def swept(
    name: str, *faults: Fault, change: Change = as_it_is, token: str = "", **how: Any
) -> Report:
    """The report of a sweep in which these answers are broken."""
    with sweep(name, change, token) as (running, server):
        server.faults += faults
        return running.audit(f"github:{name}", **how)


@cache
def whole(
    name: str, depth: Depth = Depth.DEEP, change: Change = as_it_is, token: str = ""
) -> Report:
    """The report of a sweep in which nothing goes wrong."""
    return swept(name, change=change, token=token, depth=depth)


def told(report: Report) -> Told:
    """The findings of a report by code and subject."""
    return {(item.code, str(item.subject)): item for item in report.findings}


def unknown(report: Report, reason: Reason | None = None) -> set[str]:
    """The codes of what is unknown, for one reason or for any."""
    return {
        item.code
        for item in report.findings
        if isinstance(item.outcome, Unknown) and reason in {None, item.outcome.reason}
    }


def named(world: World, name: str) -> Repository:
    """The repository of that name."""
    return next(item for item in world.repositories if item.name == name)


def results(report: Report, subject: str) -> dict[str, str]:
    """What came out about one subject, by code."""
    return {code: item.result for (code, about), item in told(report).items() if about == subject}


def failed(report: Report) -> set[str]:
    """The codes of what failed."""
    return {item.code for item in report.findings if item.result == "failed"}


def nothing_worse(before: Report, after: Report) -> set[str]:
    """Hold a report against the one in which nothing went wrong.

    Where the report says that repositories may not have been seen, nothing is told of them.

    Returns:
        The codes of what became unknown or a question, or is not told of any more.
    """
    old, new = told(before), told(after)
    lost = set()
    for key, finding in new.items():
        assert finding.result != "errored", (key, finding.outcome)
        known = old[key].result if key in old else "unknown"
        if finding.result != known:
            assert finding.result in {"unknown", "manual"}, (key, known, finding.outcome)
            lost.add(finding.code)
    unsaid = unknown(after) | failed(after)
    blind = any("repositories that were not seen" in note for note in after.coverage.notes)
    for code, subject in old.keys() - new.keys():
        assert blind or code in unsaid, f"nothing is told of {code} about {subject}"
        lost.add(code)
    return lost


def answering(status: int, message: str, **headers: str) -> Edit:
    """An answer in the place of the true one."""
    said = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _request, _reply: Reply(status, {"message": message}, dict(said))


def operation(name: str) -> Callable[[Request], bool]:
    """Whether a request is that GraphQL query."""
    return lambda request: request.method == "POST" and f'"query {name}('.encode() in request.body
