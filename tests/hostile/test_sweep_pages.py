"""Lists that shift or lose a page while a sweep reads them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from hardenme.model.depth import Depth
from hardenme.model.unknown import Reason
from hardenme.sandbox.github.server import GitHubServer
from hardenme.sandbox.github.state.repository import RepositorySecret
from hardenme.sandbox.github.world import User, World
from hardenme.sandbox.http import Fault, Reply, Request
from tests.hostile.sweeping import (
    STRICT,
    Change,
    Edit,
    named,
    operation,
    peopled,
    sweep,
    swept,
    unknown,
    wooded,
)
from tests.worlds.organizations import base

pytestmark = [
    pytest.mark.second_tier("whole runs over hostile answers", one_of=12),
    pytest.mark.sampled(3),
]

HOOKS = {"GHR110", "GHR111"}


def on_first(match: Callable[[Request], bool], change: Change) -> Callable[[GitHubServer], None]:
    """A fault that changes the world once the first such request was answered."""

    def script(server: GitHubServer) -> None:
        def edit(_request: Request, reply: Reply) -> Reply:
            change(server.world)
            return reply

        server.fault(".*", match=match, edit=edit, times=1)

    return script


def left(world: World) -> None:
    """The first member leaves."""
    del world.organizations[0].members["alder"]


def joined(world: World) -> None:
    """Somebody comes who stands before all others."""
    organization = world.organizations[0]
    organization.members = {"guest": "member", **organization.members}


def first_hook_goes(world: World) -> None:
    del world.repositories[0].hooks[0]


def hook_comes(world: World) -> None:
    hooks = world.repositories[0].hooks
    hooks.insert(0, replace(hooks[0], id=1))


def first_invitation_goes(world: World) -> None:
    del world.organizations[0].invitations[0]


def first_repository_goes(world: World) -> None:
    world.repositories.remove(next(r for r in world.repositories if r.name == "bark"))


def open_repository_goes(world: World) -> None:
    world.repositories.remove(next(r for r in world.repositories if r.name == "cone"))


def repository_comes(world: World) -> None:
    new = base.repository(STRICT, "aspen", 7, world.now)
    world.repositories.append(new)


def member_for_another(world: World) -> None:
    """The first member leaves, somebody comes, and there are as many as before."""
    left(world)
    world.users.append(User("zinnia", 94_000, world.now))
    world.organizations[0].members["zinnia"] = "member"


def repository_for_another(world: World) -> None:
    first_repository_goes(world)
    world.repositories.append(base.repository(STRICT, "willow", 7, world.now))


def open_repository_for_another(world: World) -> None:
    open_repository_goes(world)
    world.repositories.append(base.repository(STRICT, "willow", 7, world.now))


def secret_for_another(world: World) -> None:
    secrets = named(world, "cone").secrets
    gone = secrets.pop(0)
    secrets.append(replace(gone, name="Z_LAST"))


def locked(world: World) -> None:
    """More secrets than stand on a page."""
    secrets = named(world, "cone").secrets
    then = world.now - timedelta(days=5)
    secrets += [RepositorySecret(f"KEY_{number:03}", then, then) for number in range(120)]


def alert_goes(world: World) -> None:
    del next(r for r in world.repositories if r.name == "twig-00").secret_alerts[-1]


def list_of(path: str) -> Callable[[Request], bool]:
    return lambda request: request.path.endswith(path)


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    ("world", "match", "change", "codes"),
    [
        (peopled, operation("OrganizationMembers"), left, {"GHO102"}),
        (peopled, operation("OrganizationMembers"), joined, {"GHO102"}),
        (peopled, list_of("/cone/hooks"), first_hook_goes, HOOKS),
        (peopled, list_of("/cone/hooks"), hook_comes, HOOKS),
        (peopled, list_of("cedar-labs/invitations"), first_invitation_goes, {"GHO121"}),
        (wooded, operation("Repositories"), first_repository_goes, {"GHB101", "GHR101"}),
        (wooded, operation("Repositories"), repository_comes, {"GHB101", "GHR101"}),
        (wooded, operation("RulesetReach"), open_repository_goes, {"GHO127"}),
        (wooded, list_of("secret-scanning/alerts"), alert_goes, {"GHR126"}),
        (peopled, operation("OrganizationMembers"), member_for_another, {"GHO102"}),
        (wooded, operation("Repositories"), repository_for_another, {"GHB101", "GHR101"}),
        (wooded, operation("RulesetReach"), open_repository_for_another, {"GHO127"}),
        (locked, list_of("/cone/actions/secrets"), secret_for_another, {"GHR127"}),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_list_that_shifts_while_it_is_read_is_not_whole(
    world: Change,
    match: Callable[[Request], bool],
    change: Change,
    codes: set[str],
) -> None:
    with sweep(STRICT, world) as (running, server):
        on_first(match, change)(server)
        chosen = tuple(codes)
        report = running.audit(f"github:{STRICT}", depth=Depth.STANDARD, select_=chosen)
    assert codes <= unknown(report, Reason.INCOMPLETE)


def without_next(_request: Request, reply: Reply) -> Reply:
    """The last page is not named, though the number of pages is."""
    links = reply.headers.get("link", "").split(", ")
    reply.headers["link"] = ", ".join(link for link in links if 'rel="next"' not in link)
    return reply


def _ended(request: Request, reply: Reply) -> Reply:
    """A connection that says it is over."""
    data = json.loads(reply.encoded())
    owner = data["data"].get("organization") or data["data"].get("repositoryOwner")
    for name in ("membersWithRole", "repositories"):
        if name in owner:
            owner[name]["pageInfo"] = {"hasNextPage": False, "endCursor": None}
    del request
    return Reply(200, data, reply.headers)


@pytest.mark.parametrize(
    ("world", "match", "edit", "codes"),
    [
        (peopled, operation("OrganizationMembers"), _ended, {"GHO102", "GHO103"}),
        (wooded, operation("Repositories"), _ended, {"GHB101", "GHR101"}),
        (wooded, operation("RulesetReach"), _ended, {"GHO127"}),
        (peopled, list_of("/cone/hooks"), without_next, HOOKS),
        (peopled, list_of("cedar-labs/invitations"), without_next, {"GHO121"}),
    ],
    ids=["members", "repositories", "rulesets", "webhooks", "invitations"],
)
def test_a_last_page_that_is_lost(
    world: Change, match: Callable[[Request], bool], edit: Edit, codes: set[str]
) -> None:
    fault = Fault(".*", match=match, edit=edit)
    report = swept(STRICT, fault, change=world, select_=tuple(codes), depth=Depth.STANDARD)
    assert codes <= unknown(report, Reason.INCOMPLETE)
