"""A watch of servers that refuse, fail, hang up and shift, several lists at a time."""

from __future__ import annotations

import random
import re
from datetime import timedelta

import pytest

from hardenme.model.subject import Subject
from hardenme.sandbox.github.state.connected import Hook
from hardenme.sandbox.github.state.connected import OrganizationSecret as Secret
from hardenme.sandbox.github.world import World
from hardenme.sandbox.http import Reply, Request
from hardenme.sandbox.npm import scenarios as npm
from tests.drift.test_watch_cycles import PLANT, SHOWN, WAYS, covers, said
from tests.moment import NOW
from tests.running import stage
from tests.watching import Watching
from tests.worlds.intrusion import TOKEN, ordinary

SERVERS = 20
FEWEST, MOST = 2, 8
"""Answers that one server breaks."""


@pytest.mark.sampled(16)
@pytest.mark.second_tier("five cycles over sockets for each server")
@pytest.mark.parametrize("seed", range(SERVERS))
def test_what_a_crippled_server_hides_is_named_and_shown_afterwards(seed: int) -> None:
    """Each breaks several answers at once, each in its own way, and the same ones each time."""
    draw = random.Random(seed)  # noqa: S311 (the same servers in each run)
    world = ordinary(NOW, repositories=2)
    for name in SHOWN:
        PLANT[name].before(world, NOW)
    with stage(world, npm.weak_maintainer(NOW), TOKEN) as servers:
        watch = Watching(servers, world)
        watch.cycle()
        watch.cycle()
        held, cycles, now = watch.memory, watch.cycles[:], world.now
        for name in SHOWN:
            PLANT[name].do(world, world.now + timedelta(minutes=1))
        servers.github.requests.clear()
        whole = said(watch.cycle())
        asked = sorted({request.path.partition("?")[0] for request in servers.github.requests})
        broken_paths = draw.sample(asked, draw.randint(FEWEST, MOST))
        faults = [
            servers.github.fault(re.escape(path), **WAYS[draw.choice(sorted(WAYS))])
            for path in broken_paths
        ]
        world.now, watch.memory, watch.cycles = now, held, cycles
        broken = [watch.cycle() for _ in range(2)]
        for fault in faults:
            servers.github.faults.remove(fault)
        shown = set[str]()
        for found in broken:
            shown |= said(found)
            lost = [one for one in whole - shown if not covers(found, one)]
            assert lost == [], broken_paths
        after = said(watch.cycle())
        assert whole - shown <= after, broken_paths
        assert not whole & shown & after, "shown twice"


def _hooks(world: World) -> None:
    long_ago = NOW - timedelta(days=400)
    world.organizations[0].connected.hooks[:] = [
        Hook(83_000 + number, f"https://h{number}.example.test/x", long_ago, long_ago)
        for number in range(150)
    ]


def _plant_hook(world: World) -> None:
    at = world.now + timedelta(minutes=1)
    hook = Hook(84_000, "https://collector.example.test/x", at, at)
    world.organizations[0].connected.hooks.insert(100, hook)


def _secrets(world: World) -> None:
    long_ago = NOW - timedelta(days=400)
    world.organizations[0].secrets[:] = [
        Secret(f"S{number:03}", long_ago, long_ago) for number in range(150)
    ]


def _plant_secret(world: World) -> None:
    at = world.now + timedelta(minutes=1)
    world.organizations[0].secrets.insert(100, Secret("DEPLOY_TOKEN", at, at))


SHIFTING = {
    "webhook": ("/orgs/cedar-labs/hooks", _hooks, _plant_hook),
    "secret": ("/orgs/cedar-labs/actions/secrets", _secrets, _plant_secret),
}


@pytest.mark.sampled(2)
@pytest.mark.second_tier("four cycles over sockets for each list")
@pytest.mark.parametrize("kind", SHIFTING)
@pytest.mark.parametrize("made_up_for", [False, True])
def test_what_slips_to_a_page_that_was_read_is_noticed(kind: str, *, made_up_for: bool) -> None:
    """An item goes while the pages are read, so that the new one slips to the page before.

    Where another comes at the end the totals agree, and only a second look shows it.
    """
    path, fill, plant = SHIFTING[kind]
    world = ordinary(NOW, repositories=1)
    fill(world)
    organization = world.organizations[0]
    items = organization.connected.hooks if kind == "webhook" else organization.secrets
    with stage(world, npm.weak_maintainer(NOW), TOKEN) as servers:
        watch = Watching(servers, world)
        watch.cycle()
        watch.cycle()
        plant(world)
        shifted = False

        def shift(request: Request, reply: Reply) -> Reply:
            nonlocal shifted
            if "page=2" not in request.path.replace("per_page", "") and not shifted:
                shifted = True
                first = items.pop(0)
                if made_up_for:
                    items.append(first)  # type: ignore[arg-type]
            return reply

        fault = servers.github.fault(re.escape(path), edit=shift)
        broken = watch.cycle()
        servers.github.faults.remove(fault)
        assert shifted
        place = Subject("github", "org", "cedar-labs")
        gaps = {(one.what, one.places) for one in broken.not_read}
        assert (f"{kind}s", (place,)) in gaps
        assert f"{kind} new {place}" in said(watch.cycle())
