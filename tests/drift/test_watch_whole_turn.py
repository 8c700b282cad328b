"""A turn that goes over several cycles shows what one cycle would have shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from hardenme.drift.names import Renames
from hardenme.drift.watch.whole_turn import seen_in_turn, whole_turns
from hardenme.model.inventory import SETTINGS, InventoryItem, Place
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown
from hardenme.model.watch import LATER, READ_BEFORE, UnfinishedTurn
from hardenme.sandbox.github.state.connected import Hook, SentEvent
from hardenme.sandbox.github.state.repository import Environment
from hardenme.sandbox.github.world import RepositorySecret, World
from hardenme.sandbox.npm import scenarios as npm
from tests.moment import NOW
from tests.running import stage
from tests.watching import Watching
from tests.worlds.intrusion import TOKEN, ordinary

REPO = Subject("github", "repo", "acme/web")
SECRET = "secret of an environment"
FAILED = Unknown(Reason.UNREACHABLE, "an answer")


def secret(name: str) -> InventoryItem:
    """A secret of an environment."""
    subject = Subject("github", "environment-secret", f"acme/web/{name}")
    return InventoryItem(SECRET, subject, name, name, {"created_at": "2026-01-01T00:00:00Z"})


def seen(why: Unknown | None, *names: str) -> Place:
    """A repository as a cycle saw it."""
    return Place(REPO, {SECRET: why}, tuple(map(secret, names)))


def together(once: Place, place: Place) -> Place:
    """The repository as two cycles saw it."""
    turn = UnfinishedTurn("acme/web", NOW)
    turn = replace(turn, seen=seen_in_turn((once,), turn))
    # A cycle that did not see the place loses nothing of it.
    turn = replace(turn, seen=seen_in_turn((), turn))
    return whole_turns((place,), (turn,), Renames((), ()))[0]


@pytest.mark.parametrize(
    ("once", "now", "why"),
    [
        (LATER, READ_BEFORE, None),
        (None, READ_BEFORE, None),
        (LATER, LATER, LATER),
        (READ_BEFORE, LATER, LATER),
        (FAILED, READ_BEFORE, FAILED),
        (FAILED, LATER, FAILED),
        (LATER, FAILED, FAILED),
        (None, FAILED, FAILED),
    ],
)
def test_a_list_that_was_read_in_parts_is_whole_only_if_each_part_was(
    once: Unknown | None, now: Unknown, why: Unknown | None
) -> None:
    found = together(seen(once, "a"), seen(now, "b"))
    assert found.lists == {SECRET: why}
    assert [item.label for item in found.items] == ["a", "b"]


def test_a_list_that_was_read_whole_counts_alone() -> None:
    assert together(seen(LATER, "a"), seen(None, "b")) == seen(None, "b")


def test_what_each_cycle_reads_is_never_taken_from_an_earlier_one() -> None:
    subject = Subject("github", "settings", "acme/web")
    own = {"workflow_token": "read", "autorun": "a file"}
    once = Place(REPO, {}, (InventoryItem(SETTINGS, subject, "", "", own),))
    now = Place(REPO, {}, (InventoryItem(SETTINGS, subject, "", "", {"code_scanning": True}),))
    (item,) = together(once, now).items
    assert item.state == {"workflow_token": "read", "code_scanning": True}


MANY = 5
"""Webhooks of the organization, and environments of a repository."""
LOG = "https://log.example.test/x"


def crowded() -> World:
    """Each webhook has a delivery that was sent again, and each environment a secret."""
    world, long_ago = ordinary(NOW, repositories=1), NOW - timedelta(days=300)
    world.organizations[0].connected.hooks[:] = [
        Hook(
            *(83_000 + number, LOG, long_ago, long_ago),
            sent=[
                SentEvent(9_000 + number, NOW - timedelta(hours=1), LOG, redelivery=True),
                SentEvent(9_500 + number, NOW - timedelta(hours=2), LOG),
            ],
        )
        for number in range(MANY)
    ]
    world.repositories[0].environments[:] = [
        Environment(
            *(7_000 + number, f"stage-{number}", long_ago, long_ago),
            secrets=[RepositorySecret("TOKEN", long_ago, long_ago)],
        )
        for number in range(MANY)
    ]
    return world


@pytest.mark.second_tier("eleven cycles over sockets")
def test_every_delivery_and_every_secret_is_read_where_few_requests_are_left() -> None:
    """The one that is removed after a cut turn is missed, and nothing else is called unread."""
    world = crowded()
    with stage(world, npm.weak_maintainer(NOW), TOKEN) as servers:
        watch = Watching(servers, world, requests=300)
        watch.cycle()
        watch.cycle()
        assert watch.memory is not None
        unread = {one.what for one in watch.cycle().not_read}
        servers.github.requests.clear()
        watch.requests = watch.memory.base + 9
        removed = world.repositories[0].environments[0].secrets.pop()
        shown: list[str] = []
        for _ in range(8):
            found = watch.cycle()
            assert {one.what for one in found.not_read} <= unread
            assert found.requests <= watch.requests
            shown += [one.kind for one in (*found.alerts, *found.notes)]
        asked = {request.path.partition("?")[0] for request in servers.github.requests}
    assert len([path for path in asked if path.endswith("/deliveries")]) == MANY
    assert len([path for path in asked if path.endswith("/secrets") and "stage-" in path]) == MANY
    assert shown == [SECRET], removed
